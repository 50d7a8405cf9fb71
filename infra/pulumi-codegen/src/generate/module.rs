//! Modules: what belongs to each, which are wanted, and their text.

use std::collections::{BTreeMap, BTreeSet};

use super::{Files, GenerateError, arguments, enumeration, function, object, resource, union};
use crate::layout::Layout;
use crate::names::value_name;
use crate::schema::{Package, Property, Resource, Token, Type, TypeDefinition};
use crate::source::{Source, literal};

pub(super) const HEADER: &str = "// Generated from the package's schema. Do not edit.\n\n";

/// What belongs to a module.
#[derive(Debug, Default)]
pub(super) struct Contents<'a> {
    resources: Vec<&'a Token>,
    functions: Vec<&'a Token>,
    types: Vec<&'a Token>,
}

/// How a resource or a function names its package, beside its version.
pub(super) fn plugin(package: &Package) -> String {
    if is_parameterized(package) {
        return ".package(&crate::PACKAGE)".to_owned();
    }
    match &package.plugin_download_url {
        Some(url) => format!(".plugin_download_url({})", literal(url)),
        None => String::new(),
    }
}

fn is_parameterized(package: &Package) -> bool {
    package.parameterization.is_some() || package.extension.is_some()
}

/// Every module by its name in the schema; the root's name is empty.
pub(super) fn collect<'a>(layout: &Layout<'a>) -> BTreeMap<String, Contents<'a>> {
    let mut modules: BTreeMap<String, Contents<'a>> = BTreeMap::new();
    modules.entry(String::new()).or_default();
    // What is written by hand is not generated, and a method is written with its resource.
    for (token, resource) in &layout.package.resources {
        if !resource.is_overlay {
            modules.entry(layout.module(token)).or_default().resources.push(token);
        }
    }
    for (token, function) in &layout.package.functions {
        if !function.is_overlay && !function.is_method {
            modules.entry(layout.module(token)).or_default().functions.push(token);
        }
    }
    for token in layout.package.types.keys() {
        let used = layout.types.get(token).is_some_and(|names| names.as_input || names.as_output);
        if used {
            modules.entry(layout.module(token)).or_default().types.push(token);
        }
    }
    modules
}

/// The modules asked for, the root, and those that they need.
pub(super) fn select<'m>(
    layout: &Layout<'_>,
    modules: &'m BTreeMap<String, Contents<'_>>,
    wanted: Option<&BTreeSet<String>>,
) -> Result<BTreeSet<&'m str>, GenerateError> {
    let package = layout.package;
    let Some(wanted) = wanted else { return Ok(modules.keys().map(String::as_str).collect()) };
    let mut pending = vec![""];
    for module in wanted {
        let (name, _) = modules.get_key_value(module).ok_or_else(|| GenerateError::UnknownModule {
            package: package.name.clone(),
            module: module.clone(),
            known: modules.keys().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>().join(", "),
        })?;
        pending.push(name);
    }
    let mut selected = BTreeSet::new();
    while let Some(module) = pending.pop() {
        let Some(contents) = modules.get(module) else { continue };
        if selected.insert(module) {
            let needed = needs(layout, contents);
            pending.extend(
                needed.iter().filter_map(|name| modules.get_key_value(name)).map(|(name, _)| name.as_str()),
            );
        }
    }
    Ok(selected)
}

/// The modules of everything that a module names.
pub(super) fn needs(layout: &Layout<'_>, contents: &Contents<'_>) -> BTreeSet<String> {
    let package = layout.package;
    let mut properties: Vec<&Property> = Vec::new();
    let mut functions = contents.functions.clone();
    let mut tokens: BTreeSet<&Token> = BTreeSet::new();
    for resource in contents.resources.iter().filter_map(|token| package.resources.get(token)) {
        properties.extend(resource.inputs.iter().chain(&resource.properties).chain(&resource.state_inputs));
        functions.extend(resource.methods.values());
        tokens.extend(resource.methods.values());
    }
    for function in functions.iter().filter_map(|token| package.functions.get(token)) {
        properties.extend(function.inputs.iter().chain(&function.outputs));
        if let Some(value_type) = &function.return_type {
            named(value_type, &mut tokens);
        }
    }
    for definition in contents.types.iter().filter_map(|token| package.types.get(token)) {
        if let TypeDefinition::Object(object) = definition {
            properties.extend(&object.properties);
        }
    }
    for property in properties {
        named(&property.value_type, &mut tokens);
    }
    tokens.into_iter().map(|token| layout.module(token)).collect()
}

fn named<'a>(value_type: &'a Type, tokens: &mut BTreeSet<&'a Token>) {
    match value_type {
        Type::Named(token) | Type::Resource(token) => {
            tokens.insert(token);
        }
        Type::Array(inner) | Type::Map(inner) => named(inner, tokens),
        Type::Union(union) => union.members.iter().for_each(|member| named(member, tokens)),
        _ => {}
    }
}

/// The declaration of a module within its parent.
pub(super) fn declaration(parent: &[String], child: &str, files: Files) -> String {
    let path: String = parent.iter().map(|segment| format!("{segment}/")).collect();
    let mut source = Source::default();
    if files == Files::Crate {
        source.line(format!("#[cfg(feature = {})]", literal(child)));
    }
    source.line(format!("/// The package's module `{path}{child}`."));
    source.line("#[allow(unused_qualifications, reason = \"paths are whole, so that nothing hides them\")]");
    match files {
        Files::Source | Files::Crate => source.line(format!("pub mod {child};")),
        Files::BuildOutput => {
            source.line(format!("pub mod {child} {{"));
            source.line(format!("include!(concat!(env!(\"OUT_DIR\"), \"/{path}{child}.rs\"));"));
            source.line("}");
        }
    }
    source.line("");
    source.finish()
}

