//! Typed AWS resources for the Pulumi SDK, generated at build time from a trimmed schema of the AWS provider.
//!
//! Every module is behind a feature with its name.
#![doc = include_str!("../README.md")]
#![allow(unused_qualifications, reason = "generated paths are whole, so that nothing hides them")]
#![allow(
    clippy::type_complexity,
    reason = "which required inputs are given is a tuple, however many they are"
)]

#[cfg(doctest)]
mod rejected;

include!(concat!(env!("OUT_DIR"), "/root.rs"));
