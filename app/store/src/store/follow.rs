//! What follows from the table, brought up to date by who is told of its changes.

use miyabi_shared::{Task, TaskId, Timestamp};

use super::{TaskStore, WRITE_ATTEMPTS, back_off};
use crate::answer::Followed;
use crate::cache::Steps;
use crate::error::StoreError;
use crate::query::Filter;
use crate::table::{Change, Committed};

impl TaskStore {
    /// Puts tasks that changed into the cache as they are in the table now, and takes those out of it that are gone; with
    /// each comes the highest version that is known of it. What the cache does not take is no error: it finds out by itself.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn follow(&self, tasks: &[(TaskId, u64)]) -> Result<Followed, StoreError> {
        let mut followed = Followed::default();
        if tasks.is_empty() || self.cache.is_none() {
            return Ok(followed);
        }
        let ids: Vec<TaskId> = tasks.iter().map(|(task_id, _)| task_id.clone()).collect();
        let found = self.tables.current_of(&ids).await?;
        for current in found.values() {
            let steps = if current.steps_version == 0 { Steps::All(&[]) } else { Steps::Untouched };
            let arrived = self.cache.put(&super::entry(current, steps), None).await.is_ok();
            followed.cached += usize::from(arrived);
            followed.lost += usize::from(!arrived);
        }
        let gone: Vec<_> =
            tasks.iter().filter(|(task_id, _)| !found.contains_key(task_id)).cloned().collect();
        if !gone.is_empty() {
            let dropped = self.cache.drop_from_list(&Filter::default(), &gone).await.is_ok();
            *(if dropped { &mut followed.cached } else { &mut followed.lost }) += gone.len();
        }
        Ok(followed)
    }

    /// Takes a task that is gone out of the counts of its project, once for each life of it: `last` is how it was last.
    /// Gives whether it was counted until now.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn count_out(&self, last: &Task) -> Result<bool, StoreError> {
        for attempt in 1..=WRITE_ATTEMPTS {
            let mut change = Change::new(&self.tables);
            change.ended(last, Timestamp::now())?;
            change.count_out(&last.project_id, last.status)?;
            match change.commit().await? {
                Committed::Done => return Ok(true),
                Committed::Changed => return Ok(false),
                Committed::Busy => back_off(attempt).await,
            }
        }
        Err(StoreError::Contended { what: format!("project {}", last.project_id), attempts: WRITE_ATTEMPTS })
    }
}
