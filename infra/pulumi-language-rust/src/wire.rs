//! The wire's messages, generated from `proto`.
#![expect(missing_docs, unused_qualifications, clippy::all, reason = "generated")]
#![allow(rust_2018_idioms, missing_debug_implementations, reason = "generated")]

tonic::include_proto!("pulumirpc");

/// What the engine says about packages.
pub mod loader {
    tonic::include_proto!("codegen");
}
