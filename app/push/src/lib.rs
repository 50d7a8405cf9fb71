//! The function that tells viewers what changed.
//!
//! It is called with the changes of the table of tasks, in order for each item, and with what happens on the socket:
//! somebody connects, asks for a channel, goes. What it knows of viewers is in a small table, so any copy of it can
//! serve any call. Whoever follows one task is told at once; a channel of many tasks is told at most once a second, by a
//! queue with which the function calls itself. It tells state and not difference ([`miyabi_shared::push`]), so that a call may come twice.
//!
//! It runs outside the network: the addresses of API Gateway's sockets cannot be reached from within one without a NAT
//! gateway. That is why it does not use the cache.

mod changes;
mod due;
mod later;
mod messages;
mod post;
mod push;
mod recent;
mod socket;
mod turn;
mod viewers;

pub use due::DueError;
pub use push::{Push, PushError};
pub use viewers::ViewersError;
