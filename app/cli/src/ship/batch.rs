//! Batches within every rule of PutLogEvents: at most 1,048,576 bytes counting 26 for each event, 10,000 events,
//! chronological, and less than 24 hours from the first to the last.

use std::time::Duration;

use miyabi_shared::Timestamp;

use crate::spool::SET_BACK;

/// The most bytes of one batch.
pub(crate) const BYTES: usize = 1_048_576;
/// What each event counts beside its text.
pub(crate) const EVENT_OVERHEAD: usize = 26;
/// The most events of one batch.
pub(crate) const EVENTS: usize = 10_000;
/// A batch must span at most 24 hours.
pub(crate) const SPAN: Duration = Duration::from_secs(24 * 60 * 60);

/// The batch that is being filled.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    bytes: usize,
    first: Option<Timestamp>,
    lines: Vec<(Timestamp, String)>,
}

impl Batch {
    /// Takes one more line; `false`, and nothing taken, where it belongs to the next batch.
    pub(crate) fn take(&mut self, time: Timestamp, text: String) -> bool {
        // An event must not be empty.
        let text = if text.is_empty() { " ".to_owned() } else { text };
        // A batch must be in order; a line that is a little older by the clock is as old as the one before it.
        let last = self.lines.last().map_or(time, |(last, _)| *last);
        if last.since(time) >= SET_BACK {
            return false;
        }
        let time = time.max(last);
        let size = text.len() + EVENT_OVERHEAD;
        let fits = self.lines.len() < EVENTS
            && self.bytes + size <= BYTES
            && self.first.is_none_or(|first| time.since(first) < SPAN);
        if fits {
            self.first.get_or_insert(time);
            self.bytes += size;
            self.lines.push((time, text));
        }
        fits
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Whether waiting for more lines makes no sense.
    pub(crate) fn is_nearly_full(&self) -> bool {
        self.lines.len() >= EVENTS / 2 || self.bytes >= BYTES / 2
    }

    pub(crate) fn into_lines(self) -> Vec<(Timestamp, String)> {
        self.lines
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines() -> impl Strategy<Value = Vec<(i64, usize)>> {
        let length = prop_oneof![8 => 0..200_usize, 1 => 200_000..1_000_000_usize];
        let step = prop_oneof![8 => -50..500_i64, 1 => -200_000_000..200_000_000_i64];
        proptest::collection::vec((step, length), 0..300)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_batch_keeps_every_rule_and_no_line_is_lost(lines in lines()) {
            let mut time = 1_795_000_000_000_i64;
            let mut batches = vec![Batch::default()];
            for (index, (step, length)) in lines.iter().enumerate() {
                time += step;
                let text = format!("{index}:{}", "x".repeat(*length));
                let taken = batches.last_mut().unwrap().take(Timestamp::from_millis(time), text.clone());
                if !taken {
                    let mut next = Batch::default();
                    let taken = next.take(Timestamp::from_millis(time), text);
                    prop_assert!(taken, "an empty batch takes any line");
                    batches.push(next);
                }
            }
            let mut index = 0;
            for batch in batches {
                let taken = batch.into_lines();
                prop_assert!(taken.len() <= EVENTS);
                prop_assert!(taken.iter().map(|(_, text)| text.len() + EVENT_OVERHEAD).sum::<usize>() <= BYTES);
                prop_assert!(taken.is_sorted_by_key(|(time, _)| *time));
                if let (Some(first), Some(last)) = (taken.first(), taken.last()) {
                    prop_assert!(last.0.since(first.0) < SPAN);
                }
                for (_, text) in taken {
                    let start = format!("{index}:");
                    prop_assert!(text.starts_with(&start), "{} begins otherwise", start);
                    index += 1;
                }
            }
            prop_assert_eq!(index, lines.len());
        }
    }

    #[test]
    fn ten_thousand_empty_lines_fill_a_batch_and_none_is_empty_in_it() {
        let mut batch = Batch::default();
        for _ in 0..EVENTS {
            assert!(batch.take(Timestamp::from_millis(0), String::new()));
        }
        assert!(!batch.take(Timestamp::from_millis(0), String::new()));
        assert!(batch.into_lines().iter().all(|(_, text)| text == " "));
    }
}
