//! Structs for resources, and for the provider.

use std::collections::BTreeSet;

use super::{arguments, function, module};
use crate::layout::{Layout, Side, module_path};
use crate::names::{Names, value_name};
use crate::schema::{Package, PrimitiveType, Property, Resource, Token, Type, TypeDefinition};
use crate::source::{Source, literal};

struct Written<'a> {
    module: &'a str,
    resource: &'a str,
    args: &'a str,
    state: Option<&'a str>,
    /// Whether it is a value of some property.
    referenced: bool,
}

pub(super) fn write(
    layout: &Layout<'_>,
    source: &mut Source,
    token: &Token,
    resource: &Resource,
    missing: &mut BTreeSet<String>,
) {
    let Some(names) = layout.resources.get(token) else { return };
    let state = if resource.state_inputs.is_empty() { None } else { Some(names.state.as_str()) };
    let module = layout.module(token);
    let written = Written {
        module: &module,
        resource: &names.resource,
        args: &names.args,
        state,
        referenced: layout.referenced.contains(token),
    };
    write_resource(layout, source, token.as_str(), &written, resource);
    write_method_types(layout, source, &names.resource, resource, missing);
    let bag = arguments::Arguments {
        name: &names.args,
        module: &module,
        title: &format!("Inputs of [`{}`].", names.resource),
        properties: &resource.inputs,
    };
    arguments::write(layout, source, &bag, missing);
    if let Some(state) = state {
        let bag = arguments::Arguments {
            name: state,
            module: &module,
            title: &format!("What helps to find an existing [`{}`].", names.resource),
            properties: &resource.state_inputs,
        };
        arguments::write(layout, source, &bag, missing);
    }
}

/// Whether a value of the type is a text.
fn is_text(package: &Package, value_type: &Type) -> bool {
    match value_type {
        Type::Primitive(PrimitiveType::String) => true,
        Type::Named(token) => matches!(
            package.types.get(token),
            Some(TypeDefinition::Enum(definition)) if definition.underlying == PrimitiveType::String
        ),
        _ => false,
    }
}

/// The provider: an instance of it is a resource as well.
pub(super) fn write_provider(layout: &Layout<'_>, source: &mut Source, missing: &mut BTreeSet<String>) {
    let package = layout.package;
    let token = format!("pulumi:providers:{}", package.name);
    let names = Written {
        module: "",
        resource: "Provider",
        args: "ProviderArgs",
        state: None,
        referenced: layout.provider_referenced,
    };
    let mut provider = package.provider.clone();
    if provider.description.is_none() {
        provider.description =
            Some(format!("An instance of the provider of `{}`, with its own configuration.", package.name));
    }
    // What a provider gives back are its inputs, all of them as texts.
    provider.properties.retain(|property| is_text(package, &property.value_type));
    write_resource(layout, source, &token, &names, &provider);
    write_method_types(layout, source, "Provider", &provider, missing);
    let bag = arguments::Arguments {
        name: "ProviderArgs",
        module: "",
        title: "Inputs of [`Provider`].",
        properties: &provider.inputs,
    };
    arguments::write(layout, source, &bag, missing);
}

fn write_resource(
    layout: &Layout<'_>,
    source: &mut Source,
    token: &str,
    names: &Written<'_>,
    resource: &Resource,
) {
    let Written { resource: name, args, state, .. } = names;
    let held = if resource.is_component { "RemoteComponent" } else { "CustomResource" };
    let register = if resource.is_component { "remote_component" } else { "custom_resource" };
    source.documentation(
        resource.description.as_deref(),
        &format!("The resource `{token}`."),
        resource.deprecation.as_deref(),
    );
    source.line("#[derive(Debug, Clone)]");
    source.line(format!("pub struct {name} {{"));
    source.line(format!("resource: ::pulumi::{held},"));
    source.lines(["}", ""]);

    source.line(format!("impl {name} {{"));
    source.line("/// The resource's type, with the plugin's version.");
    source.line(format!(
        "pub const TYPE: ::pulumi::ResourceType = {};",
        resource_type(layout, token, resource)
    ));
    source.line("");
    source.line("/// Registers the resource.");
    source.lines(["#[inline]", "#[track_caller]"]);
    source.line(format!(
        "pub fn new(context: &::pulumi::Context, name: impl Into<String>, args: {args}) -> Self {{"
    ));
    source.line("Self::with_options(context, name, args, ::pulumi::ResourceOptions::new())");
    source.lines(["}", ""]);
    source.line("/// Registers the resource with options.");
    source.lines(["#[inline]", "#[track_caller]", "pub fn with_options("]);
    source.lines(["context: &::pulumi::Context,", "name: impl Into<String>,"]);
    source.line(format!("args: {args},"));
    source.lines(["options: ::pulumi::ResourceOptions,", ") -> Self {"]);
    source.line(format!(
        "Self {{ resource: context.{register}(&Self::TYPE, name.into(), args.inputs, options) }}"
    ));
    source.lines(["}", ""]);
    if !token.starts_with("pulumi:providers:") && !resource.is_component {
        write_get(source, *state, resource);
    }
    let mut taken = write_outputs(layout, source, names, resource);
    write_methods(layout, source, names, resource, &mut taken);
    source.lines(["}", ""]);

    source.line(format!("impl ::pulumi::Resource for {name} {{"));
    source.lines([
        "#[inline]",
        "fn handle(&self) -> &::pulumi::ResourceHandle {",
        "self.resource.handle()",
        "}",
        "}",
        "",
    ]);
    write_reference(source, names);
}

