//! The terminal's second screen: drawn as a whole where something changed, and left as it was found.

use std::io::{self, Write};

use rustix::termios::tcgetwinsize;

/// The screen that is drawn on.
#[derive(Debug)]
pub(super) struct Screen {
    shown: Vec<String>,
    open: bool,
}

impl Screen {
    /// Opens the second screen; what the first one shows comes back at the end.
    pub(super) fn open() -> io::Result<Self> {
        let mut screen = Self { shown: Vec::new(), open: false };
        screen.enter()?;
        Ok(screen)
    }

    /// Comes (back) to the screen.
    pub(super) fn enter(&mut self) -> io::Result<()> {
        self.shown.clear();
        self.open = true;
        write("\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J")
    }

    /// Goes back to what was there before.
    pub(super) fn leave(&mut self) {
        if std::mem::take(&mut self.open) {
            let _ = write("\x1b[?25h\x1b[?1049l");
        }
    }

    /// Columns and rows.
    pub(super) fn size() -> (usize, usize) {
        tcgetwinsize(io::stdout()).map_or((80, 24), |size| {
            let or = |value: u16, other: usize| if value == 0 { other } else { usize::from(value) };
            (or(size.ws_col, 80), or(size.ws_row, 24))
        })
    }

    /// Draws the lines that differ from what is shown.
    pub(super) fn draw(&mut self, lines: Vec<String>) -> io::Result<()> {
        let mut output = String::new();
        for (row, line) in lines.iter().enumerate() {
            if self.shown.get(row) != Some(line) {
                output.push_str(&format!("\x1b[{};1H{line}\x1b[0m\x1b[K", row + 1));
            }
        }
        if lines.len() < self.shown.len() {
            output.push_str(&format!("\x1b[{};1H\x1b[J", lines.len() + 1));
        }
        self.shown = lines;
        if output.is_empty() { Ok(()) } else { write(&output) }
    }

    /// Forgets what is shown: the terminal has another size.
    pub(super) fn forget(&mut self) -> io::Result<()> {
        self.shown.clear();
        write("\x1b[H\x1b[2J")
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}

fn write(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}
