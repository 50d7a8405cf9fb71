//! The items of the table of tasks, and what they mean.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_progress::estimate::{History, Pace};
use miyabi_shared::table::tasks;
use miyabi_shared::task::HistoryPoint;
use miyabi_shared::{
    Estimate, EstimateBasis, Progress, ProjectId, Step, StepId, Task, TaskId, TaskStatus, TaskType, Timestamp,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;

pub(super) type Item = HashMap<String, AttributeValue>;

/// Counts the changes of an item; every conditional write names the one that it replaces.
pub(super) const VERSION: &str = "version";

pub(super) fn key(task_id: &TaskId, sort_key: i64) -> Item {
    Item::from([
        (tasks::TASK_ID.to_owned(), AttributeValue::S(task_id.to_string())),
        (tasks::TIMESTAMP.to_owned(), AttributeValue::N(sort_key.to_string())),
    ])
}

/// The sort key, where it is whole; a point of history has a fraction.
pub(super) fn sort_key(item: &Item) -> Option<i64> {
    item.get(tasks::TIMESTAMP)?.as_n().ok()?.parse().ok()
}

pub(super) fn read<T: DeserializeOwned>(item: impl Into<serde_dynamo::Item>) -> Result<T, StoreError> {
    serde_dynamo::from_item(item)
        .map_err(|error| StoreError::Refused { act: "reading an item", source: error.into() })
}

pub(super) fn write<T: Serialize>(item: &T) -> Result<Item, StoreError> {
    serde_dynamo::to_item(item)
        .map_err(|error| StoreError::Refused { act: "writing an item", source: error.into() })
}

/// The current state of a task: what callers see, and what the store notes beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Current {
    pub(crate) task: Task,
    /// Second after which it is gone.
    pub(crate) expires_at: i64,
    /// Known from its log alone: whoever creates it may still say its name and labels.
    pub(crate) provisional: bool,
    /// The version at which a step last changed; 0 while there is none.
    pub(crate) steps_version: u64,
    /// How many steps are kept.
    pub(crate) steps_kept: u32,
    /// When the last point of history was recorded, and at which percentage.
    pub(crate) recorded_at: Option<Timestamp>,
    pub(crate) recorded_percentage: Option<u8>,
    /// How the attempt went so far, to tell when it will be over.
    pub(crate) pace: Pace,
}

#[derive(Debug, Serialize, Deserialize)]
struct CurrentItem {
    task_id: TaskId,
    timestamp: i64,
    project_id: ProjectId,
    task_type: TaskType,
    status_shard: String,
    created_at: i64,
    expires_at: i64,
    name: String,
    status: TaskStatus,
    progress: ProgressItem,
    attempt: u32,
    sequence: u64,
    version: u64,
    updated_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    started_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    heartbeat_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    finished_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exit_code: Option<i32>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    log_group: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    provisional: bool,
    #[serde(default)]
    steps_version: u64,
    #[serde(default)]
    steps_kept: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recorded_at: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recorded_percentage: Option<u8>,
    #[serde(default, skip_serializing_if = "is_default")]
    pace: Pace,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    estimate: Option<EstimateItem>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// [`Estimate`] with numbers for its moments.
#[derive(Debug, Serialize, Deserialize)]
struct EstimateItem {
    earliest: i64,
    latest: i64,
    basis: EstimateBasis,
}

/// [`Progress`] without its nulls: an attribute that is not there costs nothing.
#[derive(Debug, Serialize, Deserialize)]
struct ProgressItem {
    current: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    percentage: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phase: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source_reason: Option<String>,
}

/// The partition of the status index that a task is in.
pub(super) fn status_shard(status: TaskStatus, task_id: &TaskId) -> String {
    let digest = Sha256::digest(task_id.as_str().as_bytes());
    shard_key(status, u32::from(digest[0]) % tasks::STATUS_SHARDS)
}

pub(super) fn shard_key(status: TaskStatus, shard: u32) -> String {
    format!("{status}#{shard}")
}

impl Current {
    pub(super) fn from_item(item: impl Into<serde_dynamo::Item>) -> Result<Self, StoreError> {
        let item: CurrentItem = read(item)?;
        let progress = item.progress;
        Ok(Self {
            task: Task {
                task_id: item.task_id,
                project_id: item.project_id,
                task_type: item.task_type,
                name: item.name,
                status: item.status,
                progress: Progress {
                    current: progress.current,
                    total: progress.total,
                    percentage: progress.percentage,
                    phase: progress.phase,
                    message: progress.message,
                    source: progress.source,
                    source_reason: progress.source_reason,
                },
                estimate: item.estimate.map(|estimate| Estimate {
                    earliest: Timestamp::from_millis(estimate.earliest),
                    latest: Timestamp::from_millis(estimate.latest),
                    basis: estimate.basis,
                }),
                attempt: item.attempt,
                sequence: item.sequence,
                exit_code: item.exit_code,
                labels: item.labels,
                version: item.version,
                log_group: item.log_group,
                created_at: Timestamp::from_millis(item.created_at),
                updated_at: Timestamp::from_millis(item.updated_at),
                heartbeat_at: item.heartbeat_at.map(Timestamp::from_millis),
                started_at: item.started_at.map(Timestamp::from_millis),
                finished_at: item.finished_at.map(Timestamp::from_millis),
            },
            expires_at: item.expires_at,
            provisional: item.provisional,
            steps_version: item.steps_version,
            steps_kept: item.steps_kept,
            recorded_at: item.recorded_at.map(Timestamp::from_millis),
            recorded_percentage: item.recorded_percentage,
            pace: item.pace,
        })
    }

