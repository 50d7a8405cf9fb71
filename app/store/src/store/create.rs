//! How a task comes to be: once, however often it is asked for.

use miyabi_progress::estimate::Pace;
use miyabi_shared::event::CreateTask;
use miyabi_shared::{LogGroup, Progress, Task, TaskId, TaskStatus, Timestamp};
use uuid::Uuid;

use super::{TaskStore, WRITE_ATTEMPTS, back_off};
use crate::answer::Created;
use crate::cache::Steps;
use crate::error::StoreError;
use crate::table::{Change, Committed, Current, KeyItem, Written};

impl TaskStore {
    /// Creates a task in status queued; a task that is there with the same content is given back.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the identifier belongs to a task with other content.
    pub async fn create(&self, body: &CreateTask) -> Result<Created, StoreError> {
        let task_id = body.task_id.clone().unwrap_or_else(new_id);
        for attempt in 1..=WRITE_ATTEMPTS {
            if let Some(created) = self.try_create(&task_id, body, false).await? {
                return Ok(created);
            }
            let Some(existing) = self.existing(&task_id).await? else {
                back_off(attempt).await;
                continue;
            };
            if let Some(field) = difference(&existing.task, body, existing.provisional) {
                return Err(StoreError::Conflict { task_id, field });
            }
            if !existing.provisional {
                self.publish(&existing, Steps::Untouched).await;
                return Ok(Created { task: existing.task, created: false });
            }
            if let Some(task) = self.complete(existing, body).await? {
                return Ok(Created { task, created: false });
            }
            back_off(attempt).await;
        }
        Err(contended(&task_id))
    }

    /// Like [`create`](Self::create), once for each `key` of a caller's choice, which is kept for a day. So a caller who
    /// leaves the choice of an identifier to us can repeat the call too.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] when the key came with another body before; else as for [`create`](Self::create).
    pub async fn create_once(&self, body: &CreateTask, key: &str) -> Result<Created, StoreError> {
        let content = serde_json::to_vec(body)
            .map_err(|error| StoreError::Refused { act: "writing JSON", source: error.into() })?;
        let task_id = body.task_id.clone().unwrap_or_else(new_id);
        let mut item = KeyItem::new(key, &content, task_id, Timestamp::now());
        for attempt in 1..=WRITE_ATTEMPTS {
            if self.tables.save_key(&item).await? == Written::Changed {
                match self.tables.key(&item).await? {
                    Some(kept) if kept.content != item.content => return Err(StoreError::KeyReused),
                    Some(kept) => item = kept,
                    // It has just expired.
                    None => {
                        back_off(attempt).await;
                        continue;
                    }
                }
            }
            return self.create(&CreateTask { task_id: Some(item.for_task), ..body.clone() }).await;
        }
        Err(contended(&item.for_task))
    }

    /// Creates a task that is known from its log alone, unless it is there: then it is given back as it is, whatever its
    /// content. A later [`create`](Self::create) of the same project and type adds name and labels.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn ensure_task(&self, task_id: &TaskId, body: &CreateTask) -> Result<Created, StoreError> {
        for attempt in 1..=WRITE_ATTEMPTS {
            // Most lines belong to a task that is there, and a read costs less than a refused transaction.
            if let Some(existing) = self.existing(task_id).await? {
                return Ok(Created { task: existing.task, created: false });
            }
            if let Some(created) = self.try_create(task_id, body, true).await? {
                return Ok(created);
            }
            back_off(attempt).await;
        }
        Err(contended(task_id))
    }

    /// `None` when the task is there, or another transaction is in the way.
    async fn try_create(
        &self,
        task_id: &TaskId,
        body: &CreateTask,
        provisional: bool,
    ) -> Result<Option<Created>, StoreError> {
        let now = Timestamp::now();
        let current = Current {
            task: Task {
                task_id: task_id.clone(),
                project_id: body.project_id.clone(),
                task_type: body.task_type.clone(),
                name: body.name.clone(),
                status: TaskStatus::Queued,
                progress: Progress::default(),
                estimate: None,
                attempt: 1,
                sequence: 0,
                exit_code: None,
                labels: body.labels.clone(),
                version: 1,
                log_group: Some(LogGroup::for_task_type(&body.task_type).name().to_owned()),
                created_at: now,
                updated_at: now,
                started_at: None,
                heartbeat_at: None,
                finished_at: None,
            },
            expires_at: self.tables.expires_at(now),
            provisional,
            steps_version: 0,
            steps_kept: 0,
            recorded_at: None,
            recorded_percentage: None,
            pace: Pace::default(),
        };
        let mut change = Change::new(&self.tables);
        change.create(&current, now)?;
        change.count(&body.project_id, None, TaskStatus::Queued, now)?;
        if !self.tables.project_exists(&body.project_id).await? {
            change.register(&body.project_id)?;
        }
        match change.commit().await? {
            Committed::Done => {
                self.publish(&current, Steps::All(&[])).await;
                Ok(Some(Created { task: current.task, created: true }))
            }
            Committed::Changed | Committed::Busy => Ok(None),
        }
    }

    /// Gives a task that was known from its log alone its name and labels.
    async fn complete(&self, mut current: Current, body: &CreateTask) -> Result<Option<Task>, StoreError> {
        let from = current.task.version;
        current.task.version += 1;
        current.task.name.clone_from(&body.name);
        current.task.labels.clone_from(&body.labels);
        current.provisional = false;
        match self.tables.advance(&current, from).await? {
            Written::Changed => Ok(None),
            Written::Done => {
                self.publish(&current, Steps::Untouched).await;
                Ok(Some(current.task))
            }
        }
    }
}

pub(super) fn new_id() -> TaskId {
    TaskId::from_words(&Uuid::now_v7().to_string(), "task")
}

fn difference(task: &Task, body: &CreateTask, provisional: bool) -> Option<&'static str> {
    if task.project_id != body.project_id {
        Some("project_id")
    } else if task.task_type != body.task_type {
        Some("task_type")
    } else if !provisional && task.name != body.name {
        Some("name")
    } else if !provisional && task.labels != body.labels {
        Some("labels")
    } else {
        None
    }
}

fn contended(task_id: &TaskId) -> StoreError {
    StoreError::Contended { what: format!("task {task_id}"), attempts: WRITE_ATTEMPTS }
}
