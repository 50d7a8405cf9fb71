//! Rows around the cursor, and which of their changes are worth a line of the log.
//!
//! A tool that shows several rows at once moves up and writes them again, many times a second. A row is known by its
//! words: `12.3s` and `48%` in it may change without it being another row. Of each such row the log gets its first state,
//! and its last, when the row goes away or the output ends.

use std::collections::VecDeque;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::Viewer;
use super::row::Row;

/// Most rows that are remembered above the cursor, and most kinds of rows that are followed.
const ROWS: usize = 256;

/// Most kinds of rows, and most rows above and below, that go into the state.
const STATE_ROWS: usize = 40;

/// Rows above, at and below the cursor.
#[derive(Debug, Default)]
pub(super) struct Frame {
    above: VecDeque<Shown>,
    below: VecDeque<Shown>,
    /// Rows that the log has, by their words.
    kinds: Vec<Kind>,
    /// The program moved up at least once.
    active: bool,
    /// New rows at the bottom since it last moved up.
    fresh: usize,
    /// Where the cursor is, counted from the beginning, and where it was saved.
    position: i64,
    saved: i64,
    /// Whether the row at the cursor was written to the log, or viewed, as it is.
    here: Option<u32>,
}

/// A row on the screen.
#[derive(Debug, Default)]
struct Shown {
    text: String,
    /// Its words; known even where the text is not, because it was read before the parser was resumed.
    words: u32,
}

impl Shown {
    fn new(text: String) -> Self {
        let words = words(&text);
        Self { text, words }
    }

    fn is_blank(&self) -> bool {
        self.words == words("") && self.text.trim().is_empty()
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Kind {
    words: u32,
    logged: u32,
    /// The row's newest state, where the log does not have it.
    latest: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FrameState {
    active: bool,
    fresh: usize,
    /// The words of each row, in hexadecimal.
    above: String,
    below: String,
    /// Words and logged text of each kind, in hexadecimal.
    kinds: String,
}

/// FNV-1a: the same on every machine and in every version, as the state needs.
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

fn folded(hasher: &Fnv) -> u32 {
    let hash = hasher.finish();
    u32::try_from((hash ^ (hash >> 32)) & 0xffff_ffff).unwrap_or_default()
}

fn hash(text: &str) -> u32 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    text.hash(&mut hasher);
    folded(&hasher)
}

/// A row's words: without numbers, times, sizes and bars.
fn words(text: &str) -> u32 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    for word in text.split_whitespace().filter(|word| is_name(word)) {
        word.hash(&mut hasher);
    }
    folded(&hasher)
}

/// Whether `word` names something: it has letters, and is no number with a unit.
fn is_name(word: &str) -> bool {
    if !word.contains(char::is_alphabetic) {
        return false;
    }
    let word = word.trim_start_matches(['[', '(', '<', '~', '+', '-']);
    let number = word.starts_with(|c: char| c.is_ascii_digit());
    let hexadecimal = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
    let units = word.split(|c: char| !c.is_alphabetic()).all(|unit| unit.chars().count() <= 3);
    !number || hexadecimal || !units
}

impl Frame {
    pub(super) fn from_state(state: &FrameState) -> Self {
        let numbers = |text: &str| -> Vec<u32> {
            let digits = (0..text.len() / 8).filter_map(|at| text.get(at * 8..at * 8 + 8));
            digits.filter_map(|digits| u32::from_str_radix(digits, 16).ok()).collect()
        };
        let rows = |text: &str| numbers(text).into_iter().map(|words| Shown { text: String::new(), words }).collect();
        let kinds = numbers(&state.kinds);
        let kinds = kinds.chunks_exact(2).filter_map(|pair| match pair {
            [words, logged] => Some(Kind { words: *words, logged: *logged, latest: None }),
            _ => None,
        });
        Self {
            above: rows(&state.above),
            below: rows(&state.below),
            kinds: kinds.collect(),
            active: state.active,
            fresh: state.fresh,
            ..Self::default()
        }
    }

    pub(super) fn state(&self) -> FrameState {
        if !self.active {
            return FrameState::default();
        }
        let skipped = |length: usize| length.saturating_sub(STATE_ROWS);
        let kinds = self.kinds.iter().skip(skipped(self.kinds.len()));
        FrameState {
            active: true,
            fresh: self.fresh,
            above: self.above.iter().skip(skipped(self.above.len())).map(|row| format!("{:08x}", row.words)).collect(),
            below: self.below.iter().take(STATE_ROWS).map(|row| format!("{:08x}", row.words)).collect(),
            kinds: kinds.map(|kind| format!("{:08x}{:08x}", kind.words, kind.logged)).collect(),
        }
    }

    /// A plain line at the bottom.
    pub(super) fn ended_plain(&mut self, text: &str, viewer: &mut dyn Viewer) {
        if !self.active && self.below.is_empty() {
            // What is above is forgotten: a tool that draws frames colours them, and so does not come here.
            self.above.clear();
            viewer.view(text, true);
            viewer.line(text.to_owned());
            return;
        }
        self.log(text, viewer);
        self.below.pop_front();
        self.remember(text.to_owned());
        self.fresh += 1;
        self.calm_down();
    }

    /// The row at the cursor is left by a line end.
    pub(super) fn ended(&mut self, row: &mut Row, viewer: &mut dyn Viewer) {
        let text = row.text();
        if self.active {
            self.log(&text, viewer);
        } else {
            viewer.view(&text, true);
            viewer.line(text);
        }
    }

