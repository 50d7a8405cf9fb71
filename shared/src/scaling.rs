//! How many workers there are to be: policies as pure functions, which the infrastructure deploys and the simulator tries.

/// What a policy sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// Jobs that wait.
    pub waiting: u64,
    /// Jobs that run.
    pub running: u64,
    /// Workers that there are, those that start included.
    pub workers: u32,
    /// Seconds since midnight, UTC.
    pub second_of_day: u32,
}

/// Between how many workers a policy may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// At least.
    pub min: u32,
    /// At most.
    pub max: u32,
}

impl Bounds {
    /// What a service starts with: one worker at least, so that a first job does not wait for a start.
    pub const USUAL: Self = Self { min: 1, max: 100 };
}

/// A rule of step scaling: what to add while so many jobs wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// From so many jobs that wait…
    pub from: u64,
    /// …to below so many; no bound where there is none.
    pub to: Option<u64>,
    /// Workers to add, or to take away.
    pub add: i32,
}

/// How the number of workers follows the load.
#[derive(Debug, Clone, PartialEq)]
pub enum Policy {
    /// Always so many.
    Fixed(u32),
    /// As many as the first row says whose bound is not passed by the jobs that wait.
    Table(&'static [(u64, u32)]),
    /// Steps.
    Steps(&'static [Step]),
    /// So many that each has this many jobs, those that run included: target tracking on the backlog per worker.
    Backlog(f64),
    /// Another policy, with bounds that change by the time of day: from this second on, these.
    Scheduled(&'static [(u32, Bounds)], &'static Policy),
}

/// Seconds between two decisions that add workers.
pub const OUT_COOLDOWN_SECONDS: u32 = 60;
/// Seconds without a decision before workers are taken away.
pub const IN_COOLDOWN_SECONDS: u32 = 300;
/// Jobs for each worker that target tracking aims at: each has one, and a few wait. More would be cheaper to start for short
/// jobs and dearer to wait for with long ones.
pub const BACKLOG_PER_WORKER: f64 = 1.0;

/// The table of queue depths, as it was first designed.
pub const DEPTH_TABLE: &[(u64, u32)] = &[(10, 1), (50, 5), (100, 10), (500, 20), (1000, 50), (u64::MAX, 100)];

/// The step policy, as it was first designed.
pub const DEPTH_STEPS: &[Step] = &[
    Step { from: 0, to: Some(10), add: -1 },
    Step { from: 10, to: Some(50), add: 5 },
    Step { from: 50, to: Some(100), add: 10 },
    Step { from: 100, to: None, add: 20 },
];

/// Business hours in Japan on a clock of UTC: 20 workers at least from 00:00, and 1 to 10 from 13:00.
pub const BUSINESS_HOURS: &[(u32, Bounds)] =
    &[(0, Bounds { min: 20, max: 100 }), (13 * 3600, Bounds { min: 1, max: 10 })];

/// Target tracking with [`BACKLOG_PER_WORKER`].
pub const TRACKING: Policy = Policy::Backlog(BACKLOG_PER_WORKER);

impl Policy {
    /// How many workers there should be, within `bounds`.
    pub fn desired(&self, seen: Observation, bounds: Bounds) -> u32 {
        let wanted = match self {
            Self::Fixed(workers) => return *workers,
            Self::Table(rows) => {
                let row = rows.iter().find(|(most, _)| seen.waiting <= *most);
                row.map_or(bounds.max, |(_, workers)| *workers)
            }
            Self::Steps(steps) => {
                let step = steps
                    .iter()
                    .find(|step| seen.waiting >= step.from && step.to.is_none_or(|to| seen.waiting < to));
                seen.workers.saturating_add_signed(step.map_or(0, |step| step.add))
            }
            Self::Backlog(each) => {
                let jobs = seen.waiting.saturating_add(seen.running);
                #[expect(
                    clippy::cast_precision_loss,
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a cast from floating point saturates, and workers are few"
                )]
                let workers = (jobs as f64 / each.max(0.01)).ceil() as u32;
                workers
            }
            Self::Scheduled(table, policy) => {
                let now = table.iter().rev().find(|(from, _)| seen.second_of_day >= *from);
                let bounds = now.map_or(bounds, |(_, bounds)| *bounds);
                return policy.desired(seen, bounds);
            }
        };
        wanted.clamp(bounds.min, bounds.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(waiting: u64, workers: u32) -> Observation {
        Observation { waiting, running: 0, workers, second_of_day: 0 }
    }

    #[test]
    fn the_table_of_depths_is_the_one_that_was_designed() {
        let table = Policy::Table(DEPTH_TABLE);
        let desired = [0, 10, 11, 50, 51, 100, 101, 500, 501, 1000, 1001, 100_000]
            .map(|waiting| table.desired(seen(waiting, 1), Bounds::USUAL));
        assert_eq!(desired, [1, 1, 5, 5, 10, 10, 20, 20, 50, 50, 100, 100]);
    }

    #[test]
    fn steps_leave_no_depth_without_a_rule_and_none_with_two() {
        for waiting in 0..1000 {
            let of = |step: &&Step| waiting >= step.from && step.to.is_none_or(|to| waiting < to);
            assert_eq!(DEPTH_STEPS.iter().filter(of).count(), 1, "{waiting}");
        }
        let steps = Policy::Steps(DEPTH_STEPS);
        assert_eq!(steps.desired(seen(60, 6), Bounds::USUAL), 16);
        assert_eq!(steps.desired(seen(0, 1), Bounds::USUAL), 1);
        assert_eq!(steps.desired(seen(5000, 95), Bounds::USUAL), 100);
    }

    #[test]
    fn tracking_counts_what_runs_too_or_it_would_take_busy_workers_away() {
        let busy = Observation { waiting: 0, running: 7, workers: 7, second_of_day: 0 };
        assert_eq!(TRACKING.desired(busy, Bounds::USUAL), 7);
        assert_eq!(TRACKING.desired(seen(0, 7), Bounds { min: 0, max: 100 }), 0);
        assert_eq!(Policy::Backlog(4.0).desired(seen(10, 1), Bounds::USUAL), 3);
    }

    #[test]
    fn a_schedule_changes_the_bounds_by_the_time_of_day() {
        let scheduled = Policy::Scheduled(BUSINESS_HOURS, &TRACKING);
        let at = |hour: u32| Observation { second_of_day: hour * 3600, ..seen(50, 1) };
        assert_eq!(scheduled.desired(at(3), Bounds::USUAL), 50);
        assert_eq!(scheduled.desired(at(14), Bounds::USUAL), 10);
        assert_eq!(scheduled.desired(Observation { waiting: 0, ..at(3) }, Bounds::USUAL), 20);
    }
}
