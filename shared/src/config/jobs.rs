//! Where queues of jobs are, and what a worker reads.

use std::collections::{BTreeMap, BTreeSet};

use super::environment::{ConfigErrors, Environment, Reader, Variable};
use super::functions::{LOG_LEVEL, StoreConfig, log_level_variable, read_log_level};
use crate::job::{JobQueue, Size};

const JOB_QUEUES: &str = "MIYABI_JOB_QUEUES";
const JOB_SIZES: &str = "MIYABI_JOB_SIZES";
const WORKER_SIZE: &str = "MIYABI_WORKER_SIZE";
const WORKER_AGENT: &str = "MIYABI_WORKER_AGENT";
const WORKER_USER: &str = "MIYABI_WORKER_USER";
const WORKER_LEASE: &str = "MIYABI_WORKER_LEASE_SECONDS";
const WORKER_DRAIN: &str = "MIYABI_WORKER_DRAIN_SECONDS";
const WORKER_GRACE: &str = "MIYABI_WORKER_GRACE_SECONDS";

const QUEUES_EXPECTED: &str = "what the addresses of all queues begin with, https://HOST/ACCOUNT/NAME-";
const SIZES_EXPECTED: &str = "sizes with a comma between them, each light, standard, medium, heavy or xl";
const SIZE_EXPECTED: &str = "light, standard, medium, heavy or xl";
const USER_EXPECTED: &str = "two numbers, USER:GROUP, neither of them 0";
const LEASE_EXPECTED: &str = "a whole number of seconds from 2 to 600";
const SECONDS_EXPECTED: &str = "a whole number of seconds from 0 to 3600";

/// The queues of a stage; a stage without workers has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobQueues {
    /// `MIYABI_JOB_QUEUES`: what the address of every queue begins with.
    pub prefix: String,
    /// `MIYABI_JOB_SIZES`: the sizes that there are queues for.
    pub sizes: BTreeSet<Size>,
}

impl JobQueues {
    /// Whether there are any.
    pub fn has_any(&self) -> bool {
        !self.sizes.is_empty()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let prefix = reader.optional(JOB_QUEUES, QUEUES_EXPECTED, None, |text| url(text).map(Some));
        let sizes = reader.optional(JOB_SIZES, SIZES_EXPECTED, None, |text| {
            sizes(text).filter(|sizes| !sizes.is_empty()).map(Some)
        });
        if prefix.is_none() && sizes.is_none() {
            return Self::default();
        }
        // One without the other is reported as missing.
        Self {
            prefix: prefix.or_else(|| reader.parsed(JOB_QUEUES, QUEUES_EXPECTED, url)).unwrap_or_default(),
            sizes: sizes
                .or_else(|| reader.parsed(JOB_SIZES, SIZES_EXPECTED, self::sizes))
                .unwrap_or_default(),
        }
    }

    pub(super) fn write(&self, variables: &mut BTreeMap<&'static str, String>) {
        if self.has_any() {
            variables.insert(JOB_QUEUES, self.prefix.clone());
            let sizes: Vec<_> = self.sizes.iter().map(|size| size.as_str()).collect();
            variables.insert(JOB_SIZES, sizes.join(","));
        }
    }

    pub(super) fn variables() -> Vec<Variable> {
        Self::described(Some(String::new()))
    }

    fn described(default: Option<String>) -> Vec<Variable> {
        vec![
            Variable {
                name: JOB_QUEUES,
                default: default.clone(),
                meaning: "What the addresses of all queues of jobs begin with.",
            },
            Variable {
                name: JOB_SIZES,
                default,
                meaning: "Sizes that there are queues of jobs for, with commas between them; set together with the queues.",
            },
        ]
    }

    /// The address of a queue.
    pub fn url(&self, queue: JobQueue) -> String {
        format!("{}{}", self.prefix, queue.short_name())
    }

    /// The address of the queue of its dead letters.
    pub fn dead_letters_url(&self, queue: JobQueue) -> String {
        format!("{}{}", self.url(queue), JobQueue::DEAD_LETTERS)
    }

    /// Every queue.
    pub fn all(&self) -> impl Iterator<Item = JobQueue> {
        self.sizes.iter().copied().flat_map(JobQueue::of)
    }

    /// The smallest size with a queue that a job of `size` fits.
    pub fn fitting(&self, size: Size) -> Option<Size> {
        self.sizes.iter().copied().find(|queue| *queue >= size)
    }
}

fn url(text: &str) -> Option<String> {
    (text.starts_with("https://") || text.starts_with("http://")).then(|| text.to_owned())
}

