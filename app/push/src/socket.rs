//! What happens on the socket: somebody comes, asks, goes.

use std::time::Duration;

use miyabi_shared::Timestamp;
use miyabi_shared::push::{CHANNELS, Channel, Message, REPLAY_SECONDS, Request};
use serde_json::Value;

use crate::changes::Batch;
use crate::messages::{MOST_MESSAGES, messages, refresh, text};
use crate::push::{Push, PushError};
use crate::recent::Lately;

impl Push {
    /// Takes an event of the socket; `context` is API Gateway's `requestContext`.
    pub(crate) async fn on_socket(&self, context: &Value, body: &str) -> Result<(), PushError> {
        let connection = context["connectionId"].as_str().unwrap_or_default();
        match context["eventType"].as_str() {
            Some("MESSAGE") => self.answer(connection, body).await,
            Some("DISCONNECT") => Ok(self.viewers.leave(connection).await?),
            // Whoever connects is of interest when it asks for something.
            _ => Ok(()),
        }
    }

    async fn answer(&self, connection: &str, body: &str) -> Result<(), PushError> {
        let answer = match serde_json::from_str(body) {
            Ok(Request::Subscribe { channel }) => return self.subscribe(connection, channel).await,
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
        };
        self.say(connection, &answer).await;
        Ok(())
    }

    /// Not as the answer of the call: API Gateway would send it only with a route response of its own.
    async fn say(&self, connection: &str, message: &Message) {
        self.post.one(connection, &text(message)).await;
    }

    /// From the answer on changes are told; what a read just after it could miss, because it was told before and the cache
    /// is behind, follows the answer.
    async fn subscribe(&self, connection: &str, channel: Channel) -> Result<(), PushError> {
        if !self.viewers.follow(connection, &channel).await? {
            let detail = format!("a connection can follow at most {CHANNELS} channels: unsubscribe first");
            self.say(connection, &Message::Problem { detail }).await;
            return Ok(());
        }
        self.say(connection, &Message::Subscribed { channel: channel.clone() }).await;
        let texts = self.lately(&channel).await?;
        self.deliver(vec![(connection.to_owned(), &channel, texts)]).await?;
        Ok(())
    }

    /// What changed lately on a channel, as it is now: of the table, and so never behind.
    async fn lately(&self, channel: &Channel) -> Result<Vec<String>, PushError> {
        let now = Timestamp::now();
        let batch = match channel {
            Channel::Task(task_id) => {
                let Some((task, steps)) = self.tasks.task_with_steps(task_id).await? else {
                    return Ok(Vec::new());
                };
                let steps = steps.into_iter().map(|step| ((task_id.clone(), step.step_id.clone()), step));
                Batch { tasks: [(task_id.clone(), task)].into(), steps: steps.collect(), ..Batch::default() }
            }
            Channel::Tasks | Channel::Project(_) => {
                let window = Duration::from_secs(REPLAY_SECONDS).as_millis();
                let from = now.as_millis() - i64::try_from(window).unwrap_or(0);
                match self.viewers.since(Timestamp::from_millis(from), channel).await? {
                    Lately::TooMuch => return Ok(vec![refresh(channel)]),
                    Lately::Tasks(marks) => {
                        let ids: Vec<_> = marks.keys().cloned().collect();
                        let asked =
                            marks.into_iter().map(|(task_id, mark)| (task_id, mark.project)).collect();
                        Batch::found(self.tasks.tasks(&ids).await?, asked)
                    }
                }
            }
        };
        Ok(messages(channel, &batch, MOST_MESSAGES, now))
    }
}
