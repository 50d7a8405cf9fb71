//! What is kept of a job beside its task: who works on it, until when, and how its attempts ended.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Run, SizeChoice};
use crate::event::CreateTask;
use crate::timestamp::Timestamp;

/// How many attempts are remembered.
const REMEMBERED: usize = 20;

/// A job, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Job {
    /// The task, as it was asked for.
    pub task: CreateTask,
    /// What to run.
    pub run: Run,
    /// Its size, and why.
    pub size: SizeChoice,
    /// The attempt that waits, runs, or was the last.
    pub attempt: u32,
    /// Where it is.
    pub state: JobState,
    /// When the attempt was put into the queue.
    pub queued_at: Timestamp,
    /// When the attempt may begin at the earliest, where it waits after a failure.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub not_before: Option<Timestamp>,
    /// How often it failed.
    pub failures: u32,
    /// How many workers were lost with it.
    pub losses: u32,
    /// The attempts that began, the oldest first; at most the last 20.
    pub attempts: Vec<Attempt>,
    /// Counts the changes of this record.
    pub version: u64,
}

/// Where a job is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum JobState {
    /// In a queue.
    Waiting {},
    /// With a worker.
    Leased {
        /// Which one.
        worker: String,
        /// The message that it holds; another message about the same attempt is a copy.
        message_id: String,
        /// Until when the worker has it, unless it says that it goes on.
        until: Timestamp,
    },
    /// Over.
    Ended {},
    /// Given up, because every worker that had it was lost. Its message is a dead letter; sent again, it begins a new attempt.
    Dead {},
}

/// An attempt that began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attempt {
    /// Which one, from 1.
    pub attempt: u32,
    /// The worker.
    pub worker: String,
    /// When it was put into the queue.
    pub queued_at: Timestamp,
    /// When a worker began.
    pub started_at: Timestamp,
    /// When it was over; `null` while it runs.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub end: Option<AttemptEnd>,
    /// Why, for people.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub reason: Option<String>,
    /// Milliseconds in the queue.
    pub queue_wait_milliseconds: u64,
    /// Milliseconds at work; `null` while it runs.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(required))]
    pub run_milliseconds: Option<u64>,
}

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum AttemptEnd {
    /// The command ended well.
    Succeeded,
    /// The command ended badly, or could not be started.
    Failed,
    /// It took longer than it may.
    TimedOut,
    /// Somebody cancelled the task.
    Cancelled,
    /// The worker was lost with it.
    Lost,
    /// The worker was told to stop and gave it back.
    HandedBack,
}

impl Job {
    /// Notes that an attempt begins.
    pub fn begin(&mut self, worker: &str, now: Timestamp) {
        let queued_at = self.not_before.map_or(self.queued_at, |earliest| earliest.max(self.queued_at));
        if self.attempts.len() >= REMEMBERED {
            self.attempts.remove(0);
        }
        self.attempts.push(Attempt {
            attempt: self.attempt,
            worker: worker.to_owned(),
            queued_at,
            started_at: now,
            ended_at: None,
            end: None,
            reason: None,
            queue_wait_milliseconds: milliseconds(queued_at, now),
            run_milliseconds: None,
        });
        self.not_before = None;
    }

    /// Notes how the attempt ended that runs.
    pub fn end(&mut self, end: AttemptEnd, reason: Option<String>, now: Timestamp) {
        if let Some(attempt) = self.attempts.last_mut().filter(|attempt| attempt.ended_at.is_none()) {
            attempt.ended_at = Some(now);
            attempt.end = Some(end);
            attempt.reason = reason;
            attempt.run_milliseconds = Some(milliseconds(attempt.started_at, now));
        }
    }
}

fn milliseconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.since(from).as_millis()).unwrap_or(u64::MAX)
}

/// A worker that takes jobs, as it last said of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WorkerSeen {
    /// Which one.
    pub worker: String,
    /// Its size; it takes from the queues of that size.
    pub size: super::Size,
    /// How many jobs run on it, by their size.
    pub running: BTreeMap<String, u32>,
    /// Whether it was told to stop, and takes no more.
    pub draining: bool,
    /// When it said so.
    pub seen_at: Timestamp,
}

impl WorkerSeen {
    /// How often a worker says that it is there.
    pub const EVERY: std::time::Duration = std::time::Duration::from_secs(10);
    /// After so long without a word it is not listening.
    pub const GONE_AFTER: std::time::Duration = std::time::Duration::from_secs(35);

    /// Whether it takes jobs.
    pub fn is_listening(&self, now: Timestamp) -> bool {
        !self.draining && now.since(self.seen_at) < Self::GONE_AFTER
    }
}
