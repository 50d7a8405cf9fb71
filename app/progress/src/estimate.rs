//! When a task will be over: a range, or nothing where it would be a guess.
//!
//! What is learnt comes first: how long tasks of this type took, and steps of these kinds (`AWS::CloudFront::Distribution`
//! takes minutes, whatever the others took). The rate of this run comes next. Where both speak, the range is what they
//! agree on; where they contradict each other, this run is not like the ones before it, and its rate is believed. No
//! total and no history give no estimate, and neither does a run that overran everything learnt or that stands still.
//!
//! Pure: the caller says what time it is, and keeps [`History`], one for each type of task, and [`Pace`], one for each
//! task. Both are small and serialisable.

mod history;
mod pace;
mod rate;

use std::time::Duration;

use miyabi_shared::task::{Estimate, EstimateBasis, Task, TaskStatus};
use miyabi_shared::timestamp::Timestamp;

use crate::model::SIDE_PHASES;

pub use self::history::{Durations, History};
pub use self::pace::Pace;
pub use self::rate::Rate;

/// Longer than this is no estimate.
const LONGEST: f64 = 7.0 * 24.0 * 3600.0;

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

    fn estimate(self, basis: EstimateBasis, now: Timestamp) -> Option<Estimate> {
        let sound = self.low.is_finite() && self.high.is_finite() && self.likely <= LONGEST;
        let after = |seconds: f64| {
            Duration::try_from_secs_f64(seconds.clamp(0.0, 4.0 * LONGEST)).ok().map(|rest| now.plus(rest))
        };
        let (earliest, latest) = (after(self.low.min(self.likely))?, after(self.high.max(self.likely))?);
        sound.then_some(Estimate { earliest, latest, basis })
    }
}

/// When `task` will be over, as it looks at `now`, given how it went so far and what was learnt of others.
pub fn estimate(task: &Task, pace: &Pace, history: &History, now: Timestamp) -> Option<Estimate> {
    // A roll-back and a clean-up count for themselves, and nothing was learnt of them.
    let aside = task.progress.phase.as_deref().is_some_and(|phase| SIDE_PHASES.contains(&phase));
    if task.status != TaskStatus::Running || aside {
        return None;
    }
    let elapsed = now.since(task.started_at?).as_secs_f64();
    let progress = &task.progress;
    let running = pace.running(history, now);
    let rest = progress.total.map(|total| total.saturating_sub(progress.current));
    let by_rate = progress.total.and_then(|total| pace.rate().remaining(progress.current, total, now));
    let by_tasks = history.task().remaining(elapsed);
    // Everything that is left runs, and of all of it is known how long it takes.
    if let (Some(rest), Some(floor)) = (rest, running.range)
        && rest > 0
        && running.is_all_known
        && running.count as u64 >= rest
    {
        return floor.estimate(EstimateBasis::Steps, now);
    }
    let (range, basis) = match (by_tasks, by_rate) {
        (Some(tasks), Some(rate)) => {
            tasks.common(rate).map_or((rate, EstimateBasis::Rate), |range| (range, EstimateBasis::Both))
        }
        (Some(tasks), None) => (tasks, EstimateBasis::Tasks),
        (None, Some(rate)) => (rate, EstimateBasis::Rate),
        (None, None) => return None,
    };
    running.range.map_or(range, |floor| range.at_least(floor)).estimate(basis, now)
}
