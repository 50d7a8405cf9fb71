//! What calls answer, where it is no type of the contract.

use miyabi_shared::{Step, Task, Timestamp};
use serde::Deserialize;

/// A page of tasks.
#[derive(Debug, Clone, Deserialize)]
pub struct TaskPage {
    /// The tasks, newest first.
    pub tasks: Vec<Task>,
    /// Where the next page begins; none after the last.
    pub next_cursor: Option<String>,
}

/// A task and its steps.
#[derive(Debug, Clone, Deserialize)]
pub struct TaskDetail {
    /// The task.
    #[serde(flatten)]
    pub task: Task,
    /// Its steps, in the order in which they began.
    #[serde(default)]
    pub steps: Vec<Step>,
}

/// A line of a task's output.
#[derive(Debug, Clone, Deserialize)]
pub struct LogLine {
    /// When it was printed, as the API writes it (RFC 3339).
    pub timestamp: String,
    /// The line, without its end.
    pub message: String,
}

/// A page of a task's output.
#[derive(Debug, Clone, Deserialize)]
pub struct LogPage {
    /// The lines, oldest first.
    pub events: Vec<LogLine>,
    /// Where the next page begins, also at the end of what there is so far.
    pub next_cursor: Option<String>,
}

/// How the API is.
#[derive(Debug, Clone, Deserialize)]
pub struct Health {
    /// `ok`, or what it is instead.
    pub status: String,
    /// How its tables are, where the caller may know.
    pub table: Option<String>,
    /// How its cache is, where the caller may know.
    pub cache: Option<String>,
    /// The API's clock, in whole seconds.
    #[serde(skip)]
    pub time: Option<Timestamp>,
}

/// An answer that may be known already.
#[derive(Debug)]
pub enum Answer<T> {
    /// It is as it was.
    Unchanged,
    /// It is new, with its tag.
    New(T, Option<String>),
}
