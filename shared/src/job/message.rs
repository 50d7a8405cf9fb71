//! What waits in a queue: the whole job, so that a message alone is enough to run it.

use serde::{Deserialize, Serialize};

use super::Run;
use crate::event::CreateTask;
use crate::id::TaskId;
use crate::timestamp::Timestamp;

/// A message of a queue of jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobMessage {
    /// The task, as it is created; with its identifier.
    pub task: CreateTask,
    /// What to run.
    pub run: Run,
    /// Which attempt this is for.
    pub attempt: u32,
    /// When it was put into the queue.
    pub queued_at: Timestamp,
}

/// Why a message is no job.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableMessage {
    /// It is no JSON, or not of this shape.
    #[error("the message is no job")]
    Shape(#[source] serde_json::Error),
    /// Its task has no identifier.
    #[error("the message's task has no task_id")]
    NoTaskId,
}

impl JobMessage {
    /// The job in a message's body, with the identifier of its task.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(body: &str) -> Result<(TaskId, Self), UnreadableMessage> {
        let message: Self = serde_json::from_str(body).map_err(UnreadableMessage::Shape)?;
        let task_id = message.task.task_id.clone().ok_or(UnreadableMessage::NoTaskId)?;
        Ok((task_id, message))
    }
}
