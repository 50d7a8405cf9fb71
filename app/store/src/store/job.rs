//! Jobs: their records, which change by compare-and-set alone, and who takes them.

use miyabi_shared::event::CreateTask;
use miyabi_shared::job::{Job, WorkerSeen};
use miyabi_shared::{Task, TaskId, TaskStatus, Timestamp};

use super::act::again;
use super::create::new_id;
use super::{TaskStore, WRITE_ATTEMPTS, back_off, point_of};
use crate::cache::Steps;
use crate::error::StoreError;
use crate::table::{Change, Committed, JobItem, KeyItem, WorkerItem, Written};

impl TaskStore {
    /// The identifier of a task that is about to be created: the caller's, the one that its `key` was used for before, or a new one.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] when the key came with another body before.
    pub async fn identify(&self, body: &CreateTask, key: Option<&str>) -> Result<TaskId, StoreError> {
        let task_id = body.task_id.clone().unwrap_or_else(new_id);
        let Some(key) = key else { return Ok(task_id) };
        let content = serde_json::to_vec(body)
            .map_err(|error| StoreError::Refused { act: "writing JSON", source: error.into() })?;
        let item = KeyItem::new(key, &content, task_id, Timestamp::now());
        for attempt in 1..=WRITE_ATTEMPTS {
            if self.tables.save_key(&item).await? == Written::Done {
                return Ok(item.for_task);
            }
            match self.tables.key(&item).await? {
                Some(kept) if kept.content != item.content => return Err(StoreError::KeyReused),
                Some(kept) => return Ok(kept.for_task),
                // It has just expired.
                None => back_off(attempt).await,
            }
        }
        Err(StoreError::Contended { what: "the key of a call".to_owned(), attempts: WRITE_ATTEMPTS })
    }

    /// What is kept of a task's job, if it has one.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn job(&self, task_id: &TaskId) -> Result<Option<Job>, StoreError> {
        self.tables.job(task_id).await?.map(|item| item.job()).transpose()
    }

    /// Keeps a job's record, which gets the next version; `None` where someone else changed it since it was read.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn save_job(&self, task_id: &TaskId, mut job: Job) -> Result<Option<Job>, StoreError> {
        let from = job.version;
        job.version += 1;
        let item = JobItem::new(task_id, &job, self.tables.expires_at(Timestamp::now()))?;
        if self.tables.save_job(&item, from).await? == Written::Done {
            return Ok(Some(job));
        }
        // An acknowledgement may have been lost: what is there may be what this call wrote.
        Ok(self.job(task_id).await?.filter(|kept| *kept == job))
    }

    /// Puts a task whose attempt is over, and was not the last, back among those that wait; without an end that anyone would
    /// be told of. `None` where the task went on or ended meanwhile.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn requeue(&self, task_id: &TaskId, attempt: u32) -> Result<Option<Task>, StoreError> {
        for tries in 1..=WRITE_ATTEMPTS {
            let Some(current) = self.existing(task_id).await? else {
                return Err(StoreError::NotFound(task_id.clone()));
            };
            let (from, status) = (current.task.version, current.task.status);
            if current.task.attempt != attempt || status == TaskStatus::Cancelled {
                return Ok(None);
            }
            let now = Timestamp::now();
            let next = again(current, self.tables.expires_at(now), now);
            let mut change = Change::new(&self.tables);
            change.advance(&next, from)?;
            if status != TaskStatus::Queued {
                change.count(&next.task.project_id, Some(status), TaskStatus::Queued, now)?;
            }
            change.record(&point_of(&next, now, 0))?;
            if change.commit().await? == Committed::Done {
                self.publish(&next, Steps::Untouched).await;
                return Ok(Some(next.task));
            }
            back_off(tries).await;
        }
        Err(StoreError::Contended { what: format!("task {task_id}"), attempts: WRITE_ATTEMPTS })
    }

    /// The task as the tables have it at this moment.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn current_task(&self, task_id: &TaskId) -> Result<Option<Task>, StoreError> {
        Ok(self.existing(task_id).await?.map(|current| current.task))
    }

    /// Notes that a worker is there.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn worker_is_there(&self, worker: &WorkerSeen) -> Result<(), StoreError> {
        self.tables.save_worker(&WorkerItem::new(worker.clone(), Timestamp::now())).await
    }

    /// The workers that said something in the last hour.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn workers(&self) -> Result<Vec<WorkerSeen>, StoreError> {
        Ok(self.tables.workers().await?.into_iter().map(|item| item.worker).collect())
    }
}
