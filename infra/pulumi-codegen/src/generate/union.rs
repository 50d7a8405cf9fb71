//! Unions: an enum of the members, one for what is sent and one for what is received.

use std::collections::BTreeSet;

use crate::layout::{Layout, Side, UnionNames};
use crate::names::Names;
use crate::schema::{PrimitiveType, Type, TypeDefinition};
use crate::source::{Source, literal};

struct Member<'t> {
    variant: String,
    value_type: &'t Type,
    /// What the variant holds.
    rust: String,
}

pub(super) fn write(
    layout: &Layout<'_>,
    source: &mut Source,
    module: &str,
    members: &[Type],
    names: &UnionNames,
) {
    if names.as_input {
        write_input(layout, source, &names.input, &collect(layout, module, members, Side::Input));
    }
    if names.as_output {
        let members = collect(layout, module, members, Side::Output);
        write_output(layout, source, module, names, &members);
    }
}

/// The members, each of another type in Rust.
fn collect<'t>(layout: &Layout<'_>, module: &str, members: &'t [Type], side: Side) -> Vec<Member<'t>> {
    let mut seen = BTreeSet::new();
    let mut names = Names::default();
    let mut collected = Vec::new();
    for value_type in members {
        let rust = layout.rust_type(module, value_type, side);
        if seen.insert(rust.clone()) {
            let wanted = layout.member_name(value_type);
            let variant = names.take([wanted.clone(), format!("{wanted}Value")]);
            collected.push(Member { variant, value_type, rust });
        }
    }
    collected
}

fn title(members: &[Member<'_>]) -> String {
    let names: Vec<String> = members.iter().map(|member| format!("`{}`", member.variant)).collect();
    format!("One of {}.", names.join(", "))
}

fn write_input(layout: &Layout<'_>, source: &mut Source, name: &str, members: &[Member<'_>]) {
    source.documentation(Some(&title(members)), "", None);
    source.line("#[derive(Debug, Clone)]");
    source.line(format!("pub enum {name} {{"));
    for Member { variant, rust, .. } in members {
        source.line(format!("/// `{variant}`."));
        source.line(format!("{variant}(::pulumi::Input<{rust}>),"));
    }
    source.lines(["}", ""]);
    source.line(format!("impl ::pulumi::ToInput for {name} {{"));
    source.lines(["fn to_input(&self) -> ::pulumi::Property {", "match self {"]);
    for Member { variant, .. } in members {
        source.line(format!("Self::{variant}(value) => ::pulumi::ToInput::to_input(value),"));
    }
    source.lines(["}", "}", "}", ""]);
    let mut with_items = false;
    for Member { variant, value_type, rust } in members {
        write_from(source, name, variant, rust, "Self::", "::pulumi::Input::plain(value)");
        match value_type {
            Type::Primitive(primitive) => {
                if *primitive == PrimitiveType::String {
                    write_from(source, name, variant, "&str", "Self::", "::pulumi::Input::from(value)");
                }
                if *primitive == PrimitiveType::Integer {
                    write_from(source, name, variant, "i32", "Self::", "::pulumi::Input::from(value)");
                }
                write_accepts(source, name, rust, "Self::from(value)");
            }
            // Literals of a list are told from others by their brackets; of two lists only one can have them.
            Type::Array(items) if !with_items => {
                with_items = true;
                let item = rust.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(rust);
                source.line(format!("impl<const N: usize, V: Into<{item}>> From<[V; N]> for {name} {{"));
                source.line("fn from(items: [V; N]) -> Self {");
                source.line(format!(
                    "Self::{variant}(::pulumi::Input::plain(items.into_iter().map(Into::into).collect()))"
                ));
                source.lines(["}", "}", ""]);
                if matches!(**items, Type::Primitive(PrimitiveType::String)) {
                    write_accepts(source, name, rust, "Self::from(value)");
                }
            }
            Type::Named(token) => {
                // A type of this crate may say how it becomes an input of a union of this crate.
                source.line(format!("impl From<{rust}> for ::pulumi::Input<{name}> {{"));
                source.line(format!("fn from(value: {rust}) -> Self {{"));
                source.lines(["Self::plain(value.into())", "}", "}", ""]);
                let open = layout.types.get(token).is_some_and(|names| names.open);
                if let (true, Some(TypeDefinition::Enum(definition))) =
                    (open, layout.package.types.get(token))
                {
                    let underlying = crate::layout::primitive_name(definition.underlying);
                    write_accepts(source, name, underlying, &format!("Self::from({rust}::from(value))"));
                }
            }
            _ => {}
        }
    }
}

