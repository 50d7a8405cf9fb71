//! What a parser says about the output that it read.

use miyabi_shared::event::{ProgressEvent, ResultEvent, StepEvent};

/// One thing that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A finished line for the log: valid UTF-8 without escape sequences, redraws folded into the last state. A
    /// line longer than [`LINE_BYTES`](crate::LINE_BYTES) comes in pieces of that size.
    Line(String),
    /// The job came further. Carries everything known, so that an event which gets lost is made up for by the next.
    Progress(ProgressEvent),
    /// A step changed.
    Step(StepEvent),
    /// The tool itself says how it ended. A command's exit code outranks it.
    Result(ResultEvent),
}
