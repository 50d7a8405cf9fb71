//! The rules of PutLogEvents, as its reference gives them, enforced as the service does.

use std::ops::Range;

use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What a batch counts: the bytes of its messages, and 26 for each.
pub(crate) fn size(lines: &[(i64, String)]) -> usize {
    lines.iter().map(|(_, line)| line.len() + 26).sum()
}

/// The rule that makes the service refuse the batch as a whole, if any.
pub(crate) fn check(lines: &[(i64, String)]) -> Result<(), String> {
    let rule = |kept: bool, what: String| if kept { Ok(()) } else { Err(what) };
    rule(!lines.is_empty(), "a batch is empty".to_owned())?;
    rule(lines.len() <= 10_000, format!("{} events", lines.len()))?;
    rule(size(lines) <= 1_048_576, format!("{} bytes", size(lines)))?;
    rule(lines.is_sorted_by_key(|(time, _)| *time), "not chronological".to_owned())?;
    rule(lines.iter().all(|(_, line)| !line.is_empty()), "an empty message".to_owned())?;
    rule(lines.iter().all(|(time, _)| *time >= 0), "a negative time".to_owned())?;
    let longest = lines.iter().map(|(_, line)| line.len() + 26).max().unwrap_or(0);
    rule(longest <= 1_048_576, format!("an event of {longest} bytes"))?;
    let span = lines.last().map_or(0, |last| last.0) - lines.first().map_or(0, |first| first.0);
    rule(span <= DAY, format!("a span of {span} ms"))
}

/// The lines of a good batch that the service leaves out: more than 14 days old, or more than 2 hours ahead.
#[derive(Debug)]
pub(crate) struct Rejected {
    kept: Range<usize>,
    count: usize,
}

pub(crate) fn rejected(lines: &[(i64, String)], now: i64) -> Rejected {
    let old = lines.iter().take_while(|(time, _)| *time < now - 14 * DAY).count();
    let new = lines.iter().rev().take_while(|(time, _)| *time > now + 2 * HOUR).count();
    Rejected { kept: old..lines.len() - new, count: lines.len() }
}

impl Rejected {
    pub(crate) fn kept(&self, lines: Vec<(i64, String)>) -> Vec<(i64, String)> {
        lines.into_iter().skip(self.kept.start).take(self.kept.len()).collect()
    }

    /// The service's answer. `tooOldLogEventEndIndex` is exclusive, `tooNewLogEventStartIndex` inclusive.
    pub(crate) fn answer(&self) -> Value {
        let mut info = json!({});
        if self.kept.start > 0 {
            info["tooOldLogEventEndIndex"] = json!(self.kept.start);
        }
        if self.kept.end < self.count {
            info["tooNewLogEventStartIndex"] = json!(self.kept.end);
        }
        if info == json!({}) { json!({}) } else { json!({"rejectedLogEventsInfo": info}) }
    }
}
