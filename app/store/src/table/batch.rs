//! Many items at once. What DynamoDB leaves undone in a batch is no error: it is asked for again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use futures::future::try_join_all;
use miyabi_shared::table::{projects, tasks};
use miyabi_shared::task::{Project, StatusCounts};
use miyabi_shared::{ProjectId, TaskId, TaskStatus, Timestamp};
use serde::Deserialize;

use super::item::{self, Current, Item, KeptStep, StepKey};
use super::{Tables, failure};
use crate::error::StoreError;

/// Most keys of one `BatchGetItem` (quota of DynamoDB: 100).
const KEYS: usize = 100;
/// How often what was left undone is asked for again.
const ROUNDS: u32 = 6;

/// Over how many items the identifiers of all projects are spread. An item holds 400 kB, some 10,000 identifiers.
const REGISTERS: u64 = 8;

/// The item that lists the identifiers of projects, so that nobody needs to scan for them. `#` is in no identifier.
pub(super) fn register_of(project_id: &ProjectId) -> String {
    let sum = project_id.as_str().bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    register_key(sum % REGISTERS)
}

fn register_key(register: u64) -> String {
    format!("#projects#{register}")
}

pub(super) const REGISTER_IDS: &str = "ids";

impl Tables {
    /// The current state and the named steps of a task, as they are at this moment.
    pub(crate) async fn current_and_steps(
        &self,
        task_id: &TaskId,
        steps: &HashSet<StepKey>,
    ) -> Result<(Option<Current>, HashMap<StepKey, KeptStep>), StoreError> {
        if steps.is_empty() {
            return Ok((self.current(task_id).await?, HashMap::new()));
        }
        let keys = std::iter::once(tasks::CURRENT_STATE).chain(steps.iter().map(|key| key.0));
        let keys = keys.map(|sort_key| item::key(task_id, sort_key)).collect();
        let (mut current, mut kept) = (None, HashMap::new());
        for item in self.get_batches(&self.tasks, keys).await? {
            match item::sort_key(&item) {
                Some(tasks::CURRENT_STATE) => current = Some(Current::from_item(item)?),
                Some(key) => {
                    kept.insert(StepKey(key), KeptStep::from_item(item)?);
                }
                None => {}
            }
        }
        Ok((current, kept))
    }

    /// The current states of those tasks that exist and have not expired.
    pub(crate) async fn current_of(
        &self,
        task_ids: &[TaskId],
    ) -> Result<HashMap<TaskId, Current>, StoreError> {
        if task_ids.is_empty() {
            return Ok(HashMap::new());
        }
        let keys = task_ids.iter().map(|task_id| item::key(task_id, tasks::CURRENT_STATE)).collect();
        let now = Timestamp::now();
        let mut found = HashMap::with_capacity(task_ids.len());
        for item in self.get_batches(&self.tasks, keys).await? {
            let current = Current::from_item(item)?;
            if !current.is_expired(now) {
                found.insert(current.task.task_id.clone(), current);
            }
        }
        Ok(found)
    }

    pub(crate) async fn project_exists(&self, project_id: &ProjectId) -> Result<bool, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.projects)
            .key(projects::PROJECT_ID, AttributeValue::S(project_id.to_string()))
            .projection_expression(projects::PROJECT_ID)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failure("reading a project", error))?;
        Ok(output.item.is_some())
    }

    /// All projects, by identifier.
    pub(crate) async fn all_projects(&self) -> Result<Vec<Project>, StoreError> {
        let key = |id: String| Item::from([(projects::PROJECT_ID.to_owned(), AttributeValue::S(id))]);
        let registers = (0..REGISTERS).map(|register| key(register_key(register))).collect();
        let mut keys = Vec::new();
        for mut register in self.get_batches(&self.projects, registers).await? {
            if let Some(AttributeValue::Ss(ids)) = register.remove(REGISTER_IDS) {
                keys.extend(ids.into_iter().map(key));
            }
        }
        let items = self.get_batches(&self.projects, keys).await?;
        let mut projects = items.into_iter().map(read_project).collect::<Result<Vec<_>, _>>()?;
        projects.sort_unstable_by(|left, right| left.project_id.cmp(&right.project_id));
        Ok(projects)
    }

    async fn get_batches(&self, table: &str, keys: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        let batches = keys.chunks(KEYS).map(|batch| self.get_batch(table, batch.to_vec()));
        Ok(try_join_all(batches).await?.concat())
    }

    async fn get_batch(&self, table: &str, keys: Vec<Item>) -> Result<Vec<Item>, StoreError> {
        const ACT: &str = "reading several items";
        let mut items = Vec::with_capacity(keys.len());
        let mut wanted = request(keys, ACT)?;
        for round in 1..=ROUNDS {
            let output = self
                .client
                .batch_get_item()
                .request_items(table, wanted)
                .send()
                .await
                .map_err(|error| failure(ACT, error))?;
            items.extend(output.responses.unwrap_or_default().remove(table).unwrap_or_default());
            let left = output.unprocessed_keys.unwrap_or_default().remove(table);
            match left.filter(|left| !left.keys.is_empty()) {
                None => return Ok(items),
                Some(left) => wanted = left,
            }
            if round < ROUNDS {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=20 << round))).await;
            }
        }
        let source = format!("{} keys were left undone {ROUNDS} times", wanted.keys.len()).into();
        Err(StoreError::Unavailable { act: ACT, source })
    }
}

fn request(keys: Vec<Item>, act: &'static str) -> Result<KeysAndAttributes, StoreError> {
    KeysAndAttributes::builder()
        .set_keys(Some(keys))
        .consistent_read(true)
        .build()
        .map_err(|error| StoreError::Refused { act, source: error.into() })
}

#[derive(Debug, Deserialize)]
struct ProjectItem {
    project_id: ProjectId,
    name: String,
    created_at: i64,
    updated_at: i64,
    #[serde(default)]
    queued: i64,
    #[serde(default)]
    running: i64,
    #[serde(default)]
    succeeded: i64,
    #[serde(default)]
    failed: i64,
    #[serde(default)]
    cancelled: i64,
}

/// The attribute that counts the tasks of a project in a status.
pub(super) fn counter(status: TaskStatus) -> &'static str {
    status.as_str()
}

fn read_project(item: Item) -> Result<Project, StoreError> {
    let item: ProjectItem = serde_dynamo::from_item(item)
        .map_err(|error| StoreError::Refused { act: "reading a project", source: error.into() })?;
    let count = |value: i64| u64::try_from(value).unwrap_or(0);
    Ok(Project {
        project_id: item.project_id,
        name: item.name,
        counts: StatusCounts {
            queued: count(item.queued),
            running: count(item.running),
            succeeded: count(item.succeeded),
            failed: count(item.failed),
            cancelled: count(item.cancelled),
        },
        created_at: Timestamp::from_millis(item.created_at),
        updated_at: Timestamp::from_millis(item.updated_at),
    })
}