/// A resource is a value as well: a reference to it.
fn write_reference(source: &mut Source, names: &Written<'_>) {
    let name = names.resource;
    source.line(format!("impl ::pulumi::ToInput for {name} {{"));
    source.lines(["#[inline]", "fn to_input(&self) -> ::pulumi::Property {"]);
    source.lines(["::pulumi::ToInput::to_input(&self.resource)", "}", "}", ""]);
    if names.referenced {
        source.line(format!("impl ::pulumi::FromValue for {name} {{"));
        source.line("fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {");
        source.line("Ok(Self { resource: ::pulumi::FromValue::from_value(value)? })");
        source.lines(["}", "}", ""]);
        source.line(format!("impl From<&{name}> for ::pulumi::Input<{name}> {{"));
        source.line(format!("fn from(resource: &{name}) -> Self {{"));
        source.lines(["Self::plain(resource.clone())", "}", "}", ""]);
        source.line(format!("impl From<&{name}> for {name} {{"));
        source.line(format!("fn from(resource: &{name}) -> Self {{"));
        source.lines(["resource.clone()", "}", "}", ""]);
    }
}

/// Functions that belong to the resource.
fn write_methods(
    layout: &Layout<'_>,
    source: &mut Source,
    names: &Written<'_>,
    resource: &Resource,
    taken: &mut Names,
) {
    for (method, token) in &resource.methods {
        let (Some(function), Some(function_names)) =
            (layout.package.functions.get(token), layout.functions.get(token))
        else {
            continue;
        };
        let path = module_path(&layout.module(token));
        let wanted = value_name(method);
        let name = taken.take([wanted.clone(), format!("{wanted}_")]);
        let returned = match &function.return_type {
            Some(value_type) => layout.rust_type(names.module, value_type, Side::Output),
            None => format!("{path}::{}", function_names.result),
        };
        let plain = function.only_plain;
        source.line("");
        let sentence = format!("The method `{method}`.");
        source.documentation(function.description.as_deref(), &sentence, function.deprecation.as_deref());
        if plain {
            source.lines(["///", "/// # Errors", "/// When the call fails, or the answer is not known yet."]);
            source.line(format!("pub async fn {name}("));
        } else {
            source.lines(["#[track_caller]", &format!("pub fn {name}(")]);
        }
        source.lines(["&self,", "context: &::pulumi::Context,"]);
        let inputs = if function.inputs.is_empty() {
            "::pulumi::Inputs::new()"
        } else {
            source.line(format!("args: {path}::{},", function_names.args));
            "args.inputs"
        };
        let (call, wait) = if plain { ("call_plain", ".await") } else { ("call", "") };
        source.line(if plain {
            format!(") -> Result<{returned}, ::pulumi::Error> {{")
        } else {
            format!(") -> ::pulumi::Output<{returned}> {{")
        });
        let (single, unwrap) = match function.return_type {
            Some(_) => ("::<::pulumi::Single<_>>", ".map(::pulumi::Single::into_inner)"),
            None => ("", ""),
        };
        let function_type = function::function_type(layout.package, token);
        source.line(format!("context.{call}{single}(&{function_type}, self, {inputs}){wait}{unwrap}"));
        source.line("}");
    }
}

fn write_method_types(
    layout: &Layout<'_>,
    source: &mut Source,
    name: &str,
    resource: &Resource,
    missing: &mut BTreeSet<String>,
) {
    for (method, token) in &resource.methods {
        if let Some(function) = layout.package.functions.get(token) {
            let title = format!("{name}::{}", value_name(method));
            function::write_types(layout, source, token, function, &title, missing);
        }
    }
}

