//! A Pulumi package schema in, typed Rust out.

pub mod names;
pub mod schema;
