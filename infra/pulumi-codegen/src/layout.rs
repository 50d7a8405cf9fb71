//! Which module everything goes to, and what it is called there.

mod rust;
mod unions;
mod uses;

use std::collections::{BTreeMap, BTreeSet};

use crate::names::{Names, type_name, value_name};
use crate::schema::{External, ModuleFormat, Package, PrimitiveType, Token, Type, TypeDefinition, Union};

pub(crate) use rust::primitive_name;
pub(crate) use unions::UnionNames;

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
    /// Resources that are values somewhere.
    pub(crate) referenced: BTreeSet<&'a Token>,
    /// Whether an instance of the provider is a value somewhere.
    pub(crate) provider_referenced: bool,
    /// Unions by the module and what they are made of.
    pub(crate) unions: BTreeMap<(String, Vec<Type>), UnionNames>,
    /// Other packages by name.
    others: BTreeMap<String, OtherPackage<'a>>,
}

/// Another package whose types this one uses.
#[derive(Debug)]
pub(crate) struct OtherPackage<'a> {
    /// How Rust spells its crate.
    pub(crate) library: String,
    pub(crate) layout: Layout<'a>,
}

/// Whether a value goes to the provider or comes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Input,
    Output,
}

/// Names of the prelude that generated code uses: no item of a module may hide them.
const PRELUDE: &[&str] = &[
    "Box",
    "Default",
    "Err",
    "From",
    "Into",
    "IntoIterator",
    "None",
    "Ok",
    "Option",
    "Result",
    "Self",
    "Some",
    "String",
    "Vec",
];

impl<'a> Layout<'a> {
    pub(crate) fn new(
        package: &'a Package,
        module_format: &'a ModuleFormat,
        others: BTreeMap<String, OtherPackage<'a>>,
    ) -> Self {
        let mut layout = Self {
            package,
            module_format,
            resources: BTreeMap::new(),
            functions: BTreeMap::new(),
            types: BTreeMap::new(),
            referenced: BTreeSet::new(),
            provider_referenced: false,
            unions: BTreeMap::new(),
            others,
        };
        let mut modules = layout.name();
        layout.find_uses();
        layout.name_unions(&mut modules);
        layout
    }

    /// The module of a token, as its segments in Rust, joined by `/`; empty for the root.
    pub(crate) fn module(&self, token: &Token) -> String {
        if token.package() == "pulumi" && token.middle() == "providers" {
            // Methods of the provider, which is in the root.
            return String::new();
        }
        let module = self.module_format.module(token);
        let segments = module.split(['/', '.']).filter(|segment| !segment.is_empty());
        let segments = segments.map(value_name).map(|name| match name.as_str() {
            // The module of the markers, a feature that is always there, and a crate that it would hide.
            "missing" | "default" | "pulumi" => format!("{name}_"),
            _ => name,
        });
        segments.collect::<Vec<_>>().join("/")
    }

