//! What a person sees: one line for each long step, with the time it took.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// A step that is under way.
#[derive(Debug)]
pub(crate) struct Step {
    start: Instant,
    rewrite: bool,
}

impl Step {
    /// Says what begins now.
    pub(crate) fn begin(text: &str) -> Self {
        let rewrite = std::io::stderr().is_terminal();
        let mut out = std::io::stderr().lock();
        // A terminal shows what is under way, and then how it ended, in the same line.
        let line = if rewrite { format!("  · {text} …") } else { String::new() };
        drop(write!(out, "{line}"));
        drop(out.flush());
        Self { start: Instant::now(), rewrite }
    }

    /// Says how it ended.
    pub(crate) fn done(self, text: &str) {
        let start = if self.rewrite { "\r\x1b[2K" } else { "" };
        drop(writeln!(std::io::stderr(), "{start}  ✓ {text}  ({})", seconds(self.start.elapsed())));
    }

    /// Takes back that it began: there was nothing to do.
    pub(crate) fn forget(self) {
        if self.rewrite {
            drop(write!(std::io::stderr(), "\r\x1b[2K"));
        }
    }

    /// Ends the line, because an error follows.
    pub(crate) fn failed(self, text: &str) {
        let start = if self.rewrite { "\r\x1b[2K" } else { "" };
        drop(writeln!(std::io::stderr(), "{start}  ✗ {text}  ({})", seconds(self.start.elapsed())));
    }
}

/// Says what was asked for. Who reads it may have seen enough already.
pub(crate) fn print(text: &str) {
    drop(std::io::stdout().write_all(text.as_bytes()));
}

/// Says something beside the steps.
pub(crate) fn note(text: &str) {
    drop(writeln!(std::io::stderr(), "  ! {text}"));
}

/// Says what went wrong, down to its cause, and what to do where that is known.
pub(crate) fn error(error: &anyhow::Error) {
    let mut text = format!("error: {error}");
    for cause in error.chain().skip(1) {
        text.push_str(&format!("\n  because: {cause}"));
    }
    if let Some(hint) = hint(error) {
        text.push_str(&format!("\n  {hint}"));
    }
    drop(writeln!(std::io::stderr(), "{text}"));
}

fn hint(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).find_map(|cause| {
        match cause.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Some("the disk is full: make room, then run `./just up` again")
            }
            std::io::ErrorKind::PermissionDenied => {
                Some("the file belongs to another user: `.local` must be yours")
            }
            _ => None,
        }
    })
}

/// A duration as a person says it.
pub(crate) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} min {:.0} s", (seconds / 60.0).floor(), seconds % 60.0)
    }
}

/// Rows in columns of equal width.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from(" ");
        for (cell, width) in row.iter().zip(&widths) {
            let padding = width.saturating_sub(cell.chars().count());
            line.push_str(&format!(" {cell}{}  ", " ".repeat(padding)));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_lines_up_and_has_no_trailing_spaces() {
        let rows = [["a", "bb"], ["ccc", "d"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows), "  a     bb\n  ccc   d\n");
    }

    #[test]
    fn a_full_disk_has_a_hint() {
        let error =
            anyhow::Error::new(std::io::Error::from(std::io::ErrorKind::StorageFull)).context("write x");
        assert!(hint(&error).unwrap().contains("disk is full"));
    }
}
