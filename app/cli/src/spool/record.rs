//! How one line lies in a segment: length, kind, time, bytes. A record that was cut by a crash is seen as such.

use std::time::Duration;

use miyabi_shared::Timestamp;

/// A clock that is set back by less than this only stands still, so that lines keep their order. One that is set back by more was
/// wrong before: what comes then has its own time, as the service refuses what is hours ahead.
pub(crate) const SET_BACK: Duration = Duration::from_secs(60);

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A line of the command's output: may be dropped when the spool is full.
    Output,
    /// A control line, or a line that says what was dropped: never dropped.
    Control,
}

/// One line for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) kind: Kind,
    pub(crate) time: Timestamp,
    pub(crate) text: String,
}

/// Bytes of a record beside its text.
pub(crate) const HEADER: usize = 13;

/// Appends the record to `buffer`.
pub(crate) fn encode(buffer: &mut Vec<u8>, kind: Kind, time: Timestamp, text: &str) {
    // Lines come in pieces of at most 64 kB; what is longer in spite of that would be cut by the batcher.
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    buffer.extend_from_slice(&length.to_le_bytes());
    buffer.push(match kind {
        Kind::Output => 0,
        Kind::Control => 1,
    });
    buffer.extend_from_slice(&time.as_millis().to_le_bytes());
    buffer.extend_from_slice(&text.as_bytes()[..length as usize]);
}

/// The record at the start of `bytes` and its whole length; `None` where it is not all there.
pub(crate) fn decode(bytes: &[u8]) -> Option<(Record, usize)> {
    let length = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize;
    let kind = if *bytes.get(4)? == 0 { Kind::Output } else { Kind::Control };
    let time = Timestamp::from_millis(i64::from_le_bytes(bytes.get(5..HEADER)?.try_into().ok()?));
    let text = bytes.get(HEADER..HEADER.checked_add(length)?)?;
    Some((Record { kind, time, text: String::from_utf8_lossy(text).into_owned() }, HEADER + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_and_a_cut_one_does_not() {
        let mut bytes = Vec::new();
        encode(&mut bytes, Kind::Output, Timestamp::from_millis(-5), "häl");
        let first = bytes.len();
        encode(&mut bytes, Kind::Control, Timestamp::from_millis(7), "");
        let (record, length) = decode(&bytes).unwrap();
        assert_eq!((record.kind, record.time.as_millis(), record.text.as_str()), (Kind::Output, -5, "häl"));
        assert_eq!(length, first);
        assert_eq!(decode(&bytes[first..]).unwrap().0.kind, Kind::Control);
        for cut in 0..first {
            assert!(decode(&bytes[..cut]).is_none(), "{cut}");
        }
    }
}
