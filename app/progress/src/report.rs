//! The JSON lines of `miyabi progress`: one for each change, and the result last.

use miyabi_shared::timestamp::Timestamp;

use crate::format::{Detection, Format};

/// Reads output and writes JSON lines.
#[derive(Debug)]
pub struct Report {
    format: Format,
}

impl Report {
    /// For output of `format`.
    pub fn new(format: Format) -> Self {
        Self { format }
    }

    /// Reads `bytes`, which came at `at`, and gives every JSON line (without its line end) to `write`.
    pub fn push(&mut self, bytes: &[u8], at: Timestamp, write: &mut dyn FnMut(&str)) {
        let _ = (bytes, at, write);
    }

    /// Ends the report: gives the last changes, and then the result, to `write`.
    pub fn finish(&mut self, at: Timestamp, write: &mut dyn FnMut(&str)) {
        let _ = (at, write);
    }

    /// Which format was found and why; `None` while that is open.
    pub fn detection(&self) -> Option<Detection> {
        let _ = self.format;
        None
    }
}