fn sizes(text: &str) -> Option<BTreeSet<Size>> {
    text.split(',').filter(|part| !part.is_empty()).map(|part| part.trim().parse().ok()).collect()
}

/// What a worker reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerConfig {
    /// Where tasks and the records of jobs are kept.
    pub store: StoreConfig,
    /// The queues that it takes from: those of its own size.
    pub queues: JobQueues,
    /// `MIYABI_WORKER_SIZE`: how much runs on it at a time.
    pub size: Size,
    /// `MIYABI_WORKER_AGENT`: the program, with its first arguments, that jobs for an agent are given to.
    pub agent: Vec<String>,
    /// `MIYABI_WORKER_USER`: as whom commands run, user and group; the worker's own where it is left out.
    pub user: Option<(u32, u32)>,
    /// `MIYABI_WORKER_LEASE_SECONDS`: how long a job stays with a worker that says nothing any more.
    pub lease_seconds: u32,
    /// `MIYABI_WORKER_DRAIN_SECONDS`: how long jobs may go on after the worker was told to stop.
    pub drain_seconds: u32,
    /// `MIYABI_WORKER_GRACE_SECONDS`: how long a command that was told to end may take before it is killed.
    pub grace_seconds: u32,
    /// `MIYABI_LOG_LEVEL`: how much it logs.
    pub log_level: String,
}

impl WorkerConfig {
    /// Fargate waits for 120 seconds at most; what is left is for handing back.
    pub const DRAIN_SECONDS: u32 = 90;
    /// Seconds between being told to end and being killed.
    pub const GRACE_SECONDS: u32 = 10;

    /// Reads it.
    ///
    /// # Errors
    /// Everything that is missing or wrong, together.
    pub fn from_env(environment: &dyn Environment) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(environment);
        let seconds = |range: std::ops::RangeInclusive<u32>| {
            move |text: &str| text.parse().ok().filter(|seconds| range.contains(seconds))
        };
        let store = StoreConfig::read(&mut reader);
        let prefix = reader.parsed(JOB_QUEUES, QUEUES_EXPECTED, url).unwrap_or_default();
        let sizes = reader
            .parsed(JOB_SIZES, SIZES_EXPECTED, |text| sizes(text).filter(|sizes| !sizes.is_empty()))
            .unwrap_or_default();
        let config = Self {
            store,
            queues: JobQueues { prefix, sizes },
            size: reader
                .parsed(WORKER_SIZE, SIZE_EXPECTED, |text| text.parse().ok())
                .unwrap_or(Size::Standard),
            agent: reader.optional(WORKER_AGENT, "a program and its arguments", Vec::new(), |text| {
                Some(text.split_whitespace().map(str::to_owned).collect())
            }),
            user: reader.optional(WORKER_USER, USER_EXPECTED, None, |text| user(text).map(Some)),
            lease_seconds: reader.optional(
                WORKER_LEASE,
                LEASE_EXPECTED,
                JobQueue::VISIBILITY_SECONDS,
                seconds(2..=600),
            ),
            drain_seconds: reader.optional(
                WORKER_DRAIN,
                SECONDS_EXPECTED,
                Self::DRAIN_SECONDS,
                seconds(0..=3600),
            ),
            grace_seconds: reader.optional(
                WORKER_GRACE,
                SECONDS_EXPECTED,
                Self::GRACE_SECONDS,
                seconds(0..=3600),
            ),
            log_level: read_log_level(&mut reader),
        };
        reader.finish(config)
    }

    /// Writes it.
    pub fn to_env(&self) -> BTreeMap<&'static str, String> {
        let mut variables = BTreeMap::from([
            (WORKER_SIZE, self.size.as_str().to_owned()),
            (WORKER_LEASE, self.lease_seconds.to_string()),
            (WORKER_DRAIN, self.drain_seconds.to_string()),
            (WORKER_GRACE, self.grace_seconds.to_string()),
            (LOG_LEVEL, self.log_level.clone()),
        ]);
        if !self.agent.is_empty() {
            variables.insert(WORKER_AGENT, self.agent.join(" "));
        }
        if let Some((user, group)) = self.user {
            variables.insert(WORKER_USER, format!("{user}:{group}"));
        }
        self.queues.write(&mut variables);
        self.store.write(&mut variables);
        variables
    }

    /// Its variables, for the reference page.
    pub fn variables() -> Vec<Variable> {
        let mut variables = StoreConfig::variables();
        variables.extend(JobQueues::described(None));
        variables.extend([
            Variable {
                name: WORKER_SIZE,
                default: None,
                meaning: "How much runs on it at a time: light, standard, medium, heavy or xl. It takes from the queues of that size.",
            },
            Variable {
                name: WORKER_AGENT,
                default: Some(String::new()),
                meaning: "Program, with its first arguments, that jobs for an agent are given to; without it they fail.",
            },
            Variable {
                name: WORKER_USER,
                default: Some(String::new()),
                meaning: "As whom commands run, `USER:GROUP` in numbers; needs a worker that runs as root. Not set: as the worker itself.",
            },
            Variable {
                name: WORKER_LEASE,
                default: Some(JobQueue::VISIBILITY_SECONDS.to_string()),
                meaning: "Seconds for which a job stays with a worker that says nothing any more.",
            },
            Variable {
                name: WORKER_DRAIN,
                default: Some(Self::DRAIN_SECONDS.to_string()),
                meaning: "Seconds for which jobs may go on after the worker was told to stop; then they are handed back.",
            },
            Variable {
                name: WORKER_GRACE,
                default: Some(Self::GRACE_SECONDS.to_string()),
                meaning: "Seconds that a command may take to end after it was told to; then it is killed.",
            },
            log_level_variable(),
        ]);
        variables
    }
}

