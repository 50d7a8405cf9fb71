//! Real servers for a test: each on a free port of loopback, in a temporary folder, ready when handed out.
//!
//! They end when they are dropped, and also when the process that started them is killed.

mod error;
mod guarded;
mod ministack;
mod redis;

pub use error::RigError;
pub use ministack::{MiniStack, MiniStackOptions};
pub use redis::Redis;
