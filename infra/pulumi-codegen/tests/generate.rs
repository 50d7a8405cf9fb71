//! Schemas in, sources out.

use pulumi_codegen::{Options, generate, modules, schema};

const SHAPES: &str = include_str!("data/shapes.json");

#[test]
fn what_leads_nowhere_is_tolerated_and_told() {
    let package = schema::parse(SHAPES).unwrap();
    assert_eq!(
        package.warnings,
        ["resources[\"shapes:draw/circle:Circle\"].inputProperties.elsewhere[\"$ref\"]: \
             /other/v1.0.0/schema.json#/types/other:index:Thing is not in this schema"]
    );
}

#[test]
fn only_the_modules_asked_for_are_written() {
    let package = schema::parse(SHAPES).unwrap();
    let names: Vec<String> = modules(&package, &Options::default()).unwrap().into_iter().collect();
    assert_eq!(names, ["draw"]);
    let none = Options { modules: Some([].into()), ..Options::default() };
    let files = generate(&package, &none).unwrap();
    assert_eq!(files.len(), 1);
    assert!(!files[0].text.contains("pub mod draw"));
}

#[test]
fn an_unknown_module_is_an_error_that_lists_the_known_ones() {
    let package = schema::parse(SHAPES).unwrap();
    let options = Options { modules: Some(["drew".to_owned()].into()), ..Options::default() };
    let error = generate(&package, &options).unwrap_err();
    assert_eq!(error.to_string(), "the package shapes has no module \"drew\"; it has draw");
}

#[test]
fn a_mistake_in_a_schema_is_reported_with_its_place() {
    for (json, message) in [
        (r#"[]"#, "the schema: expected an object, found a list"),
        (r#"{}"#, "the schema: expected a member `name`, found an object"),
        (
            r#"{"name":"x","resources":{"x:a":{"inputProperties":{"size":{"type":"int"}}}}}"#,
            "resources[\"x:a\"].inputProperties.size.type: expected boolean, integer, number, string, array or object, found \"int\"",
        ),
        (
            r#"{"name":"x","resources":{"x":{}}}"#,
            "resources.x: expected a key of the form package:module:Name, found an object",
        ),
        (
            r##"{"name":"x","types":{"x:a:B":{"type":"object","properties":{"c":{"$ref":"#/type/x:a:B"}}}}}"##,
            "types[\"x:a:B\"].properties.c[\"$ref\"]: expected a reference to a type, a resource or the provider, found \"#/type/x:a:B\"",
        ),
        (
            r#"{"name":"x","types":{"x:a:B":{"type":"array","enum":[]}}}"#,
            "types[\"x:a:B\"].type: expected a primitive type, found \"array\"",
        ),
        (
            r#"{"name":"x","resources":{"x:a:B":{"requiredInputs":["a",1]}}}"#,
            "resources[\"x:a:B\"].requiredInputs[1]: expected a text, found 1",
        ),
    ] {
        assert_eq!(schema::parse(json).unwrap_err().to_string(), message, "{json}");
    }
    assert_eq!(schema::parse("{").unwrap_err().to_string(), "the schema is no JSON");
}
