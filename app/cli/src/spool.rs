//! What is still to be sent for one run, kept on disk so that neither a dead network nor a killed process loses it.
//!
//! One folder a run: `meta.json` (whose it is and where it goes), `log-*.segment` (lines, in order),
//! `events.jsonl` (events, in order), `sent` (how far both roads have come), `lock` (held by whoever works on it).
//! Unsent lines are bounded: past the bound the oldest segments give way to a line that says how many lines they
//! held, while control lines and events stay. Where the disk cannot be written, the same is held in memory with a
//! smaller bound, and [`Spool::trouble`] says so.

mod directory;
mod meta;
pub(crate) mod record;
mod segment;
mod state;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use miyabi_shared::{EventBody, TaskEvent, Timestamp};
use tokio::sync::watch;

pub(crate) use directory::{Lock, pending, root, size};
pub(crate) use meta::{LogsDestination, Meta};
pub(crate) use record::{Kind, Record, SET_BACK};
pub(crate) use segment::Position;
use state::State;

/// How much of one run's unsent output is kept on disk.
pub(crate) const UNSENT_BYTES: u64 = 64 << 20;
/// How much is kept of all runs together, those that are at work left aside.
pub(crate) const ALL_UNSENT_BYTES: u64 = 1 << 30;
/// How much of it is kept in memory where there is no disk.
const UNSENT_BYTES_IN_MEMORY: u64 = 8 << 20;
/// The unit in which output is dropped and files are deleted.
const SEGMENT_BYTES: u64 = 4 << 20;
const SEGMENT_BYTES_IN_MEMORY: u64 = 1 << 20;
/// Longest text of one record: an event of CloudWatch Logs with its 26 bytes must stay within 1 MB.
const RECORD_BYTES: usize = 1_000_000;

/// How much is left to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Remaining {
    /// Bytes of output and control lines.
    pub(crate) bytes: u64,
    /// Events.
    pub(crate) events: usize,
}

/// The unsent part of one run.
#[derive(Debug)]
pub(crate) struct Spool {
    meta: Meta,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
    _lock: Option<Lock>,
}

impl Spool {
    /// Begins the spool of a new run under `root`. Never fails: where the disk does not serve, memory does.
    pub(crate) fn create(root: Option<&Path>, meta: Meta, unsent_bytes: u64) -> Self {
        let created = match root {
            Some(root) => {
                directory::create(root, &meta).map_err(|error| format!("{}: {error}", root.display()))
            }
            None => Err("there is no home directory for it".to_owned()),
        };
        match created {
            Ok((path, lock)) => {
                let state = State::new(Some(path), unsent_bytes, SEGMENT_BYTES.min(unsent_bytes / 4));
                Self::with(meta, state, Some(lock))
            }
            Err(error) => {
                let mut state = State::new(None, UNSENT_BYTES_IN_MEMORY, SEGMENT_BYTES_IN_MEMORY);
                state.broke(error);
                Self::with(meta, state, None)
            }
        }
    }

    /// Takes over the spool that a run left behind; `None` while that run, or another flush, still works on it.
    pub(crate) fn open(path: &Path) -> std::io::Result<Option<Self>> {
        let Some(lock) = directory::lock(path)? else { return Ok(None) };
        let meta = directory::read_meta(path)?;
        let state = State::load(path.to_owned(), UNSENT_BYTES, SEGMENT_BYTES)?;
        Ok(Some(Self::with(meta, state, Some(lock))))
    }

    fn with(meta: Meta, state: State, lock: Option<Lock>) -> Self {
        Self { meta, state: Mutex::new(state), changes: watch::Sender::new(0), _lock: lock }
    }

