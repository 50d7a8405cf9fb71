//! How long tasks take, learnt from those that succeeded: read once a minute, written once a task, never by a tick.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use miyabi_progress::estimate::History;
use miyabi_shared::table::tasks;
use miyabi_shared::{Task, Timestamp};

use super::{TaskStore, back_off};
use crate::error::StoreError;
use crate::table::{LearntItem, Written};

/// For how long what was read is used. What a task teaches changes an estimate by little.
const FRESH: Duration = Duration::from_secs(60);
/// Most types of tasks that a process remembers.
const TYPES: usize = 512;
/// How often it is tried to add a task to what was learnt, when others add theirs.
const TRIES: u32 = 4;

/// Each history that was read, and when.
type Kept = HashMap<String, (Instant, Arc<History>)>;

/// What this process has read.
#[derive(Debug, Clone, Default)]
pub(super) struct Learnt {
    kept: Arc<Mutex<Kept>>,
}

impl Learnt {
    fn get(&self, key: &str) -> Option<Arc<History>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|(read, _)| read.elapsed() < FRESH).map(|(_, history)| history.clone())
    }

    fn put(&self, key: String, history: History) -> Arc<History> {
        let history = Arc::new(history);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= TYPES {
            kept.retain(|_, (read, _)| read.elapsed() < FRESH);
        }
        if kept.len() >= TYPES {
            kept.clear();
        }
        kept.insert(key, (Instant::now(), history.clone()));
        history
    }
}

fn key_of(task: &Task) -> String {
    tasks::learnt_key(&task.project_id, &task.task_type)
}

impl TaskStore {
    /// What was learnt of tasks like this one. Nothing, where it cannot be read: an estimate is not worth failing an event.
    pub(super) async fn history_of(&self, task: &Task) -> Arc<History> {
        let key = key_of(task);
        if let Some(history) = self.learnt.get(&key) {
            return history;
        }
        match self.tables.learnt(&key).await {
            Ok(item) => self.learnt.put(key, item.map(|item| item.history).unwrap_or_default()),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, key, "no estimate without history");
                Arc::default()
            }
        }
    }

    /// Learns from a task that has just succeeded. A task that is not learnt from is no loss.
    pub(super) async fn learn(&self, task: &Task) {
        if let Err(error) = self.try_learn(task).await {
            let task_id = task.task_id.as_str();
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                task_id,
                "nothing was learnt from a task"
            );
        }
    }

    async fn try_learn(&self, task: &Task) -> Result<(), StoreError> {
        let key = key_of(task);
        let steps = self.tables.with_steps(&task.task_id).await?.map(|(_, steps)| steps).unwrap_or_default();
        // Only what this attempt did says how long an attempt takes.
        let steps: Vec<_> = steps.into_iter().filter(|step| step.attempt == task.attempt).collect();
        for attempt in 1..=TRIES {
            let known = self.tables.learnt(&key).await?;
            let from = known.as_ref().map_or(0, |item| item.version);
            let mut history = known.map(|item| item.history).unwrap_or_default();
            history.learn(task, &steps);
            let expires_at = self.tables.expires_at(Timestamp::now());
            let item = LearntItem { key: key.clone(), version: from + 1, expires_at, history };
            if self.tables.save_learnt(&item, from).await? == Written::Done {
                self.learnt.put(key, item.history);
                return Ok(());
            }
            back_off(attempt).await;
        }
        Err(StoreError::Contended { what: key, attempts: TRIES })
    }
}
