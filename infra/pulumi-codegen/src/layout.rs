//! Which module everything goes to, and what it is called there.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::{Names, type_name, value_name};
use crate::schema::{ModuleFormat, Package, PrimitiveType, Property, Token, Type, TypeDefinition, Union};

/// What a resource is called.
#[derive(Debug, Clone)]
pub(crate) struct ResourceNames {
    pub(crate) resource: String,
    pub(crate) args: String,
    pub(crate) state: String,
}

/// What a function is called.
#[derive(Debug, Clone)]
pub(crate) struct FunctionNames {
    pub(crate) function: String,
    pub(crate) with_options: String,
    pub(crate) plain: String,
    pub(crate) plain_with_options: String,
    pub(crate) args: String,
    pub(crate) result: String,
}

/// What a type is called, and where it is used.
#[derive(Debug, Clone)]
pub(crate) struct TypeNames {
    pub(crate) module: String,
    /// The type of a value that is received; of an enum the only one.
    pub(crate) output: String,
    /// The type of a value that is sent.
    pub(crate) input: String,
    pub(crate) as_input: bool,
    pub(crate) as_output: bool,
    /// Whether an enum type accepts values that the schema does not list.
    pub(crate) open: bool,
}

/// The names of a package.
#[derive(Debug)]
pub(crate) struct Layout<'a> {
    pub(crate) package: &'a Package,
    module_format: &'a ModuleFormat,
    pub(crate) resources: BTreeMap<&'a Token, ResourceNames>,
    pub(crate) functions: BTreeMap<&'a Token, FunctionNames>,
    pub(crate) types: BTreeMap<&'a Token, TypeNames>,
}

/// Whether a value goes to the provider or comes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Input,
    Output,
}

impl<'a> Layout<'a> {
    pub(crate) fn new(package: &'a Package, module_format: &'a ModuleFormat) -> Self {
        let mut layout = Self {
            package,
            module_format,
            resources: BTreeMap::new(),
            functions: BTreeMap::new(),
            types: BTreeMap::new(),
        };
        layout.name();
        layout.find_uses();
        layout
    }

    /// The module of a token: its name in the schema, empty for the root.
    pub(crate) fn module(&self, token: &Token) -> String {
        self.module_format.module(token)
    }

    fn name(&mut self) {
        let mut modules: BTreeMap<String, Names> = BTreeMap::new();
        // The root's own items: the provider and the module of the markers.
        modules.insert(String::new(), Names::reserving(&["Provider", "ProviderArgs", "missing"]));
        let mut names = |module: &str, wanted: [String; 1]| {
            modules.entry(module.to_owned()).or_insert_with(|| Names::reserving(&["missing"])).take(wanted)
        };
        for token in self.package.resources.keys() {
            let module = self.module(token);
            let resource = names(&module, [type_name(token.name())]);
            let args = names(&module, [format!("{resource}Args")]);
            let state = names(&module, [format!("{resource}State")]);
            self.resources.insert(token, ResourceNames { resource, args, state });
        }
        for token in self.package.functions.keys() {
            let module = self.module(token);
            let function = names(&module, [value_name(token.name())]);
            let with_options = names(&module, [format!("{function}_with_options")]);
            let plain = names(&module, [format!("{function}_plain")]);
            let plain_with_options = names(&module, [format!("{plain}_with_options")]);
            let stem = type_name(token.name());
            let args = names(&module, [format!("{stem}Args")]);
            let result = names(&module, [format!("{stem}Result")]);
            let names = FunctionNames { function, with_options, plain, plain_with_options, args, result };
            self.functions.insert(token, names);
        }
        for token in self.package.types.keys() {
            let module = self.module(token);
            let names = modules.entry(module.clone()).or_insert_with(|| Names::reserving(&["missing"]));
            let stem = type_name(token.name());
            // As in Pulumi's Go SDKs: a type with the name of a resource gets `Type` at its end.
            let mut output = stem.clone();
            let mut number = 1_u32;
            while !(names.is_free(&output) && names.is_free(&format!("{output}Args"))) {
                output = if number == 1 { format!("{stem}Type") } else { format!("{stem}Type{number}") };
                number += 1;
            }
            let input = names.take([format!("{output}Args")]);
            let output = names.take([output]);
            self.types.insert(
                token,
                TypeNames { module, output, input, as_input: false, as_output: false, open: false },
            );
        }
    }

    fn find_uses(&mut self) {
        let package = self.package;
        let mut found = Uses { package, seen: BTreeSet::new(), open: BTreeSet::new() };
        found.properties(&package.provider.inputs, Side::Input);
        for resource in package.resources.values() {
            found.properties(&resource.inputs, Side::Input);
            found.properties(&resource.state_inputs, Side::Input);
            found.properties(&resource.properties, Side::Output);
        }
        for function in package.functions.values() {
            found.properties(&function.inputs, Side::Input);
            found.properties(&function.outputs, Side::Output);
            if let Some(value_type) = &function.return_type {
                found.value_type(value_type, Side::Output);
            }
        }
        for (token, names) in &mut self.types {
            names.as_input = found.seen.contains(&(*token, Side::Input));
            names.as_output = found.seen.contains(&(*token, Side::Output));
            names.open = found.open.contains(token);
        }
    }

