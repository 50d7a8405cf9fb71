//! What the command printed, on its way to the reader: a queue that never makes the command wait.
//!
//! Chunks are held in memory up to a bound; past it they go to a file, in order; past the file's bound they are
//! counted and left out, and the reader is told how many bytes at the place where they would have been.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use miyabi_shared::Timestamp;

/// How much is held in memory.
const MEMORY_BYTES: usize = 8 << 20;
/// How much more is held in the file.
const FILE_BYTES: u64 = 256 << 20;
/// Bytes of a chunk in the file beside its content.
const HEADER: usize = 13;

/// Where output came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Standard output, or the terminal.
    Output,
    /// Standard error.
    Error,
}

/// What the reader takes next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// Output, as it was read.
    Chunk { source: Source, time: Timestamp, bytes: Vec<u8> },
    /// So many bytes were left out here.
    Lost(u64),
    /// Nothing came for the time that the reader wanted to wait.
    Quiet,
    /// The command ended, and everything was taken.
    End,
}

#[derive(Debug, Default)]
struct State {
    memory: VecDeque<(Source, Timestamp, Vec<u8>)>,
    bytes: usize,
    file: Option<File>,
    written: u64,
    read: u64,
    lost: u64,
    closed: bool,
}

/// The queue.
#[derive(Debug)]
pub(crate) struct Intake {
    state: Mutex<State>,
    filled: Condvar,
    /// Whether the last byte ended a line.
    line_ended: AtomicBool,
    path: Option<PathBuf>,
    memory_bytes: usize,
    file_bytes: u64,
}

impl Intake {
    /// A queue that overflows into a file in `directory`.
    pub(crate) fn new(directory: Option<PathBuf>) -> Self {
        Self::with_bounds(directory, MEMORY_BYTES, FILE_BYTES)
    }

    /// A queue that takes nothing: nobody reads.
    pub(crate) fn closed() -> Arc<Self> {
        let intake = Self::new(None);
        intake.close();
        Arc::new(intake)
    }

