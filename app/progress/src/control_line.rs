//! Events as lines of a log: `##miyabi[progress current=15 total=29 phase=deploy]`.
//!
//! `miyabi run` writes them, numbered, between the lines of the command's output, so that the log alone tells the whole
//! story. Programs and people may print them too, without numbers, and then need not be exact:
//! `##miyabi[progress 15/29]`, `##miyabi[progress 52% packing]`, `##miyabi[result failed] no space left`.
//!
//! # Syntax
//! `##miyabi[KIND KEY=VALUE …]`, where KIND is `run`, `heartbeat`, `progress`, `step` or `result`. A VALUE holds no blank, quote, backslash or
//! bracket, or is double-quoted with the escapes `\"`, `\\`, `\n`, `\r`, `\t`, `\]`, `\[` and `\u001b`. Unknown keys are ignored, so
//! that newer writers do not stop older readers.

mod fields;
mod read;
mod write;

use std::collections::BTreeMap;

use miyabi_shared::event::{EventBody, ProgressEvent, ResultEvent, StepEvent, TaskEvent};
use miyabi_shared::id::{ProjectId, TaskType};
use miyabi_shared::timestamp::Timestamp;

use crate::change::Change;

pub use read::{ControlLineError, parse};
pub use write::format;

/// What every control line begins with.
pub const PREFIX: &str = "##miyabi[";

/// One control line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlLine {
    /// Its place among the task's events; `None` when someone printed it without one.
    pub stamp: Option<Stamp>,
    /// What it says.
    pub body: ControlBody,
}

/// The place of a control line among the task's events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Which attempt it belongs to, from 1.
    pub attempt: u32,
    /// Its place in the attempt, from 1, rising.
    pub sequence: u64,
    /// When it happened; `None` means the time of the log event.
    pub time: Option<Timestamp>,
}

/// What a control line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlBody {
    /// An attempt begins, and this is what the task is.
    Run(Run),
    /// The job is still at work.
    Heartbeat,
    /// The job came further.
    Progress(ProgressEvent),
    /// A step changed.
    Step(StepEvent),
    /// The job ended.
    Result(ResultEvent),
}

/// What the first line of an attempt says of the task.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The project that it belongs to.
    pub project: Option<ProjectId>,
    /// What kind of job it is.
    pub task_type: Option<TaskType>,
    /// What people call it.
    pub name: Option<String>,
    /// Free key-value pairs to find it by, written as `label.KEY=VALUE`.
    pub labels: BTreeMap<String, String>,
}

impl ControlLine {
    /// The first line of an attempt, which stands for `started` too.
    pub fn run(started: &TaskEvent, run: Run) -> Self {
        Self { stamp: Some(Stamp::of(started)), body: ControlBody::Run(run) }
    }

    /// The line for `event`. A `started` becomes a `run` line without a description.
    pub fn from_event(event: &TaskEvent) -> Self {
        let body = match &event.body {
            EventBody::Started {} => ControlBody::Run(Run::default()),
            EventBody::Heartbeat {} => ControlBody::Heartbeat,
            EventBody::Progress(progress) => ControlBody::Progress(progress.clone()),
            EventBody::Step(step) => ControlBody::Step(step.clone()),
            EventBody::Result(result) => ControlBody::Result(result.clone()),
        };
        Self { stamp: Some(Stamp::of(event)), body }
    }

    /// The event that the line stands for, where it is numbered; `logged_at` where it has no time of its own.
    pub fn to_event(&self, logged_at: Timestamp) -> Option<TaskEvent> {
        let stamp = self.stamp?;
        let body = match &self.body {
            ControlBody::Run(_) => EventBody::Started {},
            ControlBody::Heartbeat => EventBody::Heartbeat {},
            ControlBody::Progress(progress) => EventBody::Progress(progress.clone()),
            ControlBody::Step(step) => EventBody::Step(step.clone()),
            ControlBody::Result(result) => EventBody::Result(result.clone()),
        };
        Some(TaskEvent {
            attempt: stamp.attempt,
            sequence: stamp.sequence,
            time: stamp.time.unwrap_or(logged_at),
            body,
        })
    }

    /// The change that the line stands for, whether it is numbered or not; none for `run` and `heartbeat`.
    pub fn to_change(&self) -> Option<Change> {
        match &self.body {
            ControlBody::Run(_) | ControlBody::Heartbeat => None,
            ControlBody::Progress(progress) => Some(Change::Progress(progress.clone())),
            ControlBody::Step(step) => Some(Change::Step(step.clone())),
            ControlBody::Result(result) => Some(Change::Result(result.clone())),
        }
    }
}

impl Stamp {
    fn of(event: &TaskEvent) -> Self {
        Self { attempt: event.attempt, sequence: event.sequence, time: Some(event.time) }
    }
}