fn write_from(source: &mut Source, name: &str, variant: &str, from: &str, path: &str, value: &str) {
    source.line(format!("impl From<{from}> for {name} {{"));
    source.line(format!("fn from(value: {from}) -> Self {{"));
    source.line(format!("{path}{variant}({value})"));
    source.lines(["}", "}", ""]);
}

fn write_accepts(source: &mut Source, name: &str, member: &str, value: &str) {
    source.line(format!("impl ::pulumi::Accepts<{member}> for {name} {{"));
    source.line(format!("fn accept(value: {member}) -> Self {{"));
    source.line(value);
    source.lines(["}", "}", ""]);
}

fn write_output(
    layout: &Layout<'_>,
    source: &mut Source,
    module: &str,
    names: &UnionNames,
    members: &[Member<'_>],
) {
    let name = &names.output;
    let is_object = |value_type: &Type| match value_type {
        Type::Named(token) => matches!(layout.package.types.get(token), Some(TypeDefinition::Object(_))),
        _ => false,
    };
    source.documentation(Some(&title(members)), "", None);
    let comparable = members.iter().all(|member| layout.is_comparable(member.value_type));
    source.line(if comparable { "#[derive(Debug, Clone, PartialEq)]" } else { "#[derive(Debug, Clone)]" });
    source.line(format!("pub enum {name} {{"));
    for Member { variant, value_type, rust } in members {
        source.line(format!("/// `{variant}`."));
        // An object may hold the union again.
        let held = if is_object(value_type) { format!("Box<{rust}>") } else { rust.clone() };
        source.line(format!("{variant}({held}),"));
    }
    source.lines(["}", ""]);

    source.line(format!("impl ::pulumi::ToInput for {name} {{"));
    source.lines(["fn to_input(&self) -> ::pulumi::Property {", "match self {"]);
    for Member { variant, .. } in members {
        source.line(format!("Self::{variant}(value) => ::pulumi::ToInput::to_input(value),"));
    }
    source.lines(["}", "}", "}", ""]);

    source.line(format!("impl ::pulumi::FromValue for {name} {{"));
    source.line("fn from_value(value: ::pulumi::Value) -> Result<Self, ::pulumi::ValueError> {");
    if let Some((property, mapping)) = &names.discriminator {
        source.line("let kind = match &value {");
        source.line(format!("::pulumi::Value::Object(entries) => entries.get({}),", literal(property)));
        source.lines(["_ => None,", "};", "if let Some(::pulumi::Value::String(kind)) = kind {"]);
        source.line("match kind.as_str() {");
        for (kind, value_type) in mapping {
            let rust = layout.rust_type(module, value_type, Side::Output);
            if let Some(member) = members.iter().find(|member| member.rust == rust) {
                source.line(format!("{} => {{", literal(kind)));
                source.line(format!(
                    "return ::pulumi::FromValue::from_value(value).map(Self::{});",
                    member.variant
                ));
                source.line("}");
            }
        }
        source.lines(["_ => {}", "}", "}"]);
    }
    for Member { variant, .. } in members {
        source.line("if let Ok(member) = ::pulumi::FromValue::from_value(value.clone()) {");
        source.lines([&format!("return Ok(Self::{variant}(member));"), "}"]);
    }
    let variants: Vec<&str> = members.iter().map(|member| member.variant.as_str()).collect();
    let expected = literal(&format!("one of {}", variants.join(", ")));
    source.line(format!("Err(::pulumi::ValueError::unexpected({expected}, value.kind()))"));
    source.lines(["}", "}", ""]);
}
