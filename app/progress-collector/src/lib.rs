//! The function that turns log lines into progress.
//!
//! A call carries lines of one log stream, packed; it may come twice, out of order, and at the same time as another of the
//! same stream. [`payload`] unpacks what can be unpacked, [`stream`] says which task the lines are about, and then one of
//! two roads is taken: where the lines carry numbered events of `miyabi run`, those are applied as they are
//! ([`numbered`]); where they are a tool's text, it is parsed, with a memory in the table of what was read ([`text`]).
//! An EventBridge rule may send CloudFormation's events to it, too ([`cloudformation`]).

mod cloudformation;
mod collector;
mod counts;
mod limit;
mod memory;
mod numbered;
mod payload;
mod stream;
mod text;

pub use collector::{CollectError, Collector, StartError};
pub use counts::Counts;
pub use payload::{Batch, LogEvent, PayloadError, unpack};
