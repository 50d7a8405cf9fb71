//! What a batch of the table's changes comes down to: the newest state of each thing that changed.

use std::collections::{BTreeMap, BTreeSet};

use miyabi_shared::{Step, StepId, Task, TaskId, Timestamp};
use miyabi_store::{ItemChange, StreamRecord};
use miyabi_telemetry::Chain;
use serde_json::Value;

/// The newest state of everything that changed.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) tasks: BTreeMap<TaskId, Task>,
    pub(crate) steps: BTreeMap<(TaskId, StepId), Step>,
    pub(crate) removed: BTreeSet<TaskId>,
    /// When the oldest of it was stored.
    pub(crate) oldest: Option<Timestamp>,
    /// Records that cannot be read. One of them must not hold up the shard, and calling again would not help.
    pub(crate) unreadable: u64,
}

impl Batch {
    pub(crate) fn read(records: Vec<Value>) -> Self {
        let mut batch = Self::default();
        for record in records {
            batch.add(record);
        }
        batch
    }

    /// How many things changed.
    pub(crate) fn len(&self) -> u64 {
        u64::try_from(self.tasks.len() + self.steps.len() + self.removed.len()).unwrap_or(u64::MAX)
    }

    fn add(&mut self, record: Value) {
        let place = record.pointer("/dynamodb/SequenceNumber").cloned().unwrap_or_default();
        let record: StreamRecord = match serde_json::from_value(record) {
            Ok(record) => record,
            Err(error) => return self.unreadable(&error, &place),
        };
        let stored_at = record.stored_at();
        match record.read() {
            Ok(ItemChange::Other) => return,
            Ok(ItemChange::Task(task)) => {
                let known = self.tasks.get(&task.task_id).map_or(0, |known| known.version);
                if task.version > known {
                    self.removed.remove(&task.task_id);
                    self.tasks.insert(task.task_id.clone(), *task);
                }
            }
            Ok(ItemChange::Step { task_id, step }) => {
                let key = (task_id, step.step_id.clone());
                let age = |step: &Step| (step.attempt, step.sequence);
                if self.steps.get(&key).is_none_or(|known| age(known) <= age(&step)) {
                    self.steps.insert(key, *step);
                }
            }
            Ok(ItemChange::Removed(task_id)) => {
                self.tasks.remove(&task_id);
                self.removed.insert(task_id);
            }
            Err(error) => return self.unreadable(&error, &place),
        }
        self.oldest = [self.oldest, stored_at].into_iter().flatten().min();
    }

    fn unreadable(&mut self, error: &(dyn std::error::Error + 'static), place: &Value) {
        self.unreadable += 1;
        tracing::error!(error = %Chain(error), sequence_number = %place, "a change cannot be read");
    }
}
