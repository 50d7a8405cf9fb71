//! Brings what a spool holds to where it belongs: events to the API, lines to CloudWatch Logs.

pub(crate) mod api;
pub(crate) mod batch;
pub(crate) mod logs;
pub(crate) mod shipper;
