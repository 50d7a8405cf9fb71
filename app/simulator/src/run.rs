//! The simulation: jobs come, wait, run; once in a while the policy is asked, and workers come and go.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use miyabi_shared::job::Size;
use miyabi_shared::scaling::{Bounds, IN_COOLDOWN_SECONDS, OUT_COOLDOWN_SECONDS, Observation, Policy};
use serde::Serialize;

use crate::load::{Load, exponential};

/// Fargate on arm64 in us-east-1, on demand: dollars for an hour of a vCPU and of a GB of memory. Spot costs less.
const VCPU_HOUR: f64 = 0.032_38;
const GB_HOUR: f64 = 0.003_56;
/// How often the policy is asked: CloudWatch has one value a minute.
const ASK_SECONDS: f64 = 60.0;

/// How long a job takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Service {
    /// Always so many seconds.
    Constant(f64),
    /// By chance, with so many seconds on average, and no memory: the M in M/M/c.
    Exponential(f64),
}

impl Service {
    fn mean(self) -> f64 {
        match self {
            Self::Constant(mean) | Self::Exponential(mean) => mean,
        }
    }

    fn draw(self, random: &mut fastrand::Rng) -> f64 {
        match self {
            Self::Constant(seconds) => seconds,
            Self::Exponential(mean) => exponential(mean, random),
        }
    }
}

/// What is simulated.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// How many jobs come, and when.
    pub load: Load,
    /// How long they take.
    pub service: Service,
    /// How the number of workers follows.
    pub policy: Policy,
    /// Between which numbers.
    pub bounds: Bounds,
    /// How long a worker takes to start, in seconds.
    pub start_seconds: f64,
    /// How large a worker is.
    pub size: Size,
    /// For how many hours jobs come. Those that are left then are still counted as they stand.
    pub hours: f64,
    /// Where chance begins.
    pub seed: u64,
}

/// How long jobs waited, in seconds. A job that still waits at the end has waited until then.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Waits {
    /// On average.
    pub mean: f64,
    /// Half of them no longer.
    pub p50: f64,
    /// 95 of 100 no longer.
    pub p95: f64,
    /// 99 of 100 no longer.
    pub p99: f64,
}

/// How things stood at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sample {
    /// Seconds since the beginning.
    pub second: f64,
    /// Jobs that waited.
    pub waiting: u64,
    /// Jobs that ran.
    pub running: u64,
    /// Workers that there were, those that started included.
    pub workers: u32,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// How many jobs came.
    pub jobs: usize,
    /// How many of them were begun.
    pub begun: usize,
    /// How long they waited in the queue.
    pub waits: Waits,
    /// How many still waited at the end.
    pub left: usize,
    /// Whether so many workers as there may be can do as much as comes. If not, the queue grows without end.
    pub can_keep_up: bool,
    /// The most workers at a time.
    pub most_workers: u32,
    /// Workers, on average.
    pub mean_workers: f64,
    /// The part of the workers' time in which they worked.
    pub utilization: f64,
    /// Dollars for the time that was simulated.
    pub cost: f64,
    /// Dollars for 30 days of the same.
    pub cost_a_month: f64,
    /// How things stood, minute by minute.
    #[serde(skip)]
    pub samples: Vec<Sample>,
}

#[derive(Debug, PartialEq)]
struct At(f64);

impl Eq for At {}

impl PartialOrd for At {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for At {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

struct State {
    now: f64,
    waiting: VecDeque<f64>,
    /// When each job that runs will have ended.
    running: BinaryHeap<Reverse<At>>,
    /// When each worker that starts will be there.
    starting: BinaryHeap<Reverse<At>>,
    ready: u32,
    waits: Vec<f64>,
    worker_seconds: f64,
    busy_seconds: f64,
}

impl State {
    fn workers(&self) -> u32 {
        self.ready + u32::try_from(self.starting.len()).unwrap_or(u32::MAX)
    }

    fn busy(&self) -> u32 {
        u32::try_from(self.running.len()).unwrap_or(u32::MAX)
    }

