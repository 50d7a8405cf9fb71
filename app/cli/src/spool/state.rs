//! The state of a spool: segments, events, and how far both roads have come.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use miyabi_shared::{TaskEvent, Timestamp};

use super::record::{self, Kind, Record, SET_BACK};
use super::segment::{Body, Gap, Position, Segment, file_name, id_of};
use super::{Remaining, UNSENT_BYTES_IN_MEMORY, is_result};

const EVENTS: &str = "events.jsonl";
const SENT: &str = "sent";
/// Lines are gathered up to this size before they go to the file.
const BUFFER_BYTES: usize = 64 << 10;
/// How much is read for one batch; a batch is at most 1 MB.
const READ_BYTES: u64 = 2 << 20;

#[derive(Debug)]
pub(super) struct State {
    directory: Option<PathBuf>,
    limit: u64,
    segment_bytes: u64,
    /// Oldest first; the last one is written to while `file` or memory serves.
    segments: VecDeque<Segment>,
    next_segment: u64,
    /// The file of the last segment.
    file: Option<File>,
    buffer: Vec<u8>,
    buffered: Vec<(Kind, Timestamp, usize)>,
    /// How far the first segment is delivered.
    offset: u64,
    /// The segment that a sender has begun.
    reading: Option<u64>,
    last_time: Timestamp,
    events: VecDeque<TaskEvent>,
    events_file: Option<File>,
    /// Whether anything was written since the senders were told.
    dirty: bool,
    sequence_sent: u64,
    last_event: Option<(u64, Timestamp, bool)>,
    sent_file: Option<File>,
    dropped: Gap,
    finished: bool,
    trouble: Option<String>,
}

impl State {
    pub(super) fn new(directory: Option<PathBuf>, limit: u64, segment_bytes: u64) -> Self {
        let mut state = Self {
            directory,
            limit,
            segment_bytes: segment_bytes.max(1),
            segments: VecDeque::new(),
            next_segment: 1,
            file: None,
            buffer: Vec::new(),
            buffered: Vec::new(),
            offset: 0,
            reading: None,
            last_time: Timestamp::from_millis(0),
            events: VecDeque::new(),
            events_file: None,
            dirty: false,
            sequence_sent: 0,
            last_event: None,
            sent_file: None,
            dropped: Gap::default(),
            finished: false,
            trouble: None,
        };
        state.open_files();
        state
    }

