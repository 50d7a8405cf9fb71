//! How long tasks and steps took: a mean and a spread of each, in a few bytes.

use std::collections::{BTreeMap, HashSet};

use miyabi_shared::task::{Step, StepStatus, Task, TaskStatus};
use serde::{Deserialize, Serialize};

use super::Range;
use super::pace::hash;

/// From how many runs on something is known.
const ENOUGH: u32 = 3;

/// The newest runs that count: older ones fade.
const MEMORY: u32 = 32;

/// Most kinds of steps that are kept: the slowest ones, for they decide.
const KINDS: usize = 48;

/// A step that is over sooner, in seconds, holds nothing up.
const SHORTEST_STEP: f64 = 1.0;

/// Longest name of a kind that is kept, in characters.
const KIND_CHARACTERS: usize = 96;

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
    #[serde(rename = "n")]
    pub count: u32,
    /// Their mean, in seconds.
    #[serde(rename = "m")]
    pub mean: f64,
    /// Their variance, in seconds squared.
    #[serde(rename = "v")]
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
        // A millisecond is exact enough, and short to write.
        let rounded = |number: f64| (number * 1000.0).round() / 1000.0;
        (self.mean, self.variance) = (rounded(self.mean), rounded(self.variance));
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

/// What was learnt of earlier tasks of one type. A few kilobytes of JSON at most.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// Of the tasks.
    #[serde(default)]
    task: Durations,
    /// Of their steps, by kind, such as a type of resource.
    #[serde(default)]
    steps: BTreeMap<String, Durations>,
}

impl History {
    /// Learns from a task that succeeded, and from those of its steps that did. Call it once for each task.
    pub fn learn(&mut self, task: &Task, steps: &[Step]) {
        if task.status == TaskStatus::Succeeded
            && let (Some(started), Some(finished)) = (task.started_at, task.finished_at)
        {
            self.task.learn(finished.since(started).as_secs_f64());
        }
        // A stack took as long as what was in it.
        let parents: HashSet<&str> =
            steps.iter().filter_map(|step| Some(step.parent_id.as_ref()?.as_str())).collect();
        for step in steps.iter().filter(|step| step.status == StepStatus::Succeeded) {
            if let (Some(started), Some(finished)) = (step.started_at, step.finished_at)
                && !parents.contains(step.step_id.as_str())
            {
                self.learn_step(&step.kind, finished.since(started).as_secs_f64());
            }
        }
    }

    fn learn_step(&mut self, kind: &str, seconds: f64) {
        if let Some(known) = self.steps.get_mut(kind) {
            known.learn(seconds);
            return;
        }
        if seconds < SHORTEST_STEP || kind.chars().nth(KIND_CHARACTERS).is_some() {
            return;
        }
        self.steps.entry(kind.to_owned()).or_default().learn(seconds);
        if self.steps.len() > KINDS {
            let quickest = self.steps.iter().min_by(|(_, one), (_, other)| one.mean.total_cmp(&other.mean));
            if let Some(kind) = quickest.map(|(kind, _)| kind.clone()) {
                self.steps.remove(&kind);
            }
        }
    }

    /// How long the tasks took.
    pub fn task(&self) -> &Durations {
        &self.task
    }

    /// How long steps of this kind took.
    pub fn step(&self, kind: &str) -> Option<&Durations> {
        self.steps.get(kind)
    }

    pub(super) fn step_by_hash(&self, kind: u32) -> Option<&Durations> {
        self.steps.iter().find(|(known, _)| hash(known) == kind).map(|(_, durations)| durations)
    }
}
