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
    write_struct(layout, source, Some(token), name, &title, &definition.properties);
}

/// A struct with a field for each property.
pub(super) fn write_struct(
    layout: &Layout<'_>,
    source: &mut Source,
    token: Option<&Token>,
    name: &str,
    title: &str,
    properties: &[Property],
) {
    let mut names = Names::default();
    let fields: Vec<(&Property, String)> = properties
        .iter()
        .map(|property| {
            let wanted = value_name(&property.name);
            (property, names.take([wanted.clone(), format!("{wanted}_")]))
        })
        .collect();
    source.documentation(Some(title), "", None);
    source.line("#[derive(Debug, Clone, PartialEq)]");
    source.line(format!("pub struct {name} {{"));
    for (property, field) in &fields {
        let mut field_type = layout.rust_type(&property.value_type, Side::Output);
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
}
