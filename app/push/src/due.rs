//! What has to be told a little later: by a queue the function calls itself again.

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use miyabi_aws::Limits;
use miyabi_shared::push::Channel;
use serde::{Deserialize, Serialize};

use crate::messages::text;

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "due", rename_all = "lowercase")]
pub(crate) enum Due {
    /// Everyone who follows a channel is told what changed there.
    Turn {
        /// The channel.
        channel: Channel,
    },
    /// One who could not be sent a message is told to read again.
    Refresh {
        /// Who.
        connection: String,
        /// What of.
        channel: Channel,
        /// How often that was tried.
        tried: u32,
    },
}

/// The queue of what is due.
#[derive(Debug, Clone)]
pub(crate) struct DueQueue {
    client: Client,
    url: String,
}

/// What is due cannot be kept.
#[derive(Debug, thiserror::Error)]
#[error("keeping what has to be told later")]
pub struct DueError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl DueQueue {
    pub(crate) fn new(url: &str, aws: &SdkConfig) -> Self {
        Self { client: Client::new(&Limits::WAITED_FOR.of(aws)), url: url.to_owned() }
    }

    /// Has it come back in so many seconds.
    pub(crate) async fn send(&self, due: &Due, seconds: u64) -> Result<(), DueError> {
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(text(due))
            // The most that SQS takes are 15 minutes.
            .delay_seconds(i32::try_from(seconds.min(900)).unwrap_or(900))
            .send()
            .await
            .map_err(|error| DueError(error.into()))?;
        Ok(())
    }
}
