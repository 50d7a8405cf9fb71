//! Enum types: closed where the schema lists all values, open where it also allows others.

use crate::layout::{TypeNames, primitive_name};
use crate::names::{Names, variant_name};
use crate::schema::{Constant, EnumDefinition, EnumValue, PrimitiveType};
use crate::source::{Source, literal};

pub(super) fn write(source: &mut Source, names: &TypeNames, definition: &EnumDefinition) {
    let name = &names.output;
    let open = names.open;
    let underlying = primitive_name(definition.underlying);
    let text = definition.underlying == PrimitiveType::String;
    let mut taken = if open { Names::reserving(&["Other"]) } else { Names::default() };
    let variants: Vec<(String, &EnumValue)> = definition
        .values
        .iter()
        .map(|value| {
            let wanted = match (&value.name, &value.value) {
                (Some(name), _) | (None, Constant::String(name)) => variant_name(name),
                (None, Constant::Number(number)) => variant_name(&number.to_string()),
                (None, Constant::Boolean(flag)) => variant_name(&flag.to_string()),
            };
            (taken.take([wanted.clone(), format!("{wanted}Value")]), value)
        })
        .collect();

    source.documentation(definition.description.as_deref(), &format!("The values of `{name}`."), None);
    let equality =
        if definition.underlying == PrimitiveType::Number { "PartialEq" } else { "PartialEq, Eq, Hash" };
    source.line(format!("#[derive(Debug, Clone, {equality})]"));
    source.line(format!("pub enum {name} {{"));
    for (variant, value) in &variants {
        let sentence = format!("`{}`.", wire(&value.value, definition.underlying));
        source.documentation(value.description.as_deref(), &sentence, value.deprecation.as_deref());
        source.line(format!("{variant},"));
    }
    if open {
        source.line("/// A value that the schema does not list.");
        source.line(format!("Other({underlying}),"));
    }
    source.lines(["}", ""]);

    let (returned, other) = if text { ("&str", "value") } else { (underlying, "*value") };
    source.line(format!("impl {name} {{"));
    source.lines(["/// The value on the wire.", "#[must_use]"]);
    source.line(format!("pub fn value(&self) -> {returned} {{"));
    source.line("match self {");
    for (variant, value) in &variants {
        source.line(format!("Self::{variant} => {},", wire(&value.value, definition.underlying)));
    }
    if open {
        source.line(format!("Self::Other(value) => {other},"));
    }
    source.lines(["}", "}", "}", ""]);

    write_conversions(source, name, definition, &variants, open);
}

fn write_conversions(
    source: &mut Source,
    name: &str,
    definition: &EnumDefinition,
    variants: &[(String, &EnumValue)],
    open: bool,
) {
    let underlying = primitive_name(definition.underlying);
    let text = definition.underlying == PrimitiveType::String;
    let number = definition.underlying == PrimitiveType::Number;
    let find = |source: &mut Source, last: &str| {
        if number {
            // Patterns of floating point are not for matching.
            for (variant, value) in variants {
                source.line(format!("if value == {} {{", wire(&value.value, definition.underlying)));
                source.line(format!(
                    "return {};",
                    if open { format!("Self::{variant}") } else { format!("Ok(Self::{variant})") }
                ));
                source.line("}");
            }
            source.line(last);
        } else {
            source.line(if text { "match value.as_str() {" } else { "match value {" });
            for (variant, value) in variants {
                let found = if open { format!("Self::{variant}") } else { format!("Ok(Self::{variant})") };
                source.line(format!("{} => {found},", wire(&value.value, definition.underlying)));
            }
            source.line(format!("_ => {last},"));
            source.line("}");
        }
    };
    if open {
        source.line(format!("impl From<{underlying}> for {name} {{"));
        source.line(format!("fn from(value: {underlying}) -> Self {{"));
        find(source, "Self::Other(value)");
        source.lines(["}", "}", ""]);
        if text {
            source.line(format!("impl From<&str> for {name} {{"));
            source.lines(["fn from(value: &str) -> Self {", "Self::from(value.to_owned())", "}", "}", ""]);
        }
        source.line(format!("impl ::pulumi::Accepts<{underlying}> for {name} {{"));
        source.line("#[inline]");
        source.line(format!("fn accept(value: {underlying}) -> Self {{"));
        source.lines(["Self::from(value)", "}", "}", ""]);
    }
    source.line(format!("impl ::std::fmt::Display for {name} {{"));
    source.line("fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {");
    source.lines(["::std::fmt::Display::fmt(&self.value(), formatter)", "}", "}", ""]);
    source.line(format!("impl ::pulumi::ToInput for {name} {{"));
    source.lines(["#[inline]", "fn to_input(&self) -> ::pulumi::Property {"]);
    let value = if text { "self.value().to_owned()" } else { "self.value()" };
    source.line(format!("::pulumi::ToInput::to_input(&{value})"));
    source.lines(["}", "}", ""]);

    source.line(format!("impl ::pulumi::FromValue for {name} {{"));
    source.line("#[inline]");
    source.line("fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {");
    source.line(format!("let value = <{underlying} as ::pulumi::FromValue>::from_value(value)?;"));
    if open {
        source.line("Ok(Self::from(value))");
    } else {
        let expected: Vec<String> =
            variants.iter().map(|(_, value)| wire(&value.value, definition.underlying)).collect();
        let expected = literal(&format!("one of {}", expected.join(", ")));
        let last = format!("Err(::pulumi::ValueError::unexpected({expected}, \"another value\"))");
        find(source, &last);
    }
    source.lines(["}", "}", ""]);
}

fn wire(value: &Constant, underlying: PrimitiveType) -> String {
    match value {
        Constant::Boolean(flag) => flag.to_string(),
        Constant::Number(number) if underlying == PrimitiveType::Integer => format!("{number:.0}"),
        Constant::Number(number) => format!("{number:?}"),
        Constant::String(text) => literal(text),
    }
}
