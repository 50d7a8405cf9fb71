//! One call: some changes of the table.

use std::collections::BTreeMap;

use aws_config::SdkConfig;
use lambda_runtime::Diagnostic;
use miyabi_shared::config::StreamProcessorConfig;
use miyabi_shared::{Function, Task, TaskId, Timestamp, metric};
use miyabi_store::{ItemChange, StoreError, StreamRecord, TaskStore};
use miyabi_telemetry::{Chain, Metric, Metrics, Unit};
use serde_json::{Value, json};

/// Brings up to date what follows from the table. Built once, in the function's init phase.
#[derive(Debug)]
pub struct Processor {
    store: TaskStore,
    metrics: Metrics,
}

/// Why a call should come again.
#[derive(Debug, thiserror::Error)]
pub enum ProcessorError {
    /// The tables do not answer.
    #[error("following the table of tasks")]
    Store(#[from] StoreError),
    /// The call is none that this function knows.
    #[error("a call that is no changes of a table: expected Records")]
    UnknownCall,
}

impl From<ProcessorError> for Diagnostic {
    /// The error's type is what alarms and retries key on: a word of ours that never changes.
    fn from(error: ProcessorError) -> Self {
        let error_type = match error {
            ProcessorError::Store(_) => "StoreUnavailable",
            ProcessorError::UnknownCall => "UnknownCall",
        };
        Self { error_type: error_type.to_owned(), error_message: Chain(&error).to_string() }
    }
}

/// What some records come down to.
#[derive(Debug, Default)]
struct Changes {
    /// Tasks that changed, with the highest version that was told.
    tasks: BTreeMap<TaskId, u64>,
    /// Tasks as they were when they were forgotten, each with the place of its record.
    ended: Vec<(Box<Task>, String)>,
    oldest: Option<Timestamp>,
    unreadable: u64,
}

impl Changes {
    fn read(records: Vec<Value>) -> Self {
        let mut changes = Self::default();
        for record in records {
            let place =
                record.pointer("/dynamodb/SequenceNumber").and_then(Value::as_str).unwrap_or_default();
            let (place, keys) = (place.to_owned(), record.pointer("/dynamodb/Keys").cloned());
            let read = serde_json::from_value::<StreamRecord>(record)
                .map_err(|error| Box::new(error) as Box<dyn std::error::Error>)
                .and_then(|record| {
                    let stored_at = record.stored_at();
                    Ok((record.read()?, stored_at))
                });
            match read {
                Ok((change, stored_at)) => changes.add(change, place, stored_at),
                // Trying again would not help, and those behind it must not wait: it is set aside, counted and alarmed.
                Err(error) => {
                    changes.unreadable += 1;
                    let keys = keys.unwrap_or_default();
                    tracing::error!(error = %Chain(&*error), sequence_number = place, %keys, "a change cannot be read");
                }
            }
        }
        changes
    }

    fn add(&mut self, change: ItemChange, place: String, stored_at: Option<Timestamp>) {
        match change {
            ItemChange::Other | ItemChange::Step { .. } => return,
            ItemChange::Task { task, before } => {
                // An expired task may be made anew before it is deleted: then one ended and another began.
                if let Some(before) = before.filter(|before| before.created_at != task.created_at) {
                    self.ended.push((before, place));
                }
                let version = self.tasks.entry(task.task_id).or_default();
                *version = task.version.max(*version);
            }
            ItemChange::Removed { task_id, last } => {
                let version = last.as_ref().map_or(0, |last| last.version);
                let known = self.tasks.entry(task_id).or_default();
                *known = version.max(*known);
                self.ended.extend(last.map(|last| (last, place)));
            }
        }
        self.oldest = [self.oldest, stored_at].into_iter().flatten().min();
    }
}

impl Processor {
    /// Connects to everything that `config` names, with the credentials and the region of the process.
    ///
    /// # Errors
    /// When the cache's address cannot be read.
    pub async fn connect(config: &StreamProcessorConfig) -> Result<Self, StoreError> {
        let aws = miyabi_aws::load().await;
        let metrics = Metrics::to_standard_output(Function::StreamProcessor.name());
        let processor = Self::with_aws(config, &aws, metrics)?;
        processor.store.warm().await;
        Ok(processor)
    }

    /// Like [`connect`](Self::connect), on an AWS and with metrics that the caller chose.
    ///
    /// # Errors
    /// When the cache's address cannot be read.
    pub fn with_aws(
        config: &StreamProcessorConfig,
        aws: &SdkConfig,
        metrics: Metrics,
    ) -> Result<Self, StoreError> {
        Ok(Self { store: TaskStore::connect(&config.store, aws)?, metrics })
    }

    /// Takes one call, and says from which record on it has to come again.
    ///
    /// # Errors
    /// When nothing of it could be done.
    pub async fn handle(&self, mut event: Value) -> Result<Value, ProcessorError> {
        let records = event.get_mut("Records").and_then(Value::as_array_mut).map(std::mem::take);
        let changes = Changes::read(records.ok_or(ProcessorError::UnknownCall)?);
        let tasks: Vec<_> =
            changes.tasks.iter().map(|(task_id, version)| (task_id.clone(), *version)).collect();
        let followed = Box::pin(self.store.follow(&tasks)).await?;
        let mut forgotten = 0;
        let mut again = None;
        for (last, place) in &changes.ended {
            match Box::pin(self.store.count_out(last)).await {
                Ok(counted) => forgotten += u64::from(counted),
                Err(error) => {
                    tracing::error!(error = %Chain(&error), task_id = %last.task_id, "a task is counted that is gone");
                    again = Some(place);
                    break;
                }
            }
        }
        let mut points = vec![
            Metric::count("Changes", as_count(changes.tasks.len())),
            Metric::count("CacheRepairs", as_count(followed.cached)),
            Metric::count("CacheRepairsLost", as_count(followed.lost)),
            Metric::count("TasksForgotten", forgotten),
            Metric::count(metric::UNREADABLE_RECORDS, changes.unreadable),
        ];
        if let Some(stored_at) = changes.oldest {
            let delay = Timestamp::now().since(stored_at).as_millis();
            let delay = Metric::count("StreamDelay", u64::try_from(delay).unwrap_or(u64::MAX));
            points.push(Metric { unit: Unit::Milliseconds, ..delay });
        }
        self.metrics.record(&[], &points, &[]);
        let failed: Vec<_> = again.into_iter().map(|place| json!({ "itemIdentifier": place })).collect();
        Ok(json!({ "batchItemFailures": failed }))
    }
}

fn as_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
