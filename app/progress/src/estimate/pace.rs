//! How a run went so far: its rate, and which of its steps run. Kept beside the task, and as small as that asks for.

use miyabi_shared::event::{EventBody, StepEvent, TaskEvent};
use miyabi_shared::id::StepId;
use miyabi_shared::task::{StepStatus, Task};
use miyabi_shared::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use super::{History, Range, Rate};

/// Most running steps that are told apart. Of more it is not known when they are all over.
const STEPS: usize = 16;

/// What the events of one attempt say about its speed. Feed it with each event that changed the task.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Pace {
    #[serde(rename = "a", default)]
    attempt: u32,
    #[serde(rename = "r", default, skip_serializing_if = "is_default")]
    rate: Rate,
    /// Steps that run: hashes of their identifier and their kind, and their start in milliseconds.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    steps: Vec<(u32, u32, i64)>,
    /// There were more than are told apart.
    #[serde(rename = "m", default, skip_serializing_if = "std::ops::Not::not")]
    more: bool,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A hash that is the same on every machine and in every version, as what is kept needs.
pub(super) fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The steps that run.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) count: usize,
    /// Whether of each of them the duration was learnt.
    pub(super) is_all_known: bool,
    /// When the last of those is over of which it was.
    pub(super) range: Option<Range>,
}

impl Pace {
    /// Sees `event`, of which `task` is the outcome.
    pub fn observe(&mut self, task: &Task, event: &TaskEvent) {
        if task.attempt != self.attempt {
            *self = Self { attempt: task.attempt, ..Self::default() };
        }
        match &event.body {
            EventBody::Step(step) => self.step(step, event.time),
            EventBody::Progress(_) if task.progress.total.is_some() => {
                self.rate.observe(task.progress.current, task.progress.total, event.time);
            }
            EventBody::Progress(_) => self.rate = Rate::default(),
            EventBody::Result(_) => *self = Self::default(),
            EventBody::Started {} | EventBody::Heartbeat {} => {}
        }
    }

    fn step(&mut self, step: &StepEvent, at: Timestamp) {
        let id = |id: &StepId| hash(id.as_str());
        // A stack runs as long as what is in it.
        if let Some(parent) = step.parent_id.as_ref().map(id) {
            self.steps.retain(|(known, ..)| *known != parent);
        }
        let own = id(&step.step_id);
        let known = self.steps.iter().position(|(known, ..)| *known == own);
        match (step.status, known) {
            (StepStatus::Running, None) if self.steps.len() < STEPS => {
                self.steps.push((own, hash(&step.kind), at.as_millis()));
            }
            (StepStatus::Running, None) => self.more = true,
            (StepStatus::Running | StepStatus::Queued, _) | (_, None) => {}
            (_, Some(known)) => {
                self.steps.swap_remove(known);
            }
        }
    }

    pub(super) fn rate(&self) -> &Rate {
        &self.rate
    }

    pub(super) fn running(&self, history: &History, now: Timestamp) -> Running {
        let mut running = Running { count: self.steps.len(), is_all_known: !self.more, range: None };
        for (_, kind, started) in &self.steps {
            let elapsed = now.since(Timestamp::from_millis(*started)).as_secs_f64();
            match history.step_by_hash(*kind).and_then(|durations| durations.remaining(elapsed)) {
                None => running.is_all_known = false,
                Some(left) => {
                    running.range = Some(running.range.map_or(left, |range| range.at_least(left)));
                }
            }
        }
        running
    }
}
