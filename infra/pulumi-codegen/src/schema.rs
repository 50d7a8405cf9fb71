//! The model of a Pulumi package schema: what a generator needs, with every reference resolved.

mod model;
mod modules;
mod parse;
mod reader;
mod token;

pub use model::{
    Constant, EnumDefinition, EnumValue, External, Function, ObjectDefinition, Package, Parameterization,
    PrimitiveType, Property, Resource, Type, TypeDefinition, Union,
};
pub use modules::ModuleFormat;
pub use parse::{parse, read};
pub use reader::SchemaError;
pub use token::{InvalidToken, Token};
