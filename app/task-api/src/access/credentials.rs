//! The table of credentials, and what this process remembers of it.
//!
//! What was found is believed for half a minute, and so is that there is nothing: a key that is taken back lets nobody in
//! after that time, and somebody who tries keys costs the table one look each half a minute. Who tries many different
//! ones is held to a rate of looks; whoever is known already does not notice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_aws::Limits;
use miyabi_shared::Timestamp;
use miyabi_shared::table::credentials::{EXPIRES_AT, ID, KIND};

use crate::error::ApiError;

/// How long what was found, or not found, is believed.
const BELIEVED_FOR: Duration = Duration::from_secs(30);
/// Most that is remembered.
const REMEMBERED: usize = 10_000;
/// Looks for what is not there, in a second and at once.
const MISSES_A_SECOND: f64 = 20.0;
const MISSES_AT_ONCE: f64 = 100.0;

/// An item as DynamoDB has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The table of credentials. Clones share what they remember.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    client: Client,
    table: String,
    memory: Arc<Mutex<Memory>>,
}

/// When the table was asked, and what it had.
type Answer = (Instant, Option<Arc<Item>>);

#[derive(Debug)]
struct Memory {
    /// By kind and identifier.
    items: HashMap<(&'static str, String), Answer>,
    misses_left: f64,
    counted_at: Instant,
}

impl Memory {
    fn believed(&mut self, kind: &'static str, id: &str) -> Option<Option<Arc<Item>>> {
        let (at, item) = self.items.get(&(kind, id.to_owned()))?;
        (at.elapsed() < BELIEVED_FOR).then(|| item.clone())
    }

    /// Whether one more may look for what may not be there.
    fn may_look(&mut self) -> bool {
        let now = Instant::now();
        let earned = now.duration_since(self.counted_at).as_secs_f64() * MISSES_A_SECOND;
        self.misses_left = (self.misses_left + earned).min(MISSES_AT_ONCE);
        self.counted_at = now;
        self.misses_left >= 1.0
    }

    fn remember(&mut self, kind: &'static str, id: &str, item: Option<Arc<Item>>) {
        if self.items.len() >= REMEMBERED {
            self.items.retain(|_, (at, _)| at.elapsed() < BELIEVED_FOR);
            if self.items.len() >= REMEMBERED {
                // All of it is new: what is not there can be looked for again, within its rate.
                self.items.retain(|_, (_, item)| item.is_some());
            }
        }
        if item.is_none() {
            self.misses_left -= 1.0;
        }
        if self.items.len() < REMEMBERED {
            self.items.insert((kind, id.to_owned()), (Instant::now(), item));
        }
    }
}

impl Credentials {
    pub(crate) fn new(table: &str, aws: &SdkConfig) -> Self {
        let memory =
            Memory { items: HashMap::new(), misses_left: MISSES_AT_ONCE, counted_at: Instant::now() };
        Self { client: client(aws), table: table.to_owned(), memory: Arc::new(Mutex::new(memory)) }
    }

    fn memory(&self) -> std::sync::MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An item that is there and has not expired.
    pub(crate) async fn find(&self, kind: &'static str, id: &str) -> Result<Option<Arc<Item>>, ApiError> {
        {
            let mut memory = self.memory();
            if let Some(item) = memory.believed(kind, id) {
                return Ok(item.filter(|item| is_good(item)));
            }
            if !memory.may_look() {
                return Err(ApiError::TooManyAttempts);
            }
        }
        let item = self.read(kind, id).await?.map(Arc::new);
        self.memory().remember(kind, id, item.clone());
        Ok(item.filter(|item| is_good(item)))
    }

    /// An item as the table has it now.
    pub(super) async fn read(&self, kind: &'static str, id: &str) -> Result<Option<Item>, ApiError> {
        let output = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(KIND, text(kind))
            .key(ID, text(id))
            .send()
            .await
            .map_err(|error| ApiError::Unavailable(error.into()))?;
        Ok(output.item)
    }

    /// Every item of a kind.
    pub(crate) async fn all(&self, kind: &'static str) -> Result<Vec<Item>, ApiError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("#kind = :kind")
            .expression_attribute_names("#kind", KIND)
            .expression_attribute_values(":kind", text(kind))
            .into_paginator()
            .items()
            .send();
        let mut items = Vec::new();
        while let Some(item) = pages.next().await {
            items.push(item.map_err(|error| ApiError::Unavailable(error.into()))?);
        }
        items.retain(is_good);
        Ok(items)
    }

    /// Puts a new item.
    pub(crate) async fn put(&self, kind: &'static str, id: &str, mut item: Item) -> Result<(), ApiError> {
        item.insert(KIND.to_owned(), text(kind));
        item.insert(ID.to_owned(), text(id));
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .send()
            .await
            .map_err(|error| ApiError::Unavailable(error.into()))?;
        self.forget(kind, id);
        Ok(())
    }

