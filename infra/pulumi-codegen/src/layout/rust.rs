//! Types as Rust spells them.

use super::{Layout, Shape, Side, module_path, shape};
use crate::schema::{External, PrimitiveType, Token, Type, TypeDefinition};

const VALUE: &str = "::pulumi::Value";

impl Layout<'_> {
    /// The type of a value as Rust spells it in a module.
    pub(crate) fn rust_type(&self, module: &str, value_type: &Type, side: Side) -> String {
        match value_type {
            Type::Primitive(primitive) => primitive_name(*primitive).to_owned(),
            Type::Any => VALUE.to_owned(),
            Type::Json => "String".to_owned(),
            Type::Asset => "::pulumi::AssetOrArchive".to_owned(),
            Type::Archive => "::pulumi::Archive".to_owned(),
            Type::Array(items) => {
                let items = self.rust_type(module, items, side);
                match side {
                    Side::Input => format!("Vec<::pulumi::Input<{items}>>"),
                    Side::Output => format!("Vec<{items}>"),
                }
            }
            Type::Map(values) => {
                let values = self.rust_type(module, values, side);
                match side {
                    Side::Input => format!("::std::collections::BTreeMap<String, ::pulumi::Input<{values}>>"),
                    Side::Output => format!("::std::collections::BTreeMap<String, {values}>"),
                }
            }
            Type::Named(token) => self.named(token, side).unwrap_or_else(|| VALUE.to_owned()),
            Type::Resource(token) => self.resource(token).unwrap_or_else(|| VALUE.to_owned()),
            Type::Provider => "crate::Provider".to_owned(),
            Type::External(external) => self
                .external(external, side)
                .unwrap_or_else(|| self.rust_type(module, &external.fallback, side)),
            Type::Union(union) => match shape(self.package, union) {
                Shape::OpenEnum(token) => self.named(token, side).unwrap_or_else(|| VALUE.to_owned()),
                Shape::Members(members) => {
                    let members = members.into_iter().cloned().collect();
                    match self.unions.get(&(module.to_owned(), members)) {
                        None => VALUE.to_owned(),
                        Some(names) => format!("{}::{}", module_path(module), names.of(side)),
                    }
                }
            },
        }
    }

    /// The type of a setter's parameter.
    pub(crate) fn parameter_type(&self, module: &str, value_type: &Type) -> String {
        match value_type {
            Type::Array(items) => format!("::pulumi::List<{}>", self.rust_type(module, items, Side::Input)),
            Type::Map(values) => format!("::pulumi::Map<{}>", self.rust_type(module, values, Side::Input)),
            other => format!("::pulumi::Input<{}>", self.rust_type(module, other, Side::Input)),
        }
    }

    fn named(&self, token: &Token, side: Side) -> Option<String> {
        let (names, definition) = (self.types.get(token)?, self.package.types.get(token)?);
        let name = match (definition, side) {
            (TypeDefinition::Object(_), Side::Input) => &names.input,
            _ => &names.output,
        };
        Some(format!("{}::{name}", module_path(&names.module)))
    }

    fn resource(&self, token: &Token) -> Option<String> {
        let names = self.resources.get(token)?;
        Some(format!("{}::{}", module_path(&self.module(token)), names.resource))
    }

    fn external(&self, external: &External, side: Side) -> Option<String> {
        let other = self.other(external)?;
        let provider = format!("pulumi:providers:{}", external.package);
        let path = if external.token.as_str() == provider {
            "crate::Provider".to_owned()
        } else if external.is_resource {
            other.layout.resource(&external.token)?
        } else {
            other.layout.named(&external.token, side)?
        };
        Some(format!("::{}{}", other.library, path.trim_start_matches("crate")))
    }
}

pub(crate) const fn primitive_name(primitive: PrimitiveType) -> &'static str {
    match primitive {
        PrimitiveType::Boolean => "bool",
        PrimitiveType::Integer => "i64",
        PrimitiveType::Number => "f64",
        PrimitiveType::String => "String",
    }
}
