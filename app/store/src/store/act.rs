//! What people do to a task: end it, or have it run again.

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use miyabi_progress::estimate::Pace;
use miyabi_shared::event::{EventBody, ResultEvent, ResultStatus};
use miyabi_shared::{Progress, Task, TaskEvent, TaskId, TaskStatus, Timestamp, limits};

use super::{TaskStore, WRITE_ATTEMPTS, back_off, point_of};
use crate::answer::Cancelled;
use crate::cache::Steps;
use crate::error::StoreError;
use crate::query::{Filter, ListQuery, Sieve};
use crate::table::{Change, Committed, Current};

/// How many tasks are ended side by side, where many are.
const TOGETHER: usize = 8;

impl TaskStore {
    /// Ends a task as cancelled, whatever its job still reports. A task that is cancelled already stays so.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Ended`] when it succeeded or failed before.
    pub async fn cancel(&self, task_id: &TaskId) -> Result<Task, StoreError> {
        for attempt in 1..=WRITE_ATTEMPTS {
            let task = self.known(task_id).await?.task;
            match task.status {
                TaskStatus::Cancelled => return Ok(task),
                TaskStatus::Queued | TaskStatus::Running => {}
                status => return Err(StoreError::Ended { task_id: task_id.clone(), status }),
            }
            let end = ResultEvent { status: ResultStatus::Cancelled, exit_code: None, message: None };
            let event = TaskEvent {
                attempt: task.attempt,
                sequence: task.sequence.saturating_add(1),
                time: Timestamp::now().max(task.updated_at),
                body: EventBody::Result(end),
            };
            let task = self.apply_events(task_id, std::slice::from_ref(&event)).await?.task;
            if task.status == TaskStatus::Cancelled {
                return Ok(task);
            }
            // The job itself said something in between, and its event has the number of ours.
            back_off(attempt).await;
        }
        Err(contended(task_id))
    }

    /// Cancels the tasks of one page of what `filter` and `sieve` find: those that wait, then those that run.
    ///
    /// # Errors
    /// When the tables fail; tasks that were cancelled by then stay so, and a repetition goes on with the others.
    pub async fn cancel_all(&self, filter: &Filter, sieve: &Sieve) -> Result<Cancelled, StoreError> {
        let live = [TaskStatus::Queued, TaskStatus::Running];
        let mut cancelled = Cancelled { task_ids: Vec::new(), more: false };
        for status in live.into_iter().filter(|live| filter.status.is_none_or(|status| status == *live)) {
            let filter = Filter { status: Some(status), ..filter.clone() };
            let query =
                ListQuery { filter, sieve: sieve.clone(), limit: limits::PAGE_SIZE_MAX, cursor: None };
            let page = self.list(&query, None).await?.value;
            let Some(page) = page else { continue };
            cancelled.more |= page.next_cursor.is_some();
            let ended: Vec<Option<TaskId>> = stream::iter(page.tasks()?)
                .map(|task| async move {
                    match self.cancel(&task.task_id).await {
                        Ok(task) => Ok(Some(task.task_id)),
                        // It came to its end, or was forgotten, before it was its turn.
                        Err(StoreError::Ended { .. } | StoreError::NotFound(_)) => Ok(None),
                        Err(error) => Err(error),
                    }
                })
                .buffered(TOGETHER)
                .try_collect()
                .await?;
            cancelled.task_ids.extend(ended.into_iter().flatten());
        }
        Ok(cancelled)
    }

    /// Queues a task that ended for another attempt. Events of that attempt move it on; those of earlier ones are late.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::NotEnded`] when it waits or runs.
    pub async fn retry(&self, task_id: &TaskId) -> Result<Task, StoreError> {
        // An acknowledgement may get lost: what this call itself wrote is no reason to refuse.
        let mut begun = None;
        for attempt in 1..=WRITE_ATTEMPTS {
            let current = self.known(task_id).await?;
            let (from, status) = (current.task.version, current.task.status);
            if !status.is_terminal() {
                if begun == Some(current.task.attempt) && status == TaskStatus::Queued {
                    return Ok(current.task);
                }
                return Err(StoreError::NotEnded { task_id: task_id.clone(), status });
            }
            let now = Timestamp::now();
            let next = again(current, self.tables.expires_at(now), now);
            begun = Some(next.task.attempt);
            let mut change = Change::new(&self.tables);
            change.advance(&next, from)?;
            change.count(&next.task.project_id, Some(status), TaskStatus::Queued, now)?;
            change.record(&point_of(&next, now, 0))?;
            if change.commit().await? == Committed::Done {
                self.publish(&next, Steps::Untouched).await;
                return Ok(next.task);
            }
            back_off(attempt).await;
        }
        Err(contended(task_id))
    }

    async fn known(&self, task_id: &TaskId) -> Result<Current, StoreError> {
        self.existing(task_id).await?.ok_or_else(|| StoreError::NotFound(task_id.clone()))
    }
}

/// `current` as it waits for its next attempt.
pub(super) fn again(mut current: Current, expires_at: i64, now: Timestamp) -> Current {
    let task = &mut current.task;
    task.version += 1;
    task.attempt = task.attempt.saturating_add(1);
    task.sequence = 0;
    task.status = TaskStatus::Queued;
    task.progress = Progress::default();
    task.estimate = None;
    task.exit_code = None;
    task.started_at = None;
    task.finished_at = None;
    task.updated_at = task.updated_at.max(now);
    current.pace = Pace::default();
    current.recorded_at = Some(now);
    current.recorded_percentage = None;
    current.expires_at = expires_at;
    current
}

fn contended(task_id: &TaskId) -> StoreError {
    StoreError::Contended { what: format!("task {task_id}"), attempts: WRITE_ATTEMPTS }
}
