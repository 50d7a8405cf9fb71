//! What a batch of the table's changes comes down to: the newest state of each thing that changed.

use std::collections::{BTreeMap, BTreeSet};

use miyabi_shared::push::Channel;
use miyabi_shared::{ProjectId, Step, StepId, Task, TaskId, Timestamp};
use miyabi_store::{ItemChange, StreamRecord};
use miyabi_telemetry::Chain;
use serde_json::Value;

/// The newest state of everything that changed.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) tasks: BTreeMap<TaskId, Task>,
    pub(crate) steps: BTreeMap<(TaskId, StepId), Step>,
    /// Tasks that are gone, with the project of each where that is known.
    pub(crate) removed: BTreeMap<TaskId, Option<ProjectId>>,
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

    /// What a reader found: these tasks, and those of `asked` that are not among them are gone.
    pub(crate) fn found(tasks: Vec<Task>, asked: BTreeMap<TaskId, Option<ProjectId>>) -> Self {
        let tasks: BTreeMap<_, _> = tasks.into_iter().map(|task| (task.task_id.clone(), task)).collect();
        let removed = asked.into_iter().filter(|(task_id, _)| !tasks.contains_key(task_id)).collect();
        Self { tasks, removed, ..Self::default() }
    }

    /// How many things changed.
    pub(crate) fn len(&self) -> usize {
        self.tasks.len() + self.steps.len() + self.removed.len()
    }

    /// The channels of single tasks on which there is something to say.
    pub(crate) fn close_channels(&self) -> Vec<Channel> {
        let tasks = self.tasks.keys().chain(self.steps.keys().map(|(task_id, _)| task_id));
        let channels: BTreeSet<_> = tasks.chain(self.removed.keys()).cloned().map(Channel::Task).collect();
        channels.into_iter().collect()
    }

    /// The channels of many tasks on which there is something to say.
    pub(crate) fn list_channels(&self) -> Vec<Channel> {
        let projects = self.tasks.values().map(|task| &task.project_id);
        let projects: BTreeSet<_> =
            projects.chain(self.removed.values().flatten()).cloned().map(Channel::Project).collect();
        let any = !self.tasks.is_empty() || !self.removed.is_empty();
        any.then_some(Channel::Tasks).into_iter().chain(projects).collect()
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
            Ok(ItemChange::Task { task, .. }) => {
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
            Ok(ItemChange::Removed { task_id, last }) => {
                let known = self.tasks.remove(&task_id);
                let project = last.map(|last| last.project_id).or(known.map(|known| known.project_id));
                self.removed.insert(task_id, project);
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
