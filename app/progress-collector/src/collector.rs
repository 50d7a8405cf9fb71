//! One call: unpack, find the task, take the right road, count.

use std::time::Duration;

use aws_config::SdkConfig;
use lambda_runtime::Diagnostic;
use miyabi_shared::config::ProgressCollectorConfig;
use miyabi_shared::{Function, Task, TaskEvent, TaskId, TaskStatus, Timestamp};
use miyabi_store::{SavedParserState, StoreError, TaskStore};
use miyabi_telemetry::{Chain, Metrics};
use serde_json::Value;

use crate::cloudformation;
use crate::counts::Counts;
use crate::memory::Memory;
use crate::numbered::ControlLines;
use crate::payload::{Batch, unpack};
use crate::stream::Stream;
use crate::text;

/// How often a batch is begun anew because another call was faster with the same stream.
const TRIES: u32 = 10;
/// How long to wait for the batch with a run's first line, when a later one came first.
const FIRST_LINE_WAIT: Duration = Duration::from_secs(3);
/// How often to look for it.
const FIRST_LINE_LOOK: Duration = Duration::from_millis(100);
/// How long plain text of an unknown task waits for a first line that it may have overtaken. It delays the first lines of
/// a plain log once.
const FIRST_TEXT_WAIT: Duration = Duration::from_millis(300);

/// Turns log lines into progress. Built once, in the function's init phase.
#[derive(Debug, Clone)]
pub struct Collector {
    store: TaskStore,
    metrics: Metrics,
}

/// Why the function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not be set up.
    #[error("setting up the store")]
    Store(#[source] StoreError),
}

/// Why a batch should be delivered again.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The tables are out.
    #[error("the store is unavailable for task {task_id}")]
    StoreUnavailable {
        /// The task that the lines are about.
        task_id: TaskId,
        /// What the store says.
        #[source]
        source: StoreError,
    },
    /// Other calls were faster, again and again.
    #[error("{tries} calls were faster with the log of task {task_id}")]
    Contended {
        /// The task that the lines are about.
        task_id: TaskId,
        /// How often it was tried.
        tries: u32,
    },
}

impl From<CollectError> for Diagnostic {
    /// The error's type is what alarms and retries key on: a word of ours that never changes.
    fn from(error: CollectError) -> Self {
        let error_type = match error {
            CollectError::StoreUnavailable { .. } => "StoreUnavailable",
            CollectError::Contended { .. } => "Contended",
        };
        Self { error_type: error_type.to_owned(), error_message: Chain(&error).to_string() }
    }
}

/// What became of one try.
enum Try {
    Done,
    /// Another call was faster: load everything again.
    Stale,
}

impl Collector {
    /// Connects to everything that `config` names, with the credentials and the region of the process.
    ///
    /// # Errors
    /// When the configuration cannot work. What is merely out shows in the calls that need it.
    pub async fn connect(config: &ProgressCollectorConfig) -> Result<Self, StartError> {
        let aws = miyabi_aws::load().await;
        let metrics = Metrics::to_standard_output(Function::ProgressCollector.name());
        let collector = Self::with_aws(config, &aws, metrics)?;
        collector.store.warm().await;
        Ok(collector)
    }

    /// Like [`connect`](Self::connect), on an AWS and with metrics that the caller chose, and without waiting.
    ///
    /// # Errors
    /// When the configuration cannot work.
    pub fn with_aws(
        config: &ProgressCollectorConfig,
        aws: &SdkConfig,
        metrics: Metrics,
    ) -> Result<Self, StartError> {
        let store = TaskStore::connect(&config.store, aws).map_err(StartError::Store)?;
        Ok(Self { store, metrics })
    }

    /// Takes the payload of one call.
    ///
    /// # Errors
    /// Only when delivering it again can help.
    pub async fn handle(&self, payload: &Value) -> Result<Counts, CollectError> {
        let unpacked = cloudformation::batch(payload).map_or_else(|| unpack(payload), Ok);
        let batch = match unpacked {
            Ok(batch) => batch,
            Err(error) => {
                // Calling again would not help, and the lines are still in their log group.
                tracing::error!(error = %Chain(&error), payload = %beginning(payload), "a payload cannot be used");
                let counts = Counts { rejected_payloads: 1, ..Counts::default() };
                counts.record(&self.metrics, "unknown", "unknown", None);
                return Ok(counts);
            }
        };
        if batch.control_message {
            return Ok(Counts { control_messages: 1, ..Counts::default() });
        }
        if batch.truncated {
            tracing::warn!(
                batch.log_group,
                batch.log_stream,
                lines = batch.events.len(),
                "a payload broke off"
            );
        }
        let mut counts = Counts { truncated_payloads: batch.truncated.into(), ..Counts::default() };
        let result = self.handle_one(&batch, &mut counts).await;
        let newest = batch.events.iter().map(|event| Timestamp::from_millis(event.timestamp)).max();
        let delay = newest.map(|newest| Timestamp::now().since(newest).as_millis());
        let delay = delay.map(|delay| u64::try_from(delay).unwrap_or(u64::MAX));
        counts.record(&self.metrics, &batch.log_group, &batch.log_stream, delay);
        result.map(|()| counts)
    }

