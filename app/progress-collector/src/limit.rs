//! Events from a log, held within the limits that the API holds its callers to. A log cannot be refused, so what is too long
//! is cut.

use miyabi_progress::model;
use miyabi_shared::event::{EventBody, TaskEvent};
use miyabi_shared::{Timestamp, limits};

/// `event`, within the limits; `logged_at` where it has no time that history can hold.
pub(crate) fn limited(mut event: TaskEvent, logged_at: Timestamp) -> TaskEvent {
    if event.time.as_millis() <= 0 {
        event.time = logged_at;
    }
    event.attempt = event.attempt.max(1);
    event.sequence = event.sequence.clamp(1, limits::COUNT);
    match &mut event.body {
        EventBody::Started {} | EventBody::Heartbeat {} => {}
        EventBody::Progress(progress) => {
            progress.current = progress.current.map(|count| count.min(limits::COUNT));
            progress.total = progress.total.map(|count| count.min(limits::COUNT));
            cut_option(&mut progress.phase, limits::MESSAGE_CHARACTERS);
            cut_option(&mut progress.message, limits::MESSAGE_CHARACTERS);
            cut_option(&mut progress.source, limits::NAME_CHARACTERS);
            cut_option(&mut progress.source_reason, limits::NAME_CHARACTERS);
        }
        EventBody::Step(step) => {
            cut(&mut step.name, limits::NAME_CHARACTERS);
            cut(&mut step.kind, limits::NAME_CHARACTERS);
            cut_option(&mut step.message, limits::MESSAGE_CHARACTERS);
        }
        EventBody::Result(result) => cut_option(&mut result.message, limits::MESSAGE_CHARACTERS),
    }
    event
}

/// The time of a log event, as history can hold it.
pub(crate) fn logged_at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millis(milliseconds.max(1))
}

fn cut_option(text: &mut Option<String>, characters: usize) {
    if let Some(text) = text {
        cut(text, characters);
    }
}

fn cut(text: &mut String, characters: usize) {
    // A character has at least a byte: most texts need no counting.
    if text.len() > characters {
        *text = model::cut(text, characters);
    }
}
