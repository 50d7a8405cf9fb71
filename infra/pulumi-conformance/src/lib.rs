#![doc = include_str!("../README.md")]

pub mod fresh;
pub mod program;
pub mod report;
pub mod suite;
mod wire;