    /// The type of a value as Rust spells it.
    pub(crate) fn rust_type(&self, value_type: &Type, side: Side) -> String {
        match value_type {
            Type::Primitive(primitive) => primitive_name(*primitive).to_owned(),
            Type::Any | Type::Resource(_) => "::pulumi::Value".to_owned(),
            Type::Json => "String".to_owned(),
            Type::Asset => "::pulumi::AssetOrArchive".to_owned(),
            Type::Archive => "::pulumi::Archive".to_owned(),
            Type::Array(items) => match side {
                Side::Input => format!("Vec<::pulumi::Input<{}>>", self.rust_type(items, side)),
                Side::Output => format!("Vec<{}>", self.rust_type(items, side)),
            },
            Type::Map(values) => {
                let values = self.rust_type(values, side);
                match side {
                    Side::Input => format!("::std::collections::BTreeMap<String, ::pulumi::Input<{values}>>"),
                    Side::Output => format!("::std::collections::BTreeMap<String, {values}>"),
                }
            }
            Type::Named(token) => self.named(token, side),
            Type::Union(union) => match open_enum(self.package, union) {
                Some(token) => self.named(token, side),
                None => "::pulumi::Value".to_owned(),
            },
        }
    }

    /// The type of a setter's parameter.
    pub(crate) fn parameter_type(&self, value_type: &Type) -> String {
        match value_type {
            Type::Array(items) => format!("::pulumi::List<{}>", self.rust_type(items, Side::Input)),
            Type::Map(values) => format!("::pulumi::Map<{}>", self.rust_type(values, Side::Input)),
            other => format!("::pulumi::Input<{}>", self.rust_type(other, Side::Input)),
        }
    }

    fn named(&self, token: &Token, side: Side) -> String {
        let (Some(names), Some(definition)) = (self.types.get(token), self.package.types.get(token)) else {
            return "::pulumi::Value".to_owned();
        };
        let name = match (definition, side) {
            (TypeDefinition::Object(_), Side::Input) => &names.input,
            _ => &names.output,
        };
        format!("{}::{name}", module_path(&names.module))
    }

    /// Whether a value of this type holds, not behind a list or map, an object of that type: then it must be boxed there.
    pub(crate) fn holds(&self, value_type: &Type, wanted: &Token) -> bool {
        let mut seen = BTreeSet::new();
        let mut pending = vec![value_type];
        while let Some(Type::Named(token)) = pending.pop() {
            if token == wanted {
                return true;
            }
            if seen.insert(token)
                && let Some(TypeDefinition::Object(object)) = self.package.types.get(token)
            {
                pending.extend(
                    object
                        .properties
                        .iter()
                        .map(|property| &property.value_type)
                        .filter(|t| matches!(t, Type::Named(_))),
                );
            }
        }
        false
    }
}

/// The module's path: `crate::dynamodb`.
pub(crate) fn module_path(module: &str) -> String {
    let mut path = "crate".to_owned();
    for segment in module_segments(module) {
        path.push_str("::");
        path.push_str(&segment);
    }
    path
}

/// The module's path, a name each.
pub(crate) fn module_segments(module: &str) -> Vec<String> {
    module.split(['/', '.']).filter(|segment| !segment.is_empty()).map(value_name).collect()
}

pub(crate) const fn primitive_name(primitive: PrimitiveType) -> &'static str {
    match primitive {
        PrimitiveType::Boolean => "bool",
        PrimitiveType::Integer => "i64",
        PrimitiveType::Number => "f64",
        PrimitiveType::String => "String",
    }
}

/// The enum of a union of a primitive and an enum over it: an enum that also takes other values.
pub(crate) fn open_enum<'t>(package: &Package, union: &'t Union) -> Option<&'t Token> {
    let ([Type::Primitive(primitive), Type::Named(token)] | [Type::Named(token), Type::Primitive(primitive)]) =
        union.members.as_slice()
    else {
        return None;
    };
    match package.types.get(token) {
        Some(TypeDefinition::Enum(definition)) if definition.underlying == *primitive => Some(token),
        _ => None,
    }
}

struct Uses<'a> {
    package: &'a Package,
    seen: BTreeSet<(&'a Token, Side)>,
    open: BTreeSet<&'a Token>,
}

impl<'a> Uses<'a> {
    fn properties(&mut self, properties: &'a [Property], side: Side) {
        for property in properties {
            self.value_type(&property.value_type, side);
        }
    }

    fn value_type(&mut self, value_type: &'a Type, side: Side) {
        match value_type {
            Type::Array(inner) | Type::Map(inner) => self.value_type(inner, side),
            Type::Union(union) => {
                if let Some(token) = open_enum(self.package, union) {
                    self.open.insert(token);
                }
                for member in &union.members {
                    self.value_type(member, side);
                }
            }
            Type::Named(token) => {
                if self.seen.insert((token, side))
                    && let Some(TypeDefinition::Object(object)) = self.package.types.get(token)
                {
                    self.properties(&object.properties, side);
                }
            }
            _ => {}
        }
    }
}
