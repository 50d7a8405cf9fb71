//! Metrics in CloudWatch's embedded metric format: a log line that CloudWatch reads as data points.
//!
//! Quotas of the format: 100 metrics and 30 dimensions a line, 1 MB a line. Every combination of dimension values is a
//! metric of its own with a price of its own, so dimensions are few and never hold an identifier.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

/// The namespace of every metric of the platform.
const NAMESPACE: &str = "Miyabi";

/// The unit of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// How many.
    Count,
    /// How long.
    Milliseconds,
}

impl Unit {
    fn as_str(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
        }
    }
}

/// One data point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metric {
    /// What is measured.
    pub name: &'static str,
    /// In what unit.
    pub unit: Unit,
    /// What it was.
    pub value: f64,
}

impl Metric {
    /// A number of things.
    #[expect(clippy::cast_precision_loss, reason = "counts of one call are far below 2^53")]
    pub fn count(name: &'static str, value: u64) -> Self {
        Self { name, unit: Unit::Count, value: value as f64 }
    }
}

#[derive(Debug, Clone)]
enum Sink {
    StandardOutput,
    Memory(Arc<Mutex<Vec<Value>>>),
}

/// Where a function's metrics go.
#[derive(Debug, Clone)]
pub struct Metrics {
    function: &'static str,
    sink: Sink,
}

impl Metrics {
    /// Metrics of `function`, as lines on standard output.
    pub fn to_standard_output(function: &'static str) -> Self {
        Self { function, sink: Sink::StandardOutput }
    }

    /// Metrics of `function`, kept for [`lines`](Self::lines): for tests.
    pub fn to_memory(function: &'static str) -> Self {
        Self { function, sink: Sink::Memory(Arc::default()) }
    }

    /// Records `metrics` under the function's name and `dimensions`; `details` are kept in the line beside them, to
    /// search by, and make no metrics of their own.
    pub fn record(&self, dimensions: &[(&str, &str)], metrics: &[Metric], details: &[(&str, Value)]) {
        let mut line = Map::new();
        for (name, value) in details {
            line.insert((*name).to_owned(), value.clone());
        }
        let mut names = vec!["Function"];
        line.insert("Function".to_owned(), self.function.into());
        for (name, value) in dimensions {
            names.push(name);
            line.insert((*name).to_owned(), (*value).into());
        }
        let mut directives = Vec::with_capacity(metrics.len());
        for metric in metrics {
            directives.push(json!({"Name": metric.name, "Unit": metric.unit.as_str()}));
            line.insert(metric.name.to_owned(), metric.value.into());
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        line.insert(
            "_aws".to_owned(),
            json!({
                "Timestamp": u64::try_from(now).unwrap_or(u64::MAX),
                "CloudWatchMetrics": [{"Namespace": NAMESPACE, "Dimensions": [names], "Metrics": directives}],
            }),
        );
        match &self.sink {
            Sink::StandardOutput => {
                let mut text = Value::Object(line).to_string();
                text.push('\n');
                // A function whose output is gone has nobody left to tell.
                let _ = std::io::stdout().lock().write_all(text.as_bytes());
            }
            Sink::Memory(lines) => {
                lines.lock().unwrap_or_else(PoisonError::into_inner).push(Value::Object(line));
            }
        }
    }

    /// What was recorded so far, where it is kept in memory.
    pub fn lines(&self) -> Vec<Value> {
        match &self.sink {
            Sink::StandardOutput => Vec::new(),
            Sink::Memory(lines) => lines.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_which_of_its_members_are_metrics() {
        let metrics = Metrics::to_memory("task-api");
        metrics.record(
            &[("Route", "/api/tasks")],
            &[Metric::count("Requests", 2), Metric { name: "Latency", unit: Unit::Milliseconds, value: 1.5 }],
            &[("request_id", "r1".into())],
        );
        let lines = metrics.lines();
        let line = &lines[0];
        assert_eq!(line["Requests"], 2.0);
        assert_eq!(line["Latency"], 1.5);
        assert_eq!(line["request_id"], "r1");
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "Miyabi");
        assert_eq!(directive["Dimensions"], json!([["Function", "Route"]]));
        assert_eq!(directive["Metrics"][1], json!({"Name": "Latency", "Unit": "Milliseconds"}));
        assert!(line["_aws"]["Timestamp"].as_u64().unwrap() > 1_700_000_000_000);
    }
}
