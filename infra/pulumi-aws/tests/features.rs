//! The package's features are the schema's modules.

use std::collections::BTreeSet;

use pulumi_codegen::{Options, modules, schema};

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
