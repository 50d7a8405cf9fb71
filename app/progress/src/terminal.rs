//! What a terminal would show, as lines: redraws folded, escape sequences resolved, bytes made valid text.
//!
//! Plain text takes a short way: a line without control bytes other than colours is passed on as it is. Everything else goes
//! byte for byte through `vte`, into one row at a time; rows that a tool moves back up to form a *frame*, of which
//! only real changes are passed on.

mod escape;
mod frame;
mod row;

use serde::{Deserialize, Serialize};

use self::escape::{Action, Escape, Step};
use self::frame::Frame;
use self::row::Row;
use crate::LINE_BYTES;

/// Marks where a line was cut.
const CUT: &str = "…";

/// Takes what a terminal shows.
pub(crate) trait Viewer {
    /// A row shows `text`. `ended` tells a new line of the log; without it the row is being redrawn, or will be.
    fn view(&mut self, text: &str, ended: bool);
    /// `text` is a line of the log.
    fn line(&mut self, text: String);
    /// The program set the terminal's own progress, OSC 9;4.
    fn osc(&mut self, progress: OscProgress);
}

/// What OSC 9;4 says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OscProgress {
    /// Done, or nothing to show.
    Cleared,
    /// This far, in percent.
    Percent(u8),
    /// At work, without a number.
    Busy,
    /// Something failed.
    Error,
}

/// The state of the terminal.
#[derive(Debug, Default)]
pub(crate) struct Terminal {
    row: Row,
    frame: Frame,
    escape: Escape,
    /// Whether the row is the rest of a line that was longer than [`LINE_BYTES`].
    continues: bool,
    /// Room for a line without its colours, used again and again.
    bare: Vec<u8>,
    /// How wide the terminal is, where somebody said so.
    columns: Option<usize>,
}

/// What [`Terminal`] must remember, small.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TerminalState {
    #[serde(default, skip_serializing_if = "is_default")]
    row: row::RowState,
    #[serde(default, skip_serializing_if = "is_default")]
    frame: frame::FrameState,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    escape: Vec<u8>,
    #[serde(default, skip_serializing_if = "is_default")]
    continues: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    columns: Option<usize>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl TerminalState {
    /// Leaves out what is on the screen: what is drawn again will be read again.
    pub(crate) fn forget_rows(&mut self) {
        self.frame = frame::FrameState::default();
    }
}

impl Terminal {
    pub(crate) fn from_state(state: &TerminalState) -> Self {
        let row = Row::from_state(&state.row);
        Self {
            frame: Frame::from_state(&state.frame, &row),
            row,
            escape: Escape::from_bytes(&state.escape),
            continues: state.continues,
            bare: Vec::new(),
            columns: state.columns,
        }
    }

    pub(crate) fn state(&self) -> TerminalState {
        TerminalState {
            row: self.row.state(),
            frame: self.frame.state(),
            escape: self.escape.bytes().to_vec(),
            continues: self.continues,
            columns: self.columns,
        }
    }

    pub(crate) fn set_columns(&mut self, columns: Option<usize>) {
        self.columns = columns.filter(|columns| (2..=LINE_BYTES / 16).contains(columns));
    }

    /// Room that is taken by what was shown.
    pub(crate) fn buffered_bytes(&self) -> usize {
        self.row.buffered_bytes()
            + self.frame.buffered_bytes()
            + self.escape.buffered_bytes()
            + self.bare.capacity()
    }

    /// Shows `bytes`.
    pub(crate) fn push(&mut self, mut bytes: &[u8], viewer: &mut dyn Viewer) {
        while !bytes.is_empty() {
            if self.row.is_fresh() && !self.escape.is_open() && !self.continues {
                bytes = self.push_plain_lines(bytes, viewer);
            }
            bytes = self.push_until_line_end(bytes, viewer);
        }
    }

