//! The infrastructure as values: what each stage registers, and the rules that hold for all of them.

mod access;
mod coverage;
mod graph;
mod program;
