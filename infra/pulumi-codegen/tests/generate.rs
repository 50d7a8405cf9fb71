//! Schemas in, sources out.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use pulumi_codegen::{
    CrateOptions, Options, OtherCrate, crate_name, generate, generate_crate, modules, schema,
};

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
    assert_eq!(names, ["draw", "missing_"]);
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
    assert_eq!(error.to_string(), "the package shapes has no module \"drew\"; it has draw, missing_");
}

/// The files of a whole crate by their paths.
fn whole(json: &str, options: &CrateOptions<'_>) -> BTreeMap<String, String> {
    let files = generate_crate(&schema::parse(json).unwrap(), options).unwrap();
    files.into_iter().map(|file| (file.path, file.text)).collect()
}

#[test]
fn a_whole_crate_has_a_manifest_with_a_feature_for_each_module() {
    let options = CrateOptions { sdk: Some(PathBuf::from("/sdk")), ..CrateOptions::default() };
    let files = whole(SHAPES, &options);
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(paths, ["Cargo.toml", "README.md", "src/draw.rs", "src/lib.rs", "src/missing_.rs"]);
    assert_eq!(
        files["Cargo.toml"],
        r#"[package]
name = "pulumi-shapes"
version = "1.2.3"
edition = "2024"
description = "Typed resources of the Pulumi package shapes"
readme = "README.md"

[package.metadata.pulumi]
name = "shapes"
version = "1.2.3"

[dependencies]
pulumi = { package = "miyabi-pulumi", path = "/sdk" }

[features]
default = ["draw", "missing_"]
draw = []
missing_ = []
"#
    );
    assert!(files["src/lib.rs"].contains("#[cfg(feature = \"draw\")]"), "{}", files["src/lib.rs"]);
    assert_eq!(files, whole(SHAPES, &options), "the same schema gives the same crate");
}

#[test]
fn a_module_that_another_one_needs_comes_with_it_and_one_that_the_root_needs_is_always_there() {
    let files = whole(
        r##"{ "name": "needs", "types": {
            "needs:a:One": { "properties": { "two": { "$ref": "#/types/needs:b:Two" } } },
            "needs:b:Two": { "properties": { "three": { "type": "string" } } },
            "needs:c:Four": { "properties": { "five": { "type": "string" } } }
        }, "resources": {
            "needs:a:Thing": { "inputProperties": { "one": { "$ref": "#/types/needs:a:One" } } },
            "needs:index:Thing": { "inputProperties": { "four": { "$ref": "#/types/needs:c:Four" } } }
        } }"##,
        &CrateOptions::default(),
    );
    let features = files["Cargo.toml"].split_once("[features]\n").unwrap().1;
    assert_eq!(features, "default = [\"a\", \"b\"]\na = [\"b\"]\nb = []\n");
    let root = &files["src/lib.rs"];
    assert_eq!(root.matches("#[cfg(feature").count(), 2, "{root}");
    assert!(root.contains("pub mod c;"), "{root}");
}

#[test]
fn a_package_that_is_made_by_parameters_names_what_it_is_made_of() {
    let files = whole(
        r#"{ "name": "made", "version": "3.2.1", "resources": { "made:index:Thing": {} }, "parameterization": {
            "baseProvider": { "name": "maker", "version": "1.2.3" }, "parameter": "aGkiAA=="
        } }"#,
        &CrateOptions::default(),
    );
    let manifest = &files["Cargo.toml"];
    let metadata = r#"[package.metadata.pulumi]
name = "maker"
version = "1.2.3"
parameterization = { name = "made", version = "3.2.1", value = "aGkiAA==" }
"#;
    assert!(manifest.contains(metadata), "{manifest}");
    let root = &files["src/lib.rs"];
    let package = r#"pub static PACKAGE: ::pulumi::Package = ::pulumi::Package {
    name: "maker",
    version: "1.2.3",
    download_url: "",
    parameterization: Some(::pulumi::Parameterization { name: "made", version: "3.2.1", value: b"hi\"\x00" }),
    extension: None,
};
"#;
    assert!(root.contains(package), "{root}");
    assert!(
        root.contains(r#"ResourceType::new("made:index:Thing", "3.2.1").package(&crate::PACKAGE)"#),
        "{root}"
    );
}

#[test]
fn types_of_another_package_are_those_of_its_crate() {
    let colors = r#"{ "name": "colors", "namespace": "paint-shop", "types": {
        "colors:index:Color": { "type": "string", "enum": [{ "value": "red" }] }
    }, "resources": { "colors:index:Pot": { "inputProperties": { "color": { "$ref": "\#/types/colors:index:Color" } } } } }"#;
    let colors = schema::parse(&colors.replace('\\', "")).unwrap();
    assert_eq!(crate_name(&colors), "paint-shop-colors");
    let other = OtherCrate { package: &colors, folder: None };
    let wall = r##"{ "name": "walls", "resources": { "walls:index:Wall": { "inputProperties": {
        "color": { "$ref": "/colors/v1.0.0/schema.json#/types/colors:index:Color" },
        "pot": { "$ref": "/colors/v1.0.0/schema.json#/resources/colors:index:Pot" }
    } } } }"##;
    let known = CrateOptions { others: [("colors".to_owned(), other)].into(), ..CrateOptions::default() };
    let files = whole(wall, &known);
    assert!(
        files["Cargo.toml"].contains("paint-shop-colors = { version = \"0.0.0\" }"),
        "{}",
        files["Cargo.toml"]
    );
    let root = &files["src/lib.rs"];
    assert!(root.contains("impl Into<::pulumi::Input<::paint_shop_colors::Color>>"), "{root}");
    assert!(root.contains("impl Into<::pulumi::Input<::paint_shop_colors::Pot>>"), "{root}");
    let root = &whole(wall, &CrateOptions::default())["src/lib.rs"];
    assert!(root.contains("impl Into<::pulumi::Input<::pulumi::Value>>"), "{root}");
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

#[test]
fn a_provider_gives_back_its_settings_that_are_texts_also_those_of_an_enum() {
    let package = schema::parse(
        r##"{ "name": "x", "provider": {
            "inputProperties": { "mode": { "$ref": "#/types/x:index:Mode" } },
            "properties": {
                "mode": { "$ref": "#/types/x:index:Mode" },
                "level": { "$ref": "#/types/x:index:Level" },
                "name": { "type": "string" },
                "count": { "type": "integer" }
            }
        }, "types": {
            "x:index:Mode": { "type": "string", "enum": [{ "value": "fast" }] },
            "x:index:Level": { "type": "integer", "enum": [{ "value": 1 }] }
        } }"##,
    )
    .unwrap();
    let files = generate(&package, &Options::default()).unwrap();
    let gives = |name: &str| files[0].text.contains(&format!("pub fn {name}(&self)"));
    assert_eq!(["mode", "level", "name", "count"].map(gives), [true, false, true, false]);
}
