//! Escape sequences: collected until they are whole, and understood by `vte`.

use super::OscProgress;

/// Longest sequence that is waited for, in bytes. Longer ones, and those that a line end interrupts, are text.
const LONGEST: usize = 4096;

/// What a sequence asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// Colours, titles and everything else that moves nothing.
    None,
    Up(usize),
    Down(usize),
    LineUp(usize),
    LineDown(usize),
    Column(usize),
    Left(usize),
    Right(usize),
    EraseToEnd,
    EraseToStart,
    EraseLine,
    EraseBelow,
    /// To the top of the screen, or everything erased.
    Home,
    Save,
    Restore,
    Osc(OscProgress),
}

/// What became of a byte.
#[derive(Debug)]
pub(super) enum Step {
    /// The sequence goes on.
    More,
    /// It is whole.
    Done(Action),
    /// It is none; these bytes are text, and the byte was not taken.
    Broken(Vec<u8>),
}

/// The sequence that is being read.
#[derive(Default)]
pub(super) struct Escape {
    parser: vte::Parser,
    /// Everything since the escape byte, with it; empty outside of a sequence.
    bytes: Vec<u8>,
    performer: Performer,
}

impl std::fmt::Debug for Escape {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Escape").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Escape {
    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let mut escape = Self::default();
        if let Some((_, rest)) = bytes.split_first() {
            escape.open();
            for byte in rest {
                escape.push(*byte);
            }
        }
        escape
    }

    /// What was read of the sequence; shortened where only its kind and beginning can matter.
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.bytes.len().min(64)).unwrap_or_default()
    }

    pub(super) fn buffered_bytes(&self) -> usize {
        self.bytes.capacity()
    }

    pub(super) fn is_open(&self) -> bool {
        !self.bytes.is_empty()
    }

    pub(super) fn open(&mut self) {
        self.parser.advance(&mut self.performer, &[0x1b]);
        self.bytes.push(0x1b);
    }

    pub(super) fn push(&mut self, byte: u8) -> Step {
        if byte == b'\n' || self.bytes.len() >= LONGEST {
            self.parser = vte::Parser::new();
            self.performer = Performer::default();
            // The escape byte itself is no text; nor are control bytes.
            let text = self.bytes.drain(..).filter(|byte| *byte >= b' ' && *byte != 0x7f).collect();
            return Step::Broken(text);
        }
        self.parser.advance(&mut self.performer, &[byte]);
        self.bytes.push(byte);
        if !self.performer.done && !self.is_whole(byte) {
            return Step::More;
        }
        self.bytes.clear();
        Step::Done(std::mem::take(&mut self.performer).action)
    }

    /// Whether `byte` ended the sequence; `vte` is silent about those that it ignores.
    fn is_whole(&self, byte: u8) -> bool {
        let cancelled = byte == 0x18 || byte == 0x1a;
        cancelled || self.bytes.len() > 2 && self.bytes.get(1) == Some(&b'[') && (0x40..=0x7e).contains(&byte)
    }
}

struct Performer {
    done: bool,
    action: Action,
}

impl Default for Performer {
    fn default() -> Self {
        Self { done: false, action: Action::None }
    }
}

impl Performer {
    fn done(&mut self, action: Action) {
        self.done = true;
        if action != Action::None {
            self.action = action;
        }
    }
}

impl vte::Perform for Performer {
    fn print(&mut self, _: char) {
        self.done(Action::None);
    }

    fn csi_dispatch(&mut self, params: &vte::Params, intermediates: &[u8], ignore: bool, action: char) {
        let first = params.iter().next().and_then(|param| param.first()).copied().unwrap_or(0);
        let count = usize::from(first.max(1));
        self.done(match (ignore || !intermediates.is_empty(), action) {
            (true, _) => Action::None,
            (_, 'A') => Action::Up(count),
            (_, 'B') => Action::Down(count),
            (_, 'C') => Action::Right(count),
            (_, 'D') => Action::Left(count),
            (_, 'E') => Action::LineDown(count),
            (_, 'F') => Action::LineUp(count),
            (_, 'G' | '`') => Action::Column(count - 1),
            (_, 'H' | 'f') => Action::Home,
            (_, 'J') if first == 0 => Action::EraseBelow,
            (_, 'J') if first > 1 => Action::Home,
            (_, 'K') => match first {
                0 => Action::EraseToEnd,
                1 => Action::EraseToStart,
                _ => Action::EraseLine,
            },
            (_, 's') => Action::Save,
            (_, 'u') => Action::Restore,
            _ => Action::None,
        });
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _: bool, byte: u8) {
        self.done(match (intermediates, byte) {
            ([], b'7') => Action::Save,
            ([], b'8') => Action::Restore,
            ([], b'M') => Action::Up(1),
            ([], b'D') => Action::Down(1),
            ([], b'E') => Action::LineDown(1),
            ([], b'c') => Action::Home,
            _ => Action::None,
        });
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], bell_terminated: bool) {
        if let [b"9", b"4", state, rest @ ..] = params {
            let percent = rest
                .first()
                .and_then(|text| std::str::from_utf8(text).ok())
                .and_then(|text| text.parse::<u8>().ok())
                .filter(|percent| *percent <= 100);
            self.action = match (*state, percent) {
                (b"0", _) => Action::Osc(OscProgress::Cleared),
                (b"1" | b"4", Some(percent)) => Action::Osc(OscProgress::Percent(percent)),
                (b"2", _) => Action::Osc(OscProgress::Error),
                (b"3", _) => Action::Osc(OscProgress::Busy),
                _ => Action::None,
            };
        }
        // Otherwise a backslash follows, and ends the sequence.
        self.done = bell_terminated;
    }
}
