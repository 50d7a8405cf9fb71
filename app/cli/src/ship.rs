//! Brings what a spool holds to where it belongs: events to the API or another sink, lines to CloudWatch Logs.

pub(crate) mod api;
pub(crate) mod batch;
pub(crate) mod logs;
pub(crate) mod shipper;
mod sink;

pub(crate) use sink::ApiSink;
pub use sink::{Answer, EventSink, Refusal};
