//! What is remembered of a log stream between calls: where the parser is, which lines it has read, and which events came of
//! them. It is saved before the events are applied, under a condition on its version: so that of two calls at the same time
//! only one goes on, and that a call which dies in between leaves its events to the next one (the outbox).

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use miyabi_progress::{Format, Parser, ParserState, Sequencer};
use miyabi_shared::TaskEvent;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// Lines that are remembered one by one.
const LINES: usize = 512;
/// Batches that are remembered with how far they were read. A batch that is delivered again is mostly the same one.
const BATCHES: usize = 32;

/// A short name of a line or a batch. 64 bits: among the 512 that are compared, a mistake is one in 10^16.
pub(crate) type Digest = u64;

/// The digest of `parts`.
pub(crate) fn digest(parts: &[&[u8]]) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let bytes = hash.finalize();
    bytes.iter().take(8).fold(0, |digest, byte| digest << 8 | u64::from(*byte))
}

/// What is remembered of one log stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Memory {
    /// Whether numbered events were seen: then text is not parsed any more.
    pub(crate) numbered: bool,
    pub(crate) parser: ParserState,
    pub(crate) sequencer: Sequencer,
    /// The events of the last save. Whoever loads this applies them first: they may not have been.
    pub(crate) outbox: Vec<TaskEvent>,
    lines: Digests,
    batches: VecDeque<(Digest, usize)>,
}

impl Memory {
    /// Of a stream that was never read.
    pub(crate) fn new() -> Self {
        Self {
            numbered: false,
            parser: Parser::new(Format::Auto).state(),
            sequencer: Sequencer::new(1),
            outbox: Vec::new(),
            lines: Digests::default(),
            batches: VecDeque::new(),
        }
    }

    /// Of a stream whose memory was lost after its task had come as far as `attempt` and `sequence`.
    pub(crate) fn lost(attempt: u32, sequence: u64) -> Self {
        Self { sequencer: Sequencer::after(attempt, sequence), ..Self::new() }
    }

    /// How many lines of that batch were read.
    pub(crate) fn read_of(&self, batch: Digest) -> usize {
        self.batches.iter().find(|(known, _)| *known == batch).map_or(0, |(_, read)| *read)
    }

    /// Notes that the first `read` lines of that batch were read.
    pub(crate) fn note_read(&mut self, batch: Digest, read: usize) {
        self.batches.retain(|(known, _)| *known != batch);
        self.batches.push_back((batch, read));
        if self.batches.len() > BATCHES {
            self.batches.pop_front();
        }
    }

    /// Whether that line was read.
    pub(crate) fn knows(&self, line: Digest) -> bool {
        self.lines.0.contains(&line)
    }

    /// Notes that that line was read.
    pub(crate) fn note(&mut self, line: Digest) {
        self.lines.0.push_back(line);
        if self.lines.0.len() > LINES {
            self.lines.0.pop_front();
        }
    }
}

/// Digests, saved as base64: a third of what they take as numbers in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Digests(VecDeque<Digest>);

impl Serialize for Digests {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|digest| digest.to_le_bytes()).collect();
        serializer.serialize_str(&STANDARD_NO_PAD.encode(bytes))
    }
}

impl<'de> Deserialize<'de> for Digests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(serde::de::Error::custom)?;
        let (digests, _) = bytes.as_chunks();
        Ok(Self(digests.iter().map(|digest| Digest::from_le_bytes(*digest)).collect()))
    }
}

#[cfg(test)]
mod tests {
    use miyabi_shared::Timestamp;

    use super::*;

    #[test]
    fn a_memory_survives_the_way_to_the_table_and_back_and_stays_small() {
        let mut memory = Memory::new();
        for line in 0..2000_u64 {
            memory.note(digest(&[&line.to_le_bytes()]));
            memory.note_read(line % 100, 7);
        }
        memory.outbox = vec![memory.sequencer.started(Timestamp::from_millis(1))];
        let json = serde_json::to_string(&memory).unwrap();
        assert!(json.len() < 8 * 1024, "{}", json.len());
        let back: Memory = serde_json::from_str(&json).unwrap();
        assert_eq!(back.lines, memory.lines);
        assert_eq!(back.batches, memory.batches);
        assert_eq!(back.outbox, memory.outbox);
        assert!(back.knows(digest(&[&1999_u64.to_le_bytes()])));
        assert!(!back.knows(digest(&[&1_u64.to_le_bytes()])));
        assert_eq!((back.read_of(99), back.read_of(1)), (7, 0));
    }

    #[test]
    fn parts_cannot_be_cut_in_another_way_to_the_same_digest() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
    }
}