    /// Takes the lines of one log stream, and adds to `counts` what became of them.
    ///
    /// # Errors
    /// Only when delivering them again can help.
    pub async fn handle_one(&self, batch: &Batch, counts: &mut Counts) -> Result<(), CollectError> {
        counts.lines += batch.events.len() as u64;
        let mut stream = Stream::new(&batch.log_group, &batch.log_stream);
        match self.take(&mut stream, batch, counts).await {
            Ok(()) => Ok(()),
            Err(Failure::Contended) => Err(CollectError::Contended { task_id: stream.task_id, tries: TRIES }),
            Err(Failure::Store(source)) if source.is_temporary() => {
                Err(CollectError::StoreUnavailable { task_id: stream.task_id, source })
            }
            Err(Failure::Store(error)) => {
                // Calling again would end here again, and hold up what comes after.
                let task_id = stream.task_id.as_str();
                tracing::error!(error = %Chain(&error), task_id, "the store refused the lines of a log");
                counts.refused += batch.events.len() as u64;
                Ok(())
            }
        }
    }

    async fn take(&self, stream: &mut Stream, batch: &Batch, counts: &mut Counts) -> Result<(), Failure> {
        if batch.events.is_empty() {
            return Ok(());
        }
        let control_lines = ControlLines::find(&batch.events);
        counts.unreadable_lines += control_lines.unreadable;

        let mut task = self.task(&stream.task_id).await?;
        if let Some(other) = task.as_ref().and_then(|task| task.log_group.as_ref())
            && *other != stream.log_group
        {
            *stream = stream.clone().apart();
            task = self.task(&stream.task_id).await?;
        }
        if control_lines.events.is_empty() {
            self.take_text(stream, task, &control_lines, batch, counts).await
        } else {
            self.take_numbered(stream, task, &control_lines, counts).await
        }
    }

    /// Applies the events that the lines carry.
    async fn take_numbered(
        &self,
        stream: &Stream,
        task: Option<Task>,
        control_lines: &ControlLines,
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        if task.is_none() {
            if control_lines.run.is_none() {
                self.wait_for_first_line(&stream.task_id).await?;
            }
            self.store.ensure_task(&stream.task_id, &stream.task(control_lines.run.as_ref())).await?;
        }
        self.stop_parsing(&stream.task_id).await?;
        self.apply(&stream.task_id, &control_lines.events, counts).await
    }

    /// The first line of a run says which project it belongs to. Batches of one stream may overtake each other by a
    /// moment; after that, having the events in the wrong project is better than not having them.
    async fn wait_for_first_line(&self, task_id: &TaskId) -> Result<(), Failure> {
        let deadline = tokio::time::Instant::now() + FIRST_LINE_WAIT;
        while tokio::time::Instant::now() < deadline {
            tokio::time::sleep(FIRST_LINE_LOOK).await;
            if self.task(task_id).await?.is_some() {
                return Ok(());
            }
        }
        tracing::warn!(task_id = task_id.as_str(), "events came without the first line of their run");
        Ok(())
    }

    /// Where text of the stream was parsed before its numbers were seen, it is not from now on.
    async fn stop_parsing(&self, task_id: &TaskId) -> Result<(), Failure> {
        for _ in 0..TRIES {
            let Some((memory, version)) = self.memory(task_id).await? else { return Ok(()) };
            let mut memory = memory.unwrap_or_else(Memory::new);
            if memory.numbered {
                return Ok(());
            }
            memory.numbered = true;
            if self.save(task_id, &memory, version).await?.is_some() {
                return Ok(());
            }
        }
        Err(Failure::Contended)
    }

    /// Parses the lines.
    async fn take_text(
        &self,
        stream: &Stream,
        mut task: Option<Task>,
        control_lines: &ControlLines,
        batch: &Batch,
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        if task.as_ref().is_none_or(is_waiting) && self.memory(&stream.task_id).await?.is_none() {
            tokio::time::sleep(FIRST_TEXT_WAIT).await;
            task = self.task(&stream.task_id).await?;
        }
        let lines = text::lines(&batch.events);
        for attempt in 0..TRIES {
            if attempt > 0 {
                // Longer each time, and by chance, so that two calls do not meet again.
                tokio::time::sleep(Duration::from_millis(fastrand::u64(0..=20 * u64::from(attempt)))).await;
                task = self.task(&stream.task_id).await?;
            }
            let mut tried = Counts::default();
            match self.try_text(stream, task.take(), control_lines, &lines, &mut tried).await? {
                Try::Stale => {}
                Try::Done => {
                    counts.duplicate_lines += tried.duplicate_lines;
                    counts.applied += tried.applied;
                    counts.ignored += tried.ignored;
                    return Ok(());
                }
            }
        }
        Err(Failure::Contended)
    }

