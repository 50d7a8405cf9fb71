//! What was learnt of how long tasks take: one item for each type of task in each project.

use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity};
use miyabi_shared::table::tasks;

use super::item::{Item, LearntItem};
use super::{Tables, Written, failure, is_condition};
use crate::error::StoreError;

impl Tables {
    /// What is kept under `key`. It may be a second old: nothing depends on it.
    pub(crate) async fn learnt(&self, key: &str) -> Result<Option<LearntItem>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.tasks)
            .set_key(Some(Item::from([
                (tasks::TASK_ID.to_owned(), AttributeValue::S(key.to_owned())),
                (tasks::TIMESTAMP.to_owned(), AttributeValue::N(tasks::LEARNT.to_string())),
            ])))
            .send()
            .await
            .map_err(|error| failure("reading what was learnt", error))?;
        output.item.map(LearntItem::from_item).transpose()
    }

    /// Keeps it, if what is there still has the version `from` (0: there is none).
    pub(crate) async fn save_learnt(&self, item: &LearntItem, from: u64) -> Result<Written, StoreError> {
        let put = self.put_at_version(from).set_item(Some(item.to_item()?));
        match put.return_consumed_capacity(ReturnConsumedCapacity::Total).send().await {
            Ok(output) => {
                self.count(&output.consumed_capacity);
                Ok(Written::Done)
            }
            Err(error) if is_condition(&error) => Ok(Written::Changed),
            Err(error) => Err(failure("writing what was learnt", error)),
        }
    }
}
