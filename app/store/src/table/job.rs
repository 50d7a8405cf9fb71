//! What is kept of jobs beside their tasks, and what workers say of themselves.

use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_shared::job::{Job, WorkerSeen};
use miyabi_shared::table::tasks;
use miyabi_shared::{TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::item::{self, Item};
use super::{Tables, Written, failure, is_condition};
use crate::error::StoreError;

/// For how long a worker's last word is kept, in seconds.
const WORKER_KEPT: i64 = 3600;

/// A job's record.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct JobItem {
    task_id: String,
    timestamp: i64,
    version: u64,
    expires_at: i64,
    /// As text: it is read and written as a whole.
    job: String,
}

impl JobItem {
    pub(crate) fn new(task_id: &TaskId, job: &Job, expires_at: i64) -> Result<Self, StoreError> {
        let text = serde_json::to_string(job)
            .map_err(|error| StoreError::Refused { act: "writing JSON", source: error.into() })?;
        Ok(Self {
            task_id: tasks::job_key(task_id),
            timestamp: tasks::JOB,
            version: job.version,
            expires_at,
            job: text,
        })
    }

    pub(crate) fn job(&self) -> Result<Job, StoreError> {
        serde_json::from_str(&self.job)
            .map_err(|error| StoreError::Refused { act: "reading the record of a job", source: error.into() })
    }
}

/// What a worker says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WorkerItem {
    task_id: String,
    timestamp: i64,
    expires_at: i64,
    pub(crate) worker: WorkerSeen,
}

impl WorkerItem {
    pub(crate) fn new(worker: WorkerSeen, now: Timestamp) -> Self {
        Self {
            task_id: tasks::WORKERS.to_owned(),
            timestamp: place(&worker.worker),
            expires_at: now.as_seconds() + WORKER_KEPT,
            worker,
        }
    }
}

/// A worker's sort key: a number made of its name.
fn place(worker: &str) -> i64 {
    let digest = Sha256::digest(worker.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    i64::try_from(u64::from_be_bytes(bytes) >> 12).unwrap_or(1)
}

impl Tables {
    pub(crate) async fn job(&self, task_id: &TaskId) -> Result<Option<JobItem>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.tasks)
            .set_key(Some(Item::from([
                (tasks::TASK_ID.to_owned(), AttributeValue::S(tasks::job_key(task_id))),
                (tasks::TIMESTAMP.to_owned(), AttributeValue::N(tasks::JOB.to_string())),
            ])))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failure("reading the record of a job", error))?;
        output.item.map(item::read).transpose()
    }

    /// Keeps a job's record, if what is there still has the version `from` (0: there is none).
    pub(crate) async fn save_job(&self, job: &JobItem, from: u64) -> Result<Written, StoreError> {
        let put = self.put_at_version(from).set_item(Some(item::write(job)?));
        match put.send().await {
            Ok(_) => Ok(Written::Done),
            Err(error) if is_condition(&error) => Ok(Written::Changed),
            Err(error) => Err(failure("writing the record of a job", error)),
        }
    }

    pub(crate) async fn save_worker(&self, worker: &WorkerItem) -> Result<(), StoreError> {
        self.client
            .put_item()
            .table_name(&self.tasks)
            .set_item(Some(item::write(worker)?))
            .send()
            .await
            .map(drop)
            .map_err(|error| failure("writing that a worker is there", error))
    }

    /// What workers last said, of the last hour; of the first thousands, where there are that many.
    pub(crate) async fn workers(&self) -> Result<Vec<WorkerItem>, StoreError> {
        let output = self
            .client
            .query()
            .table_name(&self.tasks)
            .key_condition_expression("#task = :task")
            .expression_attribute_names("#task", tasks::TASK_ID)
            .expression_attribute_values(":task", AttributeValue::S(tasks::WORKERS.to_owned()))
            .send()
            .await
            .map_err(|error| failure("reading which workers are there", error))?;
        output.items.unwrap_or_default().into_iter().map(item::read).collect()
    }
}
