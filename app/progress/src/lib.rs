//! A tool's output in, progress events out; pure, no I/O.
//!
//! [`Parser`] reads what a command writes, byte for byte as a terminal would, and tells what changed. [`Sequencer`]
//! numbers those changes into task events; [`model`] says what an event does to a task; [`control_line`] writes and
//! reads events as lines of a log; [`report`] prints them as JSON lines.

mod change;
pub mod control_line;
pub mod estimate;
mod format;
pub mod model;
mod parser;
pub mod report;
mod sequencer;
mod source;
mod terminal;

pub use change::Change;
pub use format::{Detection, Format, InvalidFormat};
pub use parser::{Parser, ParserState};
pub use sequencer::Sequencer;

/// Longest line that is kept whole, in bytes. Longer ones come in pieces, with `…` at each cut.
pub const LINE_BYTES: usize = 64 * 1024;
