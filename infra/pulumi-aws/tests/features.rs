//! The package's features are the schema's modules, and the enumerations fit the schema.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "../build/overlay.rs"]
mod overlay;

use std::collections::BTreeSet;

use pulumi_codegen::{Options, modules, schema};
use serde_json::{Value, json};

fn trimmed() -> Value {
    serde_json::from_str(include_str!("../schema/aws.json")).unwrap()
}

#[test]
fn the_engine_is_told_to_install_the_version_that_the_resources_ask_for() {
    let manifest = include_str!("../Cargo.toml");
    let (_, metadata) = manifest.split_once("[package.metadata.pulumi]\n").unwrap();
    let version = trimmed()["version"].as_str().unwrap().to_owned();
    assert!(metadata.starts_with(&format!("name = \"aws\"\nversion = \"{version}\"\n")), "{metadata}");
}

#[test]
fn every_module_of_the_schema_has_its_feature() {
    let package = schema::parse(include_str!("../schema/aws.json")).unwrap();
    let options = Options { module_format: Some("(.*)(?:/[^/]*)".to_owned()), ..Options::default() };
    let modules = modules(&package, &options).unwrap();
    let manifest = include_str!("../Cargo.toml");
    let features: BTreeSet<String> = manifest
        .lines()
        .filter_map(|line| line.strip_suffix(" = []"))
        .filter(|name| *name != "default")
        .map(str::to_owned)
        .collect();
    assert_eq!(features, modules);
    let full: BTreeSet<String> = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("    \"")?.strip_suffix("\","))
        .map(str::to_owned)
        .collect();
    assert_eq!(full, modules, "the feature `full` must name every module");
}

#[test]
fn the_schema_refers_to_nothing_that_it_lacks() {
    let package = schema::parse(include_str!("../schema/aws.json")).unwrap();
    assert_eq!(package.warnings, Vec::<String>::new());
    assert_eq!(package.version.as_deref(), Some("7.51.1"));
}

#[test]
fn an_enumeration_of_something_that_the_schema_lacks_is_an_error_with_its_place() {
    let enums = |property: &str| json!({ "lambda/Mood": { "values": [], "properties": [property] } });
    for (property, message) in [
        (
            "lambda/function:Function.mood",
            "lambda/Mood: the schema has no property lambda/function:Function.mood",
        ),
        ("lambda/FunctionMood.mood", "lambda/Mood: the schema has no property lambda/FunctionMood.mood"),
        (
            "lambda/function:Function.timeout",
            "lambda/Mood: lambda/function:Function.timeout is no text: {\"type\":\"integer\"}",
        ),
    ] {
        assert_eq!(overlay::apply(&mut trimmed(), &enums(property)).unwrap_err(), message);
    }
}

#[test]
fn the_enumerations_fit_the_schema() {
    let mut schema = trimmed();
    let enums = serde_json::from_str(include_str!("../schema/enums.json")).unwrap();
    overlay::apply(&mut schema, &enums).unwrap();
    let runtime = &schema["resources"]["aws:lambda/function:Function"]["inputProperties"]["runtime"];
    assert_eq!(runtime["oneOf"][1]["$ref"], "#/types/aws:lambda/Runtime:Runtime");
    assert_eq!(schema::read(&schema).unwrap().warnings, Vec::<String>::new());
}