    /// Sets an attribute where it is not set, and moves on when the item expires; gives what the attribute is.
    pub(crate) async fn set_once(
        &self,
        kind: &'static str,
        id: &str,
        (name, value): (&'static str, String),
        expires_at: i64,
    ) -> Result<String, ApiError> {
        let output = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(KIND, text(kind))
            .key(ID, text(id))
            .update_expression("SET #name = if_not_exists(#name, :value), #expires = :expires")
            .expression_attribute_names("#name", name)
            .expression_attribute_names("#expires", EXPIRES_AT)
            .expression_attribute_values(":value", text(&value))
            .expression_attribute_values(":expires", AttributeValue::N(expires_at.to_string()))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew)
            .send()
            .await
            .map_err(|error| ApiError::Unavailable(error.into()))?;
        self.forget(kind, id);
        let kept = output.attributes.as_ref().and_then(|item| text_of(item, name));
        kept.ok_or_else(|| ApiError::Internal("an update gave back no item".into()))
    }

    /// Notes a number on an item that is there. That it could not be noted is no reason to refuse anything.
    pub(crate) async fn note(&self, kind: &'static str, id: &str, name: &'static str, value: i64) {
        let noted = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(KIND, text(kind))
            .key(ID, text(id))
            .update_expression("SET #name = :value")
            .condition_expression("attribute_exists(#id)")
            .expression_attribute_names("#name", name)
            .expression_attribute_names("#id", ID)
            .expression_attribute_values(":value", AttributeValue::N(value.to_string()))
            .send()
            .await;
        if let Err(error) = noted {
            tracing::warn!(error = %miyabi_telemetry::Chain(&error), kind, "a use could not be noted");
        }
    }

    /// Takes an item away; gives whether it was there.
    pub(crate) async fn delete(&self, kind: &'static str, id: &str) -> Result<bool, ApiError> {
        let output = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key(KIND, text(kind))
            .key(ID, text(id))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| ApiError::Unavailable(error.into()))?;
        self.forget(kind, id);
        Ok(output.attributes.is_some_and(|item| !item.is_empty()))
    }

    /// Puts what is known of an item in the place of what was, for as long as that was believed.
    pub(super) fn replace(&self, kind: &'static str, id: &str, item: Item) {
        if let Some((_, known)) = self.memory().items.get_mut(&(kind, id.to_owned())) {
            *known = Some(Arc::new(item));
        }
    }

    fn forget(&self, kind: &'static str, id: &str) {
        self.memory().items.remove(&(kind, id.to_owned()));
    }
}

/// A client with the limits of everything that asks before a request is served.
pub(super) fn client(aws: &SdkConfig) -> Client {
    Client::new(&Limits::WAITED_FOR.of(aws))
}

/// DynamoDB takes what expired away within days; until then it is good for nothing already.
fn is_good(item: &Item) -> bool {
    number_of(item, EXPIRES_AT).is_none_or(|expires_at| expires_at > Timestamp::now().as_seconds())
}

pub(super) fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(super) fn text_of(item: &Item, name: &str) -> Option<String> {
    item.get(name).and_then(|value| value.as_s().ok()).cloned()
}

pub(super) fn number_of(item: &Item, name: &str) -> Option<i64> {
    item.get(name).and_then(|value| value.as_n().ok()).and_then(|number| number.parse().ok())
}

pub(super) fn texts_of(item: &Item, name: &str) -> Option<Vec<String>> {
    item.get(name).and_then(|value| value.as_ss().ok()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory() -> Memory {
        Memory { items: HashMap::new(), misses_left: MISSES_AT_ONCE, counted_at: Instant::now() }
    }

    #[test]
    fn what_is_not_there_is_looked_for_once_and_many_of_them_at_a_rate() {
        let mut memory = memory();
        memory.remember("key", "a", None);
        assert_eq!(memory.believed("key", "a").map(|item| item.is_some()), Some(false));
        assert!(memory.believed("share", "a").is_none());
        for number in 0..1000 {
            if !memory.may_look() {
                assert!(number >= 98, "{number}");
                return;
            }
            memory.remember("key", &number.to_string(), None);
        }
        panic!("a thousand looks at once");
    }

    #[test]
    fn memory_is_bounded_and_forgets_what_is_not_there_first() {
        let mut memory = memory();
        memory.remember("key", "good", Some(Arc::new(Item::new())));
        for number in 0..2 * REMEMBERED {
            memory.remember("key", &number.to_string(), None);
        }
        assert!(memory.items.len() <= REMEMBERED);
        assert!(memory.believed("key", "good").is_some());
    }
}
