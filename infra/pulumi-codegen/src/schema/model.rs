//! The types of the model.

use std::collections::{BTreeMap, BTreeSet};

use super::modules::ModuleFormat;
use super::token::Token;

/// A package.
#[derive(Debug, Clone)]
pub struct Package {
    /// The package's name: `aws`.
    pub name: String,
    /// Its version, without a leading `v`.
    pub version: Option<String>,
    /// What it is.
    pub description: Option<String>,
    /// Where its plugin is downloaded from, if not from the usual place.
    pub plugin_download_url: Option<String>,
    /// Who publishes it, where that is not Pulumi.
    pub namespace: Option<String>,
    /// What it is made of, where it is another package with parameters.
    pub parameterization: Option<Parameterization>,
    /// What it adds to, where it extends another package.
    pub extension: Option<Parameterization>,
    /// How a module's name is read out of a token.
    pub module_format: ModuleFormat,
    /// Configuration of the package's default provider.
    pub config: Vec<Property>,
    /// The provider.
    pub provider: Resource,
    /// Resources by token.
    pub resources: BTreeMap<Token, Resource>,
    /// Types by token.
    pub types: BTreeMap<Token, TypeDefinition>,
    /// Functions by token.
    pub functions: BTreeMap<Token, Function>,
    /// What was tolerated: references that lead nowhere, each with its place.
    pub warnings: Vec<String>,
}

/// How a package is made of another one.
#[derive(Debug, Clone)]
pub struct Parameterization {
    /// The other package's name.
    pub base_name: String,
    /// Its version.
    pub base_version: String,
    /// What the other package itself is made of.
    pub base_parameterization: Option<Box<Parameterization>>,
    /// What the plugin is given.
    pub parameter: Vec<u8>,
}

/// A resource, or the provider.
#[derive(Debug, Clone, Default)]
pub struct Resource {
    /// What it is, in Markdown.
    pub description: Option<String>,
    /// Why not to use it any more.
    pub deprecation: Option<String>,
    /// Its inputs, by name.
    pub inputs: Vec<Property>,
    /// Its outputs, by name; `required` means always present.
    pub properties: Vec<Property>,
    /// What helps to find an existing one, beside its id.
    pub state_inputs: Vec<Property>,
    /// Tokens that it had before.
    pub aliases: Vec<String>,
    /// Functions of it by name.
    pub methods: BTreeMap<String, Token>,
    /// Whether it is a component.
    pub is_component: bool,
    /// Whether its code is written by hand.
    pub is_overlay: bool,
}

/// A property of a resource, an object type or a function.
#[derive(Debug, Clone)]
pub struct Property {
    /// The name on the wire.
    pub name: String,
    /// What it is, in Markdown.
    pub description: Option<String>,
    /// Why not to use it any more.
    pub deprecation: Option<String>,
    /// The type of its value.
    pub value_type: Type,
    /// Whether it must be given, or is always present.
    pub required: bool,
    /// Whether only a value known at once is accepted, no output.
    pub plain: bool,
    /// Whether its value is a secret.
    pub secret: bool,
    /// Whether a change of it replaces the resource.
    pub replace_on_changes: bool,
    /// The only value it can have.
    pub constant: Option<Constant>,
    /// The value if none is given.
    pub default: Option<Constant>,
    /// Environment variables that are asked for a value before the default.
    pub default_environment: Vec<String>,
}

/// A literal of a schema.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// A truth value.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text.
    String(String),
}

/// A type without structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrimitiveType {
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// A primitive.
    Primitive(PrimitiveType),
    /// Any value.
    Any,
    /// Any value, that goes as JSON text.
    Json,
    /// An asset or an archive.
    Asset,
    /// An archive.
    Archive,
    /// A list.
    Array(Box<Type>),
    /// A map from text.
    Map(Box<Type>),
    /// An object or enum type of this package.
    Named(Token),
    /// A resource of this package.
    Resource(Token),
    /// An instance of this package's provider.
    Provider,
    /// Something of another package.
    External(External),
    /// One of several.
    Union(Union),
}