    /// Passes whole lines on that are plain but for their colours, and gives back where the first other one begins.
    fn push_plain_lines<'bytes>(&mut self, bytes: &'bytes [u8], viewer: &mut dyn Viewer) -> &'bytes [u8] {
        let mut rest = bytes;
        let active = self.frame.is_active();
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let line = rest.get(..end).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if self.columns.is_some_and(|columns| line.len() > columns) {
                break;
            }
            let Some(text) = row::plain(line).or_else(|| without_colours(line, &mut self.bare)) else {
                break;
            };
            self.frame.ended_plain(text, viewer);
            rest = rest.get(end + 1..).unwrap_or_default();
            if active && !self.frame.is_active() {
                // From here on lines are remembered all at once.
                return rest;
            }
        }
        if !active {
            self.frame.remember_plain(bytes.get(..bytes.len() - rest.len()).unwrap_or_default());
        }
        rest
    }

    /// Shows bytes one by one up to the next line end, and gives back what follows it.
    fn push_until_line_end<'bytes>(&mut self, bytes: &'bytes [u8], viewer: &mut dyn Viewer) -> &'bytes [u8] {
        let mut rest = bytes;
        while let Some(&byte) = rest.first() {
            if self.escape.is_open() {
                match self.escape.push(byte) {
                    Step::More => rest = rest.get(1..).unwrap_or_default(),
                    Step::Done(action) => {
                        rest = rest.get(1..).unwrap_or_default();
                        self.act(action, viewer);
                    }
                    // No sequence after all: what it would have swallowed is text, and this byte begins anew.
                    Step::Broken(text) => self.print(&text, viewer),
                }
                continue;
            }
            if byte >= b' ' && byte != 0x7f || byte == b'\t' {
                let length = rest.iter().position(|byte| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f);
                let (run, after) = rest.split_at(length.unwrap_or(rest.len()));
                self.print(run, viewer);
                rest = after;
                continue;
            }
            if let Some(length) = colour(rest) {
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            rest = rest.get(1..).unwrap_or_default();
            match byte {
                b'\n' => {
                    self.line_end(viewer);
                    return rest;
                }
                0x1b => self.escape.open(),
                b'\r' => self.row.move_to(0),
                0x08 => self.row.left(1),
                // Kept visible, as what cannot be shown.
                0x00 => self.print("\u{fffd}".as_bytes(), viewer),
                0x0b | 0x0c => self.print(b" ", viewer),
                _ => {}
            }
        }
        rest
    }

    /// Writes `run` at the cursor. A row that a program fills with blanks to the terminal's edge ends there, as the next
    /// character goes to the next row; one that is full of text goes on: it is a long line, and stays one.
    fn print(&mut self, mut run: &[u8], viewer: &mut dyn Viewer) {
        // The edge is looked at once the row grows; what overwrites it goes first, byte for byte at most that far.
        while self.columns.is_some()
            && let Some(now) = self.row.until_end().and_then(|space| run.split_at_checked(space))
            && !now.1.is_empty()
        {
            self.print_piece(now.0, viewer);
            run = now.1;
        }
        while let Some((now, later)) = self.columns.and_then(|columns| self.row.until_edge(run, columns)) {
            self.print_piece(now, viewer);
            self.row.trim();
            self.line_end(viewer);
            run = later;
        }
        self.print_piece(run, viewer);
    }

    fn print_piece(&mut self, mut run: &[u8], viewer: &mut dyn Viewer) {
        self.view_before_change(viewer);
        while !run.is_empty() {
            let space = LINE_BYTES.saturating_sub(self.row.len());
            if run.len() <= space {
                self.row.print(run);
                return;
            }
            let (now, later) = run.split_at(row::character_border(run, space));
            self.row.print(now);
            run = later;
            if let Some(piece) = self.row.take_piece(LINE_BYTES) {
                let opening = if self.continues { CUT } else { "" };
                if !self.continues {
                    viewer.view(&piece, true);
                }
                viewer.line(format!("{opening}{piece}{CUT}"));
                self.continues = true;
            }
        }
    }

    /// What is about to be overwritten or erased is a state of the row that was seen.
    fn view_before_change(&mut self, viewer: &mut dyn Viewer) {
        if let Some(text) = self.row.take_returned_view() {
            viewer.view(&text, false);
        }
    }

    fn line_end(&mut self, viewer: &mut dyn Viewer) {
        if self.continues {
            self.continues = false;
            let rest = self.row.take_text();
            if !rest.is_empty() {
                viewer.line(format!("{CUT}{rest}"));
            }
            self.frame.down(&mut self.row, viewer);
            return;
        }
        self.frame.ended(&mut self.row, viewer);
        self.frame.down(&mut self.row, viewer);
    }

    fn act(&mut self, action: Action, viewer: &mut dyn Viewer) {
        match action {
            Action::None => {}
            Action::Up(count) => {
                self.frame.redrawn(&mut self.row, viewer);
                self.frame.up(&mut self.row, count, viewer);
            }
            Action::Down(count) => {
                self.frame.redrawn(&mut self.row, viewer);
                self.frame.skip_down(&mut self.row, count, viewer);
            }
            Action::LineUp(count) => {
                self.act(Action::Up(count), viewer);
                self.row.move_to(0);
            }
            Action::LineDown(count) => {
                self.act(Action::Down(count), viewer);
                self.row.move_to(0);
            }
            Action::Column(column) => self.row.move_to(column),
            Action::Left(count) => self.row.left(count),
            Action::Right(count) => self.row.right(count),
            Action::EraseToEnd => {
                if self.row.erase_shows_change() {
                    self.view_before_change(viewer);
                }
                self.row.erase_to_end();
            }
            Action::EraseToStart => {
                self.view_before_change(viewer);
                self.row.erase_to_start();
            }
            Action::EraseLine => {
                if let Some(text) = self.row.take_view() {
                    viewer.view(&text, false);
                }
                self.row.erase();
            }
            Action::EraseBelow => {
                self.act(Action::EraseToEnd, viewer);
                self.frame.erase_below();
            }
            Action::Home => {
                self.frame.redrawn(&mut self.row, viewer);
                self.frame.home(&mut self.row, viewer);
            }
            Action::Save => self.frame.save(),
            Action::Restore => {
                self.frame.redrawn(&mut self.row, viewer);
                self.frame.restore(&mut self.row, viewer);
            }
            Action::Osc(progress) => viewer.osc(progress),
        }
    }

    /// Looks at a row that is being redrawn and that nothing follows for now.
    pub(crate) fn pause(&mut self, viewer: &mut dyn Viewer) {
        if self.row.is_redrawn()
            && let Some(text) = self.row.take_view()
        {
            viewer.view(&text, false);
        }
    }

    /// Ends the output.
    pub(crate) fn finish(&mut self, viewer: &mut dyn Viewer) {
        if self.escape.is_open() {
            self.escape = Escape::default();
        }
        if self.row.is_fresh() && !self.continues {
            self.frame.settle_all(viewer);
            return;
        }
        self.line_end(viewer);
        self.frame.settle_all(viewer);
    }
}

/// `line` as text, if nothing but colours keeps it from being plain.
fn without_colours<'bare>(line: &[u8], bare: &'bare mut Vec<u8>) -> Option<&'bare str> {
    // Redrawn lines go the long way, and need not be copied first.
    if line.len() > LINE_BYTES || memchr::memchr(b'\r', line).is_some() {
        return None;
    }
    bare.clear();
    let mut rest = line;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        let (text, sequence) = rest.split_at(at);
        bare.extend_from_slice(text);
        rest = sequence.get(colour(sequence)?..)?;
    }
    bare.extend_from_slice(rest);
    row::plain(bare)
}

/// The length of a whole colour sequence (`ESC [ 1 ; 32 m`) at the beginning: by far the most common one, and without
/// any effect here, so it need not go through the parser.
fn colour(bytes: &[u8]) -> Option<usize> {
    let [0x1b, b'[', rest @ ..] = bytes else { return None };
    let length = rest.iter().take(32).position(|byte| !(byte.is_ascii_digit() || *byte == b';'))?;
    (rest.get(length) == Some(&b'm')).then_some(length + 3)
}

#[cfg(test)]
mod tests;
