//! Whose a spool is, and where it goes.

use miyabi_shared::event::CreateTask;
use serde::{Deserialize, Serialize};

/// Where log lines go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LogsDestination {
    /// The address of an emulator; AWS itself where it is left out.
    pub(crate) endpoint: Option<String>,
    /// The region; the configured one where it is left out.
    pub(crate) region: Option<String>,
    /// The log group. The stream is the task's identifier.
    pub(crate) group: String,
}

/// Whose a spool is, and where it goes. No credentials: those are looked up when it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    /// The task, as it is created.
    pub(crate) task: CreateTask,
    /// The attempt that the events belong to.
    pub(crate) attempt: u32,
    /// The API, where there is one.
    pub(crate) api_url: Option<String>,
    /// The logs, where there are some.
    pub(crate) logs: Option<LogsDestination>,
}

impl Meta {
    /// The task's identifier: every task that this command creates has one.
    pub(crate) fn task_id(&self) -> &str {
        self.task.task_id.as_ref().map_or("unnamed", |id| id.as_str())
    }
}