    /// Whose it is, and where it goes.
    pub(crate) fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The folder; `None` where it is in memory.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        self.lock().directory().map(Path::to_owned)
    }

    /// What is wrong with the disk, if anything.
    pub(crate) fn trouble(&self) -> Option<String> {
        self.lock().trouble()
    }

    /// Lines and bytes of output that gave way so far.
    pub(crate) fn dropped(&self) -> (u64, u64) {
        self.lock().dropped()
    }

    /// Tells of everything that is appended, flushed or finished from now on.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Appends a line. It can be sent after the next [`flush`](Self::flush).
    pub(crate) fn append(&self, kind: Kind, time: Timestamp, text: &str) {
        let mut state = self.lock();
        for piece in pieces(text, RECORD_BYTES) {
            state.append(kind, time, &piece);
        }
    }

    /// Appends an event for the API.
    pub(crate) fn append_event(&self, event: TaskEvent) {
        self.lock().append_event(event);
    }

    /// Makes everything appended so far visible to the senders and safe from a killed process.
    pub(crate) fn flush(&self) {
        if self.lock().flush() {
            self.changes.send_modify(|generation| *generation += 1);
        }
    }

    /// Says that nothing more will be appended.
    pub(crate) fn finish(&self) {
        self.lock().finish();
        self.changes.send_modify(|generation| *generation += 1);
    }

    /// Whether [`finish`](Self::finish) was called.
    pub(crate) fn is_finished(&self) -> bool {
        self.lock().is_finished()
    }

    /// The oldest unsent records, as far as `take` takes them, and the position after them; `None` where there are none.
    pub(crate) fn read(&self, take: &mut dyn FnMut(Record) -> bool) -> std::io::Result<Option<Position>> {
        self.lock().read(take)
    }

    /// Forgets the records up to `position`: they are delivered.
    pub(crate) fn sent(&self, position: Position) {
        self.lock().sent(position);
        self.changes.send_modify(|generation| *generation += 1);
    }

    /// The oldest unsent events, at most `count`.
    pub(crate) fn events(&self, count: usize) -> Vec<TaskEvent> {
        self.lock().events(count)
    }

    /// Forgets the events up to `sequence`: they are delivered, or can never be.
    pub(crate) fn events_sent(&self, sequence: u64) {
        self.lock().events_sent(sequence);
        self.changes.send_modify(|generation| *generation += 1);
    }

    /// The time and sequence of the last event ever appended, and whether it was the result.
    pub(crate) fn last_event(&self) -> Option<(u64, Timestamp, bool)> {
        self.lock().last_event()
    }

    /// How much is left to send.
    pub(crate) fn remaining(&self) -> Remaining {
        self.lock().remaining()
    }

    /// Lets all unsent output give way to one line; control lines and events stay.
    pub(crate) fn give_way(&self) {
        self.lock().give_way();
    }

    /// Deletes the folder, where nothing is left to send on the roads that there are.
    pub(crate) fn remove_if_sent(&self) -> bool {
        let state = self.lock();
        let remaining = state.remaining();
        let sent = (remaining.bytes == 0 || self.meta.logs.is_none())
            && (remaining.events == 0 || self.meta.api_url.is_none());
        if let (true, Some(directory)) = (sent, state.directory()) {
            directory::remove(directory);
        }
        sent
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is consistent after every statement, so what a panicking thread left is good.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps what earlier runs left under `root` within `bound` bytes: past it the output of the oldest gives way, one run
/// after the other, to a line each that says how much it was. Progress and results stay.
pub(crate) fn make_room(root: &Path, except: Option<&Path>, bound: u64) {
    let folders: Vec<_> = pending(root).into_iter().filter(|path| Some(path.as_path()) != except).collect();
    let mut held: u64 = folders.iter().map(|path| size(path)).sum();
    for path in folders {
        if held <= bound {
            return;
        }
        // Whoever works on one keeps it within its own bound.
        if let Ok(Some(spool)) = Spool::open(&path) {
            let before = size(&path);
            spool.give_way();
            held = held.saturating_sub(before.saturating_sub(size(&path)));
        }
    }
}

/// Cuts `text` at character borders into pieces of at most `limit` bytes, each marked with `…` where it was cut.
fn pieces(text: &str, limit: usize) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
    use std::borrow::Cow;
    const MARK: &str = "…";
    let mut rest = Some(text);
    let mut first = true;
    std::iter::from_fn(move || {
        let text = rest?;
        let opening = if first { "" } else { MARK };
        first = false;
        if text.len() + opening.len() <= limit {
            rest = None;
            return Some(if opening.is_empty() {
                Cow::Borrowed(text)
            } else {
                Cow::Owned(format!("{opening}{text}"))
            });
        }
        let mut end = limit.saturating_sub(opening.len() + MARK.len()).max(4);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        rest = Some(&text[end..]);
        Some(Cow::Owned(format!("{opening}{}{MARK}", &text[..end])))
    })
}

/// Whether an event is the end of its attempt.
fn is_result(event: &TaskEvent) -> bool {
    matches!(event.body, EventBody::Result(_))
}

#[cfg(test)]
mod tests;
