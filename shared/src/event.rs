//! What happens to a task. Events come by two roads, HTTP and logs; `(attempt, sequence)` makes them one story.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::{ProjectId, StepId, TaskId, TaskType};
use crate::job::Run;
use crate::task::{StepStatus, TaskStatus};
use crate::timestamp::Timestamp;

/// One thing that happened to a task.
///
/// Within a task, a higher `(attempt, sequence)` is newer. An event that is no newer than what was applied already
/// changes nothing, so that both roads, retries and replays can deliver it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaskEvent {
    /// Which attempt it belongs to, from 1.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub attempt: u32,
    /// Its place in the attempt, from 1, rising.
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 9_007_199_254_740_991_u64))]
    pub sequence: u64,
    /// When it happened, by the clock of the machine where the job runs.
    pub time: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub body: EventBody,
}

/// What happened, by its `type`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum EventBody {
    /// The job started.
    Started {},
    /// It came further, or said something new.
    Progress(ProgressEvent),
    /// It is still at work, and has nothing else to say.
    Heartbeat {},
    /// One of its steps changed.
    Step(StepEvent),
    /// It ended.
    Result(ResultEvent),
}

/// A new count, phase or message. What is left out stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProgressEvent {
    /// Units done; at most `total`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<u64>,
    /// Units in all, where the tool says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// `plan`, `deploy`, `cleanup`, `rollback`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<String>,
    /// The tool's last word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What the numbers were read from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What in the output speaks for that source, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_reason: Option<String>,
}

/// A step's new state. The first event about a step creates it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StepEvent {
    /// The step's identifier within its task.
    pub step_id: StepId,
    /// The step that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<StepId>,
    /// What people call it.
    pub name: String,
    /// What it is: `stack`, a resource type, `phase`, `test`…
    pub kind: String,
    /// Where it is in its life.
    pub status: StepStatus,
    /// The tool's last word; the reason, when it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ResultStatus {
    /// It did what it should.
    Succeeded,
    /// It did not.
    Failed,
    /// It was ended on purpose.
    Cancelled,
}

/// The end of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResultEvent {
    /// How it ended.
    pub status: ResultStatus,
    /// The command's exit code, where it had one; 128 + n after signal n.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// Why, in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// The body of `POST /api/tasks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateTask {
    /// An identifier of the caller's choice, so that a repeated call creates nothing new; made by the server where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
    /// The project that it belongs to; created with its first task.
    pub project_id: ProjectId,
    /// What kind of job it is.
    pub task_type: TaskType,
    /// What people call it; 1 to 256 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256))]
    pub name: String,
    /// Free key-value pairs to find it by; at most 32 of 128 characters each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// What a worker is to run; without it, whoever creates the task runs its job and tells of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Run>,
}

/// The body of `POST /api/tasks/{task_id}/events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PostEvents {
    /// 1 to 100 events, in any order.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 100))]
    pub events: Vec<TaskEvent>,
}

/// The body of `POST /api/cancellations`: which tasks to cancel, by everything that is set; something has to be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CancelTasks {
    /// Of this project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// In this status: `queued` or `running`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<TaskStatus>,
    /// Of this type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_type: Option<TaskType>,
    /// With this label: its key, or `key=value`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// With this in the identifier, the name or a label, in whatever case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
}

/// The answer to `POST /api/cancellations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CancelledTasks {
    /// The tasks that this call cancelled.
    pub cancelled: Vec<TaskId>,
    /// Whether there may be more of them: the same call again goes on.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_flat_json_with_a_type() {
        let json = serde_json::json!({
            "attempt": 1, "sequence": 17, "time": "2026-11-22T04:35:23.456Z",
            "type": "progress", "current": 15, "total": 29, "phase": "deploy"
        });
        let event: TaskEvent = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), json);
        let EventBody::Progress(progress) = event.body else { panic!("{event:?}") };
        assert_eq!((progress.current, progress.total), (Some(15), Some(29)));
    }

    #[test]
    fn negative_counts_and_unknown_types_are_refused() {
        for bad in [
            serde_json::json!({"attempt": 1, "sequence": 1, "time": "2026-11-22T04:35:23Z", "type": "progress", "current": -1}),
            serde_json::json!({"attempt": 1, "sequence": 1, "time": "2026-11-22T04:35:23Z", "type": "progress", "current": 1.5}),
            serde_json::json!({"attempt": 1, "sequence": 1, "time": "2026-11-22T04:35:23Z", "type": "leap"}),
        ] {
            assert!(serde_json::from_value::<TaskEvent>(bad.clone()).is_err(), "{bad}");
        }
    }
}
