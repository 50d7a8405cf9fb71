//! The road of plain text: what a tool prints, parsed line by line, with a memory of where that was.

use miyabi_progress::{Change, Parser};
use miyabi_shared::Timestamp;

use crate::limit::{limited, logged_at};
use crate::memory::{Digest, Memory, digest};
use crate::payload::LogEvent;

/// Most events in one outbox: what the store writes at once.
const OUTBOX_EVENTS: usize = 48;
/// Bytes of text in one outbox after which it is full. With 4 kB for the last event on top, and the parser and the lines
/// that are remembered beside it, it stays below what the table takes.
const OUTBOX_BYTES: usize = 24 * 1024;

/// One line of a batch.
#[derive(Debug)]
pub(crate) struct Line<'batch> {
    digest: Option<Digest>,
    at: Timestamp,
    text: &'batch [u8],
}

/// The lines of a batch in the order of their time. A log event may hold several.
pub(crate) fn lines(events: &[LogEvent]) -> Vec<Line<'_>> {
    let mut ordered: Vec<_> = events.iter().collect();
    // Stable: of lines with one time, the first to come is the first.
    ordered.sort_by_key(|event| event.timestamp);
    ordered
        .into_iter()
        .flat_map(|event| {
            let message = event.message.strip_suffix(b"\n").unwrap_or(&event.message);
            message.split(|byte| *byte == b'\n').enumerate().map(|(index, text)| Line {
                digest: (!event.id.is_empty()).then(|| digest(&[event.id.as_bytes(), &index.to_le_bytes()])),
                at: logged_at(event.timestamp),
                text,
            })
        })
        .collect()
}

/// The digest of a whole batch, where its lines have digests.
pub(crate) fn batch_digest(lines: &[Line<'_>]) -> Option<Digest> {
    let digests: Option<Vec<_>> = lines.iter().map(|line| line.digest.map(u64::to_le_bytes)).collect();
    digests.map(|digests| digest(&[digests.as_flattened()]))
}

/// What became of some lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Read {
    /// How many lines are done with.
    pub(crate) lines: usize,
    /// How many of them had been read before.
    pub(crate) duplicates: usize,
}

/// Reads lines, from the first one on, until all are read or the outbox is full. The outbox must have been applied: it is
/// replaced.
pub(crate) fn read(memory: &mut Memory, lines: &[Line<'_>]) -> Read {
    let mut parser = Parser::from_state(memory.parser.clone());
    let mut outbox = Vec::new();
    let mut bytes = 0;
    let mut read = Read::default();
    for line in lines {
        if outbox.len() >= OUTBOX_EVENTS || bytes >= OUTBOX_BYTES {
            break;
        }
        read.lines += 1;
        if line.digest.is_some_and(|digest| memory.knows(digest)) {
            read.duplicates += 1;
            continue;
        }
        if memory.sequencer.sequence() == 0 {
            outbox.push(memory.sequencer.started(line.at));
        }
        let sequencer = &mut memory.sequencer;
        let mut sink = |change: Change| {
            if let Some(event) = sequencer.change(change, line.at) {
                let event = limited(event, line.at);
                bytes += serde_json::to_vec(&event).map_or(0, |json| json.len());
                outbox.push(event);
            }
        };
        parser.push(line.text, line.at, &mut sink);
        parser.push(b"\n", line.at, &mut sink);
        if let Some(digest) = line.digest {
            memory.note(digest);
        }
    }
    memory.parser = parser.state();
    memory.outbox = outbox;
    read
}
