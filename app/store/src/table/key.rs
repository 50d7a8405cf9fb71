//! Keys that callers chose for their calls, so that a repeated call does nothing twice.

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miyabi_shared::table::tasks;
use miyabi_shared::{TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::item::{self, Item};
use super::{Tables, Written, failure, is_condition};
use crate::error::StoreError;

/// For how long a key is kept, in seconds.
const KEPT: i64 = 24 * 3600;

/// What a key was used for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyItem {
    task_id: String,
    timestamp: i64,
    expires_at: i64,
    /// Says whether another call is the same one.
    pub(crate) content: String,
    /// The task that the call made.
    pub(crate) for_task: TaskId,
}

impl KeyItem {
    pub(crate) fn new(key: &str, content: &[u8], for_task: TaskId, now: Timestamp) -> Self {
        let hash = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(Sha256::digest(bytes));
        Self {
            task_id: tasks::call_key(&hash(key.as_bytes())),
            timestamp: tasks::CALL,
            expires_at: now.as_seconds() + KEPT,
            content: hash(content),
            for_task,
        }
    }
}

impl Tables {
    /// Keeps a key that is not there, or has expired.
    pub(crate) async fn save_key(&self, key: &KeyItem) -> Result<Written, StoreError> {
        let now = key.expires_at - KEPT;
        let sent = self
            .client
            .put_item()
            .table_name(&self.tasks)
            .set_item(Some(item::write(key)?))
            .condition_expression("attribute_not_exists(#task) OR #expires <= :now")
            .expression_attribute_names("#task", tasks::TASK_ID)
            .expression_attribute_names("#expires", tasks::EXPIRES_AT)
            .expression_attribute_values(":now", AttributeValue::N(now.to_string()))
            .send()
            .await;
        match sent {
            Ok(_) => Ok(Written::Done),
            Err(error) if is_condition(&error) => Ok(Written::Changed),
            Err(error) => Err(failure("writing the key of a call", error)),
        }
    }

    /// What is kept for the key that `key` names.
    pub(crate) async fn key(&self, key: &KeyItem) -> Result<Option<KeyItem>, StoreError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.tasks)
            .set_key(Some(Item::from([
                (tasks::TASK_ID.to_owned(), AttributeValue::S(key.task_id.clone())),
                (tasks::TIMESTAMP.to_owned(), AttributeValue::N(key.timestamp.to_string())),
            ])))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| failure("reading the key of a call", error))?;
        output.item.map(item::read).transpose()
    }
}