    fn move_to(&mut self, time: f64) {
        let passed = (time - self.now).max(0.0);
        self.worker_seconds += passed * f64::from(self.workers());
        self.busy_seconds += passed * f64::from(self.busy());
        self.now = time;
    }

    fn begin_jobs(&mut self, service: Service, random: &mut fastrand::Rng) {
        while self.busy() < self.ready
            && let Some(arrived) = self.waiting.pop_front()
        {
            self.waits.push(self.now - arrived);
            self.running.push(Reverse(At(self.now + service.draw(random))));
        }
    }
}

impl Simulation {
    /// Runs it.
    pub fn run(&self) -> Report {
        let mut random = fastrand::Rng::with_seed(self.seed);
        let end = self.hours * 3600.0;
        let arrivals = self.load.arrivals(end, &mut random);
        let ready = match self.policy {
            Policy::Fixed(workers) => workers,
            _ => self.bounds.min,
        };
        let mut state = State {
            now: 0.0,
            waiting: VecDeque::new(),
            running: BinaryHeap::new(),
            starting: BinaryHeap::new(),
            ready,
            waits: Vec::with_capacity(arrivals.len()),
            worker_seconds: 0.0,
            busy_seconds: 0.0,
        };
        let (mut samples, mut most_workers) = (Vec::new(), ready);
        let (mut next, mut ask, mut changed_out, mut changed_in) =
            (0, 0.0, f64::NEG_INFINITY, f64::NEG_INFINITY);
        let after =
            |heap: &BinaryHeap<Reverse<At>>| heap.peek().map_or(f64::INFINITY, |Reverse(At(time))| *time);
        loop {
            let arrival = arrivals.get(next).copied().unwrap_or(f64::INFINITY);
            let time = arrival.min(after(&state.running)).min(after(&state.starting)).min(ask);
            if time > end {
                state.move_to(end);
                break;
            }
            state.move_to(time);
            if after(&state.running) <= time {
                state.running.pop();
            } else if after(&state.starting) <= time {
                state.starting.pop();
                state.ready += 1;
            } else if arrival <= time {
                state.waiting.push_back(arrival);
                next += 1;
            } else {
                self.ask(&mut state, &mut changed_out, &mut changed_in);
                most_workers = most_workers.max(state.workers());
                samples.push(Sample {
                    second: time,
                    waiting: state.waiting.len() as u64,
                    running: u64::from(state.busy()),
                    workers: state.workers(),
                });
                ask += ASK_SECONDS;
            }
            state.begin_jobs(self.service, &mut random);
        }
        self.report(state, arrivals.len(), most_workers, samples)
    }

    fn ask(&self, state: &mut State, changed_out: &mut f64, changed_in: &mut f64) {
        let workers = state.workers();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a second of a day")]
        let second_of_day = (state.now % 86_400.0) as u32;
        let seen = Observation {
            waiting: state.waiting.len() as u64,
            running: u64::from(state.busy()),
            workers,
            second_of_day,
        };
        let desired = self.policy.desired(seen, self.bounds);
        if desired > workers && state.now - *changed_out >= f64::from(OUT_COOLDOWN_SECONDS) {
            for _ in workers..desired {
                state.starting.push(Reverse(At(state.now + self.start_seconds)));
            }
            *changed_out = state.now;
        } else if desired < workers
            && state.now - changed_in.max(*changed_out) >= f64::from(IN_COOLDOWN_SECONDS)
        {
            // Who works is protected; who starts is not yet there to be asked.
            let idle = state.ready - state.busy();
            state.ready -= idle.min(workers - desired);
            *changed_in = state.now;
        }
    }

