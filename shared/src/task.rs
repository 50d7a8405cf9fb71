//! What the API says about a task: its state, its progress and its steps.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::id::{ProjectId, StepId, TaskId, TaskType};
use crate::timestamp::Timestamp;

/// How often whoever runs a task gives a sign of life, where nothing else happens.
pub const HEARTBEAT: Duration = Duration::from_secs(15);

/// After so long without a sign of life a running task has stalled: four were missed.
pub const STALLED_AFTER: Duration = Duration::from_secs(60);

/// Where a task is in its life: `queued -> running -> succeeded | failed | cancelled`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TaskStatus {
    /// Known, and not started.
    Queued,
    /// Started, and not ended.
    Running,
    /// Ended well. The only state in which the percentage is 100.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Ended because someone wanted it to.
    Cancelled,
}

impl TaskStatus {
    /// Every status, in the order of a task's life.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// Whether an attempt that is in this state can no longer change.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// The status as the API spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl std::fmt::Display for TaskStatus {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl std::str::FromStr for TaskStatus {
    type Err = InvalidStatus;
    fn from_str(text: &str) -> Result<Self, InvalidStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| InvalidStatus(text.to_owned()))
    }
}

/// Why a text is no status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no status: expected queued, running, succeeded, failed or cancelled")]
pub struct InvalidStatus(pub String);

/// How far a task or a step has come.
///
/// Within one attempt the percentage never falls and stays within 0 to 100; it is 100 only with success. An
/// unknown total has no percentage.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    /// Units done; at most `total` where that is known.
    #[cfg_attr(feature = "openapi", schema(maximum = 9_007_199_254_740_991_u64, example = 15))]
    pub current: u64,
    /// Units in all; `null` while unknown.
    #[cfg_attr(feature = "openapi", schema(required, maximum = 9_007_199_254_740_991_u64, example = 29))]
    pub total: Option<u64>,
    /// Whole percent, 0 to 100; `null` while the total is unknown.
    #[cfg_attr(feature = "openapi", schema(required, maximum = 100, example = 52))]
    pub percentage: Option<u8>,
    /// What is being done: `plan`, `deploy`, `cleanup`, `rollback`, `destroy`, `build`, `test`…; `null` where the tool does not say.
    #[cfg_attr(feature = "openapi", schema(required, example = "deploy"))]
    pub phase: Option<String>,
    /// The tool's last word on it.
    #[cfg_attr(
        feature = "openapi",
        schema(required, example = "CREATE_COMPLETE AWS::DynamoDB::Table Tasks")
    )]
    pub message: Option<String>,
    /// What the numbers were read from, such as `cdk-text`, `count` or `line`; `null` before the first.
    #[cfg_attr(feature = "openapi", schema(required, example = "cdk-text"))]
    pub source: Option<String>,
    /// What in the output speaks for that source, for people; `null` where nobody said.
    #[serde(default)]
    #[cfg_attr(
        feature = "openapi",
        schema(
            required,
            example = "lines in the columns of cdk: stack | count | time | status | type | resource"
        )
    )]
    pub source_reason: Option<String>,
}

/// When a task will be over, as it was told by its newest event: a range, or nothing where it would be a guess.
///
/// It is a pair of moments and no duration, so that it need not change while nothing happens. Once `latest` has passed,
/// it says nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Estimate {
    /// Hardly before this.
    pub earliest: Timestamp,
    /// Hardly after this.
    pub latest: Timestamp,
    /// What it was made of.
    pub basis: EstimateBasis,
}

/// What an estimate was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EstimateBasis {
    /// How long earlier tasks of its type took in its project.
    Tasks,
    /// How long steps of the kinds that run now took, and nothing comes after them.
    Steps,
    /// How fast this run is.
    Rate,
    /// How long earlier tasks took, and how fast this run is.
    Both,
}

impl EstimateBasis {
    /// What it is made of, in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tasks => "tasks",
            Self::Steps => "steps",
            Self::Rate => "rate",
            Self::Both => "both",
        }
    }
}

impl Estimate {
    /// How long it will still take after `now`, from and to; `None` once that is over.
    pub fn remaining(&self, now: Timestamp) -> Option<(Duration, Duration)> {
        (self.latest > now).then(|| (self.earliest.since(now), self.latest.since(now)))
    }
}

