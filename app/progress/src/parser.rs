//! Bytes of a command's output in, changes out.

use miyabi_shared::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::format::{Detection, Format};

/// Reads the output of one command.
///
/// What comes out does not depend on how the input is split.
#[derive(Debug)]
pub struct Parser {
    state: ParserState,
}

/// Everything that a parser must remember to go on where another left off, in at most 4 kB of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParserState {
    format: Format,
}

impl Parser {
    /// A parser for `format`; [`Format::Auto`] finds out.
    pub fn new(format: Format) -> Self {
        Self { state: ParserState { format } }
    }

    /// Goes on where the parser left off that had this state.
    pub fn from_state(state: ParserState) -> Self {
        Self { state }
    }

    /// What to keep for [`Parser::from_state`].
    pub fn state(&self) -> ParserState {
        self.state.clone()
    }

    /// Reads `bytes`, which came at `at`, and gives every change to `sink`.
    pub fn push(&mut self, bytes: &[u8], at: Timestamp, sink: &mut dyn FnMut(Change)) {
        let _ = (bytes, at, sink);
    }

    /// Looks at an unfinished line that is being redrawn, without ending it. To be called when the command has been
    /// quiet for a moment, so that a bar without a line end is seen; it changes nothing else.
    pub fn pause(&mut self, at: Timestamp, sink: &mut dyn FnMut(Change)) {
        let _ = (at, sink);
    }

    /// Ends the output: gives the last line, even without its line end, and what the tool said last.
    pub fn finish(&mut self, at: Timestamp, sink: &mut dyn FnMut(Change)) {
        let _ = (at, sink);
    }

    /// Which format was found and why; `None` while that is open.
    pub fn detection(&self) -> Option<&Detection> {
        None
    }
}
