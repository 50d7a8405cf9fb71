//! What happens on the socket: somebody comes, asks, goes.

use miyabi_shared::push::{CHANNELS, Message, Request};
use serde_json::Value;

use crate::messages::text;
use crate::post::Post;
use crate::viewers::{Viewers, ViewersError};

/// One event of the socket is handled with this.
#[derive(Debug)]
pub(crate) struct Socket<'push> {
    pub(crate) viewers: &'push Viewers,
    pub(crate) post: &'push Post,
}

impl Socket<'_> {
    /// Takes an event; `context` is API Gateway's `requestContext`.
    pub(crate) async fn handle(&self, context: &Value, body: &str) -> Result<(), ViewersError> {
        let connection = context["connectionId"].as_str().unwrap_or_default();
        match context["eventType"].as_str() {
            Some("MESSAGE") => {
                let answer = self.answer(connection, body).await?;
                // Not as the answer of this call: API Gateway would send it only with a route response of its own.
                self.post.one(connection, &text(&answer)).await;
                Ok(())
            }
            Some("DISCONNECT") => self.viewers.leave(connection).await,
            // Whoever connects is of interest when it asks for something.
            _ => Ok(()),
        }
    }

    async fn answer(&self, connection: &str, body: &str) -> Result<Message, ViewersError> {
        Ok(match serde_json::from_str(body) {
            Ok(Request::Subscribe { channel }) => {
                if self.viewers.follow(connection, &channel).await? {
                    Message::Subscribed { channel }
                } else {
                    Message::Problem {
                        detail: format!(
                            "a connection can follow at most {CHANNELS} channels: unsubscribe first"
                        ),
                    }
                }
            }
            Ok(Request::Unsubscribe { channel }) => {
                self.viewers.unfollow(connection, &channel.to_string()).await?;
                Message::Unsubscribed { channel }
            }
            Ok(Request::Ping {}) => Message::Pong,
            Err(error) => Message::Problem {
                detail: format!(
                    "{error}: expected an object such as {{\"action\": \"subscribe\", \"channel\": \"tasks\"}}"
                ),
            },
        })
    }
}
