//! What goes over the socket: what a viewer asks for, and what it is told.
//!
//! A viewer subscribes to channels, then reads over HTTP what is there, and from then on is told what changes, and what
//! changed shortly before. What comes is state and not difference: a task carries its version, a step its `(attempt, sequence)`, and a viewer keeps
//! the higher one. So a message may come twice or late and changes nothing, and a viewer that was away only has to
//! subscribe and read again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{ProjectId, TaskId};
use crate::task::{Step, Task};
use crate::timestamp::Timestamp;

/// What a viewer can follow. In text `tasks`, `project:ID` or `task:ID`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Channel {
    /// Every task, without its steps.
    Tasks,
    /// The tasks of a project, without their steps.
    Project(ProjectId),
    /// One task, with its steps.
    Task(TaskId),
}

impl fmt::Display for Channel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tasks => formatter.write_str("tasks"),
            Self::Project(project_id) => write!(formatter, "project:{project_id}"),
            Self::Task(task_id) => write!(formatter, "task:{task_id}"),
        }
    }
}

/// Why a text is no channel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no channel: expected tasks, project:ID or task:ID")]
pub struct InvalidChannel(String);

impl FromStr for Channel {
    type Err = InvalidChannel;
    fn from_str(text: &str) -> Result<Self, InvalidChannel> {
        let invalid = || InvalidChannel(text.chars().take(128).collect());
        match text.split_once(':') {
            None if text == "tasks" => Ok(Self::Tasks),
            Some(("project", id)) => id.parse().map(Self::Project).map_err(|_| invalid()),
            Some(("task", id)) => id.parse().map(Self::Task).map_err(|_| invalid()),
            _ => Err(invalid()),
        }
    }
}

impl TryFrom<String> for Channel {
    type Error = InvalidChannel;
    fn try_from(text: String) -> Result<Self, InvalidChannel> {
        text.parse()
    }
}

impl From<Channel> for String {
    fn from(channel: Channel) -> Self {
        channel.to_string()
    }
}

/// What a viewer asks for: one JSON object a message, such as `{"action": "subscribe", "channel": "tasks"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "lowercase", deny_unknown_fields)]
pub enum Request {
    /// Tell me what changes there, from the answer on.
    Subscribe {
        /// Where.
        channel: Channel,
    },
    /// No longer.
    Unsubscribe {
        /// Where.
        channel: Channel,
    },
    /// Are you there? It also keeps the connection from being closed as idle.
    Ping {},
}

/// What a viewer is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Message {
    /// From now on changes there are told. What is there already is for the viewer to read.
    Subscribed {
        /// Where.
        channel: Channel,
    },
    /// Changes there are told no longer.
    Unsubscribed {
        /// Where.
        channel: Channel,
    },
    /// What changed.
    Changes(Changes),
    /// More changed than fits: read again what is shown.
    Refresh {
        /// Where.
        channel: Channel,
    },
    /// The answer to a ping.
    Pong,
    /// A message could not be used.
    Problem {
        /// What was wrong with it, and what is expected.
        detail: String,
    },
}

/// What changed, as it is now. On the channel of one task it comes at once; on the others at most once a second, as one
/// message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Tasks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// Steps of tasks; only on the channel of a task.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<ChangedStep>,
    /// Tasks whose time was over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<TaskId>,
    /// When the newest of it happened, by the clock of the machine where it did: what this is from `now` is how old the news is.
    pub changed_at: Timestamp,
    /// When this was sent.
    pub sent_at: Timestamp,
}

/// A step with the task that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedStep {
    /// The task.
    pub task_id: TaskId,
    /// The step.
    pub step: Step,
}

/// Largest message that is sent: API Gateway takes 128 KiB.
pub const MESSAGE_BYTES: usize = 120 * 1024;
/// How long a connection can live: API Gateway closes it after two hours.
pub const CONNECTION_SECONDS: u64 = 2 * 60 * 60;
/// For how long what changed is told again to whoever subscribes: longer than an answer of the API can be behind the table,
/// so that what was told just before, and is missing in what a viewer reads just after, is told too.
pub const REPLAY_SECONDS: u64 = 90;
/// How long a channel of many tasks is silent at least after it was told something.
pub const COALESCE_SECONDS: u64 = 1;
/// How many channels one connection may follow.
pub const CHANNELS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_the_same_text_both_ways_and_anything_else_is_refused() {
        for text in ["tasks", "project:web", "task:0198-a"] {
            assert_eq!(text.parse::<Channel>().unwrap().to_string(), text);
        }
        for text in ["", "task", "task:", "tasks:1", "projects", "project:a b", "Task:a"] {
            assert!(text.parse::<Channel>().is_err(), "{text}");
        }
    }

    #[test]
    fn requests_and_messages_look_as_documented() {
        let request: Request =
            serde_json::from_str(r#"{"action": "subscribe", "channel": "task:t-1"}"#).unwrap();
        assert_eq!(request, Request::Subscribe { channel: "task:t-1".parse().unwrap() });
        assert!(serde_json::from_str::<Request>(r#"{"action": "subscribe"}"#).is_err());
        assert!(serde_json::from_str::<Request>(r#"{"action": "ping", "more": 1}"#).is_err());
        let message = Message::Subscribed { channel: Channel::Tasks };
        assert_eq!(serde_json::to_string(&message).unwrap(), r#"{"type":"subscribed","channel":"tasks"}"#);
        let changes = Message::Changes(Changes {
            tasks: Vec::new(),
            steps: Vec::new(),
            removed: vec!["t-1".parse().unwrap()],
            changed_at: Timestamp::from_millis(0),
            sent_at: Timestamp::from_millis(1),
        });
        let text = r#"{"type":"changes","removed":["t-1"],"changed_at":"1970-01-01T00:00:00.000Z","sent_at":"1970-01-01T00:00:00.001Z"}"#;
        assert_eq!(serde_json::to_string(&changes).unwrap(), text);
    }
}