    pub(super) fn to_item(&self) -> Result<Item, StoreError> {
        let task = &self.task;
        let progress = task.progress.clone();
        write(&CurrentItem {
            task_id: task.task_id.clone(),
            timestamp: tasks::CURRENT_STATE,
            project_id: task.project_id.clone(),
            task_type: task.task_type.clone(),
            status_shard: status_shard(task.status, &task.task_id),
            created_at: task.created_at.as_millis(),
            expires_at: self.expires_at,
            name: task.name.clone(),
            status: task.status,
            progress: ProgressItem {
                current: progress.current,
                total: progress.total,
                percentage: progress.percentage,
                phase: progress.phase,
                message: progress.message,
                source: progress.source,
                source_reason: progress.source_reason,
            },
            attempt: task.attempt,
            sequence: task.sequence,
            version: task.version,
            updated_at: task.updated_at.as_millis(),
            started_at: task.started_at.map(Timestamp::as_millis),
            heartbeat_at: task.heartbeat_at.map(Timestamp::as_millis),
            finished_at: task.finished_at.map(Timestamp::as_millis),
            exit_code: task.exit_code,
            labels: task.labels.clone(),
            log_group: task.log_group.clone(),
            provisional: self.provisional,
            steps_version: self.steps_version,
            steps_kept: self.steps_kept,
            recorded_at: self.recorded_at.map(Timestamp::as_millis),
            recorded_percentage: self.recorded_percentage,
            pace: self.pace.clone(),
            estimate: task.estimate.map(|estimate| EstimateItem {
                earliest: estimate.earliest.as_millis(),
                latest: estimate.latest.as_millis(),
                basis: estimate.basis,
            }),
        })
    }

    /// DynamoDB removes what expired within days; until then it is gone for readers.
    pub(crate) fn is_expired(&self, now: Timestamp) -> bool {
        self.expires_at <= now.as_seconds()
    }
}

/// The sort key of a step: below 0, by a hash of its identifier. Among the 1000 steps of a task two share one with a
/// probability of 1 in 10^10; the one that comes second is then not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StepKey(pub(super) i64);

impl StepKey {
    pub(crate) fn of(step_id: &StepId) -> Self {
        let digest = Sha256::digest(step_id.as_str().as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest[..8]);
        let range = tasks::PARSER_STATE.unsigned_abs() - 1;
        let place = u64::from_be_bytes(bytes) % range + 1;
        Self(-i64::try_from(place).unwrap_or(1))
    }
}

/// A step as it is kept, with the version of its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptStep {
    pub(crate) step: Step,
    pub(crate) version: u64,
}

#[derive(Debug, Serialize, Deserialize)]
struct StepItem {
    task_id: TaskId,
    timestamp: i64,
    version: u64,
    expires_at: i64,
    step: Step,
}

impl KeptStep {
    pub(super) fn from_item(item: impl Into<serde_dynamo::Item>) -> Result<Self, StoreError> {
        let item: StepItem = read(item)?;
        Ok(Self { step: item.step, version: item.version })
    }

    pub(super) fn to_item(&self, task_id: &TaskId, expires_at: i64) -> Result<Item, StoreError> {
        write(&StepItem {
            task_id: task_id.clone(),
            timestamp: StepKey::of(&self.step.step_id).0,
            version: self.version,
            expires_at,
            step: self.step.clone(),
        })
    }
}