/// One task: a job that runs for a while, in its current state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Task {
    /// The task's own identifier; also the name of its log stream.
    pub task_id: TaskId,
    /// The project that it belongs to.
    pub project_id: ProjectId,
    /// What kind of job it is.
    pub task_type: TaskType,
    /// What people call it; up to 256 characters.
    pub name: String,
    /// Where it is in its life.
    pub status: TaskStatus,
    /// How far it has come.
    pub progress: Progress,
    /// When it will be over; `null` while it does not run, and where that would be a guess.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub estimate: Option<Estimate>,
    /// Which attempt this is, from 1.
    pub attempt: u32,
    /// The sequence number of the newest event within the attempt that was applied.
    pub sequence: u64,
    /// The command's exit code, once it ended and had one.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub exit_code: Option<i32>,
    /// Free key-value pairs to find it by.
    pub labels: BTreeMap<String, String>,
    /// Counts the changes of this task; a reader who holds a higher one holds a newer state.
    pub version: u64,
    /// The log group that holds its output; the stream is the task's identifier. `null` where it has none.
    #[cfg_attr(feature = "openapi", schema(required, example = "/miyabi/cdk-deploy"))]
    pub log_group: Option<String>,
    /// When it became known.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When whoever runs it last gave a sign of life, by the clock of its machine; `null` where nobody promised any. A
    /// running task without one for a minute has stalled: its runner is dead or cut off, and not only silent.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub heartbeat_at: Option<Timestamp>,
    /// When the current attempt started.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub started_at: Option<Timestamp>,
    /// When the current attempt ended.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub finished_at: Option<Timestamp>,
}

impl Task {
    /// Whether its runner promised signs of life, and none came for [`STALLED_AFTER`].
    pub fn is_stalled(&self, now: Timestamp) -> bool {
        self.status == TaskStatus::Running
            && self.heartbeat_at.is_some_and(|heartbeat| now.since(heartbeat) >= STALLED_AFTER)
    }
}

/// Where a step is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StepStatus {
    /// Known, and not started.
    Queued,
    /// Started, and not ended.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// Ended because someone wanted it to, or because another step failed.
    Cancelled,
    /// Not needed this time.
    Skipped,
}

impl StepStatus {
    /// Whether a step in this state has ended.
    pub fn is_terminal(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// A part of a task that has a beginning and an end of its own: a stack, a resource, a phase, a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    /// The step's identifier within its task.
    pub step_id: StepId,
    /// The step that this one is part of; `null` at the top.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub parent_id: Option<StepId>,
    /// What people call it.
    pub name: String,
    /// What it is: `stack`, a resource type such as `AWS::DynamoDB::Table`, `phase`, `test`…
    pub kind: String,
    /// Where it is in its life.
    pub status: StepStatus,
    /// The tool's last word on it; the reason, when it failed.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub message: Option<String>,
    /// The attempt of the newest event that was applied to it.
    pub attempt: u32,
    /// The sequence number of that event.
    pub sequence: u64,
    /// When it started.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub finished_at: Option<Timestamp>,
}

/// How far a task had come at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HistoryPoint {
    /// The moment, by the clock of the machine where the job ran.
    pub time: Timestamp,
    /// Which attempt it was.
    pub attempt: u32,
    /// Where the task was in its life.
    pub status: TaskStatus,
    /// Units done.
    pub current: u64,
    /// Units in all; `null` while unknown.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub total: Option<u64>,
    /// Whole percent; `null` while the total is unknown.
    #[cfg_attr(feature = "openapi", schema(required, maximum = 100))]
    pub percentage: Option<u8>,
    /// What was being done.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub phase: Option<String>,
}

/// One project with what its tasks are doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Project {
    /// The project's identifier.
    pub project_id: ProjectId,
    /// What people call it; its identifier until it is named.
    pub name: String,
    /// How many tasks are in each status.
    pub counts: StatusCounts,
    /// When its first task became known.
    pub created_at: Timestamp,
    /// When one of its tasks last changed its status.
    pub updated_at: Timestamp,
}

/// Number of tasks in each status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatusCounts {
    /// Tasks that wait.
    pub queued: u64,
    /// Tasks at work.
    pub running: u64,
    /// Tasks that ended well.
    pub succeeded: u64,
    /// Tasks that ended badly.
    pub failed: u64,
    /// Tasks that were ended on purpose.
    pub cancelled: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_one_spelling_in_json_and_in_text() {
        for status in TaskStatus::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
            assert_eq!(status.as_str().parse::<TaskStatus>().unwrap(), status);
        }
        assert!("done".parse::<TaskStatus>().unwrap_err().to_string().contains("expected queued"));
    }

    #[test]
    fn an_estimate_says_what_is_left_until_its_latest_moment_has_passed() {
        let at = Timestamp::from_millis;
        let estimate = Estimate { earliest: at(10_000), latest: at(20_000), basis: EstimateBasis::Tasks };
        let seconds = Duration::from_secs;
        assert_eq!(estimate.remaining(at(4_000)), Some((seconds(6), seconds(16))));
        assert_eq!(estimate.remaining(at(15_000)), Some((seconds(0), seconds(5))));
        assert_eq!(estimate.remaining(at(20_000)), None);
    }
}