/// A type or a resource of another package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct External {
    /// The package's name.
    pub package: String,
    /// The package's version, without a leading `v`; empty where the reference gives none.
    pub version: String,
    /// The token there.
    pub token: Token,
    /// Whether it is a resource.
    pub is_resource: bool,
    /// What it is where the other package is not known.
    pub fallback: Box<Type>,
}

/// One of several types.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Union {
    /// The types.
    pub members: Vec<Type>,
    /// The property that tells the members apart, and the member of each of its values.
    pub discriminator: Option<(String, BTreeMap<String, Type>)>,
}

/// A type with a name.
#[derive(Debug, Clone)]
pub enum TypeDefinition {
    /// An object type.
    Object(ObjectDefinition),
    /// An enum type.
    Enum(EnumDefinition),
}

/// An object type.
#[derive(Debug, Clone, Default)]
pub struct ObjectDefinition {
    /// What it is, in Markdown.
    pub description: Option<String>,
    /// Its properties, by name.
    pub properties: Vec<Property>,
}

/// An enum type.
#[derive(Debug, Clone)]
pub struct EnumDefinition {
    /// What it is, in Markdown.
    pub description: Option<String>,
    /// The type of its values.
    pub underlying: PrimitiveType,
    /// Its values.
    pub values: Vec<EnumValue>,
}

/// A value of an enum type.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// Its name, if the schema gives one.
    pub name: Option<String>,
    /// Its value on the wire.
    pub value: Constant,
    /// What it means, in Markdown.
    pub description: Option<String>,
    /// Why not to use it any more.
    pub deprecation: Option<String>,
}

/// A function that the provider answers.
#[derive(Debug, Clone, Default)]
pub struct Function {
    /// What it does, in Markdown.
    pub description: Option<String>,
    /// Why not to use it any more.
    pub deprecation: Option<String>,
    /// Its inputs, by name.
    pub inputs: Vec<Property>,
    /// Its outputs, by name.
    pub outputs: Vec<Property>,
    /// The type of its answer where that is no object.
    pub return_type: Option<Type>,
    /// Whether its answer can also be had as a plain value.
    pub plain: bool,
    /// Whether its answer is a plain value alone.
    pub only_plain: bool,
    /// Whether it belongs to a resource.
    pub is_method: bool,
    /// Whether its code is written by hand.
    pub is_overlay: bool,
}

impl Resource {
    /// Names of the outputs that are secrets.
    pub fn secret_outputs(&self) -> impl Iterator<Item = &str> {
        self.properties.iter().filter(|property| property.secret).map(|property| property.name.as_str())
    }
}

impl Package {
    /// What it takes from other packages, each once.
    pub fn externals(&self) -> BTreeSet<&External> {
        fn walk<'t>(value_type: &'t Type, found: &mut BTreeSet<&'t External>) {
            match value_type {
                Type::External(external) => {
                    found.insert(external);
                }
                Type::Array(inner) | Type::Map(inner) => walk(inner, found),
                Type::Union(union) => union.members.iter().for_each(|member| walk(member, found)),
                _ => {}
            }
        }
        let mut properties: Vec<&Property> = Vec::new();
        for resource in self.resources.values().chain([&self.provider]) {
            properties
                .extend(resource.inputs.iter().chain(&resource.properties).chain(&resource.state_inputs));
        }
        let mut found = BTreeSet::new();
        for function in self.functions.values() {
            properties.extend(function.inputs.iter().chain(&function.outputs));
            function.return_type.iter().for_each(|answer| walk(answer, &mut found));
        }
        for definition in self.types.values() {
            if let TypeDefinition::Object(object) = definition {
                properties.extend(&object.properties);
            }
        }
        properties.into_iter().for_each(|property| walk(&property.value_type, &mut found));
        found
    }
}
