//! Who follows what: a small table.

use std::collections::HashMap;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_aws::Limits;
use miyabi_shared::Timestamp;
use miyabi_shared::push::{CHANNELS, CONNECTION_SECONDS, Channel};
use miyabi_shared::table::connections;

/// Until which second a viewer is told nothing, because it will be told to read again.
const BEHIND: &str = "behind";
/// Longer than the tries to tell it take.
const BEHIND_SECONDS: u64 = 120;

/// The table of connections.
#[derive(Debug, Clone)]
pub(crate) struct Viewers {
    pub(crate) client: Client,
    pub(crate) table: String,
}

pub(crate) type Item = HashMap<String, AttributeValue>;

/// Why it is not known who watches.
#[derive(Debug, thiserror::Error)]
#[error("{act} the table of connections")]
pub struct ViewersError {
    act: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl ViewersError {
    pub(crate) fn when<E: std::error::Error + Send + Sync + 'static>(
        act: &'static str,
    ) -> impl Fn(E) -> Self {
        move |source| Self { act, source: Box::new(source) }
    }
}

impl Viewers {
    pub(crate) fn new(table: &str, aws: &SdkConfig) -> Self {
        Self { client: Client::new(&Limits::WAITED_FOR.of(aws)), table: table.to_owned() }
    }

    /// The connections that follow a channel, as of now: whoever was told that it is subscribed is among them.
    pub(crate) async fn of(&self, channel: &Channel) -> Result<Vec<String>, ViewersError> {
        let mut pages = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("#channel = :channel")
            .filter_expression("#expires > :now AND (attribute_not_exists(#behind) OR #behind < :now)")
            .projection_expression("#connection")
            .expression_attribute_names("#channel", connections::CHANNEL)
            .expression_attribute_names("#connection", connections::CONNECTION_ID)
            .expression_attribute_names("#expires", connections::EXPIRES_AT)
            .expression_attribute_names("#behind", BEHIND)
            .expression_attribute_values(":channel", AttributeValue::S(channel.to_string()))
            .expression_attribute_values(":now", AttributeValue::N(Timestamp::now().as_seconds().to_string()))
            .into_paginator()
            .items()
            .send();
        let mut connections = Vec::new();
        while let Some(item) = pages.next().await {
            let mut item = item.map_err(ViewersError::when("reading"))?;
            if let Some(AttributeValue::S(connection)) = item.remove(connections::CONNECTION_ID) {
                connections.push(connection);
            }
        }
        Ok(connections)
    }

    /// Whether anybody follows a channel.
    pub(crate) async fn are_there(&self, channel: &Channel) -> Result<bool, ViewersError> {
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("#channel = :channel")
            .projection_expression("#channel")
            .expression_attribute_names("#channel", connections::CHANNEL)
            .expression_attribute_values(":channel", text(&channel.to_string()))
            .limit(1)
            .send()
            .await
            .map_err(ViewersError::when("reading"))?;
        Ok(output.count > 0)
    }

    /// Notes that a connection follows a channel; says whether it may: nobody follows everything one by one.
    pub(crate) async fn follow(&self, connection: &str, channel: &Channel) -> Result<bool, ViewersError> {
        if self.channels_of(connection).await?.len() >= CHANNELS {
            return Ok(false);
        }
        let expires_at = Timestamp::now().plus(Duration::from_secs(CONNECTION_SECONDS)).as_seconds();
        self.client
            .put_item()
            .table_name(&self.table)
            .item(connections::CHANNEL, AttributeValue::S(channel.to_string()))
            .item(connections::CONNECTION_ID, AttributeValue::S(connection.to_owned()))
            .item(connections::EXPIRES_AT, AttributeValue::N(expires_at.to_string()))
            .send()
            .await
            .map_err(ViewersError::when("writing to"))?;
        Ok(true)
    }

    /// Notes that a viewer missed something; says whether that is news. Until it is told to read again, it is told nothing.
    pub(crate) async fn fall_behind(
        &self,
        connection: &str,
        channel: &Channel,
    ) -> Result<bool, ViewersError> {
        let now = Timestamp::now();
        let until = now.plus(Duration::from_secs(BEHIND_SECONDS)).as_seconds();
        let noted = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(connections::CHANNEL, text(&channel.to_string()))
            .key(connections::CONNECTION_ID, text(connection))
            .update_expression("SET #behind = :until")
            .condition_expression(
                "attribute_exists(#channel) AND (attribute_not_exists(#behind) OR #behind < :now)",
            )
            .expression_attribute_names("#behind", BEHIND)
            .expression_attribute_names("#channel", connections::CHANNEL)
            .expression_attribute_values(":until", number(until))
            .expression_attribute_values(":now", number(now.as_seconds()))
            .send()
            .await;
        match noted {
            Ok(_) => Ok(true),
            Err(error) if is_condition(&error) => Ok(false),
            Err(error) => Err(ViewersError::when("writing to")(error)),
        }
    }

    /// Has a viewer be told again what changes; says whether it still follows the channel.
    pub(crate) async fn catch_up(&self, connection: &str, channel: &Channel) -> Result<bool, ViewersError> {
        let noted = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(connections::CHANNEL, text(&channel.to_string()))
            .key(connections::CONNECTION_ID, text(connection))
            .update_expression("REMOVE #behind")
            .condition_expression("attribute_exists(#channel)")
            .expression_attribute_names("#behind", BEHIND)
            .expression_attribute_names("#channel", connections::CHANNEL)
            .send()
            .await;
        match noted {
            Ok(_) => Ok(true),
            Err(error) if is_condition(&error) => Ok(false),
            Err(error) => Err(ViewersError::when("writing to")(error)),
        }
    }

    /// Forgets that a connection follows a channel.
    pub(crate) async fn unfollow(&self, connection: &str, channel: &str) -> Result<(), ViewersError> {
        self.client
            .delete_item()
            .table_name(&self.table)
            .key(connections::CHANNEL, AttributeValue::S(channel.to_owned()))
            .key(connections::CONNECTION_ID, AttributeValue::S(connection.to_owned()))
            .send()
            .await
            .map_err(ViewersError::when("deleting from"))?;
        Ok(())
    }

    /// Forgets a connection. What the index does not show yet goes when a message to it fails, or with its time.
    pub(crate) async fn leave(&self, connection: &str) -> Result<(), ViewersError> {
        for channel in self.channels_of(connection).await? {
            self.unfollow(connection, &channel).await?;
        }
        Ok(())
    }

    async fn channels_of(&self, connection: &str) -> Result<Vec<String>, ViewersError> {
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(connections::CONNECTION_INDEX)
            .key_condition_expression("#connection = :connection")
            .expression_attribute_names("#connection", connections::CONNECTION_ID)
            .expression_attribute_values(":connection", AttributeValue::S(connection.to_owned()))
            .send()
            .await
            .map_err(ViewersError::when("reading"))?;
        let items = output.items.unwrap_or_default().into_iter();
        let channel = |mut item: Item| match item.remove(connections::CHANNEL)? {
            AttributeValue::S(channel) => Some(channel),
            _ => None,
        };
        Ok(items.filter_map(channel).collect())
    }
}

pub(crate) fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(crate) fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn is_condition<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.as_service_error().and_then(ProvideErrorMetadata::code) == Some("ConditionalCheckFailedException")
}
