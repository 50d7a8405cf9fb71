//! What a function says about itself.
//!
//! Log lines are one JSON object each on standard output, which Lambda sends to the function's own log group. Errors are
//! logged once, at the edge, with all of their causes ([`Chain`]). Metrics are log lines too ([`Metrics`]): CloudWatch
//! reads them out of the log, so that counting costs no call and cannot fail.

mod chain;
mod logging;
mod metrics;

pub use chain::Chain;
pub use logging::start_logging;
pub use metrics::{Metric, Metrics, Unit};