    async fn try_text(
        &self,
        stream: &Stream,
        task: Option<Task>,
        control_lines: &ControlLines,
        lines: &[text::Line<'_>],
        counts: &mut Counts,
    ) -> Result<Try, Failure> {
        let task_id = &stream.task_id;
        let task = match task {
            Some(task) => task,
            None => {
                let body = stream.task(control_lines.run.as_ref());
                self.store.ensure_task(task_id, &body).await?.task
            }
        };
        let loaded = self.memory(task_id).await?;
        let (mut memory, mut version) = match loaded {
            None if !is_waiting(&task) => return Ok(Try::Done),
            None => (Memory::new(), 0),
            Some((None, version)) => (Memory::lost(task.attempt, task.sequence), version),
            Some((Some(memory), version)) => (memory, version),
        };
        if moves_by_itself(&task, &memory) {
            return Ok(Try::Done);
        }
        if !memory.outbox.is_empty() {
            // Whoever saved them may have died before they were applied. Applying them again changes nothing.
            self.apply(task_id, &std::mem::take(&mut memory.outbox), &mut Counts::default()).await?;
        }

        let batch = text::batch_digest(lines);
        let mut done = batch.map_or(0, |batch| memory.read_of(batch)).min(lines.len());
        counts.duplicate_lines += done as u64;
        while done < lines.len() {
            let before = serde_json::to_string(&memory.parser).ok();
            let read = text::read(&mut memory, lines.get(done..).unwrap_or_default());
            done += read.lines;
            counts.duplicate_lines += read.duplicates as u64;
            if let Some(batch) = batch {
                memory.note_read(batch, done);
            }
            // Lines that changed nothing need not be remembered: reading them again changes nothing either.
            if memory.outbox.is_empty() && before == serde_json::to_string(&memory.parser).ok() {
                continue;
            }
            match self.save(task_id, &memory, version).await? {
                None => return Ok(Try::Stale),
                Some(saved) => version = saved,
            }
            self.apply(task_id, &memory.outbox, counts).await?;
        }
        Ok(Try::Done)
    }

    async fn task(&self, task_id: &TaskId) -> Result<Option<Task>, StoreError> {
        match self.store.task(task_id, None).await {
            Ok(answer) => answer.value.map(|document| document.parse()).transpose(),
            Err(StoreError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is remembered of the stream, and its version; the memory is `None` where it cannot be read.
    async fn memory(&self, task_id: &TaskId) -> Result<Option<(Option<Memory>, u64)>, StoreError> {
        let Some(saved) = self.store.parser_state(task_id).await? else { return Ok(None) };
        let memory = serde_json::from_str(&saved.state).inspect_err(|error| {
            // Written by another version. The task keeps its percentage; only lines that come again count again.
            tracing::warn!(%error, task_id = task_id.as_str(), "what was remembered of a log cannot be read");
        });
        Ok(Some((memory.ok(), saved.version)))
    }

    /// The new version, or `None` where another call was faster.
    async fn save(&self, task_id: &TaskId, memory: &Memory, version: u64) -> Result<Option<u64>, Failure> {
        let state = serde_json::to_string(memory).map_err(Failure::unwritable)?;
        match self.store.save_parser_state(task_id, &state, version).await? {
            SavedParserState::Saved(version) => Ok(Some(version)),
            SavedParserState::Stale => Ok(None),
        }
    }

    async fn apply(
        &self,
        task_id: &TaskId,
        events: &[TaskEvent],
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        if events.is_empty() {
            return Ok(());
        }
        let applied = self.store.apply_events(task_id, events).await?;
        counts.applied += applied.applied as u64;
        counts.ignored += applied.ignored as u64;
        Ok(())
    }
}

/// Whether nothing has happened to the task yet.
fn is_waiting(task: &Task) -> bool {
    task.sequence == 0 && task.status == TaskStatus::Queued
}

/// Whether someone else moves the task by events: then its text says less than they do, and is only log.
fn moves_by_itself(task: &Task, memory: &Memory) -> bool {
    let ours = (memory.sequencer.attempt(), memory.sequencer.sequence());
    memory.numbered || (task.attempt, task.sequence) > ours
}

/// Enough of a payload to see what it is.
fn beginning(payload: &Value) -> String {
    const CHARACTERS: usize = 2000;
    miyabi_progress::model::cut(&payload.to_string(), CHARACTERS)
}

/// Why a try ended.
#[derive(Debug)]
enum Failure {
    Store(StoreError),
    Contended,
}

impl Failure {
    fn unwritable(error: serde_json::Error) -> Self {
        Self::Store(StoreError::Refused { act: "writing what is remembered of a log", source: error.into() })
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
