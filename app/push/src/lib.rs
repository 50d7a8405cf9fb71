//! The function that tells viewers what changed.
//!
//! It is called with the changes of the table of tasks, in order for each item, and with what happens on the socket:
//! somebody connects, asks for a channel, goes. What it knows of viewers is in a small table, so any copy of it can
//! serve any call. It tells state and not difference ([`miyabi_shared::push`]), so that a call may come twice.
//!
//! It runs outside the network: the addresses of API Gateway's sockets cannot be reached from within one without a NAT
//! gateway. That is why it does not use the cache.

mod changes;
mod messages;
mod post;
mod push;
mod socket;
mod viewers;

pub use push::{Push, PushError};