    fn report(&self, state: State, jobs: usize, most_workers: u32, samples: Vec<Sample>) -> Report {
        let (begun, left) = (state.waits.len(), state.waiting.len());
        let mut waits = state.waits;
        waits.extend(state.waiting.iter().map(|arrived| state.now - arrived));
        let most = match self.policy {
            Policy::Fixed(workers) => workers,
            _ => self.bounds.max,
        };
        #[expect(clippy::cast_precision_loss, reason = "jobs are far fewer than 2^52")]
        let offered = jobs as f64 * self.service.mean() / (self.hours * 3600.0);
        let hour = f64::from(self.size.cpu_units()) / 1024.0 * VCPU_HOUR
            + f64::from(self.size.memory_megabytes()) / 1024.0 * GB_HOUR;
        let cost = state.worker_seconds / 3600.0 * hour;
        Report {
            jobs,
            begun,
            waits: summed_up(waits),
            left,
            can_keep_up: offered < f64::from(most),
            most_workers,
            mean_workers: state.worker_seconds / (self.hours * 3600.0),
            utilization: state.busy_seconds / state.worker_seconds.max(1.0),
            cost,
            cost_a_month: cost * 720.0 / self.hours,
            samples,
        }
    }
}

fn summed_up(mut waits: Vec<f64>) -> Waits {
    if waits.is_empty() {
        return Waits::default();
    }
    waits.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index of a list"
    )]
    let at = |part: f64| waits[((waits.len() - 1) as f64 * part).round() as usize];
    #[expect(clippy::cast_precision_loss, reason = "jobs are far fewer than 2^52")]
    let mean = waits.iter().sum::<f64>() / waits.len() as f64;
    Waits { mean, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory;
    use miyabi_shared::scaling::{DEPTH_TABLE, TRACKING};

    fn simulation(load: Load, policy: Policy) -> Simulation {
        Simulation {
            load,
            service: Service::Exponential(900.0),
            policy,
            bounds: Bounds::USUAL,
            start_seconds: 60.0,
            size: Size::Standard,
            hours: 24.0,
            seed: 1,
        }
    }

    #[test]
    fn with_a_fixed_number_of_workers_waits_are_those_of_queueing_theory() {
        // Jobs an hour, minutes each, workers.
        for (rate, minutes, workers) in [(40.0, 3.0, 3), (100.0, 6.0, 13)] {
            let mut simulation = simulation(Load::Steady(rate), Policy::Fixed(workers));
            simulation.service = Service::Exponential(minutes * 60.0);
            simulation.hours = 400_000.0 / rate;
            let expected = theory::mean_wait(rate / 3600.0, minutes * 60.0, workers).unwrap();
            // Several runs, as one differs by more than what is checked.
            let runs = 4;
            let mean: f64 =
                (0..runs).map(|seed| Simulation { seed, ..simulation.clone() }.run().waits.mean).sum::<f64>()
                    / f64::from(u32::try_from(runs).unwrap());
            let error = (mean - expected).abs() / expected;
            assert!(error < 0.03, "{rate}/h, {minutes} min, {workers} workers: {mean} s for {expected} s");
        }
    }

    #[test]
    fn one_worker_that_does_four_jobs_an_hour_cannot_serve_ten() {
        let mut simulation = simulation(Load::Steady(10.0), Policy::Fixed(1));
        simulation.service = Service::Constant(900.0);
        let day = simulation.run();
        assert!(!day.can_keep_up);
        simulation.hours = 48.0;
        let two_days = simulation.run();
        // The longer it goes on, the longer jobs wait.
        assert!(two_days.left > day.left + 100 && two_days.waits.p95 > day.waits.p95 * 1.5);
    }

    #[test]
    fn no_job_is_lost_and_the_same_seed_gives_the_same_run() {
        for load in [Load::Steady(100.0), Load::Spikes, Load::Day] {
            for policy in [TRACKING, Policy::Table(DEPTH_TABLE)] {
                let simulation = simulation(load, policy);
                let report = simulation.run();
                assert_eq!(report.begun + report.left, report.jobs, "{}", load.name());
                assert_eq!(report, simulation.run());
                assert!(report.most_workers <= 100 && report.utilization <= 1.0);
            }
        }
    }

    #[test]
    fn tracking_the_backlog_keeps_waits_short_where_the_table_of_depths_lets_ten_jobs_wait_for_ever() {
        let tracked = simulation(Load::Steady(10.0), TRACKING).run();
        let table = simulation(Load::Steady(10.0), Policy::Table(DEPTH_TABLE)).run();
        assert!(tracked.waits.p95 < 300.0, "{:?}", tracked.waits);
        assert!(table.waits.p50 > 900.0, "{:?}", table.waits);
    }
}
