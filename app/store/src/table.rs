//! The tables: how they are asked, how long that may take, and what their errors mean.

mod batch;
mod change;
mod index;
mod item;
mod job;
mod key;
mod learnt;
mod transaction;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ConsumedCapacity, ReturnConsumedCapacity};
use miyabi_aws::Limits;
use miyabi_shared::config::StoreConfig;
use miyabi_shared::table::{projects, tasks};
use miyabi_shared::{Step, TaskId, Timestamp};

use crate::error::{Cause, StoreError};
pub use change::{ItemChange, StreamRecord};
pub(crate) use item::{Current, HistoryItem, KeptStep, LearntItem, ParserItem, StepKey};
pub(crate) use job::{JobItem, WorkerItem};
pub(crate) use key::KeyItem;
pub(crate) use transaction::{Change, Committed};

/// The smallest sort key of a step; the one below it is the parser's.
const FIRST_STEP: i64 = tasks::PARSER_STATE + 1;

/// Both tables. Clones share their connections.
#[derive(Debug, Clone)]
pub(crate) struct Tables {
    client: Client,
    tasks: String,
    projects: String,
    retention: Duration,
    consumed: Arc<Consumed>,
}

/// Capacity that this process consumed, in thousandths of a unit.
#[derive(Debug, Default)]
struct Consumed {
    written: AtomicU64,
}

/// What became of a write under a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    Done,
    /// The item is not what the condition says.
    Changed,
}

impl Tables {
    pub(crate) fn new(config: &StoreConfig, aws: &SdkConfig) -> Self {
        Self {
            client: Client::new(&Limits::WAITED_FOR.of(aws)),
            tasks: config.tasks_table.clone(),
            projects: config.projects_table.clone(),
            retention: Duration::from_secs(u64::from(config.task_retention_days) * 86_400),
            consumed: Arc::default(),
        }
    }

    /// The second after which an item that is written now may go.
    pub(crate) fn expires_at(&self, now: Timestamp) -> i64 {
        now.plus(self.retention).as_seconds()
    }

    /// Write units that this process consumed, as DynamoDB counts them.
    pub(crate) fn write_units(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of thousandths, far below 2^53")]
        let thousandths = self.consumed.written.load(Ordering::Relaxed) as f64;
        thousandths / 1000.0
    }

    /// A write of an item into the tasks' table, if what is there still has the version `from` (0: there is none).
    fn put_at_version(&self, from: u64) -> PutItemFluentBuilder {
        let put = self
            .client
            .put_item()
            .table_name(&self.tasks)
            .expression_attribute_names("#version", item::VERSION);
        if from == 0 {
            put.condition_expression("attribute_not_exists(#version)")
        } else {
            put.condition_expression("#version = :from")
                .expression_attribute_values(":from", AttributeValue::N(from.to_string()))
        }
    }

