//! The infrastructure as values: what each stage registers, and the rules that hold for all of them.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by a panic")]

mod access;
mod choices;
mod coverage;
mod generated;
mod graph;
mod lint;
mod network;
mod observability;
mod order;
mod policy;
mod program;
mod synth;
mod told;
mod viewer;
