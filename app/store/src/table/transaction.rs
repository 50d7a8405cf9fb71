//! Changes of several items that happen together or not at all: a task's status with its project's counts, its steps and
//! its history. So each count is exactly once, whatever is repeated.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata as _, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, ReturnConsumedCapacity, TransactWriteItem, Update};
use miyabi_shared::table::{projects, tasks};
use miyabi_shared::{ProjectId, Task, TaskId, TaskStatus, Timestamp};

use super::batch::{REGISTER_IDS, counter, register_of};
use super::item::{Current, HistoryItem, KeptStep, VERSION};
use super::{Tables, failure};
use crate::error::StoreError;

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Committed {
    Done,
    /// A condition did not hold: read again.
    Changed,
    /// Another transaction holds one of the items: try again.
    Busy,
}

/// Items to be changed together.
#[derive(Debug)]
pub(crate) struct Change<'tables> {
    tables: &'tables Tables,
    items: Vec<TransactWriteItem>,
}

fn built<T>(result: Result<T, aws_sdk_dynamodb::error::BuildError>) -> Result<T, StoreError> {
    result.map_err(|error| StoreError::Refused { act: "building a transaction", source: error.into() })
}

fn number(value: impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

impl<'tables> Change<'tables> {
    pub(crate) fn new(tables: &'tables Tables) -> Self {
        Self { tables, items: Vec::new() }
    }

    /// A task that is not there, or has expired.
    pub(crate) fn create(&mut self, current: &Current, now: Timestamp) -> Result<(), StoreError> {
        let put = Put::builder()
            .table_name(&self.tables.tasks)
            .set_item(Some(current.to_item()?))
            .condition_expression("attribute_not_exists(#task) OR #expires <= :now")
            .expression_attribute_names("#task", tasks::TASK_ID)
            .expression_attribute_names("#expires", tasks::EXPIRES_AT)
            .expression_attribute_values(":now", number(now.as_seconds()));
        self.put(put)
    }

    /// A task that still has the version `from`.
    pub(crate) fn advance(&mut self, current: &Current, from: u64) -> Result<(), StoreError> {
        let put = Put::builder()
            .table_name(&self.tables.tasks)
            .set_item(Some(current.to_item()?))
            .condition_expression("#version = :from")
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":from", number(from));
        self.put(put)
    }

    /// A step that still has the version `from`, or is new.
    pub(crate) fn step(
        &mut self,
        task_id: &TaskId,
        step: &KeptStep,
        from: Option<u64>,
        expires_at: i64,
    ) -> Result<(), StoreError> {
        let put = Put::builder()
            .table_name(&self.tables.tasks)
            .set_item(Some(step.to_item(task_id, expires_at)?))
            .expression_attribute_names("#version", VERSION);
        let put = match from {
            None => put.condition_expression("attribute_not_exists(#version)"),
            Some(from) => put
                .condition_expression("#version = :from")
                .expression_attribute_values(":from", number(from)),
        };
        self.put(put)
    }

    pub(crate) fn record(&mut self, point: &HistoryItem) -> Result<(), StoreError> {
        self.put(Put::builder().table_name(&self.tables.tasks).set_item(Some(point.to_item()?)))
    }

    /// A life of a task ended, and nobody noted that yet. It is kept for longer than the stream tells of it.
    pub(crate) fn ended(&mut self, last: &Task, now: Timestamp) -> Result<(), StoreError> {
        const KEPT_SECONDS: i64 = 2 * 24 * 3600;
        let key = tasks::ended_key(&last.task_id, last.created_at);
        let put = Put::builder()
            .table_name(&self.tables.tasks)
            .item(tasks::TASK_ID, AttributeValue::S(key))
            .item(tasks::TIMESTAMP, number(tasks::ENDED))
            .item(tasks::EXPIRES_AT, number(now.as_seconds() + KEPT_SECONDS))
            .condition_expression("attribute_not_exists(#task)")
            .expression_attribute_names("#task", tasks::TASK_ID);
        self.put(put)
    }

    /// One task of `project_id` in a status is gone.
    pub(crate) fn count_out(&mut self, project_id: &ProjectId, status: TaskStatus) -> Result<(), StoreError> {
        let update = Update::builder()
            .table_name(&self.tables.projects)
            .key(projects::PROJECT_ID, AttributeValue::S(project_id.to_string()))
            .update_expression("ADD #status :less")
            .expression_attribute_names("#status", counter(status))
            .expression_attribute_values(":less", number(-1));
        self.items.push(TransactWriteItem::builder().update(built(update.build())?).build());
        Ok(())
    }

    fn put(&mut self, put: aws_sdk_dynamodb::types::builders::PutBuilder) -> Result<(), StoreError> {
        self.items.push(TransactWriteItem::builder().put(built(put.build())?).build());
        Ok(())
    }

    /// One task of `project_id` went from a status (from nothing, when it is new) to another.
    pub(crate) fn count(
        &mut self,
        project_id: &ProjectId,
        from: Option<TaskStatus>,
        to: TaskStatus,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut expression =
            "SET #name = if_not_exists(#name, :name), created_at = if_not_exists(created_at, :now), \
            updated_at = :now ADD #to :one"
                .to_owned();
        let mut update = Update::builder()
            .table_name(&self.tables.projects)
            .key(projects::PROJECT_ID, AttributeValue::S(project_id.to_string()))
            .expression_attribute_names("#name", "name")
            .expression_attribute_names("#to", counter(to))
            .expression_attribute_values(":name", AttributeValue::S(project_id.to_string()))
            .expression_attribute_values(":now", number(now.as_millis()))
            .expression_attribute_values(":one", number(1));
        if let Some(from) = from {
            expression.push_str(", #from :less");
            update = update
                .expression_attribute_names("#from", counter(from))
                .expression_attribute_values(":less", number(-1));
        }
        let update = built(update.update_expression(expression).build())?;
        self.items.push(TransactWriteItem::builder().update(update).build());
        Ok(())
    }

    /// Notes a project in the register of all. Repeating it changes nothing.
    pub(crate) fn register(&mut self, project_id: &ProjectId) -> Result<(), StoreError> {
        let update = Update::builder()
            .table_name(&self.tables.projects)
            .key(projects::PROJECT_ID, AttributeValue::S(register_of(project_id)))
            .update_expression("ADD #ids :id")
            .expression_attribute_names("#ids", REGISTER_IDS)
            .expression_attribute_values(":id", AttributeValue::Ss(vec![project_id.to_string()]));
        self.items.push(TransactWriteItem::builder().update(built(update.build())?).build());
        Ok(())
    }

    pub(crate) async fn commit(self) -> Result<Committed, StoreError> {
        let sent = self
            .tables
            .client
            .transact_write_items()
            .set_transact_items(Some(self.items))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await;
        match sent {
            Ok(output) => {
                self.tables.count(output.consumed_capacity.iter().flatten());
                Ok(Committed::Done)
            }
            Err(error) => match verdict(&error) {
                Some(verdict) => Ok(verdict),
                None => Err(failure("writing several items", error)),
            },
        }
    }
}

/// What a cancelled transaction means: each of its items has a reason of its own.
fn verdict(error: &SdkError<TransactWriteItemsError>) -> Option<Committed> {
    let error = error.as_service_error()?;
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        return (error.code() == Some("TransactionConflictException")).then_some(Committed::Busy);
    };
    let codes: Vec<&str> =
        cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code()).collect();
    if codes.contains(&"ConditionalCheckFailed") {
        return Some(Committed::Changed);
    }
    let busy = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
    codes.iter().any(|code| busy.contains(code)).then_some(Committed::Busy)
}
