//! Property bags with typed setters, for resources, functions and nested types alike.

use std::collections::BTreeSet;

use crate::layout::{Layout, Side, module_path, primitive_name};
use crate::names::{Names, type_name, value_name};
use crate::schema::{Constant, Property, Type};
use crate::source::{Source, literal};

/// What a bag is made of.
pub(super) struct Arguments<'a> {
    pub(super) name: &'a str,
    pub(super) module: &'a str,
    pub(super) title: &'a str,
    pub(super) properties: &'a [Property],
}

pub(super) fn write(
    layout: &Layout<'_>,
    source: &mut Source,
    arguments: &Arguments<'_>,
    missing: &mut BTreeSet<String>,
) {
    let name = arguments.name;
    let required: Vec<&Property> = arguments.properties.iter().filter(|p| needs_setting(p)).collect();
    missing.extend(required.iter().map(|property| marker(property)));
    // A parameter must not hide a type that the setters name.
    let mut taken = Names::reserving(&[
        "Box",
        "Default",
        "Into",
        "IntoIterator",
        "Option",
        "Result",
        "Self",
        "String",
        "Vec",
    ]);
    let parameters: Vec<String> = required
        .iter()
        .map(|property| type_name(&property.name))
        .map(|wanted| taken.take([wanted.clone(), format!("{wanted}_")]))
        .collect();
    let state = Parameters { names: &parameters, required: &required, module: arguments.module };

    source.documentation(Some(arguments.title), "", None);
    if !required.is_empty() {
        let names: Vec<String> = required.iter().map(|property| format!("`{}`", property.name)).collect();
        source.line("///");
        source.line(format!("/// Required: {}.", names.join(", ")));
    }
    source.line("#[derive(Debug, Clone)]");
    if required.is_empty() {
        source.line(format!("pub struct {name} {{"));
        source.lines(["inputs: ::pulumi::Inputs,", "}", ""]);
    } else {
        source.line(format!("pub struct {name}<{}> {{", state.declared()));
        source.line("inputs: ::pulumi::Inputs,");
        source.line(format!("given: ::std::marker::PhantomData<fn() -> ({},)>,", parameters.join(", ")));
        source.lines(["}", ""]);
    }

    write_constructor(source, arguments, &state);
    write_setters(layout, source, arguments, &state);

    let provided =
        if required.is_empty() { name.to_owned() } else { format!("{name}<{}>", state.all_provided()) };
    source.line(format!("impl ::pulumi::ToInput for {provided} {{"));
    source.lines([
        "#[inline]",
        "fn to_input(&self) -> ::pulumi::Property {",
        "::pulumi::ToInput::to_input(&self.inputs)",
        "}",
        "}",
        "",
    ]);
    if required.is_empty() {
        source.line(format!("impl ::pulumi::Args for {name} {{}}"));
        source.line("");
        source.line(format!("impl Default for {name} {{"));
        source.lines(["#[inline]", "fn default() -> Self {", "Self::new()", "}", "}", ""]);
    } else {
        let generics = parameters.join(", ");
        source.line(format!("impl<{generics}> ::pulumi::Args for {name}<{generics}> {{}}"));
        source.line("");
    }
}

/// A required property must be set by the program, unless the schema knows its value.
pub(super) fn needs_setting(property: &Property) -> bool {
    property.required
        && property.constant.is_none()
        && property.default.is_none()
        && property.default_environment.is_empty()
}

/// The type that stands in for a required property which was not set: what a compiler's message shows.
fn marker(property: &Property) -> String {
    format!("Missing{}", type_name(&property.name))
}

/// The type parameters of a bag: one for each required property.
struct Parameters<'a> {
    names: &'a [String],
    required: &'a [&'a Property],
    module: &'a str,
}

const PROVIDED: &str = "::pulumi::Provided";

