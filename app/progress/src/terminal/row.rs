//! One row: what a program wrote into it, and where its cursor stands.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Most text of an unfinished row that goes into the state, in bytes; more would not fit into 4 kB with the rest.
const STATE_BYTES: usize = 512;

/// A row. Bytes are appended as they come, and become characters only when something moves within the row.
#[derive(Debug, Default)]
pub(super) struct Row {
    bytes: Vec<u8>,
    /// Where the next character goes, in characters; at the end of the row when `None`.
    cursor: Option<usize>,
    /// Bytes of a character that is not complete yet, while the cursor is within the row.
    carry: Vec<u8>,
    /// The cursor moved back, so that what follows replaces what is there.
    returned: bool,
    /// What is there was not viewed yet.
    unseen: bool,
    /// The row was redrawn at least once, or is a row of a frame.
    redrawn: bool,
    /// Something was written or erased.
    touched: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RowState {
    text: String,
    carry: Vec<u8>,
    cursor: Option<usize>,
    returned: bool,
    unseen: bool,
    redrawn: bool,
    touched: bool,
}

/// `line` as text, if it holds neither control characters nor invalid UTF-8.
pub(super) fn plain(line: &[u8]) -> Option<&str> {
    // Branch-free within a chunk, so that it is compiled to wide instructions.
    let plain = |chunk: &[u8]| {
        chunk.iter().fold(true, |plain, byte| plain & ((*byte >= b' ') & (*byte != 0x7f) | (*byte == b'\t')))
    };
    if line.len() > crate::LINE_BYTES || !line.chunks(64).all(plain) {
        return None;
    }
    let text = std::str::from_utf8(line).ok()?;
    (!holds_controls(text)).then_some(text)
}

/// Whether there are control characters beyond ASCII, U+0080 to U+009F, in `text`.
fn holds_controls(text: &str) -> bool {
    let bytes = text.as_bytes();
    !bytes.is_ascii()
        && memchr::memchr_iter(0xc2, bytes).any(|at| bytes.get(at + 1).is_some_and(|byte| *byte < 0xa0))
}

/// The last border between characters in `run` at or before `at`; `at` itself where there is none close.
pub(super) fn character_border(run: &[u8], at: usize) -> usize {
    (at.saturating_sub(3)..=at)
        .rev()
        .find(|border| run.get(*border).is_none_or(|byte| byte & 0xc0 != 0x80))
        .unwrap_or(at)
}

/// `bytes` as text; what is invalid, and control characters beyond ASCII, become U+FFFD.
fn decode(bytes: &[u8]) -> String {
    // Almost always it is text already, which is seen faster than it is repaired.
    let text = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
    if !holds_controls(&text) {
        return text.into_owned();
    }
    text.chars().map(|c| if ('\u{80}'..'\u{a0}').contains(&c) { '\u{fffd}' } else { c }).collect()
}

impl Row {
    pub(super) fn from_state(state: &RowState) -> Self {
        Self {
            // Bytes of an unfinished character stand behind the text while the cursor is at the end.
            bytes: if state.cursor.is_none() {
                [state.text.as_bytes(), &state.carry].concat()
            } else {
                state.text.clone().into_bytes()
            },
            cursor: state.cursor,
            carry: if state.cursor.is_none() { Vec::new() } else { state.carry.clone() },
            returned: state.returned,
            unseen: state.unseen,
            redrawn: state.redrawn,
            touched: state.touched,
        }
    }

