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
const ROWS: usize = 128;

/// New rows at the bottom after which output is plain again, until the program moves up once more.
const CALM: usize = 8;

/// Longest text of a remembered row, in bytes.
const ROW_BYTES: usize = 1024;

/// Longest text of a redrawn row that waits for the log, in bytes; no screen is that wide.
const LATEST_BYTES: usize = 16 * 1024;

/// Most kinds of rows, and most rows above and below, that go into the state.
const STATE_ROWS: usize = 60;

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
    /// The row at the cursor, as it was when the cursor came back to it.
    here: Option<Shown>,
}

/// A row on the screen.
#[derive(Debug, Default)]
struct Shown {
    text: String,
    /// Hashes of its words and of its text, once somebody asked; known even where the text is not, because it was read
    /// before the parser was resumed.
    hashes: std::cell::Cell<Option<(u32, u32)>>,
}

impl Shown {
    fn new(text: String) -> Self {
        Self { text, hashes: std::cell::Cell::new(None) }
    }

    fn known_by(words: u32, exact: u32) -> Self {
        Self { text: String::new(), hashes: std::cell::Cell::new(Some((words, exact))) }
    }

    /// A row that shows `text`; cut, as no screen is that wide.
    fn cut(text: &str) -> Self {
        let end = (0..=text.len().min(ROW_BYTES)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        Self::new(text.get(..end).unwrap_or_default().trim_end().to_owned())
    }

    fn hashes(&self) -> (u32, u32) {
        let hashes = self.hashes.get().unwrap_or_else(|| (words(&self.text), hash(&self.text)));
        self.hashes.set(Some(hashes));
        hashes
    }

    fn words(&self) -> u32 {
        self.hashes().0
    }

    fn is_blank(&self) -> bool {
        // A bar has no words either, and its text is not known where the parser was resumed.
        self.text.trim().is_empty() && self.hashes().1 == hash("")
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Kind {
    words: u32,
    logged: u32,
    /// The row's newest state, by its hash; and its text where the log does not have it.
    seen: u32,
    latest: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FrameState {
    active: bool,
    fresh: usize,
    /// Whether the cursor came back to its row.
    here: bool,
    /// The words and the text of each row, hashed and packed.
    above: String,
    below: String,
    /// Words, logged text and newest text of each kind, hashed and packed.
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

const DIGITS: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/// Numbers as six digits of base 64 each: a quarter shorter than hexadecimal.
fn pack(numbers: &[u32]) -> String {
    let digit = |number: u32, place: u32| {
        DIGITS.get((number >> (6 * place)) as usize & 63).map_or('0', |byte| char::from(*byte))
    };
    numbers.iter().flat_map(|number| (0..6).map(move |place| digit(*number, place))).collect()
}

/// What [`pack`] made.
fn numbers(text: &str) -> Vec<u32> {
    let value =
        |byte: u8| DIGITS.iter().position(|digit| *digit == byte).and_then(|at| u32::try_from(at).ok());
    let number = |digits: &[u8]| {
        digits.iter().rev().try_fold(0_u32, |number, byte| Some(number.wrapping_shl(6) | value(*byte)?))
    };
    text.as_bytes().chunks_exact(6).filter_map(number).collect()
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
    /// Goes on from `state`, with the cursor in `row`.
    pub(super) fn from_state(state: &FrameState, row: &Row) -> Self {
        let rows = |text: &str| -> VecDeque<Shown> {
            let pairs = numbers(text);
            let rows = pairs.chunks_exact(2).filter_map(|pair| match pair {
                [words, exact] => Some(Shown::known_by(*words, *exact)),
                _ => None,
            });
            rows.collect()
        };
        let kinds = numbers(&state.kinds);
        let kinds = kinds.chunks_exact(3).filter_map(|numbers| match numbers {
            [words, logged, seen] => Some(Kind { words: *words, logged: *logged, seen: *seen, latest: None }),
            _ => None,
        });
        Self {
            above: rows(&state.above),
            below: rows(&state.below),
            kinds: kinds.collect(),
            active: state.active,
            fresh: state.fresh,
            here: state.here.then(|| Shown::cut(&row.text())),
            ..Self::default()
        }
    }

    pub(super) fn state(&self) -> FrameState {
        let skipped = |length: usize| length.saturating_sub(STATE_ROWS);
        let packed = |row: &Shown| {
            let (words, exact) = row.hashes();
            pack(&[words, exact])
        };
        FrameState {
            active: self.active,
            fresh: self.fresh,
            here: self.here.is_some(),
            above: self.above.iter().skip(skipped(self.above.len())).map(packed).collect(),
            below: self.below.iter().take(STATE_ROWS).map(packed).collect(),
            kinds: self
                .kinds
                .iter()
                .skip(skipped(self.kinds.len()))
                .map(|kind| pack(&[kind.words, kind.logged, kind.seen]))
                .collect(),
        }
    }

    pub(super) fn buffered_bytes(&self) -> usize {
        let rows = self.above.iter().chain(&self.below).chain(&self.here).map(|row| row.text.capacity());
        let latest = self.kinds.iter().map(|kind| kind.latest.as_ref().map_or(0, String::capacity));
        rows.sum::<usize>() + latest.sum::<usize>()
    }

    /// Whether the program moved up, and may do so again.
    pub(super) fn is_active(&self) -> bool {
        self.active
    }

    /// A plain line at the bottom. The caller has it remembered by [`Frame::remember_plain`] when many have passed.
    pub(super) fn ended_plain(&mut self, text: &str, viewer: &mut dyn Viewer) {
        if !self.active {
            viewer.view(text, true);
            viewer.line(text.to_owned());
            return;
        }
        self.log(text, None, viewer);
        self.remember(Shown::cut(text));
        self.fresh += 1;
        self.calm_down(viewer);
    }

    /// Remembers the last of `lines`, plain or coloured ones with their line ends, which passed at the bottom.
    pub(super) fn remember_plain(&mut self, lines: &[u8]) {
        let mut end = lines.len().saturating_sub(1);
        let mut last = Vec::new();
        while last.len() < ROWS && !lines.is_empty() {
            let begin = memchr::memrchr(b'\n', lines.get(..end).unwrap_or_default());
            let line = lines.get(begin.map_or(0, |at| at + 1)..end).unwrap_or_default();
            last.push(line);
            match begin {
                Some(at) => end = at,
                None => break,
            }
        }
        let passed = memchr::memchr_iter(b'\n', lines).count();
        if last.len() == ROWS {
            self.above.clear();
        }
        for line in last.iter().rev() {
            let mut bare = Vec::new();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let text = super::without_colours(line, &mut bare).unwrap_or_default();
            self.remember(Shown::cut(text));
        }
        self.position += i64::try_from(passed - last.len()).unwrap_or_default();
    }

    /// The row at the cursor is left by a line end.
    pub(super) fn ended(&mut self, row: &mut Row, viewer: &mut dyn Viewer) {
        if self.active {
            self.log_row(row, viewer);
        } else {
            let text = row.text();
            viewer.view(&text, true);
            viewer.line(text);
        }
    }

    /// The row at the cursor is left by a movement.
    pub(super) fn redrawn(&mut self, row: &mut Row, viewer: &mut dyn Viewer) {
        if row.len() == 0 {
            return;
        }
        if self.active {
            self.log_row(row, viewer);
        } else if let Some(text) = row.take_view() {
            viewer.view(&text, false);
        }
    }

    /// Decides about the row at the cursor, if it is another than it was.
    fn log_row(&mut self, row: &Row, viewer: &mut dyn Viewer) {
        if self.here.is_some() && !row.is_touched() {
            return;
        }
        let text = row.text();
        let words = self.here.as_ref().filter(|here| here.text == text).map(Shown::words);
        self.log(&text, words, viewer);
    }

    /// Decides about `text`, a row of a frame, whose words may be known.
    fn log(&mut self, text: &str, known: Option<u32>, viewer: &mut dyn Viewer) {
        if text.trim().is_empty() {
            // Room that the frame keeps, or gives back.
            return;
        }
        let words = known.unwrap_or_else(|| words(text));
        let exact = hash(text);
        if let Some(kind) = self.kinds.iter_mut().find(|kind| kind.words == words) {
            if kind.seen != exact {
                kind.seen = exact;
                kind.latest = (kind.logged != exact)
                    .then(|| text.get(..text.floor_char_boundary(LATEST_BYTES)).unwrap_or(text).to_owned());
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
        self.kinds.push(Kind { words, logged, seen: logged, latest: None });
    }

    /// Moves on to the next row.
    pub(super) fn down(&mut self, row: &mut Row, viewer: &mut dyn Viewer) {
        let shown = self.leave(row);
        self.remember(shown);
        match self.below.pop_front() {
            Some(next) => self.arrive(row, next),
            None => {
                self.fresh += 1;
                self.calm_down(viewer);
            }
        }
    }

    /// Takes the row at the cursor away; as it was, where nothing changed it.
    fn leave(&mut self, row: &mut Row) -> Shown {
        let row = std::mem::take(row);
        match self.here.take() {
            Some(here) if !row.is_touched() => here,
            Some(here) => {
                let now = Shown::cut(&row.text());
                // A text that is not known is no text that stayed.
                if now.text == here.text && !now.text.is_empty() { here } else { now }
            }
            None => Shown::cut(&row.text()),
        }
    }

    fn arrive(&mut self, row: &mut Row, shown: Shown) {
        *row = Row::of_frame(shown.text.clone());
        self.here = Some(shown);
    }

    fn remember(&mut self, shown: Shown) {
        if self.above.len() >= ROWS {
            self.above.pop_front();
        }
        self.above.push_back(shown);
        self.position += 1;
    }

    /// After some new rows without a move up this is plain output again, in which the same line may come twice.
    fn calm_down(&mut self, viewer: &mut dyn Viewer) {
        if self.active && self.fresh >= CALM {
            self.active = false;
            self.settle_all(viewer);
        }
    }

    pub(super) fn skip_down(&mut self, row: &mut Row, count: usize, viewer: &mut dyn Viewer) {
        for _ in 0..count.min(ROWS) {
            self.down(row, viewer);
        }
    }

    pub(super) fn up(&mut self, row: &mut Row, count: usize, viewer: &mut dyn Viewer) {
        if self.fresh > 0 || !self.active {
            self.begin_frame(viewer);
        }
        for _ in 0..count.min(ROWS) {
            let shown = self.leave(row);
            if !(shown.is_blank() && self.below.is_empty()) {
                self.below.push_front(shown);
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
            let logged: Vec<(u32, u32)> =
                self.above.iter().filter(|row| !row.is_blank()).map(Shown::hashes).collect();
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
        let shown: Vec<u32> = self.above.iter().chain(&self.below).map(|row| row.words()).collect();
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

    /// Gives the log the last state of every row: the output ended, or is plain again.
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
            self.skip_down(row, distance, viewer);
        }
    }
}
