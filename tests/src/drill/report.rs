//! What a drill found, as a table.

use std::fmt;
use std::time::Duration;

use super::client::{Load, Sample};

/// What a drill found.
#[derive(Debug, Clone)]
pub struct Report {
    /// The quiet time first, then each fault.
    pub rows: Vec<Row>,
    /// What was wrong once everything had settled.
    pub wrong_in_the_end: Vec<String>,
}

/// What one fault did.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// How many requests were made while it lasted.
    pub requests: usize,
    /// How many of them ended in an error of the server.
    pub errors: usize,
    /// What was answered wrongly.
    pub wrong: Vec<String>,
    /// The time that reads took.
    pub p50: Duration,
    /// The time that 99 of 100 reads took at most.
    pub p99: Duration,
    /// By how much that is more than without a fault.
    pub added_p99: Option<Duration>,
    /// From the end of the fault until every environment read from the cache again.
    pub recovery: Option<Duration>,
}

impl Row {
    pub(super) fn new(
        name: &'static str,
        samples: &[Sample],
        load: &Load,
        base: Option<Duration>,
        recovery: Option<Duration>,
    ) -> Self {
        let mut reads: Vec<Duration> =
            samples.iter().filter(|sample| sample.is_read).map(|sample| sample.took).collect();
        reads.sort_unstable();
        let at = |hundredths: usize| {
            reads
                .get((reads.len() * hundredths / 100).min(reads.len().saturating_sub(1)))
                .copied()
                .unwrap_or_default()
        };
        Self {
            name,
            requests: samples.len(),
            errors: samples.iter().filter(|sample| !sample.succeeded).count(),
            wrong: load.take_wrong(),
            p50: at(50),
            p99: at(99),
            added_p99: base.map(|base| at(99).saturating_sub(base)),
            recovery,
        }
    }
}

impl Report {
    /// Everything that was answered wrongly.
    pub fn wrong(&self) -> Vec<&str> {
        let rows = self.rows.iter().flat_map(|row| &row.wrong);
        rows.chain(&self.wrong_in_the_end).map(String::as_str).collect()
    }
}

impl fmt::Display for Report {
    /// A table of Markdown.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |duration: Duration| format!("{:.1} ms", duration.as_secs_f64() * 1e3);
        writeln!(
            formatter,
            "| fault | requests | errors | wrong answers | reads p50 | reads p99 | added p99 | recovery |"
        )?;
        writeln!(formatter, "|---|---:|---:|---:|---:|---:|---:|---:|")?;
        for row in &self.rows {
            writeln!(
                formatter,
                "| {} | {} | {} | {} | {} | {} | {} | {} |",
                row.name,
                row.requests,
                row.errors,
                row.wrong.len(),
                millis(row.p50),
                millis(row.p99),
                row.added_p99.map_or_else(|| "–".to_owned(), millis),
                row.recovery
                    .map_or_else(|| "–".to_owned(), |recovery| format!("{:.2} s", recovery.as_secs_f64())),
            )?;
        }
        writeln!(
            formatter,
            "| in the end, everything compared | – | – | {} | – | – | – | – |",
            self.wrong_in_the_end.len()
        )
    }
}
