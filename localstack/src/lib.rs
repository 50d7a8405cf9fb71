//! The local cloud: emulator, Redis, edge, and their life cycle.
//!
//! [`Redis`] and [`MiniStack`] are the building blocks for tests: real servers on free ports in a temporary
//! folder, which end with the test, however it ends.

pub mod rig;

pub use rig::{MiniStack, MiniStackOptions, Redis, RigError};