    fn with_bounds(directory: Option<PathBuf>, memory_bytes: usize, file_bytes: u64) -> Self {
        Self {
            state: Mutex::default(),
            filled: Condvar::new(),
            line_ended: AtomicBool::new(true),
            path: directory.map(|directory| directory.join("overflow")),
            memory_bytes,
            file_bytes,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what was read. Never waits for the reader.
    pub(crate) fn push(&self, source: Source, time: Timestamp, bytes: &[u8]) {
        self.line_ended.store(bytes.ends_with(b"\n"), Ordering::Relaxed);
        let mut state = self.lock();
        if state.closed {
            return;
        }
        let overflowing = state.written > state.read || state.lost > 0;
        if !overflowing && state.bytes + bytes.len() <= self.memory_bytes {
            state.bytes += bytes.len();
            state.memory.push_back((source, time, bytes.to_vec()));
        } else if state.lost > 0 || self.spill(&mut state, source, time, bytes).is_err() {
            state.lost += bytes.len() as u64;
        }
        drop(state);
        self.filled.notify_one();
    }

    fn spill(&self, state: &mut State, source: Source, time: Timestamp, bytes: &[u8]) -> io::Result<()> {
        if state.written + bytes.len() as u64 > self.file_bytes {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if state.file.is_none() {
            let path = self.path.as_ref().ok_or(io::ErrorKind::NotFound)?;
            let file = OpenOptions::new().create(true).truncate(true).read(true).write(true).open(path)?;
            // Its name is not needed, and a killed process leaves nothing behind.
            fs::remove_file(path)?;
            state.file = Some(file);
        }
        let Some(file) = &state.file else { return Err(io::ErrorKind::NotFound.into()) };
        let mut frame = Vec::with_capacity(HEADER + bytes.len());
        frame.push(u8::from(source == Source::Error));
        frame.extend_from_slice(&time.as_millis().to_le_bytes());
        frame.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
        frame.extend_from_slice(bytes);
        file.write_all_at(&frame, state.written)?;
        state.written += frame.len() as u64;
        Ok(())
    }

    /// The oldest item; waits for one for at most `patience`.
    pub(crate) fn pop(&self, patience: Duration) -> Item {
        let until = Instant::now() + patience;
        let mut state = self.lock();
        loop {
            if let Some((source, time, bytes)) = state.memory.pop_front() {
                state.bytes -= bytes.len();
                return Item::Chunk { source, time, bytes };
            }
            if state.read < state.written {
                match unspill(&mut state) {
                    Ok(item) => return item,
                    Err(_) => {
                        state.lost += state.written - state.read;
                        state.read = state.written;
                    }
                }
            }
            if state.lost > 0 {
                return Item::Lost(std::mem::take(&mut state.lost));
            }
            if state.closed {
                return Item::End;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Item::Quiet;
            }
            state = self.filled.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether the reader has taken everything so far.
    pub(crate) fn is_empty(&self) -> bool {
        let state = self.lock();
        state.memory.is_empty() && state.read == state.written && state.lost == 0
    }

    /// Whether the output ends with a whole line.
    pub(crate) fn line_ended(&self) -> bool {
        self.line_ended.load(Ordering::Relaxed)
    }

    /// Says that nothing more comes; what comes in spite of that is not taken.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_one();
    }
}

fn unspill(state: &mut State) -> io::Result<Item> {
    let file = state.file.as_ref().ok_or(io::ErrorKind::NotFound)?;
    let mut header = [0; HEADER];
    file.read_exact_at(&mut header, state.read)?;
    let source = if header[0] == 0 { Source::Output } else { Source::Error };
    let number = |range: std::ops::Range<usize>| header.get(range).map_or(&[][..], |bytes| bytes).to_vec();
    let millis = i64::from_le_bytes(number(1..9).try_into().unwrap_or_default());
    let length = u32::from_le_bytes(number(9..HEADER).try_into().unwrap_or_default()) as usize;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, state.read + HEADER as u64)?;
    state.read += (HEADER + length) as u64;
    if state.read == state.written {
        // Empty again: memory serves, and the file's space is given back.
        file.set_len(0)?;
        state.read = 0;
        state.written = 0;
    }
    Ok(Item::Chunk { source, time: Timestamp::from_millis(millis), bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NO_WAIT: Duration = Duration::ZERO;

    fn time() -> Timestamp {
        Timestamp::from_millis(42)
    }

    #[test]
    fn chunks_keep_their_order_through_memory_and_file() {
        let folder = tempfile::tempdir().unwrap();
        let intake = Intake::with_bounds(Some(folder.path().to_owned()), 10, 10_000);
        for round in 0..3 {
            for index in 0..20_u8 {
                let source = if index % 2 == 0 { Source::Output } else { Source::Error };
                intake.push(source, time(), &[round, index, 7, 7]);
            }
            for index in 0..20_u8 {
                let source = if index % 2 == 0 { Source::Output } else { Source::Error };
                let expected = Item::Chunk { source, time: time(), bytes: vec![round, index, 7, 7] };
                assert_eq!(intake.pop(NO_WAIT), expected);
            }
            assert!(intake.is_empty());
            assert_eq!(intake.pop(NO_WAIT), Item::Quiet);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
    }

    #[test]
    fn what_fits_nowhere_is_counted_at_its_place() {
        for directory in [None, Some(tempfile::tempdir().unwrap())] {
            let path = directory.as_ref().map(|directory| directory.path().to_owned());
            let intake = Intake::with_bounds(path, 10, 40);
            for _ in 0..10 {
                intake.push(Source::Output, time(), b"12345");
            }
            intake.close();
            let mut taken = 0;
            let lost = loop {
                match intake.pop(NO_WAIT) {
                    Item::Chunk { bytes, .. } => taken += bytes.len() as u64,
                    Item::Lost(bytes) => break bytes,
                    other => panic!("{other:?}"),
                }
            };
            assert_eq!(taken + lost, 50);
            assert_eq!(taken, if directory.is_some() { 20 } else { 10 });
            assert_eq!(intake.pop(NO_WAIT), Item::End);
        }
    }
}
