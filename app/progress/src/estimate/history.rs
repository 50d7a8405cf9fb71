//! How long tasks and steps took: a mean and a spread of each type, in a few bytes.

use std::collections::BTreeMap;

use miyabi_shared::id::TaskType;
use miyabi_shared::task::{Step, StepStatus, Task, TaskStatus};
use serde::{Deserialize, Serialize};

use super::Range;

/// From how many runs on something is known.
const ENOUGH: u32 = 3;

/// The newest runs that count: older ones fade.
const MEMORY: u32 = 32;

/// Most types and kinds that are kept each; those seen least go first.
const KINDS: usize = 200;

/// A spread that is larger than this part of the mean says that nothing is known.
const WIDEST: f64 = 0.75;

/// The smallest spread that is believed, as a part of the mean.
const NARROWEST: f64 = 0.1;

/// How many standard deviations a range reaches: about nine of ten runs end within it.
const REACH: f64 = 1.65;

/// Durations of one type: their number, mean and spread.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Durations {
    /// How many there were; at most 32 count.
    pub count: u32,
    /// Their mean, in seconds.
    pub mean: f64,
    /// Their variance, in seconds squared.
    pub variance: f64,
}

impl Durations {
    /// Learns one more, in seconds. What is no duration is left out.
    pub fn learn(&mut self, seconds: f64) {
        if !seconds.is_finite() || !(0.0..=1e9).contains(&seconds) {
            return;
        }
        self.count = self.count.saturating_add(1).min(MEMORY);
        let weight = 1.0 / f64::from(self.count);
        let difference = seconds - self.mean;
        self.mean += difference * weight;
        self.variance = ((1.0 - weight) * (self.variance + weight * difference * difference)).max(0.0);
    }

    /// What is left after `elapsed` seconds; none where too little is known, or where it took longer than it ever does.
    pub(super) fn remaining(&self, elapsed: f64) -> Option<Range> {
        let sound = self.mean.is_finite() && self.variance.is_finite() && self.mean > 0.0;
        if self.count < ENOUGH || !sound {
            return None;
        }
        // Few runs say little about the spread.
        let count = f64::from(self.count);
        let sampled = self.variance.max(0.0) * count / (count - 1.0) * (1.0 + 1.0 / count);
        let deviation = sampled.sqrt().max(self.mean * NARROWEST);
        if deviation > self.mean * WIDEST || elapsed > self.mean + 2.0 * REACH * deviation {
            return None;
        }
        let left = |end: f64| (end - elapsed).max(0.0);
        let high =
            left(self.mean + 2.0 * REACH * deviation).min(left(self.mean + REACH * deviation).max(deviation));
        Some(Range { low: left(self.mean - REACH * deviation), likely: left(self.mean).min(high), high })
    }
}

/// What was learnt of earlier runs. Some kilobytes of JSON at most.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// By type of task.
    #[serde(default)]
    tasks: BTreeMap<String, Durations>,
    /// By kind of step, such as a type of resource.
    #[serde(default)]
    steps: BTreeMap<String, Durations>,
}

impl History {
    /// Learns from a task that succeeded, and from those of its steps that did. Call it once for each task.
    pub fn learn(&mut self, task: &Task, steps: &[Step]) {
        if task.status == TaskStatus::Succeeded
            && let (Some(started), Some(finished)) = (task.started_at, task.finished_at)
        {
            learn(&mut self.tasks, task.task_type.as_str(), finished.since(started).as_secs_f64());
        }
        for step in steps.iter().filter(|step| step.status == StepStatus::Succeeded) {
            if let (Some(started), Some(finished)) = (step.started_at, step.finished_at) {
                learn(&mut self.steps, &step.kind, finished.since(started).as_secs_f64());
            }
        }
    }

    /// How long tasks of this type took.
    pub fn task(&self, task_type: &TaskType) -> Option<&Durations> {
        self.tasks.get(task_type.as_str())
    }

    /// How long steps of this kind took.
    pub fn step(&self, kind: &str) -> Option<&Durations> {
        self.steps.get(kind)
    }
}

fn learn(all: &mut BTreeMap<String, Durations>, kind: &str, seconds: f64) {
    if !all.contains_key(kind) && all.len() >= KINDS {
        let rarest = all.iter().min_by_key(|(_, durations)| durations.count).map(|(kind, _)| kind.clone());
        rarest.and_then(|kind| all.remove(&kind));
    }
    all.entry(kind.to_owned()).or_default().learn(seconds);
}