/// The text of a module.
pub(super) fn write(layout: &Layout<'_>, module: &str, contents: &Contents<'_>) -> String {
    let package = layout.package;
    let mut source = Source::default();
    let mut missing = BTreeSet::new();
    if module.is_empty() {
        if is_parameterized(package) {
            write_package(&mut source, package);
        }
        // What extends another package is served by that one's provider.
        if package.extension.is_none() {
            resource::write_provider(layout, &mut source, &mut missing);
        }
    }
    for token in &contents.resources {
        if let Some(definition) = package.resources.get(token) {
            resource::write(layout, &mut source, token, definition, &mut missing);
        }
    }
    for token in &contents.functions {
        if let Some(definition) = package.functions.get(token) {
            function::write(layout, &mut source, token, definition, &mut missing);
        }
    }
    for token in &contents.types {
        let (Some(definition), Some(names)) = (package.types.get(token), layout.types.get(token)) else {
            continue;
        };
        match definition {
            TypeDefinition::Enum(definition) => enumeration::write(&mut source, names, definition),
            TypeDefinition::Object(definition) => {
                if names.as_input {
                    let title = format!("Inputs of the type `{}`.", names.output);
                    let description = definition.description.as_deref();
                    let arguments = arguments::Arguments {
                        name: &names.input,
                        module,
                        title: description.unwrap_or(&title),
                        properties: &definition.properties,
                    };
                    arguments::write(layout, &mut source, &arguments, &mut missing);
                }
                if names.as_output {
                    object::write(layout, &mut source, token, &names.output, definition);
                }
            }
        }
    }
    for ((home, members), names) in &layout.unions {
        if home == module {
            union::write(layout, &mut source, module, members, names);
        }
    }
    write_missing(&mut source, &missing);
    source.finish()
}

/// The package as the engine is told of it, once in a run.
fn write_package(source: &mut Source, package: &Package) {
    let parameters = |value: &[u8]| {
        let bytes: String =
            value.iter().flat_map(|byte| std::ascii::escape_default(*byte)).map(char::from).collect();
        let version = package.version.as_deref().unwrap_or_default();
        format!(
            "Some(::pulumi::Parameterization {{ name: {}, version: {}, value: b\"{bytes}\" }})",
            literal(&package.name),
            literal(version)
        )
    };
    let none = || "None".to_owned();
    // An extension may extend what is itself made by parameters.
    let base = package.parameterization.as_ref().or(package.extension.as_ref());
    let Some(base) = base else { return };
    source.line("/// The package as the engine is told of it.");
    source.line("pub static PACKAGE: ::pulumi::Package = ::pulumi::Package {");
    source.line(format!("name: {},", literal(&base.base_name)));
    source.line(format!("version: {},", literal(&base.base_version)));
    source.line(format!(
        "download_url: {},",
        literal(package.plugin_download_url.as_deref().unwrap_or_default())
    ));
    let made = package.parameterization.as_ref().map(|made| parameters(&made.parameter));
    source.line(format!("parameterization: {},", made.unwrap_or_else(none)));
    let added = package.extension.as_ref().map(|added| parameters(&added.parameter));
    source.line(format!("extension: {},", added.unwrap_or_else(none)));
    source.lines(["};", ""]);
}

fn write_missing(source: &mut Source, missing: &BTreeSet<String>) {
    if missing.is_empty() {
        return;
    }
    source.lines([
        "/// Names of required inputs: a type such as `FunctionArgs<MissingRole>` lacks that one.",
        "pub mod missing {",
    ]);
    for marker in missing {
        source.line(format!("/// The input `{}`.", value_name(marker.trim_start_matches("Missing"))));
        source.line("#[derive(Debug, Clone, Copy)]");
        source.line(format!("pub enum {marker} {{}}"));
    }
    source.lines(["}", ""]);
}

/// All properties of a resource that replace it when they change, as property paths, those of nested types included.
pub(super) fn replace_on_changes(package: &Package, resource: &Resource) -> Vec<String> {
    fn walk(
        package: &Package,
        value_type: &Type,
        path: &str,
        seen: &mut Vec<Token>,
        paths: &mut Vec<String>,
    ) {
        match value_type {
            Type::Array(inner) | Type::Map(inner) => walk(package, inner, &format!("{path}[*]"), seen, paths),
            Type::Named(token) if !seen.contains(token) => {
                if let Some(TypeDefinition::Object(object)) = package.types.get(token) {
                    seen.push(token.clone());
                    collect(package, &object.properties, path, seen, paths);
                    seen.pop();
                }
            }
            _ => {}
        }
    }
    fn collect(
        package: &Package,
        properties: &[Property],
        path: &str,
        seen: &mut Vec<Token>,
        paths: &mut Vec<String>,
    ) {
        for property in properties {
            let path =
                if path.is_empty() { property.name.clone() } else { format!("{path}.{}", property.name) };
            if property.replace_on_changes {
                paths.push(path);
            } else {
                walk(package, &property.value_type, &path, seen, paths);
            }
        }
    }
    let mut paths = Vec::new();
    collect(package, &resource.inputs, "", &mut Vec::new(), &mut paths);
    paths
}
