//! Keys, one at a time, from a terminal that is as it was before on every way out.

use std::io;
use std::os::fd::AsFd;

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

/// What was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Char(char),
    Enter,
    Escape,
    Backspace,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-Z.
    Suspend,
}

/// The keys in what was read at once. A sequence comes in one piece; what is none of ours is left out.
pub(super) fn keys(bytes: &[u8]) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let (key, length) = match (first, after) {
            (0x1b, [b'[' | b'O', sequence @ ..]) => {
                let end = sequence.iter().position(|byte| (0x40..=0x7e).contains(byte));
                let length = end.map_or(sequence.len(), |end| end + 1);
                (sequence_key(sequence.get(..length).unwrap_or_default()), length + 2)
            }
            (0x1b, _) => (Some(Key::Escape), 1),
            (b'\r' | b'\n', _) => (Some(Key::Enter), 1),
            (0x7f | 0x08, _) => (Some(Key::Backspace), 1),
            (0x03, _) => (Some(Key::Interrupt), 1),
            (0x1a, _) => (Some(Key::Suspend), 1),
            (..0x20, _) => (None, 1),
            _ => character(rest),
        };
        keys.extend(key);
        rest = rest.get(length..).unwrap_or_default();
    }
    keys
}

fn sequence_key(sequence: &[u8]) -> Option<Key> {
    Some(match sequence {
        b"A" => Key::Up,
        b"B" => Key::Down,
        b"H" | b"1~" | b"7~" => Key::Home,
        b"F" | b"4~" | b"8~" => Key::End,
        b"5~" => Key::PageUp,
        b"6~" => Key::PageDown,
        _ => return None,
    })
}

fn character(bytes: &[u8]) -> (Option<Key>, usize) {
    let longest = bytes.get(..bytes.len().min(4)).unwrap_or_default();
    let text = match std::str::from_utf8(longest) {
        Ok(text) => text,
        Err(error) => {
            std::str::from_utf8(longest.get(..error.valid_up_to()).unwrap_or_default()).unwrap_or_default()
        }
    };
    text.chars().next().map_or((None, 1), |c| (Some(Key::Char(c)), c.len_utf8()))
}

/// The terminal while keys are read one by one.
#[derive(Debug)]
pub(super) struct Keyboard {
    original: Termios,
}

impl Keyboard {
    /// Takes the keys; `None` where the input is no terminal.
    pub(super) fn take() -> Option<Self> {
        let keyboard = Self { original: tcgetattr(io::stdin().as_fd()).ok()? };
        keyboard.enter();
        Some(keyboard)
    }

    /// Gives each key at once, without showing it. Ctrl-C and Ctrl-Z are keys, so that the screen can be left first.
    pub(super) fn enter(&self) {
        let mut settings = self.original.clone();
        settings.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
        settings.special_codes[SpecialCodeIndex::VMIN] = 1;
        settings.special_codes[SpecialCodeIndex::VTIME] = 0;
        let _ = tcsetattr(io::stdin().as_fd(), OptionalActions::Drain, &settings);
    }

    /// Makes the terminal as it was.
    pub(super) fn leave(&self) {
        let _ = tcsetattr(io::stdin().as_fd(), OptionalActions::Drain, &self.original);
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.leave();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_apart_and_what_is_unknown_is_left_out() {
        use Key::{Char, Down, End, Enter, Escape, Home, Interrupt, PageDown, PageUp, Up};
        assert_eq!(
            keys(b"j\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[H\x1b[4~\r\x03\x1b"),
            [Char('j'), Up, Down, PageUp, PageDown, Home, End, Enter, Interrupt, Escape]
        );
        assert_eq!(keys("é日".as_bytes()), [Char('é'), Char('日')]);
        assert_eq!(keys(b"\x1b[1;5Cx\xff\x02\x7f"), [Char('x'), Key::Backspace]);
        assert_eq!(keys(b"\x1b["), []);
    }
}
