//! The sources of a package with every shape of a schema compile, and do on the wire what the schema says.
//!
//! `draw.rs` is generated: `cargo run -p miyabi-pulumi-codegen --example generate -- tests/data/shapes.json tests/shapes`
//! in this crate's folder writes it anew, and `root.rs`, which is included here.

#![allow(dead_code, unreachable_pub, unused_qualifications, reason = "a package is generated whole")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

include!("root.rs");

mod checks;