    fn count<'capacity>(&self, capacities: impl IntoIterator<Item = &'capacity ConsumedCapacity>) {
        for units in capacities.into_iter().filter_map(ConsumedCapacity::capacity_units) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "capacity is small and positive"
            )]
            self.consumed.written.fetch_add((units * 1000.0) as u64, Ordering::Relaxed);
        }
    }

    /// The current state of a task, as it is at this moment.
    pub(crate) async fn current(&self, task_id: &TaskId) -> Result<Option<Current>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.tasks)
            .set_key(Some(item::key(task_id, tasks::CURRENT_STATE)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failure("reading a task", error))?;
        output.item.map(Current::from_item).transpose()
    }

    /// The current state of a task with its steps: one query.
    pub(crate) async fn with_steps(
        &self,
        task_id: &TaskId,
    ) -> Result<Option<(Current, Vec<Step>)>, StoreError> {
        const ACT: &str = "reading a task with its steps";
        let (mut current, mut steps) = (None, Vec::new());
        let mut start = None;
        loop {
            let output = self
                .client
                .query()
                .table_name(&self.tasks)
                .key_condition_expression("#task = :task AND #sort BETWEEN :first AND :last")
                .expression_attribute_names("#task", tasks::TASK_ID)
                .expression_attribute_names("#sort", tasks::TIMESTAMP)
                .expression_attribute_values(":task", AttributeValue::S(task_id.to_string()))
                .expression_attribute_values(":first", AttributeValue::N(FIRST_STEP.to_string()))
                .expression_attribute_values(":last", AttributeValue::N(tasks::CURRENT_STATE.to_string()))
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| failure(ACT, error))?;
            for item in output.items.unwrap_or_default() {
                if item::sort_key(&item) == Some(tasks::CURRENT_STATE) {
                    current = Some(Current::from_item(item)?);
                } else {
                    steps.push(KeptStep::from_item(item)?.step);
                }
            }
            start = output.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                return Ok(current.map(|current| (current, steps)));
            }
        }
    }

    /// Replaces the current state of a task, if it still has the version `from`: one write unit for each kB, no index.
    pub(crate) async fn advance(&self, current: &Current, from: u64) -> Result<Written, StoreError> {
        let sent = self
            .client
            .put_item()
            .table_name(&self.tasks)
            .set_item(Some(current.to_item()?))
            .condition_expression("#version = :from")
            .expression_attribute_names("#version", item::VERSION)
            .expression_attribute_values(":from", AttributeValue::N(from.to_string()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match sent {
            Ok(output) => {
                self.count(&output.consumed_capacity);
                Ok(Written::Done)
            }
            Err(error) if is_condition(&error) => Ok(Written::Changed),
            Err(error) => Err(failure("writing a task", error)),
        }
    }

    /// Adds a point to a task's history.
    pub(crate) async fn record(&self, point: &HistoryItem) -> Result<(), StoreError> {
        let output = self
            .client
            .put_item()
            .table_name(&self.tasks)
            .set_item(Some(point.to_item()?))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(|error| failure("writing history", error))?;
        self.count(&output.consumed_capacity);
        Ok(())
    }

    /// Points of a task's history after the sort key `after`, oldest first, and whether there are more.
    pub(crate) async fn history(
        &self,
        task_id: &TaskId,
        after: &str,
        limit: i32,
    ) -> Result<Vec<HistoryItem>, StoreError> {
        let output = self
            .client
            .query()
            .table_name(&self.tasks)
            .key_condition_expression("#task = :task AND #sort > :after")
            .expression_attribute_names("#task", tasks::TASK_ID)
            .expression_attribute_names("#sort", tasks::TIMESTAMP)
            .expression_attribute_values(":task", AttributeValue::S(task_id.to_string()))
            .expression_attribute_values(":after", AttributeValue::N(after.to_owned()))
            .limit(limit)
            .send()
            .await
            .map_err(|error| failure("reading history", error))?;
        output.items.unwrap_or_default().into_iter().map(HistoryItem::from_item).collect()
    }

    pub(crate) async fn parser_state(&self, task_id: &TaskId) -> Result<Option<ParserItem>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.tasks)
            .set_key(Some(item::key(task_id, tasks::PARSER_STATE)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failure("reading a parser state", error))?;
        output.item.map(ParserItem::from_item).transpose()
    }

    pub(crate) async fn save_parser_state(
        &self,
        state: &ParserItem,
        from: u64,
    ) -> Result<Written, StoreError> {
        let put = self
            .client
            .put_item()
            .table_name(&self.tasks)
            .set_item(Some(state.to_item()?))
            .expression_attribute_names("#version", item::VERSION);
        let put = if from == 0 {
            put.condition_expression("attribute_not_exists(#version)")
        } else {
            put.condition_expression("#version = :from")
                .expression_attribute_values(":from", AttributeValue::N(from.to_string()))
        };
        match put.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await {
            Ok(output) => {
                self.count(&output.consumed_capacity);
                Ok(Written::Done)
            }
            Err(error) if is_condition(&error) => Ok(Written::Changed),
            Err(error) => Err(failure("writing a parser state", error)),
        }
    }

    /// Reads an item that is not there, to see whether the table answers.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        self.client
            .get_item()
            .table_name(&self.projects)
            .key(projects::PROJECT_ID, AttributeValue::S("#health".to_owned()))
            .send()
            .await
            .map_err(|error| failure("asking whether the table answers", error))?;
        Ok(())
    }
}

/// Errors that pass: the service is busy, or did not answer. What the SDK repeats, it has repeated by now.
const PASSING: [&str; 11] = [
    "InternalServerError",
    "InternalFailure",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ReplicatedWriteConflictException",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
    "RequestTimeout",
];

fn failure<E>(act: &'static str, error: SdkError<E>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let passing = match &error {
        SdkError::ServiceError(service) => {
            service.raw().status().as_u16() >= 500
                || service.err().code().is_some_and(|code| PASSING.contains(&code))
        }
        SdkError::ConstructionFailure(_) => false,
        _ => true,
    };
    let source: Cause = error.into();
    if passing { StoreError::Unavailable { act, source } } else { StoreError::Refused { act, source } }
}

fn is_condition<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code) == Some("ConditionalCheckFailedException")
}
