//! The table of tasks, for who only reads it, and from where there is no cache.

use aws_config::SdkConfig;
use miyabi_shared::config::{CacheEndpoint, StoreConfig};
use miyabi_shared::{Step, Task, TaskId, Timestamp};

use crate::error::StoreError;
use crate::table::Tables;

/// Reads tasks as they are at this moment, from the table alone.
#[derive(Debug, Clone)]
pub struct TaskReader {
    tables: Tables,
}

impl TaskReader {
    /// A reader of the table of this name. Opens no connection yet.
    pub fn new(tasks_table: &str, aws: &SdkConfig) -> Self {
        let config = StoreConfig {
            tasks_table: tasks_table.to_owned(),
            // Neither written nor read from here.
            projects_table: String::new(),
            cache: CacheEndpoint::None,
            cache_timeout_milliseconds: 0,
            task_retention_days: 0,
        };
        Self { tables: Tables::new(&config, aws) }
    }

    /// Those of the tasks that are there.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn tasks(&self, task_ids: &[TaskId]) -> Result<Vec<Task>, StoreError> {
        let found = self.tables.current_of(task_ids).await?;
        Ok(found.into_values().map(|current| current.task).collect())
    }

    /// A task with its steps, where it is there.
    ///
    /// # Errors
    /// When the table fails.
    pub async fn task_with_steps(&self, task_id: &TaskId) -> Result<Option<(Task, Vec<Step>)>, StoreError> {
        let found = self.tables.with_steps(task_id).await?;
        let found = found.filter(|(current, _)| !current.is_expired(Timestamp::now()));
        Ok(found.map(|(current, steps)| (current.task, steps)))
    }
}