/// A point of a task's history.
///
/// Its place, the sort key, is the event's time in milliseconds with the task's version as the fraction: two changes
/// within one millisecond have two places, and a change that is written twice has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HistoryItem {
    pub(crate) task_id: TaskId,
    pub(crate) place: String,
    pub(crate) expires_at: i64,
    pub(crate) point: HistoryPoint,
}

#[derive(Debug, Serialize, Deserialize)]
struct HistoryRow {
    task_id: TaskId,
    expires_at: i64,
    time: i64,
    attempt: u32,
    status: TaskStatus,
    current: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    percentage: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phase: Option<String>,
}

impl HistoryItem {
    /// The place of the point at `time`, the one numbered `part` of those that made `version` of the task.
    pub(crate) fn place(time: Timestamp, version: u64, part: usize) -> String {
        // 15 digits before the point and 18 after it: DynamoDB keeps 38.
        format!("{}.{version:015}{part:03}", time.as_millis().max(1))
    }

    pub(super) fn from_item(item: Item) -> Result<Self, StoreError> {
        let place = match item.get(tasks::TIMESTAMP) {
            Some(AttributeValue::N(place)) => place.clone(),
            _ => String::new(),
        };
        let row: HistoryRow = read(item)?;
        Ok(Self {
            task_id: row.task_id,
            place,
            expires_at: row.expires_at,
            point: HistoryPoint {
                time: Timestamp::from_millis(row.time),
                attempt: row.attempt,
                status: row.status,
                current: row.current,
                total: row.total,
                percentage: row.percentage,
                phase: row.phase,
            },
        })
    }

    pub(super) fn to_item(&self) -> Result<Item, StoreError> {
        let point = &self.point;
        let mut item = write(&HistoryRow {
            task_id: self.task_id.clone(),
            expires_at: self.expires_at,
            time: point.time.as_millis(),
            attempt: point.attempt,
            status: point.status,
            current: point.current,
            total: point.total,
            percentage: point.percentage,
            phase: point.phase.clone(),
        })?;
        item.insert(tasks::TIMESTAMP.to_owned(), AttributeValue::N(self.place.clone()));
        Ok(item)
    }
}

/// The collector's state of one log stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ParserItem {
    pub(crate) task_id: TaskId,
    timestamp: i64,
    pub(crate) version: u64,
    pub(crate) expires_at: i64,
    pub(crate) saved_at: i64,
    pub(crate) state: String,
}

impl ParserItem {
    pub(crate) fn new(task_id: &TaskId, state: &str, version: u64, expires_at: i64, now: Timestamp) -> Self {
        Self {
            task_id: task_id.clone(),
            timestamp: tasks::PARSER_STATE,
            version,
            expires_at,
            saved_at: now.as_millis(),
            state: state.to_owned(),
        }
    }

    pub(super) fn from_item(item: Item) -> Result<Self, StoreError> {
        read(item)
    }

    pub(super) fn to_item(&self) -> Result<Item, StoreError> {
        write(self)
    }
}

/// What was learnt of how long tasks of one type take.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LearntItem {
    pub(crate) key: String,
    pub(crate) version: u64,
    pub(crate) expires_at: i64,
    pub(crate) history: History,
}

#[derive(Debug, Serialize, Deserialize)]
struct LearntRow {
    task_id: String,
    timestamp: i64,
    version: u64,
    expires_at: i64,
    /// As text: it is read and written as a whole, and a number is shorter in text than as an attribute.
    history: String,
}

impl LearntItem {
    /// What cannot be read was written by another version, and is learnt anew.
    pub(super) fn from_item(item: Item) -> Result<Self, StoreError> {
        let row: LearntRow = read(item)?;
        let history = serde_json::from_str(&row.history).unwrap_or_default();
        Ok(Self { key: row.task_id, version: row.version, expires_at: row.expires_at, history })
    }

    pub(super) fn to_item(&self) -> Result<Item, StoreError> {
        let history = serde_json::to_string(&self.history)
            .map_err(|error| StoreError::Refused { act: "writing JSON", source: error.into() })?;
        write(&LearntRow {
            task_id: self.key.clone(),
            timestamp: tasks::LEARNT,
            version: self.version,
            expires_at: self.expires_at,
            history,
        })
    }
}
