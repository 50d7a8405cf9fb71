//! What comes back from the queue: the turn of a channel of many tasks, or somebody who is behind.

use std::time::Duration;

use miyabi_shared::Timestamp;
use miyabi_shared::push::{COALESCE_SECONDS, Channel, REPLAY_SECONDS};
use serde_json::Value;

use crate::changes::Batch;
use crate::due::Due;
use crate::messages::{messages, refresh};
use crate::post::{Posted, Told};
use crate::push::{Push, PushError};
use crate::recent::Lately;
use crate::turn::Turn;

/// Notes that were on their way while others were told already are read again by the next. A state that is told twice
/// changes nothing.
const OVERLAP: Duration = Duration::from_secs(3);
/// How far back the first turn of a channel looks: before that nobody followed it.
const FIRST: Duration = Duration::from_secs(10);
/// Who cannot be reached so often in a row has other worries.
const MOST_TRIES: u32 = 5;

impl Push {
    /// Handles one message of the queue.
    pub(crate) async fn later(&self, body: &Value) -> Result<(), PushError> {
        let due = body.as_str().and_then(|body| serde_json::from_str(body).ok());
        match due.ok_or(PushError::UnknownCall)? {
            Due::Turn { channel } => self.turn(&channel).await,
            Due::Refresh { connection, channel, tried } => self.refresh(connection, channel, tried).await,
        }
    }

    async fn turn(&self, channel: &Channel) -> Result<(), PushError> {
        let now = Timestamp::now();
        let told = match self.viewers.begin(channel, now).await? {
            Turn::None => return Ok(()),
            Turn::Busy => {
                return Ok(self.due.send(&Due::Turn { channel: channel.clone() }, COALESCE_SECONDS).await?);
            }
            Turn::Now(told) => told,
        };
        let outcome = self.tell_list(channel, told, now).await;
        let ended = match &outcome {
            Ok(()) => self.viewers.end(channel, now).await,
            Err(_) => self.viewers.give_up(channel, told).await,
        };
        outcome.and(ended.map_err(PushError::from))
    }

    /// Tells whoever follows `channel` what was noted there since `told`.
    async fn tell_list(
        &self,
        channel: &Channel,
        told: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), PushError> {
        let back = |duration: Duration| {
            Timestamp::from_millis(now.as_millis() - i64::try_from(duration.as_millis()).unwrap_or(0))
        };
        let overlap = i64::try_from(OVERLAP.as_millis()).unwrap_or(0);
        let from = told.map_or(back(FIRST), |told| Timestamp::from_millis(told.as_millis() - overlap));
        let from = from.max(back(Duration::from_secs(REPLAY_SECONDS)));
        let (texts, changes, oldest) = match self.viewers.since(from, channel).await? {
            Lately::TooMuch => (vec![refresh(channel)], 0, None),
            Lately::Tasks(marks) if marks.is_empty() => return Ok(()),
            Lately::Tasks(marks) => {
                let news = marks.values().filter(|mark| told.is_none_or(|told| mark.noted_at > told));
                let oldest = news.map(|mark| mark.stored_at).min();
                let ids: Vec<_> = marks.keys().cloned().collect();
                let asked = marks.into_iter().map(|(task_id, mark)| (task_id, mark.project)).collect();
                let batch = Batch { oldest, ..Batch::found(self.tasks.tasks(&ids).await?, asked) };
                (messages(channel, &batch, 1, now), batch.len(), oldest)
            }
        };
        let connections = self.viewers.of(channel).await?;
        let letters =
            connections.into_iter().map(|connection| (connection, channel, texts.clone())).collect();
        let told = self.deliver(letters).await?;
        self.count("list", changes, oldest, 0, &told);
        Ok(())
    }

    /// Tells a viewer that missed something to read again. From then on it is told again what changes: first that, so that
    /// nothing falls between.
    async fn refresh(&self, connection: String, channel: Channel, tried: u32) -> Result<(), PushError> {
        if !self.viewers.catch_up(&connection, &channel).await? {
            return Ok(());
        }
        match self.post.one(&connection, &refresh(&channel)).await {
            Posted::Sent => Ok(()),
            Posted::Gone => Ok(self.viewers.leave(&connection).await?),
            Posted::Dropped if tried >= MOST_TRIES => {
                tracing::warn!(connection, %channel, tried, "a viewer that is behind cannot be told so");
                Ok(())
            }
            Posted::Dropped => self.fall_behind(connection, channel, tried + 1).await,
        }
    }

    async fn fall_behind(&self, connection: String, channel: Channel, tried: u32) -> Result<(), PushError> {
        // Once is enough, however much it misses meanwhile.
        if self.viewers.fall_behind(&connection, &channel).await? {
            let seconds = 1 << (tried - 1).min(MOST_TRIES);
            self.due.send(&Due::Refresh { connection, channel, tried }, seconds).await?;
        }
        Ok(())
    }

    /// Sends messages. Who is gone is forgotten, and who could not be reached is told later to read again: what was dropped is
    /// kept nowhere, so that slow viewers take no memory.
    pub(crate) async fn deliver(
        &self,
        letters: Vec<(String, &Channel, Vec<String>)>,
    ) -> Result<Told, PushError> {
        let told = self.post.all(letters).await;
        for connection in &told.gone {
            self.viewers.leave(connection).await?;
        }
        for (connection, channel) in &told.behind {
            self.fall_behind(connection.clone(), channel.clone(), 1).await?;
        }
        Ok(told)
    }
}
