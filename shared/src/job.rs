//! Jobs: what a worker is to run, how large it is, how urgent, and what became of each attempt.

mod message;
mod record;
mod rules;
mod size;

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use message::{JobMessage, UnreadableMessage};
pub use record::{Attempt, AttemptEnd, Job, JobState, WorkerSeen};
pub use rules::{BrokenRule, broken_rules};
pub use size::{InvalidSize, Size, SizeChoice, choose_size};

/// Longest time that a job may take, in seconds: SQS lets go of a message after twelve hours.
pub const TIMEOUT_SECONDS_MAX: u32 = 12 * 3600;
/// How long a job may take where it does not say.
pub const TIMEOUT_SECONDS: u32 = 3600;
/// Most repetitions of a job that fails.
pub const RETRIES_MAX: u8 = 10;
/// Most words of a command.
pub const COMMAND_WORDS: usize = 256;
/// Longest command, prompt or environment, in bytes of all words together.
pub const COMMAND_BYTES: usize = 32 * 1024;
/// Most variables of a job.
pub const VARIABLES: usize = 64;
/// After so many deliveries that no worker brought to an end, a message is set aside as a dead letter.
pub const RECEIVES: u32 = 3;

/// What a worker is to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Run {
    /// The program and its arguments; there is no shell, so write `["sh", "-c", "…"]` where one is wanted. Either this or `agent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 256))]
    pub command: Option<Vec<String>>,
    /// What the worker's agent is to do. Either this or `command`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// Environment variables of the command, besides `PATH`, `HOME`, `LANG` and those of the task. They are kept and shown: no place for secrets.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// How large a part of a worker it needs; chosen by the task's labels where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// How urgent it is.
    #[serde(default)]
    pub priority: Priority,
    /// After so many seconds it is ended, and the attempt has failed: 1 to 43,200; an hour where it is left out.
    #[serde(default = "timeout_seconds")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 43_200))]
    pub timeout: u32,
    /// How often it is tried again after it failed: 0 to 10.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(maximum = 10))]
    pub retries: u8,
    /// What becomes of it when its worker is lost in the middle.
    #[serde(default)]
    pub idempotency: Idempotency,
}

fn timeout_seconds() -> u32 {
    TIMEOUT_SECONDS
}

/// What the agent of a worker is to do. Which program that is, the worker's configuration says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    /// Given to the agent as its last argument.
    pub prompt: String,
}

/// How urgent a job is. Each has a queue of its own; a lower one waits longer, and never for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Priority {
    /// Somebody waits for it.
    High,
    /// Everything else.
    #[default]
    Standard,
    /// Whenever there is nothing else to do.
    Low,
}

impl Priority {
    /// Every priority, the most urgent first.
    pub const ALL: [Self; 3] = [Self::High, Self::Standard, Self::Low];

    /// The priority as the API spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Standard => "standard",
            Self::Low => "low",
        }
    }

    /// How many jobs of it are taken for each one of `low`, where all three wait.
    pub const fn weight(self) -> u32 {
        match self {
            Self::High => 6,
            Self::Standard => 3,
            Self::Low => 1,
        }
    }
}

/// Why a text is no priority.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no priority: expected high, standard or low")]
pub struct InvalidPriority(String);

impl FromStr for Priority {
    type Err = InvalidPriority;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|priority| priority.as_str() == text);
        named.ok_or_else(|| InvalidPriority(text.to_owned()))
    }
}

/// What becomes of a job whose worker is lost in the middle, so that nobody knows how far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Idempotency {
    /// Running it again does no harm: another worker begins a new attempt.
    #[default]
    Repeatable,
    /// It must not run twice: it has failed, and a person decides.
    Once,
}

/// A queue of jobs: one for each size that a stage has workers for, and each priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobQueue {
    /// The size of the workers that take from it.
    pub size: Size,
    /// The priority of the jobs in it.
    pub priority: Priority,
}

impl JobQueue {
    /// What the names of all queues begin with.
    pub const PREFIX: &str = "miyabi-jobs-";
    /// What is added to a queue's name for its dead letters.
    pub const DEAD_LETTERS: &str = "-dead-letters";
    /// For how long a message that was received is hidden from others, in seconds, unless that is made longer. Who works on it makes
    /// it longer every few seconds, so this is how long a job waits whose worker is lost.
    pub const VISIBILITY_SECONDS: u32 = 60;
    /// For how long a job waits at most, in seconds.
    pub const RETENTION_SECONDS: u32 = 4 * 24 * 3600;
    /// For how long a dead letter is kept, in seconds: as long as SQS can, and longer than it waited before.
    pub const DEAD_LETTER_RETENTION_SECONDS: u32 = 14 * 24 * 3600;

    /// The queues of a size.
    pub fn of(size: Size) -> impl Iterator<Item = Self> {
        Priority::ALL.into_iter().map(move |priority| Self { size, priority })
    }

    /// The queue's name after its prefix, which the API shows: `standard-high`.
    pub fn short_name(self) -> String {
        format!("{}-{}", self.size.as_str(), self.priority.as_str())
    }

    /// The queue of that short name.
    pub fn from_short_name(name: &str) -> Option<Self> {
        Size::ALL.into_iter().flat_map(Self::of).find(|queue| queue.short_name() == name)
    }

    /// The queue's name in SQS.
    pub fn name(self) -> String {
        format!("{}{}", Self::PREFIX, self.short_name())
    }

    /// The name of the queue of its dead letters.
    pub fn dead_letters_name(self) -> String {
        format!("{}{}", self.name(), Self::DEAD_LETTERS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_says_only_what_is_not_usual() {
        let run: Run = serde_json::from_str(r#"{"command": ["true"]}"#).unwrap();
        assert_eq!((run.priority, run.timeout, run.retries), (Priority::Standard, 3600, 0));
        assert_eq!((run.size, run.idempotency), (None, Idempotency::Repeatable));
        assert!(serde_json::from_str::<Run>(r#"{"command": ["true"], "shell": true}"#).is_err());
    }

    #[test]
    fn a_queue_is_found_by_its_short_name() {
        for size in Size::ALL {
            for queue in JobQueue::of(size) {
                assert_eq!(JobQueue::from_short_name(&queue.short_name()), Some(queue));
            }
        }
        assert_eq!(JobQueue::from_short_name("high"), None);
    }
}