    fn name(&mut self) -> BTreeMap<String, Names> {
        let mut modules: BTreeMap<String, Names> = BTreeMap::new();
        // The root's own items.
        let mut root = Names::reserving(PRELUDE);
        root.reserve(&["Provider", "ProviderArgs", "PACKAGE"]);
        modules.insert(String::new(), root);
        let mut names = |module: &str, wanted: [String; 2]| {
            modules.entry(module.to_owned()).or_insert_with(|| Names::reserving(PRELUDE)).take(wanted)
        };
        for token in self.package.resources.keys() {
            let module = self.module(token);
            let stem = type_name(token.name());
            let resource = names(&module, [stem.clone(), format!("{stem}Resource")]);
            let args = names(&module, [format!("{resource}Args"), format!("{resource}Inputs")]);
            let state = names(&module, [format!("{resource}State"), format!("{resource}Known")]);
            self.resources.insert(token, ResourceNames { resource, args, state });
        }
        for (token, function) in &self.package.functions {
            let module = self.module(token);
            let mut one = |wanted: String| names(&module, [wanted.clone(), format!("{wanted}_")]);
            let (function_name, stem) = match function.is_method {
                true => (String::new(), self.method_stem(token)),
                false => (one(value_name(token.name())), type_name(token.name())),
            };
            let (with_options, plain, plain_with_options) = if function.is_method {
                (String::new(), String::new(), String::new())
            } else {
                let plain = one(format!("{function_name}_plain"));
                (
                    one(format!("{function_name}_with_options")),
                    plain.clone(),
                    one(format!("{plain}_with_options")),
                )
            };
            let args = one(format!("{stem}Args"));
            let result = one(format!("{stem}Result"));
            let function = function_name;
            let names = FunctionNames { function, with_options, plain, plain_with_options, args, result };
            self.functions.insert(token, names);
        }
        for token in self.package.types.keys() {
            let module = self.module(token);
            let names = modules.entry(module.clone()).or_insert_with(|| Names::reserving(PRELUDE));
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
        modules
    }

    /// `component:index:Thing/describe` is `ThingDescribe`, and a method of the provider `ProviderDescribe`.
    fn method_stem(&self, token: &Token) -> String {
        let provider = format!("pulumi:providers:{}", self.package.name);
        let method = token.name().rsplit_once('/').map_or(token.name(), |(_, method)| method);
        let owner = match token.as_str().strip_prefix(&provider) {
            Some(_) => "Provider",
            None => token.name().split_once('/').map_or("", |(owner, _)| owner),
        };
        format!("{}{}", type_name(owner), type_name(method))
    }

    fn other(&self, external: &External) -> Option<&OtherPackage<'a>> {
        self.others.get(&external.package)
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
                let properties = object.properties.iter().map(|property| &property.value_type);
                pending.extend(properties.filter(|value_type| matches!(value_type, Type::Named(_))));
            }
        }
        false
    }

    /// Whether values of this type can be compared: resources cannot.
    pub(crate) fn is_comparable(&self, value_type: &Type) -> bool {
        let mut seen = BTreeSet::new();
        let mut pending = vec![value_type];
        while let Some(value_type) = pending.pop() {
            match value_type {
                Type::Resource(_) | Type::Provider => return false,
                Type::External(external) if external.is_resource && self.other(external).is_some() => {
                    return false;
                }
                Type::Array(inner) | Type::Map(inner) => pending.push(inner),
                Type::Union(union) => pending.extend(&union.members),
                Type::Named(token) => {
                    if seen.insert(token)
                        && let Some(TypeDefinition::Object(object)) = self.package.types.get(token)
                    {
                        pending.extend(object.properties.iter().map(|property| &property.value_type));
                    }
                }
                _ => {}
            }
        }
        true
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
    module.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// What a union comes to: a primitive beside an enumeration of it is an enumeration that is open.
#[derive(Debug)]
pub(crate) enum Shape<'t> {
    /// An enumeration that also takes other values.
    OpenEnum(&'t Token),
    /// One of these.
    Members(Vec<&'t Type>),
}

/// What a union comes to.
pub(crate) fn shape<'t>(package: &Package, union: &'t Union) -> Shape<'t> {
    let over = |token: &Token, primitive: PrimitiveType| matches!(package.types.get(token), Some(TypeDefinition::Enum(definition)) if definition.underlying == primitive);
    let enums: Vec<&Token> = union.members.iter().filter_map(named).collect();
    let is_covered = |member: &Type| match member {
        Type::Primitive(primitive) => enums.iter().any(|token| over(token, *primitive)),
        _ => false,
    };
    let members: Vec<&Type> = union.members.iter().filter(|member| !is_covered(member)).collect();
    match members.as_slice() {
        [Type::Named(token)] => Shape::OpenEnum(token),
        _ => Shape::Members(members),
    }
}

/// The enumerations of a union that also take other values.
pub(crate) fn open_enums<'t>(package: &Package, union: &'t Union) -> Vec<&'t Token> {
    let primitives: Vec<PrimitiveType> = union
        .members
        .iter()
        .filter_map(|member| match member {
            Type::Primitive(primitive) => Some(*primitive),
            _ => None,
        })
        .collect();
    let is_open = |token: &&Token| match package.types.get(*token) {
        Some(TypeDefinition::Enum(definition)) => primitives.contains(&definition.underlying),
        _ => false,
    };
    union.members.iter().filter_map(named).filter(is_open).collect()
}

fn named(member: &Type) -> Option<&Token> {
    match member {
        Type::Named(token) => Some(token),
        _ => None,
    }
}
