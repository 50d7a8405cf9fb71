//! Updates that did not reach the cache, and how they are made up for.

use std::collections::HashMap;
use std::fmt;
use std::sync::PoisonError;

use miyabi_shared::TaskId;

use super::Cache;

/// So many lost updates are repaired one by one; more, by a new epoch.
const MOST_REPAIRS: usize = 200;

/// Updates that did not reach the cache.
#[derive(Debug, Default)]
pub(super) struct Losses {
    count: u64,
    /// The number of the last one of each task.
    by_task: HashMap<TaskId, u64>,
}

/// A task whose update got lost.
#[derive(Debug)]
pub(crate) struct Missed {
    pub(crate) task_id: TaskId,
    loss: u64,
}

impl Cache {
    /// Notes that an update of `task_id` is on its way to the cache. Until [`Update::arrived`] it counts as lost.
    pub(crate) fn update(&self, task_id: &TaskId) -> Update {
        Update { cache: self.clone(), task_id: Some(task_id.clone()) }
    }

    /// The tasks whose updates got lost, for the caller to put again.
    pub(crate) fn missed(&self) -> Vec<Missed> {
        let Some(shared) = &self.shared else { return Vec::new() };
        let mut missed = shared.missed.lock().unwrap_or_else(PoisonError::into_inner);
        if missed.by_task.is_empty() || shared.connection.is_out() {
            return Vec::new();
        }
        if missed.by_task.len() > MOST_REPAIRS {
            missed.by_task.clear();
            shared.connection.distrust();
        }
        let all = missed.by_task.iter();
        all.map(|(task_id, loss)| Missed { task_id: task_id.clone(), loss: *loss }).collect()
    }

    /// A lost update was made up for.
    pub(crate) fn repaired(&self, repaired: &Missed) {
        let Some(shared) = &self.shared else { return };
        let mut missed = shared.missed.lock().unwrap_or_else(PoisonError::into_inner);
        // One that got lost since then is still to be repaired.
        if missed.by_task.get(&repaired.task_id) == Some(&repaired.loss) {
            missed.by_task.remove(&repaired.task_id);
        }
    }
}

/// An update on its way from the table to the cache.
pub(crate) struct Update {
    cache: Cache,
    task_id: Option<TaskId>,
}

impl Update {
    pub(crate) fn arrived(mut self) {
        self.task_id = None;
    }
}

impl Drop for Update {
    fn drop(&mut self) {
        let (Some(task_id), Some(shared)) = (self.task_id.take(), &self.cache.shared) else { return };
        if shared.connection.is_out() {
            // While the breaker is open single losses are not noted: all that is cached is distrusted when it closes.
            shared.connection.distrust();
        } else {
            let mut missed = shared.missed.lock().unwrap_or_else(PoisonError::into_inner);
            missed.count += 1;
            let loss = missed.count;
            missed.by_task.insert(task_id, loss);
        }
    }
}

impl fmt::Debug for Update {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Update").field(&self.task_id).finish()
    }
}