    /// Reads what a run left behind.
    pub(super) fn load(directory: PathBuf, limit: u64, segment_bytes: u64) -> io::Result<Self> {
        let sent = fs::read_to_string(directory.join(SENT)).unwrap_or_default();
        let mut numbers = sent.split_whitespace().map(|number| number.parse().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        let (position, sequence) = (Position { segment: next(), offset: next() }, next());
        let mut ids: Vec<u64> =
            fs::read_dir(&directory)?.flatten().filter_map(|entry| id_of(&entry.path())).collect();
        ids.sort_unstable();
        let mut state = Self::new(Some(directory.clone()), limit, segment_bytes);
        // Numbers go on where they were, also when every file is delivered: a lower one counts as delivered.
        state.next_segment = position.segment.max(1);
        for id in ids {
            let path = file_name(&directory, id);
            if id < position.segment {
                let _ = fs::remove_file(&path);
                continue;
            }
            state.segments.push_back(Segment::scan(id, path)?);
            state.next_segment = id + 1;
        }
        if let Some(first) = state.segments.front() {
            state.offset = if first.id == position.segment { position.offset.min(first.length) } else { 0 };
        }
        state.last_time = Timestamp::now();
        state.sequence_sent = sequence;
        for line in fs::read_to_string(directory.join(EVENTS)).unwrap_or_default().lines() {
            // The last line may be cut by a crash.
            let Ok(event) = serde_json::from_str::<TaskEvent>(line) else { continue };
            state.last_event = Some((event.sequence, event.time, is_result(&event)));
            if event.sequence > sequence {
                state.events.push_back(event);
            }
        }
        Ok(state)
    }

    fn open_files(&mut self) {
        let Some(directory) = &self.directory else { return };
        let events = OpenOptions::new().create(true).append(true).open(directory.join(EVENTS));
        let sent = OpenOptions::new().create(true).truncate(false).write(true).open(directory.join(SENT));
        match (events, sent) {
            (Ok(events), Ok(sent)) => {
                self.events_file = Some(events);
                self.sent_file = Some(sent);
            }
            (Err(error), _) | (_, Err(error)) => self.broke(error.to_string()),
        }
    }

    pub(super) fn directory(&self) -> Option<&Path> {
        self.directory.as_deref()
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble.clone()
    }

    /// Notes that the disk does not serve; from now on memory does, with its own bound.
    pub(super) fn broke(&mut self, error: String) {
        self.trouble.get_or_insert(error);
        self.file = None;
    }

    pub(super) fn dropped(&self) -> (u64, u64) {
        (self.dropped.lines, self.dropped.bytes)
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    pub(super) fn append(&mut self, kind: Kind, time: Timestamp, text: &str) {
        let stands_still = self.last_time.since(time) < SET_BACK;
        let time = if stands_still { time.max(self.last_time) } else { time };
        self.last_time = time;
        record::encode(&mut self.buffer, kind, time, text);
        self.buffered.push((kind, time, text.len()));
        if self.buffer.len() >= BUFFER_BYTES {
            self.write_buffer();
        }
    }

    pub(super) fn append_event(&mut self, event: TaskEvent) {
        self.last_event = Some((event.sequence, event.time, is_result(&event)));
        if let (Some(file), Ok(mut line)) = (&mut self.events_file, serde_json::to_vec(&event)) {
            line.push(b'\n');
            if let Err(error) = file.write_all(&line) {
                self.events_file = None;
                self.trouble.get_or_insert(error.to_string());
            }
        }
        self.events.push_back(event);
        self.dirty = true;
    }

    /// Whether anything new can be sent now.
    pub(super) fn flush(&mut self) -> bool {
        self.write_buffer();
        std::mem::take(&mut self.dirty)
    }

    pub(super) fn finish(&mut self) {
        self.write_buffer();
        self.finished = true;
        self.file = None;
    }

    fn write_buffer(&mut self) {
        if self.buffer.is_empty() {
            return;
        }
        if self.segments.back().is_none_or(|last| last.length >= self.segment_bytes || last.gap.is_some())
            || (self.file.is_none()
                && matches!(self.segments.back(), Some(Segment { body: Body::File(_), .. })))
        {
            self.begin_segment();
        }
        if let Some(file) = &mut self.file
            && let Err(error) = file.write_all(&self.buffer)
        {
            // What was written in part is cut off; the whole buffer goes to memory.
            if let Some(last) = self.segments.back() {
                let _ = file.set_len(last.length);
            }
            self.broke(error.to_string());
            self.begin_segment();
        }
        if let Some(last) = self.segments.back_mut() {
            if let Body::Memory(bytes) = &mut last.body {
                bytes.extend_from_slice(&self.buffer);
            }
            last.length += self.buffer.len() as u64;
            for (kind, time, bytes) in self.buffered.drain(..) {
                last.count(kind, time, bytes);
            }
        }
        self.buffer.clear();
        self.dirty = true;
        self.keep_within_limit();
    }

    fn begin_segment(&mut self) {
        let id = self.next_segment;
        self.next_segment += 1;
        self.file = None;
        let body = match (&self.directory, &self.trouble) {
            (Some(directory), None) => {
                let path = file_name(directory, id);
                match OpenOptions::new().create(true).append(true).open(&path) {
                    Ok(file) => {
                        self.file = Some(file);
                        Body::File(path)
                    }
                    Err(error) => {
                        self.broke(error.to_string());
                        Body::Memory(Vec::new())
                    }
                }
            }
            _ => Body::Memory(Vec::new()),
        };
        self.segments.push_back(Segment::new(id, body));
    }

    fn unsent(&self) -> u64 {
        self.segments.iter().map(|segment| segment.length).sum::<u64>() - self.offset
    }

    /// Lets all output give way that nobody is sending.
    pub(super) fn give_way(&mut self) {
        self.write_buffer();
        while self.drop_oldest(true) {}
    }

    /// Lets the oldest output give way until the rest is within the bound.
    fn keep_within_limit(&mut self) {
        while self.is_over_limit() && self.drop_oldest(false) {}
    }

    /// Whether a segment counts for the bound. Without a disk only what is in memory does; what reached the disk before
    /// may stay there.
    fn counts(&self, segment: &Segment) -> bool {
        self.trouble.is_none() || matches!(segment.body, Body::Memory(_))
    }

    fn is_over_limit(&self) -> bool {
        if self.trouble.is_none() {
            return self.unsent() > self.limit;
        }
        let held: u64 =
            self.segments.iter().filter(|segment| self.counts(segment)).map(|segment| segment.length).sum();
        held > self.limit.min(UNSENT_BYTES_IN_MEMORY)
    }

    /// Lets the output of the oldest segment give way that has any; of the last one, which is written to, only where
    /// `last_too` says so. `false` where there is none.
    fn drop_oldest(&mut self, last_too: bool) -> bool {
        let begun = |segment: &Segment| self.reading == Some(segment.id);
        let candidate = self.segments.iter().enumerate().position(|(index, segment)| {
            self.counts(segment)
                && segment.gap.is_none()
                && segment.output.lines > 0
                && !begun(segment)
                && !(self.offset > 0 && index == 0)
        });
        let Some(index) = candidate else { return false };
        if index + 1 >= self.segments.len() && !last_too {
            return false;
        }
        // A gap that is being sent, or is sent in part, stays as it is.
        let before = index.checked_sub(1).and_then(|before| self.segments.get(before));
        let joins = before.is_some_and(|before| before.gap.is_some() && !begun(before))
            && (index > 1 || self.offset == 0);
        self.dropped.lines += self.segments[index].output.lines;
        self.dropped.bytes += self.segments[index].output.bytes;
        self.segments[index].drop_output();
        if joins && let Some(next) = self.segments.remove(index) {
            self.segments[index - 1].absorb(&next);
            next.remove();
        }
        true
    }

    pub(super) fn read(&mut self, take: &mut dyn FnMut(Record) -> bool) -> io::Result<Option<Position>> {
        self.skip_finished();
        let Some(first) = self.segments.front() else { return Ok(None) };
        let bytes = match first.bytes(self.offset, READ_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.segments.len() > 1 => {
                // Someone tidied up. What is gone is gone; the rest can still be sent.
                self.segments.pop_front();
                self.offset = 0;
                return self.read(take);
            }
            Err(error) => return Err(error),
        };
        let mut offset = self.offset;
        let mut rest = &bytes[..];
        while let Some((record, length)) = record::decode(rest) {
            if !take(record) {
                break;
            }
            rest = &rest[length..];
            offset += length as u64;
        }
        if offset == self.offset {
            return Ok(None);
        }
        self.reading = Some(first.id);
        Ok(Some(Position { segment: first.id, offset }))
    }

    pub(super) fn sent(&mut self, position: Position) {
        self.reading = None;
        if self.segments.front().is_some_and(|first| first.id == position.segment) {
            self.offset = position.offset;
        }
        self.skip_finished();
        self.write_sent();
    }

    /// Deletes the segments at the front that are delivered and no longer written to.
    fn skip_finished(&mut self) {
        while let Some(first) = self.segments.front() {
            let complete = self.segments.len() > 1 || self.finished;
            if self.offset < first.length || !complete {
                return;
            }
            first.remove();
            self.segments.pop_front();
            self.offset = 0;
        }
    }

    pub(super) fn events(&self, count: usize) -> Vec<TaskEvent> {
        self.events.iter().take(count).cloned().collect()
    }

    pub(super) fn events_sent(&mut self, sequence: u64) {
        while self.events.front().is_some_and(|event| event.sequence <= sequence) {
            self.events.pop_front();
        }
        self.sequence_sent = self.sequence_sent.max(sequence);
        self.write_sent();
    }

    pub(super) fn last_event(&self) -> Option<(u64, Timestamp, bool)> {
        self.last_event
    }

    pub(super) fn remaining(&self) -> Remaining {
        Remaining { bytes: self.unsent() + self.buffer.len() as u64, events: self.events.len() }
    }

    fn write_sent(&mut self) {
        let Some(file) = &self.sent_file else { return };
        let segment = self.segments.front().map_or(self.next_segment, |first| first.id);
        let line = format!("{segment:020} {:020} {:020}\n", self.offset, self.sequence_sent);
        // One write at one place: a killed process leaves the old line or the new one.
        if let Err(error) = file.write_all_at(line.as_bytes(), 0) {
            self.trouble.get_or_insert(error.to_string());
        }
    }
}
