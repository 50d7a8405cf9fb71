//! What a parser says about the output that it read.

use miyabi_shared::event::{ProgressEvent, ResultEvent, StepEvent};
use miyabi_shared::limits;

use crate::model::cut;

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A finished line for the log: valid UTF-8 without escape sequences, redraws folded into the last state. A
    /// line longer than [`LINE_BYTES`](crate::LINE_BYTES) comes in pieces of that size, with `…` at each cut.
    Line(String),
    /// The job came further. Carries everything known, so that an event which gets lost is made up for by the next.
    Progress(ProgressEvent),
    /// A step changed.
    Step(StepEvent),
    /// The tool itself says how it ended. A command's exit code outranks it.
    Result(ResultEvent),
}

impl Change {
    /// The change within the limits that the API holds its callers to; `None` where nothing is left of it.
    pub(crate) fn limited(mut self) -> Option<Self> {
        match &mut self {
            Self::Line(_) => {}
            Self::Progress(progress) => {
                shorten_option(&mut progress.phase, limits::MESSAGE_CHARACTERS);
                shorten_option(&mut progress.message, limits::MESSAGE_CHARACTERS);
                shorten_option(&mut progress.source, limits::NAME_CHARACTERS);
                shorten_option(&mut progress.source_reason, limits::NAME_CHARACTERS);
            }
            Self::Step(step) => {
                if step.name.trim().is_empty() {
                    return None;
                }
                if step.kind.trim().is_empty() {
                    "step".clone_into(&mut step.kind);
                }
                shorten(&mut step.name, limits::NAME_CHARACTERS);
                shorten(&mut step.kind, limits::NAME_CHARACTERS);
                shorten_option(&mut step.message, limits::MESSAGE_CHARACTERS);
            }
            Self::Result(result) => shorten_option(&mut result.message, limits::MESSAGE_CHARACTERS),
        }
        Some(self)
    }
}

fn shorten(text: &mut String, characters: usize) {
    // A character has at least a byte: most texts need no counting.
    if text.len() > characters {
        *text = cut(text, characters);
    }
}

fn shorten_option(text: &mut Option<String>, characters: usize) {
    if let Some(text) = text {
        shorten(text, characters);
    }
}
