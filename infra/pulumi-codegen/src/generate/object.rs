//! Structs for values that are received.

use crate::layout::{Layout, Side};
use crate::names::{Names, value_name};
use crate::schema::{ObjectDefinition, Property, Token};
use crate::source::{Source, literal};

/// A struct for a named object type.
pub(super) fn write(
    layout: &Layout<'_>,
    source: &mut Source,
    token: &Token,
    name: &str,
    definition: &ObjectDefinition,
) {
    let title = definition.description.clone().unwrap_or_else(|| format!("The type `{token}`."));
    let module = layout.module(token);
    let written = Struct { module: &module, token: Some(token), name, title: &title };
    write_struct(layout, source, &written, &definition.properties);
}

/// A struct to be written.
pub(super) struct Struct<'a> {
    pub(super) module: &'a str,
    /// The type that it is, if it has a token.
    pub(super) token: Option<&'a Token>,
    pub(super) name: &'a str,
    pub(super) title: &'a str,
}

/// A struct with a field for each property.
pub(super) fn write_struct(
    layout: &Layout<'_>,
    source: &mut Source,
    written: &Struct<'_>,
    properties: &[Property],
) {
    let Struct { module, token, name, title } = *written;
    let mut names = Names::default();
    let fields: Vec<(&Property, String)> = properties
        .iter()
        .map(|property| {
            let wanted = value_name(&property.name);
            (property, names.take([wanted.clone(), format!("{wanted}_")]))
        })
        .collect();
    source.documentation(Some(title), "", None);
    let comparable = properties.iter().all(|property| layout.is_comparable(&property.value_type));
    source.line(if comparable { "#[derive(Debug, Clone, PartialEq)]" } else { "#[derive(Debug, Clone)]" });
    source.line(format!("pub struct {name} {{"));
    for (property, field) in &fields {
        let mut field_type = layout.rust_type(module, &property.value_type, Side::Output);
        if token.is_some_and(|token| layout.holds(&property.value_type, token)) {
            field_type = format!("Box<{field_type}>");
        }
        if !property.required {
            field_type = format!("Option<{field_type}>");
        }
        let sentence = format!("`{}`.", property.name);
        source.documentation(property.description.as_deref(), &sentence, property.deprecation.as_deref());
        source.line(format!("pub {field}: {field_type},"));
    }
    source.lines(["}", ""]);

    source.line(format!("impl ::pulumi::FromValue for {name} {{"));
    source.line("#[inline]");
    source.line("fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {");
    let binding = if fields.is_empty() { "_" } else { "mut fields" };
    source.line(format!("let {binding} = ::pulumi::Fields::new(value)?;"));
    source.line("Ok(Self {");
    for (property, field) in &fields {
        source.line(format!("{field}: fields.take({})?,", literal(&property.name)));
    }
    source.lines(["})", "}", "}", ""]);

    source.line(format!("impl ::pulumi::ToInput for {name} {{"));
    source.line("fn to_input(&self) -> ::pulumi::Property {");
    source.line("::pulumi::Property::object([");
    for (property, field) in &fields {
        source.line(format!("({}, ::pulumi::ToInput::to_input(&self.{field})),", literal(&property.name)));
    }
    source.lines(["])", "}", "}", ""]);
}
