//! What became of the lines of a call.

use miyabi_shared::metric;
use miyabi_telemetry::{Metric, Metrics, Unit};
use serde::Serialize;

/// Counts of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Lines that came.
    pub lines: u64,
    /// Lines that had been read before.
    pub duplicate_lines: u64,
    /// Control lines that cannot be read. They stay in the log, as every line does.
    pub unreadable_lines: u64,
    /// Events that changed something.
    pub applied: u64,
    /// Events that were duplicates, late, or after the end.
    pub ignored: u64,
    /// Events that the tables refused for good.
    pub refused: u64,
    /// Payloads that could not be unpacked at all.
    pub rejected_payloads: u64,
    /// Payloads that broke off; what came before that was used.
    pub truncated_payloads: u64,
    /// Payloads without lines: CloudWatch asks whether anyone is there.
    pub control_messages: u64,
}

impl Counts {
    /// Records the counts of a call for the lines of `log_group`; `delay` is how old its newest line was, in milliseconds.
    pub fn record(&self, metrics: &Metrics, log_group: &str, log_stream: &str, delay: Option<u64>) {
        let mut points = vec![
            Metric::count("Lines", self.lines),
            Metric::count("DuplicateLines", self.duplicate_lines),
            Metric::count("UnreadableLines", self.unreadable_lines),
            Metric::count("EventsApplied", self.applied),
            Metric::count("EventsIgnored", self.ignored),
            Metric::count("EventsRefused", self.refused),
            Metric::count("RejectedPayloads", self.rejected_payloads),
            Metric::count("TruncatedPayloads", self.truncated_payloads),
        ];
        points.extend(
            delay.map(|delay| Metric { unit: Unit::Milliseconds, ..Metric::count(metric::LOG_DELAY, delay) }),
        );
        metrics.record(&[(metric::LOG_GROUP, log_group)], &points, &[("log_stream", log_stream.into())]);
    }
}
