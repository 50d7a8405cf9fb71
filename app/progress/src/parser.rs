//! Bytes of a command's output in, changes out.

use miyabi_shared::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::format::{Detection, Format};
use crate::source::{Seen, Tracker};
use crate::terminal::{OscProgress, Terminal, TerminalState, Viewer};

/// Longest state, in bytes of JSON.
const STATE_BYTES: usize = 4096;

/// Reads the output of one command.
///
/// What comes out does not depend on how the input is split.
#[derive(Debug)]
pub struct Parser {
    terminal: Terminal,
    tracker: Tracker,
}

/// Everything that a parser must remember to go on where another left off, in at most 4 kB of JSON.
///
/// Of a line that is not finished, the first 512 bytes are kept. Between two lines nothing is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParserState {
    #[serde(default)]
    terminal: TerminalState,
    tracker: Tracker,
}

impl Parser {
    /// A parser for `format`; [`Format::Auto`] finds out.
    pub fn new(format: Format) -> Self {
        Self { terminal: Terminal::default(), tracker: Tracker::new(format) }
    }

    /// Goes on where the parser left off that had this state.
    pub fn from_state(state: ParserState) -> Self {
        Self { terminal: Terminal::from_state(&state.terminal), tracker: state.tracker }
    }

    /// What to keep for [`Parser::from_state`].
    pub fn state(&self) -> ParserState {
        let mut state = ParserState { terminal: self.terminal.state(), tracker: self.tracker.clone() };
        // Only a stream of many tools at once comes near; the least important memories go first.
        for forget in [
            |state: &mut ParserState| state.tracker.forget_names(),
            |state: &mut ParserState| state.terminal.forget_rows(),
            |state: &mut ParserState| state.terminal = TerminalState::default(),
        ] {
            if serde_json::to_vec(&state).is_ok_and(|json| json.len() <= STATE_BYTES) {
                break;
            }
            forget(&mut state);
        }
        state
    }

    /// Says how wide the terminal is that the command writes to, or that it is none. Some programs write blanks to its edge
    /// rather than line ends. May be called whenever the width changes.
    pub fn set_columns(&mut self, columns: Option<u16>) {
        self.terminal.set_columns(columns.map(usize::from));
    }

    /// Reads `bytes`, which came at `at`, and gives every change to `sink`.
    pub fn push(&mut self, bytes: &[u8], at: Timestamp, sink: &mut dyn FnMut(Change)) {
        self.terminal.push(bytes, &mut Reader { tracker: &mut self.tracker, at, sink });
    }

    /// Looks at an unfinished line that is being redrawn, without ending it. To be called when the command has been
    /// quiet for a moment, so that a bar without a line end is seen; it changes nothing else.
    pub fn pause(&mut self, at: Timestamp, sink: &mut dyn FnMut(Change)) {
        self.terminal.pause(&mut Reader { tracker: &mut self.tracker, at, sink });
    }

    /// Ends the output: gives the last line, even without its line end, and what the tool said last.
    pub fn finish(&mut self, at: Timestamp, sink: &mut dyn FnMut(Change)) {
        self.terminal.finish(&mut Reader { tracker: &mut self.tracker, at, sink });
        self.tracker.finish(&mut within_limits(sink));
    }

    /// How many bytes of output are held: of the row that is being written, an open sequence, and rows on the screen.
    /// Less than 4 MB, whatever the output.
    pub fn buffered_bytes(&self) -> usize {
        self.terminal.buffered_bytes()
    }

    /// Which format was found and why; `None` while that is open.
    pub fn detection(&self) -> Option<&Detection> {
        self.tracker.detection()
    }
}

/// Shows the terminal's rows to the sources, and its lines to the caller.
struct Reader<'parser> {
    tracker: &'parser mut Tracker,
    at: Timestamp,
    sink: &'parser mut dyn FnMut(Change),
}

impl Viewer for Reader<'_> {
    fn view(&mut self, text: &str, ended: bool) {
        self.tracker.see(Seen { text, ended }, self.at, &mut within_limits(self.sink));
    }

    fn line(&mut self, text: String) {
        (self.sink)(Change::Line(text));
    }

    fn osc(&mut self, progress: OscProgress) {
        self.tracker.see_osc(progress, &mut within_limits(self.sink));
    }
}

/// Gives `sink` what the sources read, within the limits of the API.
fn within_limits(sink: &mut dyn FnMut(Change)) -> impl FnMut(Change) {
    move |change| {
        if let Some(change) = change.limited() {
            sink(change);
        }
    }
}