/// Reading what exists already: what must be known of it comes before the options, what may be is left out without them.
fn write_get(source: &mut Source, state: Option<&str>, resource: &Resource) {
    let required = resource.state_inputs.iter().any(arguments::needs_setting);
    let inputs = if state.is_some() { "state.inputs" } else { "::pulumi::Inputs::new()" };
    let parameters = |source: &mut Source, stated: bool, options: bool| {
        source.lines(["context: &::pulumi::Context,", "name: impl Into<String>,"]);
        source.line("id: impl Into<::pulumi::Input<String>>,");
        if let (true, Some(state)) = (stated, state) {
            source.line(format!("state: {state},"));
        }
        if options {
            source.line("options: ::pulumi::ResourceOptions,");
        }
        source.line(") -> Self {");
    };
    source.line("/// Reads a resource that exists already, by its identifier, without managing it.");
    source.lines(["#[inline]", "#[track_caller]", "pub fn get("]);
    parameters(source, required, false);
    let state_argument = match (state, required) {
        (Some(_), true) => "state, ",
        (Some(state), false) => &format!("{state}::new(), "),
        (None, _) => "",
    };
    source.line(format!(
        "Self::get_with_options(context, name, id, {state_argument}::pulumi::ResourceOptions::new())"
    ));
    source.lines(["}", ""]);
    source.line("/// Reads a resource that exists already, with options.");
    if state.is_some() {
        source.line("/// The state is what is known of it beside its identifier.");
    }
    source.lines(["#[inline]", "#[track_caller]", "pub fn get_with_options("]);
    parameters(source, true, true);
    source.line(format!(
        "Self {{ resource: context.read_resource(&Self::TYPE, name.into(), id.into(), {inputs}, options) }}"
    ));
    source.lines(["}", ""]);
}

fn resource_type(layout: &Layout<'_>, token: &str, resource: &Resource) -> String {
    let package = layout.package;
    let version = package.version.as_deref().unwrap_or_default();
    let mut text = format!("::pulumi::ResourceType::new({}, {})", literal(token), literal(version));
    let mut list = |method: &str, values: Vec<&str>| {
        if !values.is_empty() {
            let values: Vec<String> = values.into_iter().map(literal).collect();
            text.push_str(&format!(".{method}(&[{}])", values.join(", ")));
        }
    };
    list("aliases", resource.aliases.iter().map(String::as_str).collect());
    list("secret_outputs", resource.secret_outputs().collect());
    let paths = module::replace_on_changes(package, resource);
    list("replace_on_changes", paths.iter().map(String::as_str).collect());
    text.push_str(&module::plugin(package));
    text
}

fn write_outputs(
    layout: &Layout<'_>,
    source: &mut Source,
    written: &Written<'_>,
    resource: &Resource,
) -> Names {
    if resource.is_component {
        source.line("/// A context in which the component is the parent.");
        source.lines(["#[inline]", "#[must_use]", "pub fn context(&self) -> &::pulumi::Context {"]);
        source.lines(["self.resource.context()", "}", ""]);
    } else {
        source.line("/// The provider's identifier of the resource.");
        source.lines(["#[inline]", "#[must_use]", "pub fn id(&self) -> ::pulumi::Output<String> {"]);
        source.lines(["self.resource.id()", "}", ""]);
    }
    source.line("/// Pulumi's name of the resource.");
    source.lines(["#[inline]", "#[must_use]", "pub fn urn(&self) -> ::pulumi::Output<String> {"]);
    source.lines(["self.resource.urn()", "}"]);
    let reserved = [
        "new",
        "with_options",
        "get",
        "get_with_options",
        "handle",
        "clone",
        "id",
        "urn",
        "to_input",
        "context",
    ];
    let mut names = Names::reserving(&reserved);
    let own = |property: &&Property| !matches!(property.name.as_str(), "id" | "urn") || resource.is_component;
    for property in resource.properties.iter().filter(own) {
        let wanted = value_name(&property.name);
        let method = names.take([wanted.clone(), format!("{wanted}_")]);
        let mut value_type = layout.rust_type(written.module, &property.value_type, Side::Output);
        if !property.required {
            value_type = format!("Option<{value_type}>");
        }
        source.line("");
        let sentence = format!("`{}`.", property.name);
        source.documentation(property.description.as_deref(), &sentence, property.deprecation.as_deref());
        source.lines(["#[inline]", "#[must_use]"]);
        source.line(format!("pub fn {method}(&self) -> ::pulumi::Output<{value_type}> {{"));
        source.line(format!("self.resource.output({})", literal(&property.name)));
        source.line("}");
    }
    names
}