    pub(super) fn state(&self) -> RowState {
        let (text, carry) = if self.cursor.is_none() {
            self.bytes.split_at(complete(&self.bytes))
        } else {
            (self.bytes.as_slice(), self.carry.as_slice())
        };
        let mut text = decode(text);
        if text.len() > STATE_BYTES {
            let border = (0..=STATE_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            text.truncate(border);
        }
        RowState {
            text,
            carry: carry.to_vec(),
            cursor: self.cursor,
            returned: self.returned,
            unseen: self.unseen,
            redrawn: self.redrawn,
            touched: self.touched,
        }
    }

    /// A row of a frame that shows `text`, with the cursor at its beginning.
    pub(super) fn of_frame(text: String) -> Self {
        let bytes = text.into_bytes();
        let cursor = (!bytes.is_empty()).then_some(0);
        Self { bytes, cursor, returned: true, redrawn: true, ..Self::default() }
    }

    pub(super) fn buffered_bytes(&self) -> usize {
        self.bytes.capacity() + self.carry.capacity()
    }

    /// Whether nothing happened to the row at all.
    pub(super) fn is_fresh(&self) -> bool {
        self.bytes.is_empty()
            && self.cursor.is_none()
            && self.carry.is_empty()
            && !self.redrawn
            && !self.returned
    }

    pub(super) fn is_redrawn(&self) -> bool {
        self.redrawn || self.returned
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len() + self.carry.len()
    }

    /// Writes `run`, which holds no control bytes, at the cursor.
    pub(super) fn print(&mut self, run: &[u8]) {
        if self.returned {
            self.redrawn |= !self.bytes.is_empty();
            self.returned = false;
        }
        self.unseen = true;
        self.touched = true;
        let Some(cursor) = self.cursor else {
            self.bytes.extend_from_slice(run);
            return;
        };
        if self.carry.is_empty()
            && let Ok(text) = std::str::from_utf8(run)
            && text.is_ascii()
        {
            self.overwrite(cursor, text);
            return;
        }
        self.carry.extend_from_slice(run);
        let whole = complete(&self.carry);
        let text = decode(self.carry.get(..whole).unwrap_or_default());
        self.carry.drain(..whole);
        self.overwrite(cursor, &text);
    }

    /// The blanks at the end are no part of the text.
    pub(super) fn trim(&mut self) {
        self.redrawn = true;
    }

    /// Splits `run` where it reaches the edge of a terminal that is so wide, if it goes on behind it and the row, with it,
    /// ends there with blanks.
    pub(super) fn until_edge<'run>(
        &self,
        run: &'run [u8],
        columns: usize,
    ) -> Option<(&'run [u8], &'run [u8])> {
        if self.cursor.is_some() || self.len() + run.len() <= columns {
            return None;
        }
        // Counted by the bytes that begin a character, so that it does not matter where invalid ones are split.
        let begins = |byte: &u8| byte & 0xc0 != 0x80;
        let space = columns.checked_sub(self.bytes.iter().filter(|byte| begins(byte)).count())?;
        let border = run.iter().enumerate().filter(|(_, byte)| begins(byte)).nth(space)?.0;
        let (now, later) = run.split_at(border);
        let mut tail = self.bytes.iter().chain(now).rev();
        (tail.next() == Some(&b' ') && tail.next() == Some(&b' ')).then_some((now, later))
    }

    /// How many characters can be written before the row grows, at least one; `None` where the next one makes it grow.
    pub(super) fn until_end(&self) -> Option<usize> {
        let cursor = self.cursor?;
        Some(self.characters().saturating_sub(cursor).max(1))
    }

    fn overwrite(&mut self, cursor: usize, text: &str) {
        if text.is_ascii() && self.bytes.is_ascii() {
            // A character is a byte, so nothing needs to be taken apart.
            let after = cursor + text.len();
            if self.bytes.len() < after {
                self.bytes.resize(after, b' ');
            }
            if let Some(place) = self.bytes.get_mut(cursor..after) {
                place.copy_from_slice(text.as_bytes());
            }
            self.cursor = (after < self.bytes.len() || !self.carry.is_empty()).then_some(after);
            return;
        }
        if std::str::from_utf8(&self.bytes).map_or(true, holds_controls) {
            self.bytes = decode(&self.bytes).into_bytes();
        }
        let length = self.bytes.len();
        let mut begins =
            self.bytes.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80).map(|(at, _)| at);
        let mut before = 0;
        let start = begins.by_ref().inspect(|_| before += 1).nth(cursor);
        let count = text.chars().count();
        let end = start.and(count.checked_sub(1)).and_then(|more| begins.nth(more)).unwrap_or(length);
        let (start, blanks) = start.map_or_else(|| (length, cursor - before), |start| (start, 0));
        let end = if count == 0 { start } else { end };
        if blanks == 0 && end - start == text.len() {
            if let Some(place) = self.bytes.get_mut(start..end) {
                place.copy_from_slice(text.as_bytes());
            }
        } else {
            let new = std::iter::repeat_n(b' ', blanks).chain(text.bytes());
            self.bytes.splice(start..end, new);
        }
        // An incomplete character is kept apart, so the cursor stays within the row until it is complete.
        self.cursor = (end < length || !self.carry.is_empty()).then_some(cursor + count);
    }

    /// An incomplete character will not be completed: something else came between.
    fn drop_carry(&mut self) {
        match self.cursor {
            Some(cursor) if !self.carry.is_empty() => {
                self.carry.clear();
                self.overwrite(cursor, "\u{fffd}");
            }
            None if complete(&self.bytes) < self.bytes.len() => {
                self.bytes.truncate(complete(&self.bytes));
                self.bytes.extend_from_slice("\u{fffd}".as_bytes());
            }
            _ => {}
        }
    }

