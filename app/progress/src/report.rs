//! The JSON lines of `miyabi progress`: one for each change, and the result last.
//!
//! ```json
//! {"type":"progress","current":15,"total":29,"percentage":52,"phase":"deploy","message":"…","source":"cdk-text"}
//! {"type":"result","status":"succeeded","current":29,"total":29,"percentage":100,"message":null,"format":"cdk-text","reason":"…"}
//! ```
//! `current`, `total` and `percentage` are `null` while unknown. The percentage keeps the rules of [`model`]: rounded
//! half up, never falling, below 100 until success. The status is `unknown` where the output does not say how it ended.

use miyabi_shared::event::{ProgressEvent, ResultEvent, ResultStatus};
use miyabi_shared::task::Progress;
use miyabi_shared::timestamp::Timestamp;
use serde::Serialize;

use crate::change::Change;
use crate::format::{Detection, Format};
use crate::model;
use crate::parser::Parser;

/// Reads output and writes JSON lines.
#[derive(Debug)]
pub struct Report {
    parser: Parser,
    counts: Counts,
}

/// What was reported so far.
#[derive(Debug, Default)]
struct Counts {
    progress: Progress,
    counted: bool,
    result: Option<ResultEvent>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'report> {
    Progress {
        current: Option<u64>,
        total: Option<u64>,
        percentage: Option<u8>,
        phase: Option<&'report str>,
        message: Option<&'report str>,
        source: Option<&'report str>,
    },
    Result {
        status: &'static str,
        current: Option<u64>,
        total: Option<u64>,
        percentage: Option<u8>,
        message: Option<&'report str>,
        format: Option<&'static str>,
        reason: Option<&'report str>,
    },
}

impl Line<'_> {
    fn write(&self, write: &mut dyn FnMut(&str)) {
        // Text and numbers only, which JSON can always hold.
        if let Ok(json) = serde_json::to_string(self) {
            write(&json);
        }
    }
}

impl Report {
    /// For output of `format`.
    pub fn new(format: Format) -> Self {
        Self { parser: Parser::new(format), counts: Counts::default() }
    }

    /// How wide the terminal is, as [`Parser::set_columns`] takes it.
    pub fn set_columns(&mut self, columns: Option<u16>) {
        self.parser.set_columns(columns);
    }

    /// Reads `bytes`, which came at `at`, and gives every JSON line (without its line end) to `write`.
    pub fn push(&mut self, bytes: &[u8], at: Timestamp, write: &mut dyn FnMut(&str)) {
        let Self { parser, counts } = self;
        parser.push(bytes, at, &mut |change| counts.take(change, write));
    }

    /// Looks at an unfinished line, as [`Parser::pause`] does.
    pub fn pause(&mut self, at: Timestamp, write: &mut dyn FnMut(&str)) {
        let Self { parser, counts } = self;
        parser.pause(at, &mut |change| counts.take(change, write));
    }

    /// Ends the report: gives the last changes, and then the result, to `write`.
    pub fn finish(&mut self, at: Timestamp, write: &mut dyn FnMut(&str)) {
        let Self { parser, counts } = self;
        parser.finish(at, &mut |change| counts.take(change, write));
        counts.end(parser.detection(), write);
    }

    /// Which format was found and why; `None` while that is open.
    pub fn detection(&self) -> Option<&Detection> {
        self.parser.detection()
    }
}

impl Counts {
    fn take(&mut self, change: Change, write: &mut dyn FnMut(&str)) {
        match change {
            Change::Line(_) | Change::Step(_) => {}
            Change::Progress(event) => self.progress(&event, write),
            // A failure of one part is the result, whatever another part says.
            Change::Result(result) => {
                if self.result.as_ref().is_none_or(|known| known.status == ResultStatus::Succeeded) {
                    self.result = Some(result);
                }
            }
        }
    }

    fn progress(&mut self, event: &ProgressEvent, write: &mut dyn FnMut(&str)) {
        let before = (self.progress.clone(), self.counted);
        self.counted = event.current.is_some() || self.counted && event.phase == self.progress.phase;
        model::advance(&mut self.progress, event);
        if before != (self.progress.clone(), self.counted) {
            let progress = &self.progress;
            Line::Progress {
                current: self.counted.then_some(progress.current),
                total: progress.total,
                percentage: progress.percentage,
                phase: progress.phase.as_deref(),
                message: progress.message.as_deref(),
                source: progress.source.as_deref(),
            }
            .write(write);
        }
    }

    fn end(&mut self, detection: Option<&Detection>, write: &mut dyn FnMut(&str)) {
        let progress = &mut self.progress;
        let status = match self.result.as_ref().map(|result| result.status) {
            Some(ResultStatus::Succeeded) => {
                progress.percentage = Some(100);
                progress.current = progress.total.unwrap_or(progress.current);
                "succeeded"
            }
            Some(ResultStatus::Failed) => "failed",
            Some(ResultStatus::Cancelled) => "cancelled",
            None => "unknown",
        };
        Line::Result {
            status,
            current: self.counted.then_some(progress.current),
            total: progress.total,
            percentage: progress.percentage,
            message: self.result.as_ref().and_then(|result| result.message.as_deref()),
            format: detection.map(|detection| detection.format.as_str()),
            reason: detection.map(|detection| detection.reason.as_str()),
        }
        .write(write);
    }
}
