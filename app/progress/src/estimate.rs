//! When a task will be over: a range, or nothing where it would be a guess.
//!
//! What is learnt comes first: how long tasks of this type took, and steps of these kinds (`AWS::CloudFront::Distribution`
//! takes minutes, whatever the others took). The rate of this run comes next. Where both speak, the range is what they
//! agree on; where they contradict each other, this run is not like the ones before it, and its rate is believed. No
//! total and no history give no estimate, and neither does a run that overran everything learnt or that stands still.
//!
//! Pure: the caller says what time it is, and keeps [`History`] and [`Rate`], which are small and serialisable.

mod history;
mod rate;

use std::time::Duration;

use miyabi_shared::task::{Step, StepStatus, Task, TaskStatus};
use miyabi_shared::timestamp::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::SIDE_PHASES;

pub use self::history::{Durations, History};
pub use self::rate::Rate;

/// Longer than this is no estimate.
const LONGEST: f64 = 7.0 * 24.0 * 3600.0;

/// How long a task goes on from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Hardly shorter than this.
    pub low: Duration,
    /// As long as this, most likely.
    pub likely: Duration,
    /// Hardly longer than this.
    pub high: Duration,
    /// What it was made of.
    pub basis: Basis,
}

/// What an estimate was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// How long tasks of its type took.
    Tasks,
    /// How long steps of the kinds that run now took, and nothing comes after them.
    Steps,
    /// How fast this run is.
    Rate,
    /// How long tasks of its type took, and how fast this run is.
    Both,
}

/// A range in seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    low: f64,
    likely: f64,
    high: f64,
}

impl Range {
    /// The part of two ranges that both cover.
    fn common(self, other: Self) -> Option<Self> {
        let (low, high) = (self.low.max(other.low), self.high.min(other.high));
        let likely = ((self.likely + other.likely) / 2.0).clamp(low, high.max(low));
        (low <= high).then_some(Self { low, likely, high })
    }

    /// Not before what still runs is over.
    fn at_least(self, floor: Self) -> Self {
        Self {
            low: self.low.max(floor.low),
            likely: self.likely.max(floor.likely),
            high: self.high.max(floor.high),
        }
    }

    fn estimate(self, basis: Basis) -> Option<Estimate> {
        let sound = self.low.is_finite() && self.high.is_finite() && self.likely <= LONGEST;
        let duration = |seconds: f64| Duration::try_from_secs_f64(seconds.clamp(0.0, 4.0 * LONGEST)).ok();
        let (low, likely, high) = (duration(self.low)?, duration(self.likely)?, duration(self.high)?);
        sound.then_some(Estimate { low: low.min(likely), likely, high: high.max(likely), basis })
    }
}

/// How long `task` goes on after `now`, given its steps, what was learnt and how fast it was so far.
pub fn estimate(
    task: &Task,
    steps: &[Step],
    history: &History,
    rate: Option<&Rate>,
    now: Timestamp,
) -> Option<Estimate> {
    // A roll-back and a clean-up count for themselves, and nothing was learnt of them.
    let aside = task.progress.phase.as_deref().is_some_and(|phase| SIDE_PHASES.contains(&phase));
    if task.status != TaskStatus::Running || aside {
        return None;
    }
    let elapsed = now.since(task.started_at?).as_secs_f64();
    let progress = &task.progress;
    let running = running(steps, history, now);
    let rest = progress.total.map(|total| total.saturating_sub(progress.current));
    let by_rate = progress.total.and_then(|total| rate?.remaining(progress.current, total, now));
    let by_tasks = history.task(&task.task_type).and_then(|durations| durations.remaining(elapsed));
    // Everything that is left runs, and of all of it is known how long it takes.
    if let (Some(rest), Some(floor)) = (rest, running.range)
        && rest > 0
        && running.known == running.count
        && running.count as u64 >= rest
    {
        return floor.estimate(Basis::Steps);
    }
    let (range, basis) = match (by_tasks, by_rate) {
        (Some(tasks), Some(rate)) => {
            tasks.common(rate).map_or((rate, Basis::Rate), |range| (range, Basis::Both))
        }
        (Some(tasks), None) => (tasks, Basis::Tasks),
        (None, Some(rate)) => (rate, Basis::Rate),
        (None, None) => return None,
    };
    running.range.map_or(range, |floor| range.at_least(floor)).estimate(basis)
}

/// The steps that run now: how many, of how many the duration was learnt, and when the last of those is over.
struct Running {
    count: usize,
    known: usize,
    range: Option<Range>,
}

fn running(steps: &[Step], history: &History, now: Timestamp) -> Running {
    let mut running = Running { count: 0, known: 0, range: None };
    // A stack runs as long as what is in it.
    let is_parent = |step: &Step| steps.iter().any(|other| other.parent_id.as_ref() == Some(&step.step_id));
    for step in steps.iter().filter(|step| step.status == StepStatus::Running && !is_parent(step)) {
        running.count += 1;
        let remaining = step
            .started_at
            .and_then(|started| history.step(&step.kind)?.remaining(now.since(started).as_secs_f64()));
        if let Some(remaining) = remaining {
            running.known += 1;
            running.range = Some(running.range.map_or(remaining, |range| range.at_least(remaining)));
        }
    }
    running
}