fn user(text: &str) -> Option<(u32, u32)> {
    let (user, group) = text.split_once(':')?;
    let (user, group) = (user.parse().ok()?, group.parse().ok()?);
    (user != 0 && group != 0).then_some((user, group))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::CacheEndpoint;

    fn config() -> WorkerConfig {
        WorkerConfig {
            store: StoreConfig {
                tasks_table: "tasks".to_owned(),
                projects_table: "projects".to_owned(),
                cache: CacheEndpoint::None,
                cache_timeout_milliseconds: 50,
                task_retention_days: 90,
            },
            queues: JobQueues {
                prefix: "https://sqs.us-east-1.amazonaws.com/000000000000/miyabi-jobs-".to_owned(),
                sizes: [Size::Standard, Size::Heavy].into(),
            },
            size: Size::Standard,
            agent: vec!["agent".to_owned(), "-p".to_owned()],
            user: Some((1000, 1000)),
            lease_seconds: 30,
            drain_seconds: 60,
            grace_seconds: 5,
            log_level: "info".to_owned(),
        }
    }

    #[test]
    fn what_infra_writes_is_what_a_worker_reads() {
        let config = config();
        assert_eq!(WorkerConfig::from_env(&config.to_env()).unwrap(), config);
        let documented: BTreeSet<_> =
            WorkerConfig::variables().iter().map(|variable| variable.name).collect();
        assert!(config.to_env().keys().all(|name| documented.contains(name)));
    }

    #[test]
    fn a_function_has_queues_or_none_and_not_half_of_them() {
        let read = |environment: &BTreeMap<&str, String>| {
            let mut reader = Reader::new(environment);
            let queues = JobQueues::read(&mut reader);
            reader.finish(queues)
        };
        assert_eq!(read(&BTreeMap::new()).unwrap(), JobQueues::default());
        let half = BTreeMap::from([("MIYABI_JOB_SIZES", "xl".to_owned())]);
        assert!(read(&half).unwrap_err().to_string().starts_with("MIYABI_JOB_QUEUES: missing"));
        let half = BTreeMap::from([("MIYABI_JOB_QUEUES", config().queues.prefix)]);
        assert!(read(&half).unwrap_err().to_string().starts_with("MIYABI_JOB_SIZES: missing"));
    }

    #[test]
    fn a_job_goes_to_the_smallest_size_that_it_fits() {
        let queues = config().queues;
        assert_eq!(queues.fitting(Size::Light), Some(Size::Standard));
        assert_eq!(queues.fitting(Size::Medium), Some(Size::Heavy));
        assert_eq!(queues.fitting(Size::Xl), None);
        let queue = JobQueue { size: Size::Heavy, priority: crate::job::Priority::Low };
        assert!(queues.dead_letters_url(queue).ends_with("/miyabi-jobs-heavy-low-dead-letters"));
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let environment = BTreeMap::from([
            ("MIYABI_JOB_SIZES", "huge".to_owned()),
            ("MIYABI_WORKER_USER", "0:0".to_owned()),
            ("MIYABI_WORKER_LEASE_SECONDS", "1".to_owned()),
        ]);
        let message = WorkerConfig::from_env(&environment).unwrap_err().to_string();
        for part in [
            "MIYABI_JOB_QUEUES: missing",
            "MIYABI_JOB_SIZES=\"huge\": expected sizes",
            "MIYABI_WORKER_SIZE: missing",
            "MIYABI_WORKER_USER=\"0:0\": expected two numbers",
            "MIYABI_WORKER_LEASE_SECONDS=\"1\": expected a whole number of seconds from 2",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
}
