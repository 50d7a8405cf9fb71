//! Numbers what happens to a task, so that two roads and any repetition carry one story.

use miyabi_shared::event::{EventBody, ResultEvent, TaskEvent};
use miyabi_shared::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::change::Change;

/// Counts the events of one attempt, from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequencer {
    attempt: u32,
    next: u64,
}

impl Sequencer {
    /// Begins `attempt` (from 1) with sequence 1.
    pub fn new(attempt: u32) -> Self {
        Self { attempt: attempt.max(1), next: 1 }
    }

    /// Goes on in `attempt` after `sequence`.
    pub fn after(attempt: u32, sequence: u64) -> Self {
        Self { attempt: attempt.max(1), next: sequence.saturating_add(1).max(1) }
    }

    /// The attempt that is counted.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The sequence of the last event, 0 before the first.
    pub fn sequence(&self) -> u64 {
        self.next - 1
    }

    /// The next event, with `body`.
    pub fn event(&mut self, body: EventBody, time: Timestamp) -> TaskEvent {
        let sequence = self.next;
        self.next = self.next.saturating_add(1);
        TaskEvent { attempt: self.attempt, sequence, time, body }
    }

    /// The event that starts the attempt.
    pub fn started(&mut self, time: Timestamp) -> TaskEvent {
        self.event(EventBody::Started {}, time)
    }

    /// The event for a parser's change; none for a line, which is log and no event.
    pub fn change(&mut self, change: Change, time: Timestamp) -> Option<TaskEvent> {
        let body = match change {
            Change::Line(_) => return None,
            Change::Progress(progress) => EventBody::Progress(progress),
            Change::Step(step) => EventBody::Step(step),
            Change::Result(result) => EventBody::Result(result),
        };
        Some(self.event(body, time))
    }

    /// The event that ends the attempt.
    pub fn result(&mut self, result: ResultEvent, time: Timestamp) -> TaskEvent {
        self.event(EventBody::Result(result), time)
    }
}

#[cfg(test)]
mod tests {
    use miyabi_shared::event::ProgressEvent;

    use super::*;

    #[test]
    fn events_are_counted_from_one_and_lines_are_not_events() {
        let time = Timestamp::from_millis(1);
        let mut sequencer = Sequencer::new(2);
        assert_eq!(sequencer.sequence(), 0);
        assert_eq!((sequencer.started(time).attempt, sequencer.sequence()), (2, 1));
        assert_eq!(sequencer.change(Change::Line("a".to_owned()), time), None);
        let event = sequencer.change(Change::Progress(ProgressEvent::default()), time).unwrap();
        assert_eq!((event.attempt, event.sequence), (2, 2));
        assert_eq!(Sequencer::after(2, 2), sequencer);
    }
}
