//! One piece of a spool's lines: written once, read once, then deleted or dropped.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use miyabi_shared::Timestamp;

use super::record::{self, Kind};

/// A place between two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Position {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
}

/// Where a segment's bytes are.
#[derive(Debug)]
pub(super) enum Body {
    File(PathBuf),
    Memory(Vec<u8>),
}

/// What gave way in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Gap {
    pub(super) lines: u64,
    pub(super) bytes: u64,
}

/// One piece of a spool's lines.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) id: u64,
    pub(super) body: Body,
    /// Bytes that can be read.
    pub(super) length: u64,
    /// Lines of output in it, and their bytes.
    pub(super) output: Gap,
    /// Control lines in it.
    pub(super) controls: u64,
    pub(super) first: Option<Timestamp>,
    /// What gave way here, where something did: its first record says so.
    pub(super) gap: Option<Gap>,
}

pub(super) fn file_name(directory: &Path, id: u64) -> PathBuf {
    directory.join(format!("log-{id:010}.segment"))
}

pub(super) fn id_of(path: &Path) -> Option<u64> {
    path.file_name()?.to_str()?.strip_prefix("log-")?.strip_suffix(".segment")?.parse().ok()
}

impl Segment {
    pub(super) fn new(id: u64, body: Body) -> Self {
        Self { id, body, length: 0, output: Gap::default(), controls: 0, first: None, gap: None }
    }

    /// Reads a file that another process left; what a crash cut off at its end is left out.
    pub(super) fn scan(id: u64, path: PathBuf) -> io::Result<Self> {
        let bytes = fs::read(&path)?;
        let mut segment = Self::new(id, Body::File(path));
        let mut rest = &bytes[..];
        while let Some((record, length)) = record::decode(rest) {
            if segment.length == 0 && record.kind == Kind::Control {
                segment.gap = parse_gap_line(&record.text);
            }
            segment.count(record.kind, record.time, record.text.len());
            segment.length += length as u64;
            rest = &rest[length..];
        }
        Ok(segment)
    }

    /// Counts a record.
    pub(super) fn count(&mut self, kind: Kind, time: Timestamp, bytes: usize) {
        self.first.get_or_insert(time);
        match kind {
            Kind::Control => self.controls += 1,
            Kind::Output => {
                self.output.lines += 1;
                self.output.bytes += bytes as u64;
            }
        }
    }

    /// At most `limit` bytes from `offset` on.
    pub(super) fn bytes(&self, offset: u64, limit: u64) -> io::Result<Vec<u8>> {
        let wanted = self.length.saturating_sub(offset).min(limit);
        match &self.body {
            Body::File(path) => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(offset))?;
                let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
                file.take(wanted).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Body::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let end =
                    start.saturating_add(usize::try_from(wanted).unwrap_or(usize::MAX)).min(bytes.len());
                Ok(bytes[start..end].to_vec())
            }
        }
    }

    /// The encoded control lines in it.
    fn control_lines(&self) -> Vec<u8> {
        if self.controls == 0 {
            return Vec::new();
        }
        let Ok(bytes) = self.bytes(0, self.length) else { return Vec::new() };
        let mut kept = Vec::new();
        let mut rest = &bytes[..];
        // The first line of a gap says what gave way; whoever asks writes a new one.
        let mut skip = self.gap.is_some();
        while let Some((line, length)) = record::decode(rest) {
            if line.kind == Kind::Control && !std::mem::take(&mut skip) {
                record::encode(&mut kept, line.kind, line.time, &line.text);
            }
            rest = &rest[length..];
        }
        kept
    }

    /// Lets its output give way to one line that says how much it was.
    pub(super) fn drop_output(&mut self) {
        let time = self.first.unwrap_or(Timestamp::from_millis(0));
        let mut gap = self.gap.unwrap_or_default();
        gap.lines += self.output.lines;
        gap.bytes += self.output.bytes;
        let controls = self.control_lines();
        self.replace(gap, time, &controls);
    }

    /// Takes in what `next` lost and kept; `next` is no longer needed.
    pub(super) fn absorb(&mut self, next: &Segment) {
        let time = self.first.unwrap_or(Timestamp::from_millis(0));
        let (mut gap, more) = (self.gap.unwrap_or_default(), next.gap.unwrap_or_default());
        gap.lines += more.lines;
        gap.bytes += more.bytes;
        let mut controls = self.control_lines();
        controls.extend_from_slice(&next.control_lines());
        let count = self.controls - 1 + next.controls - 1;
        self.replace(gap, time, &controls);
        self.controls = count + 1;
    }

    fn replace(&mut self, gap: Gap, time: Timestamp, controls: &[u8]) {
        let mut bytes = Vec::with_capacity(controls.len() + 200);
        record::encode(&mut bytes, Kind::Control, time, &gap_line(gap));
        bytes.extend_from_slice(controls);
        self.length = bytes.len() as u64;
        self.controls += u64::from(self.gap.is_none());
        self.output = Gap::default();
        self.gap = Some(gap);
        if let Body::File(path) = &self.body {
            let new = path.with_extension("new");
            if fs::write(&new, &bytes).and_then(|()| fs::rename(&new, path)).is_ok() {
                return;
            }
            let _ = fs::remove_file(path);
        }
        self.body = Body::Memory(bytes);
    }

    /// Deletes its file.
    pub(super) fn remove(&self) {
        if let Body::File(path) = &self.body {
            let _ = fs::remove_file(path);
        }
    }
}

const GAP_PREFIX: &str = "[miyabi] output left out: ";

/// The line that stands for output that gave way.
pub(crate) fn gap_line(gap: Gap) -> String {
    format!(
        "{GAP_PREFIX}{} lines, {} bytes; more was printed than could be sent and kept",
        gap.lines, gap.bytes
    )
}

fn parse_gap_line(line: &str) -> Option<Gap> {
    let (lines, rest) = line.strip_prefix(GAP_PREFIX)?.split_once(" lines, ")?;
    let (bytes, _) = rest.split_once(" bytes")?;
    Some(Gap { lines: lines.parse().ok()?, bytes: bytes.parse().ok()? })
}