impl Parameters<'_> {
    fn declared(&self) -> String {
        self.names.iter().map(|name| format!("{name} = {PROVIDED}")).collect::<Vec<_>>().join(", ")
    }

    fn all_provided(&self) -> String {
        vec![PROVIDED; self.names.len()].join(", ")
    }

    fn all_missing(&self) -> String {
        let path = module_path(self.module);
        let markers = self.required.iter().map(|property| format!("{path}::missing::{}", marker(property)));
        markers.collect::<Vec<_>>().join(", ")
    }

    fn provided(&self, given: &Property) -> String {
        let names = self.names.iter().zip(self.required);
        names
            .map(|(name, property)| if property.name == given.name { PROVIDED } else { name.as_str() })
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn write_constructor(source: &mut Source, arguments: &Arguments<'_>, state: &Parameters<'_>) {
    let name = arguments.name;
    let initial: Vec<String> = arguments.properties.iter().filter_map(initial_value).collect();
    let binding = if initial.is_empty() { "let inputs" } else { "let mut inputs" };
    if state.names.is_empty() {
        source.line(format!("impl {name} {{"));
        source.line("/// Nothing set yet.");
    } else {
        source.line(format!("impl {name}<{}> {{", state.all_missing()));
        source.line("/// Nothing set yet; what is required must be.");
        source.line(
            "#[allow(clippy::new_without_default, reason = \"without its required inputs it is of no use\")]",
        );
    }
    source.lines(["#[inline]", "#[must_use]", "pub fn new() -> Self {"]);
    source.line(format!("{binding} = ::pulumi::Inputs::new();"));
    for line in initial {
        source.line(line);
    }
    source.line(if state.names.is_empty() {
        "Self { inputs }"
    } else {
        "Self { inputs, given: ::std::marker::PhantomData }"
    });
    source.lines(["}", "}", ""]);
}

/// Sets what the schema knows: a constant, or a default, which may be the environment's.
fn initial_value(property: &Property) -> Option<String> {
    let key = literal(&property.name);
    let default = property.constant.as_ref().or(property.default.as_ref());
    let value_type = match (default, &property.value_type) {
        (_, Type::Primitive(primitive)) => primitive_name(*primitive),
        (Some(Constant::Boolean(_)), _) => "bool",
        (Some(Constant::Number(_)), _) => "f64",
        (Some(Constant::String(_)) | None, _) => "String",
    };
    let literal_of = |value: &Constant| match (value, value_type) {
        (Constant::Boolean(flag), _) => flag.to_string(),
        (Constant::Number(number), "i64") => format!("{number:.0}"),
        (Constant::Number(number), _) => format!("{number:?}"),
        (Constant::String(text), _) => format!("String::from({})", literal(text)),
    };
    let plain = |value: &str| {
        format!("inputs.{}({key}, ::pulumi::Input::<{value_type}>::plain({value}));", set(property))
    };
    if property.constant.is_some() || property.default_environment.is_empty() {
        return Some(plain(&literal_of(default?)));
    }
    let variables: Vec<String> = property.default_environment.iter().map(|name| literal(name)).collect();
    let found = format!("::pulumi::from_environment::<{value_type}>(&[{}])", variables.join(", "));
    Some(match default {
        Some(default) => plain(&format!("{found}.unwrap_or_else(|| {})", literal_of(default))),
        None => format!("if let Some(value) = {found} {{ {} }}", plain("value")),
    })
}

fn set(property: &Property) -> &'static str {
    if property.secret { "set_secret" } else { "set" }
}

fn write_setters(
    layout: &Layout<'_>,
    source: &mut Source,
    arguments: &Arguments<'_>,
    state: &Parameters<'_>,
) {
    let name = arguments.name;
    let generics = state.names.join(", ");
    if state.names.is_empty() {
        source.line(format!("impl {name} {{"));
    } else {
        source.line(format!("impl<{generics}> {name}<{generics}> {{"));
    }
    let mut names = Names::reserving(&["new", "default", "clone", "optional", "when", "to_input"]);
    let settable = arguments.properties.iter().filter(|property| property.constant.is_none());
    for (index, property) in settable.enumerate() {
        if index > 0 {
            source.line("");
        }
        let wanted = value_name(&property.name);
        let method = names.take([wanted.clone(), format!("{wanted}_")]);
        let (parameter, input) = parameter(layout, arguments.module, property);
        let key = literal(&property.name);
        let required = needs_setting(property);
        let sentence = format!("`{}`{}.", property.name, if required { ", required" } else { "" });
        source.documentation(property.description.as_deref(), &sentence, property.deprecation.as_deref());
        source.lines(["#[inline]", "#[must_use]"]);
        let returned =
            if required { format!("{name}<{}>", state.provided(property)) } else { "Self".to_owned() };
        source.line(format!("pub fn {method}(mut self, value: impl {parameter}) -> {returned} {{"));
        source.line(format!("self.inputs.{}({key}, {input});", set(property)));
        source.line(if required {
            format!("{name} {{ inputs: self.inputs, given: ::std::marker::PhantomData }}")
        } else {
            "self".to_owned()
        });
        source.line("}");
    }
    source.lines(["}", ""]);
}

/// What a setter takes, as it stands after `impl`, and how that becomes an input. A plain property takes what is known
/// at once; what is in a plain list or map says for itself what it takes.
fn parameter(layout: &Layout<'_>, module: &str, property: &Property) -> (String, String) {
    let rust = |value_type| layout.rust_type(module, value_type, Side::Input);
    match &property.value_type {
        value_type if !property.plain => {
            (format!("Into<{}>", layout.parameter_type(module, value_type)), "value.into()".to_owned())
        }
        Type::Array(items) => {
            let items = rust(items);
            let parameter = format!("IntoIterator<Item = impl Into<::pulumi::Input<{items}>>>");
            (parameter, format!("value.into_iter().collect::<::pulumi::List<{items}>>()"))
        }
        Type::Map(values) => {
            let values = rust(values);
            let parameter =
                format!("IntoIterator<Item = (impl Into<String>, impl Into<::pulumi::Input<{values}>>)>");
            (parameter, format!("value.into_iter().collect::<::pulumi::Map<{values}>>()"))
        }
        value_type => {
            let value = rust(value_type);
            (format!("Into<{value}>"), format!("::pulumi::Input::<{value}>::plain(value.into())"))
        }
    }
}
