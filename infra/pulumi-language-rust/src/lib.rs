#![doc = include_str!("../README.md")]

mod cargo;
mod children;
mod engine;
mod environment;
mod error;
mod generate;
mod link;
mod manifest;
mod options;
mod pack;
mod service;
mod wire;

pub use engine::wait_until_gone;
pub use error::HostError;
pub use service::Host;

/// The wire's messages, and the client that tests speak with.
pub mod protocol {
    pub use crate::wire::*;
}
