//! The traces by which scaling was first designed, beside what the policies they are said to follow really do.

use miyabi_shared::scaling::{Bounds, DEPTH_STEPS, IN_COOLDOWN_SECONDS, Observation, Policy};
use serde::Serialize;

/// A moment of a trace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Moment {
    /// Minutes since the beginning.
    pub minute: u32,
    /// Jobs that wait, or processors in use in percent.
    pub measured: u64,
    /// Workers that the trace says there should be.
    pub claimed: u32,
    /// Workers that the policy asks for.
    pub computed: u32,
}

/// The trace of step scaling on the depth of the queue: minute, jobs that wait, workers that it claims.
const STEPS: [(u32, u64, u32); 8] =
    [(0, 5, 1), (1, 15, 6), (3, 60, 16), (5, 120, 36), (7, 50, 36), (10, 5, 36), (15, 5, 1), (20, 5, 1)];
/// The trace of tracking a processor use of 70 %: minute, percent, workers that it claims.
const PROCESSORS: [(u32, u64, u32); 7] =
    [(0, 50, 10), (5, 75, 15), (7, 75, 15), (10, 60, 15), (15, 50, 15), (20, 50, 10), (25, 50, 10)];

/// Step scaling on the depth of the queue.
pub fn steps() -> Vec<Moment> {
    let policy = Policy::Steps(DEPTH_STEPS);
    let (mut workers, mut changed) = (1, None);
    STEPS
        .into_iter()
        .map(|(minute, waiting, claimed)| {
            let seen = Observation { waiting, running: 0, workers, second_of_day: minute * 60 };
            let desired = policy.desired(seen, Bounds::USUAL);
            let cool = changed.is_none_or(|changed| (minute - changed) * 60 >= IN_COOLDOWN_SECONDS);
            if desired > workers || (desired < workers && cool) {
                changed = Some(minute);
                workers = desired;
            }
            Moment { minute, measured: waiting, claimed, computed: workers }
        })
        .collect()
}

/// Tracking a processor use of 70 %.
pub fn processors() -> Vec<Moment> {
    let (mut workers, mut low_since): (u32, Option<u32>) = (10, None);
    PROCESSORS
        .into_iter()
        .map(|(minute, percent, claimed)| {
            let load = u64::from(workers) * percent;
            let desired = u32::try_from(load.div_ceil(70)).unwrap_or(u32::MAX);
            // Tracking takes workers away only after a quarter of an hour well below its target.
            low_since = if percent < 63 { low_since.or(Some(minute)) } else { None };
            let low = low_since.is_some_and(|since| minute - since >= 15);
            if desired > workers || (desired < workers && low) {
                workers = desired;
            }
            Moment { minute, measured: percent, claimed, computed: workers }
        })
        .collect()
}

/// Where the traces and the tables beside them claim what cannot be.
pub const FINDINGS: &[&str] = &[
    "Steps: the first three moments follow the table (+5, +10, +20). Of what comes after, the queue of 50 at 00:07 asks for 10 more, \
     and the fall from 36 workers to 1 at 00:15 is no step of -1: at one step each 5 minutes it takes 2 h 55 min.",
    "Processors: at 75 % with a target of 70 %, ten workers become 11 (10 x 75 / 70), not 15.",
    "Low load: one worker does 4 jobs of 15 minutes an hour; 10 an hour need 3 workers. The table keeps one while 10 wait.",
    "Medium, high and extreme load: 10 workers do 40 of 100 an hour, 100 do 400 of 1,000 or 10,000. The queue grows without end.",
    "Cost: 0.04048 $ is an hour of one whole x86 vCPU without memory. Half a vCPU with 1 GB on arm64 costs 0.01975 $.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_trace_of_steps_is_reproduced_where_it_follows_its_table() {
        let moments = steps();
        for moment in &moments[..4] {
            assert_eq!(moment.claimed, moment.computed, "{moment:?}");
        }
        let last = moments.last().unwrap();
        assert_eq!(last.claimed, 1);
        assert!(last.computed > 30, "{last:?}");
    }

    #[test]
    fn the_trace_of_processors_asks_for_more_than_its_target_does() {
        let moments = processors();
        assert_eq!((moments[1].claimed, moments[1].computed), (15, 11));
    }
}
