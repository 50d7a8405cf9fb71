//! From which queue the next job comes: by weight, so that an urgent job waits little and no job waits for ever.

use miyabi_shared::job::{JobQueue, Priority};

/// Smooth weighted round robin over the priorities. With all three full, ten jobs are six urgent ones, three usual ones
/// and one that is not urgent, spread evenly; a queue that is empty leaves its turns to the others.
#[derive(Debug, Clone, Default)]
pub struct Order {
    credit: [i64; Priority::ALL.len()],
}

impl Order {
    /// The queues in the order in which they are to be tried for the next job.
    pub fn next(&self, queues: &[JobQueue]) -> Vec<JobQueue> {
        let mut queues = queues.to_vec();
        queues.sort_by_key(|queue| {
            let credit = self.credit[queue.priority as usize] + i64::from(queue.priority.weight());
            (std::cmp::Reverse(credit), queue.priority)
        });
        queues
    }

    /// Notes that a job came from a queue, while those of `tried` before it had none.
    pub fn came_from(&mut self, queue: JobQueue, tried: &[JobQueue]) {
        let waiting = || {
            Priority::ALL
                .into_iter()
                .filter(|priority| !tried.iter().any(|empty| empty.priority == *priority))
        };
        let total: i64 = waiting().map(|priority| i64::from(priority.weight())).sum();
        for priority in Priority::ALL {
            let credit = &mut self.credit[priority as usize];
            if tried.iter().any(|empty| empty.priority == priority) {
                // Who has nothing to run saves nothing up.
                *credit = 0;
            } else {
                *credit += i64::from(priority.weight());
            }
        }
        let credit = &mut self.credit[queue.priority as usize];
        *credit -= total;
        for credit in &mut self.credit {
            *credit = (*credit).clamp(-20, 20);
        }
    }
}

#[cfg(test)]
mod tests {
    use miyabi_shared::job::Size;
    use proptest::prelude::*;

    use super::*;

    fn queues() -> Vec<JobQueue> {
        JobQueue::of(Size::Standard).collect()
    }

    /// Takes `count` jobs from queues that hold `jobs`; gives the priorities in order.
    fn taken(jobs: &mut [u32; 3], count: usize) -> Vec<Priority> {
        let (mut order, mut taken) = (Order::default(), Vec::new());
        while taken.len() < count && jobs.iter().any(|count| *count > 0) {
            let mut empty = Vec::new();
            for queue in order.next(&queues()) {
                let left = &mut jobs[queue.priority as usize];
                if *left > 0 {
                    *left -= 1;
                    order.came_from(queue, &empty);
                    taken.push(queue.priority);
                    break;
                }
                empty.push(queue);
            }
        }
        taken
    }

    #[test]
    fn with_everything_full_priorities_share_by_weight_and_evenly() {
        let taken = taken(&mut [1000; 3], 100);
        let count = |priority| taken.iter().filter(|one| **one == priority).count();
        assert_eq!((count(Priority::High), count(Priority::Standard), count(Priority::Low)), (60, 30, 10));
        for window in taken.windows(11) {
            assert!(
                window.contains(&Priority::Low),
                "a job that is not urgent waits for 10 others at most: {window:?}"
            );
        }
    }

    #[test]
    fn an_empty_queue_leaves_its_turns_to_the_others() {
        assert_eq!(taken(&mut [0, 0, 5], 5), [Priority::Low; 5]);
        let taken = taken(&mut [3, 0, 3], 6);
        assert_eq!(taken.len(), 6);
        assert_eq!(taken[0], Priority::High);
    }

    proptest! {
        #[test]
        fn every_job_is_taken_and_none_waits_longer_than_the_weights_say(jobs in prop::array::uniform3(0_u32..200)) {
            let total: u32 = jobs.iter().sum();
            let mut left = jobs;
            let taken = taken(&mut left, usize::MAX);
            prop_assert_eq!(taken.len(), total as usize);
            // While there are jobs that are not urgent, one of them is among each 25.
            let low = jobs[2] as usize;
            let last = taken.iter().rposition(|priority| *priority == Priority::Low).map_or(0, |index| index + 1);
            prop_assert!(low == 0 || last <= (low * 25).max(25).min(taken.len().max(25)));
        }
    }
}
