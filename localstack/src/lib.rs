//! The local cloud: emulator, Redis, edge, and their life cycle.
//!
//! [`Redis`] and [`MiniStack`] are the building blocks for tests: real servers on free ports in a temporary
//! folder, which end with the test, however it ends. With the feature `cloud` there is also [`cloud::Cloud`],
//! the whole of Miyabi on free ports, and everything that the command `miyabi-local` is made of.

#[cfg(feature = "cloud")]
pub mod cloud;
#[cfg(feature = "cloud")]
pub mod deploy;
#[cfg(feature = "cloud")]
pub mod edge;
mod emulator;
pub mod port;
pub mod probe;
#[cfg(feature = "cloud")]
pub mod process;
pub mod rig;
#[cfg(feature = "cloud")]
pub mod worker;

pub use emulator::{EmulatorSettings, HIDDEN_FROM_EMULATOR};
pub use rig::{MiniStack, MiniStackOptions, Redis, RigError};
