//! A Pulumi package schema in, typed Rust out.
//!
//! [`schema::parse`] reads a schema, [`generate()`] writes one source file for each module: a struct for each resource
//! with its inputs and outputs, structs and enums for the types they use, and a function for each of the package's
//! functions. Inputs are property bags with a setter for each property; which of the required ones are still missing
//! is part of their type, so a program that leaves one out does not compile. [`generate_crate`] writes a whole crate.

mod generate;
mod layout;
pub mod names;
pub mod schema;
mod source;
mod whole;

pub use generate::{Files, GenerateError, Options, Other, SourceFile, generate, modules};
pub use whole::{CrateOptions, OtherCrate, SDK, crate_name, generate_crate, sdk_dependency};
