//! The road of `miyabi run`: control lines that carry numbered events, each of which says everything itself. They come a
//! second time over HTTP; whichever is first wins, so nothing has to be remembered here.

use miyabi_progress::control_line::{self, ControlBody, ControlLine, Run};
use miyabi_shared::TaskEvent;

use crate::limit::{limited, logged_at};
use crate::payload::LogEvent;

/// The control lines of a batch.
#[derive(Debug, Default)]
pub(crate) struct ControlLines {
    /// Events that carry their number, in the order of the lines.
    pub(crate) events: Vec<TaskEvent>,
    /// The first line that says what the task is.
    pub(crate) run: Option<Run>,
    /// How many cannot be read.
    pub(crate) unreadable: u64,
}

impl ControlLines {
    /// Finds them among `events`.
    pub(crate) fn find(events: &[LogEvent]) -> Self {
        let mut found = Self::default();
        for event in events {
            for line in event.message.split(|byte| *byte == b'\n') {
                // Almost every line is none, and is passed over without looking for characters.
                if !contains_prefix(line) {
                    continue;
                }
                match control_line::parse(String::from_utf8_lossy(line).trim()) {
                    None => {}
                    Some(Err(_)) => found.unreadable += 1,
                    Some(Ok(line)) => found.take(&line, event.timestamp),
                }
            }
        }
        found
    }

    fn take(&mut self, line: &ControlLine, timestamp: i64) {
        if let ControlBody::Run(run) = &line.body
            && self.run.is_none()
        {
            self.run = Some(run.clone());
        }
        let logged_at = logged_at(timestamp);
        self.events.extend(line.to_event(logged_at).map(|event| limited(event, logged_at)));
    }
}

fn contains_prefix(line: &[u8]) -> bool {
    let prefix = control_line::PREFIX.as_bytes();
    line.trim_ascii_start().starts_with(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(messages: &[&str]) -> ControlLines {
        let events: Vec<_> = messages
            .iter()
            .map(|message| LogEvent {
                timestamp: 1_795_322_123_456,
                message: message.as_bytes().to_vec(),
                ..LogEvent::default()
            })
            .collect();
        ControlLines::find(&events)
    }

    #[test]
    fn numbered_lines_are_events_and_the_run_line_says_what_the_task_is() {
        let found = find(&[
            "##miyabi[run attempt=1 sequence=1 time=1795322123456 project=web type=cdk-deploy name=\"npx cdk\"]",
            "MiyabiWebUIStack | 15/29 | CREATE_COMPLETE",
            "text\n##miyabi[progress attempt=1 sequence=2 time=1795322123500 current=15 total=29]\r\nmore",
        ]);
        let sequences: Vec<_> = found.events.iter().map(|event| event.sequence).collect();
        assert_eq!((sequences, found.unreadable), (vec![1, 2], 0));
        let run = found.run.unwrap();
        assert_eq!((run.project.unwrap().as_str(), run.name.unwrap().as_str()), ("web", "npx cdk"));
    }

    #[test]
    fn a_line_without_a_number_is_no_event_and_one_that_is_broken_is_counted() {
        let found =
            find(&["##miyabi[progress current=15 total=29]", "##miyabi[progress attempt=x", "##miyabi["]);
        assert!(found.events.is_empty());
        assert!(found.unreadable >= 1, "{found:?}");
    }
}
