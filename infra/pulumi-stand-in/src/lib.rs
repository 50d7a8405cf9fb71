//! A stand-in for Pulumi's AWS provider: it makes nothing, and is strict about what it is asked to make.
//!
//! Every input of every resource is checked against the provider's schema. An unknown property, a missing required
//! input and a value of the wrong type fail the run, as they would with the real provider.

mod provider;
mod schema;
mod wire;

pub use provider::{Provider, serve};
pub use schema::{Problem, Schema};