    fn characters(&self) -> usize {
        match std::str::from_utf8(&self.bytes) {
            // Control characters count as what stands for them does.
            Ok(text) => text.chars().count(),
            Err(_) => decode(&self.bytes).chars().count(),
        }
    }

    pub(super) fn move_to(&mut self, column: usize) {
        self.drop_carry();
        let end = self.characters();
        // A row is as wide as it needs to be; no terminal is wider than this.
        let column = column.min(crate::LINE_BYTES / 16);
        self.returned |= column < end || column == 0;
        self.cursor = (column != end).then_some(column);
    }

    pub(super) fn left(&mut self, count: usize) {
        self.drop_carry();
        let at = self.cursor.unwrap_or_else(|| self.characters());
        self.move_to(at.saturating_sub(count));
    }

    pub(super) fn right(&mut self, count: usize) {
        self.drop_carry();
        let at = self.cursor.unwrap_or_else(|| self.characters());
        let returned = self.returned;
        self.move_to(at.saturating_add(count));
        self.returned = returned;
    }

    pub(super) fn erase_shows_change(&self) -> bool {
        self.cursor.is_some_and(|cursor| cursor == 0)
    }

    pub(super) fn erase_to_end(&mut self) {
        self.drop_carry();
        let Some(cursor) = self.cursor else {
            // A row of a frame whose text is not known, because the parser was resumed.
            self.touched |= self.returned;
            return;
        };
        self.touched = true;
        if cursor == 0 {
            self.erase();
            return;
        }
        let old = decode(&self.bytes);
        let end = old.char_indices().nth(cursor).map_or(old.len(), |(at, _)| at);
        self.bytes = old.get(..end).unwrap_or_default().as_bytes().to_vec();
        self.cursor = (self.characters() != cursor).then_some(cursor);
        self.unseen = true;
    }

    pub(super) fn erase_to_start(&mut self) {
        self.drop_carry();
        self.touched = true;
        let at = self.cursor.unwrap_or_else(|| self.characters());
        let old = decode(&self.bytes);
        self.bytes = old
            .chars()
            .enumerate()
            .map(|(i, c)| if i <= at { ' ' } else { c })
            .collect::<String>()
            .into_bytes();
    }

    /// Empties the row; the cursor stays where it is.
    pub(super) fn erase(&mut self) {
        self.drop_carry();
        self.touched = true;
        let at = self.cursor.unwrap_or_else(|| self.characters());
        self.redrawn |= !self.bytes.is_empty();
        self.bytes.clear();
        self.cursor = (at != 0).then_some(at);
        self.returned = at == 0 && self.redrawn;
        self.unseen = false;
    }

    /// The text, if the cursor moved back over something that was not viewed yet.
    pub(super) fn take_returned_view(&mut self) -> Option<String> {
        if !self.returned { None } else { self.take_view() }
    }

    /// The text, if it was not viewed yet.
    pub(super) fn take_view(&mut self) -> Option<String> {
        if !self.unseen || self.bytes.is_empty() {
            return None;
        }
        self.unseen = false;
        self.redrawn = true;
        Some(self.text())
    }

    /// The text, without the blanks that redraws leave at its end.
    pub(super) fn text(&self) -> String {
        let mut text = decode(&self.bytes);
        if !self.carry.is_empty() {
            text.push('\u{fffd}');
        }
        if self.redrawn {
            text.truncate(text.trim_end().len());
        }
        text
    }

    /// Whether something was written or erased since the row was arrived at.
    pub(super) fn is_touched(&self) -> bool {
        self.touched
    }

    pub(super) fn take_text(&mut self) -> String {
        let text = self.text();
        *self = Self::default();
        text
    }

    /// The first `limit` bytes as text, once the row is that long; the rest stays.
    pub(super) fn take_piece(&mut self, limit: usize) -> Option<String> {
        if self.len() + 3 < limit {
            return None;
        }
        let whole = complete(&self.bytes);
        let rest = self.bytes.split_off(whole);
        let text = decode(&self.bytes);
        *self = Self { bytes: rest, ..Self::default() };
        Some(text)
    }
}

/// How many of `bytes` stand before an incomplete character at the end.
fn complete(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3)..bytes.len();
    for at in tail.rev() {
        let Some(&byte) = bytes.get(at) else { break };
        let needs = match byte {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            0x80..=0xbf => continue,
            _ => break,
        };
        let have = bytes.get(at..).unwrap_or_default();
        // Only what can still become a character is worth waiting for.
        let hopeful = std::str::from_utf8(have).is_err_and(|error| error.error_len().is_none());
        return if have.len() < needs && hopeful { at } else { bytes.len() };
    }
    bytes.len()
}
