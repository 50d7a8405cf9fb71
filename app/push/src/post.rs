//! Messages to connections.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::operation::post_to_connection::PostToConnectionError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use futures::StreamExt as _;
use miyabi_aws::Limits;
use miyabi_shared::push::Channel;
use miyabi_telemetry::Chain;

/// Whom a message does not reach after one repetition, that one is told later to read again.
const LIMITS: Limits = Limits { operation: Duration::from_secs(2), attempts: 2, ..Limits::WAITED_FOR };
/// Viewers that are told at the same time.
const AT_ONCE: usize = 32;

/// Sends messages to connections.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    client: Client,
}

/// What became of messages.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Messages that were taken.
    pub(crate) sent: u64,
    /// Messages that were not.
    pub(crate) dropped: u64,
    /// Connections that could not be sent a message now, each with its channel.
    pub(crate) behind: Vec<(String, Channel)>,
    /// Connections that are no more.
    pub(crate) gone: Vec<String>,
}

/// What became of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Posted {
    Sent,
    /// The connection is no more.
    Gone,
    /// It could not be sent now: too much at once, or an outage.
    Dropped,
}

impl Post {
    pub(crate) fn new(endpoint: &str, aws: &SdkConfig) -> Self {
        let config = aws_sdk_apigatewaymanagement::config::Builder::from(&LIMITS.of(aws))
            .endpoint_url(endpoint)
            .build();
        Self { client: Client::from_conf(config) }
    }

    /// Sends each connection its messages, in their order.
    pub(crate) async fn all(&self, letters: Vec<(String, &Channel, Vec<String>)>) -> Told {
        let mut told = Told::default();
        let mut sending = futures::stream::iter(letters)
            .map(async |(connection, channel, texts)| {
                let mut sent = 0;
                let mut outcome = Posted::Sent;
                for text in &texts {
                    outcome = self.one(&connection, text).await;
                    if outcome != Posted::Sent {
                        break;
                    }
                    sent += 1;
                }
                tracing::trace!(connection, %channel, sent, "told");
                (connection, channel, sent, u64::try_from(texts.len()).unwrap_or(u64::MAX), outcome)
            })
            .buffer_unordered(AT_ONCE);
        while let Some((connection, channel, sent, all, outcome)) = sending.next().await {
            told.sent += sent;
            match outcome {
                Posted::Sent => {}
                Posted::Gone => told.gone.push(connection),
                Posted::Dropped => {
                    told.dropped += all - sent;
                    told.behind.push((connection, channel.clone()));
                }
            }
        }
        told
    }

    pub(crate) async fn one(&self, connection: &str, text: &str) -> Posted {
        let post = self.client.post_to_connection().connection_id(connection).data(Blob::new(text));
        match post.send().await {
            Ok(_) => Posted::Sent,
            Err(error) if is_gone(&error) => Posted::Gone,
            Err(error) => {
                tracing::warn!(connection, error = %Chain(&error), "a message could not be sent");
                Posted::Dropped
            }
        }
    }
}

fn is_gone(error: &SdkError<PostToConnectionError>) -> bool {
    error.as_service_error().is_some_and(PostToConnectionError::is_gone_exception)
        || error.raw_response().is_some_and(|response| response.status().as_u16() == 410)
}