    /// The row at the cursor is left by a movement.
    pub(super) fn redrawn(&mut self, row: &mut Row, viewer: &mut dyn Viewer) {
        let text = row.text();
        if !text.is_empty() && self.here != Some(hash(&text)) {
            if self.active {
                self.log(&text, viewer);
            } else if let Some(text) = row.take_view() {
                viewer.view(&text, false);
            }
        }
    }

    /// Decides about `text`, a row of a frame.
    fn log(&mut self, text: &str, viewer: &mut dyn Viewer) {
        if text.trim().is_empty() {
            if self.below.is_empty() && self.fresh > 0 {
                viewer.line(text.to_owned());
            }
            return;
        }
        let (words, exact) = (words(text), hash(text));
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.words == words) {
            if kind.logged == exact {
                kind.latest = None;
            } else if kind.latest.as_deref() != Some(text) {
                kind.latest = Some(text.to_owned());
                viewer.view(text, false);
            }
            return;
        }
        self.follow(words, exact, viewer);
        viewer.view(text, true);
        viewer.line(text.to_owned());
    }

    fn follow(&mut self, words: u32, logged: u32, viewer: &mut dyn Viewer) {
        if self.kinds.len() >= ROWS {
            let oldest = self.kinds.remove(0);
            if let Some(text) = oldest.latest {
                viewer.line(text);
            }
        }
        self.kinds.push(Kind { words, logged, latest: None });
    }

    /// Moves on to the next row.
    pub(super) fn down(&mut self, row: &mut Row) {
        let text = std::mem::take(row).take_text_for_frame();
        self.remember(text);
        match self.below.pop_front() {
            Some(next) => self.arrive(row, next),
            None => {
                self.fresh += 1;
                self.here = None;
                self.calm_down();
            }
        }
    }

    fn arrive(&mut self, row: &mut Row, shown: Shown) {
        self.here = Some(hash(&shown.text));
        *row = Row::of_frame(shown.text);
    }

    fn remember(&mut self, text: String) {
        if self.above.len() >= ROWS {
            self.above.pop_front();
        }
        self.above.push_back(Shown::new(text));
        self.position += 1;
    }

    /// After many new rows without a move up this is plain output again, in which the same line may come twice.
    fn calm_down(&mut self) {
        if self.active && self.fresh >= ROWS {
            self.active = false;
            self.above.clear();
        }
    }

    pub(super) fn skip_down(&mut self, row: &mut Row, count: usize) {
        for _ in 0..count.min(ROWS) {
            self.down(row);
        }
    }

    pub(super) fn up(&mut self, row: &mut Row, count: usize, viewer: &mut dyn Viewer) {
        if self.fresh > 0 || !self.active {
            self.begin_frame(viewer);
        }
        for _ in 0..count.min(ROWS) {
            let text = std::mem::take(row).take_text_for_frame();
            if !(text.is_empty() && self.below.is_empty()) {
                self.below.push_front(Shown::new(text));
            }
            self.below.truncate(ROWS);
            let above = self.above.pop_back().unwrap_or_default();
            self.position -= 1;
            self.arrive(row, above);
        }
    }

    /// The program draws again: rows that are gone from the screen get their last state into the log.
    fn begin_frame(&mut self, viewer: &mut dyn Viewer) {
        if !self.active {
            self.active = true;
            // What stands above is in the log already.
            let logged: Vec<(u32, u32)> = self
                .above
                .iter()
                .filter(|row| !row.is_blank())
                .map(|row| (row.words, hash(&row.text)))
                .collect();
            for (words, exact) in logged {
                self.kinds.retain(|kind| kind.words != words);
                self.follow(words, exact, viewer);
            }
        }
        self.fresh = 0;
        self.settle(viewer);
    }

    /// Gives the log the last state of rows that are on the screen no more, and forgets them.
    fn settle(&mut self, viewer: &mut dyn Viewer) {
        let shown: Vec<u32> = self.above.iter().chain(&self.below).map(|row| row.words).collect();
        let mut gone = Vec::new();
        self.kinds.retain_mut(|kind| {
            let stays = shown.contains(&kind.words);
            if !stays {
                gone.extend(kind.latest.take());
            }
            stays
        });
        for text in gone {
            viewer.line(text);
        }
    }

    /// Gives the log the last state of every row: the output ended.
    pub(super) fn settle_all(&mut self, viewer: &mut dyn Viewer) {
        for kind in self.kinds.drain(..) {
            if let Some(text) = kind.latest {
                viewer.line(text);
            }
        }
    }

    pub(super) fn erase_below(&mut self) {
        for row in &mut self.below {
            *row = Shown::new(String::new());
        }
    }

    /// The screen begins anew.
    pub(super) fn home(&mut self, row: &mut Row, viewer: &mut dyn Viewer) {
        *row = Row::default();
        self.above.clear();
        self.below.clear();
        self.here = None;
        self.begin_frame(viewer);
    }

    pub(super) fn save(&mut self) {
        self.saved = self.position;
    }

    pub(super) fn restore(&mut self, row: &mut Row, viewer: &mut dyn Viewer) {
        let distance = usize::try_from(self.saved.abs_diff(self.position)).unwrap_or(ROWS);
        if self.saved < self.position {
            self.up(row, distance, viewer);
        } else {
            self.skip_down(row, distance);
        }
    }
}
