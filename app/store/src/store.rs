//! The one way to tasks and projects.

mod act;
mod apply;
mod create;
mod follow;
mod job;
mod learnt;
mod list;
mod read;
mod sieve;
mod verify;

use std::sync::Arc;
use std::time::Duration;

use aws_config::SdkConfig;
use miyabi_shared::config::StoreConfig;
use miyabi_shared::{TaskId, Timestamp};

use crate::PARSER_STATE_BYTES;
use crate::answer::{HistoryPage, Liveness, ParserState, SavedParserState, StoreHealth};
use crate::cache::{Cache, Entry, Steps};
use crate::cursor::Cursors;
use crate::error::StoreError;
use crate::table::{Current, HistoryItem, ParserItem, Tables, Written};

/// How often a write is tried again when another writer was faster.
const WRITE_ATTEMPTS: u32 = 12;
/// Most points on one page of a history.
const HISTORY_PAGE: u32 = 1000;

/// Tasks and projects: the tables, and the cache before them. Clones share their connections.
#[derive(Debug, Clone)]
pub struct TaskStore {
    tables: Tables,
    cache: Cache,
    cursors: Arc<Cursors>,
    learnt: learnt::Learnt,
    verification: Arc<verify::Verification>,
}

impl TaskStore {
    /// A store on the tables and the cache that `config` names. Opens no connection yet: see [`warm`](Self::warm).
    ///
    /// # Errors
    /// When the cache's address cannot be read.
    pub fn connect(config: &StoreConfig, aws: &SdkConfig) -> Result<Self, StoreError> {
        let response_timeout = Duration::from_millis(u64::from(config.cache_timeout_milliseconds));
        let cache =
            Cache::new(&config.cache, aws, &config.tasks_table, response_timeout).map_err(|error| {
                StoreError::Refused { act: "reading the cache's address", source: error.into() }
            })?;
        let cursors =
            Cursors::new(&format!("miyabi cursors\n{}\n{}", config.tasks_table, config.projects_table))?;
        Ok(Self {
            tables: Tables::new(config, aws),
            cache,
            cursors: Arc::new(cursors),
            learnt: learnt::Learnt::default(),
            verification: Arc::new(verify::Verification::one_in(verify::ONE_IN)),
        })
    }

    /// Opens the connections, so that the first request does not pay for it. Errors show in later calls.
    pub async fn warm(&self) {
        let (table, cache) = futures::join!(self.tables.ping(), self.cache.ping());
        if let Err(error) = table {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the tables did not answer at the start"
            );
        }
        if cache.is_err() && !self.cache.is_none() {
            tracing::warn!("the cache did not answer at the start");
        }
    }

    /// Whether the table and the cache answer, by one tiny read of each.
    pub async fn health(&self) -> StoreHealth {
        let (table, cache) = futures::join!(self.tables.ping(), self.cache.ping());
        let live = |answers: bool| if answers { Liveness::Ok } else { Liveness::Down };
        StoreHealth {
            table: live(table.is_ok()),
            cache: if self.cache.is_none() { Liveness::None } else { live(cache.is_ok()) },
        }
    }

    /// Write units of DynamoDB that this process has consumed.
    pub fn write_units(&self) -> f64 {
        self.tables.write_units()
    }

    /// One page of a task's history, oldest first; `limit` is held within 1 to 1000.
    ///
    /// # Errors
    /// [`StoreError::InvalidCursor`] when the cursor is not one of this history; [`StoreError::NotFound`].
    pub async fn history(
        &self,
        task_id: &TaskId,
        limit: u32,
        cursor: Option<&str>,
    ) -> Result<HistoryPage, StoreError> {
        let list = format!("history\n{task_id}");
        let after = match cursor {
            None => "0".to_owned(),
            Some(cursor) => self.cursors.read(&list, cursor)?,
        };
        let limit = limit.clamp(1, HISTORY_PAGE);
        let asked = i32::try_from(limit + 1).unwrap_or(i32::MAX);
        let mut items = self.tables.history(task_id, &after, asked).await?;
        if items.is_empty() && cursor.is_none() && self.existing(task_id).await?.is_none() {
            return Err(StoreError::NotFound(task_id.clone()));
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next_cursor = (items.len() > limit)
            .then(|| items.get(limit - 1).map(|last| self.cursors.write(&list, &last.place)))
            .flatten();
        items.truncate(limit);
        let now = Timestamp::now().as_seconds();
        let points = items.into_iter().filter(|item| item.expires_at > now).map(|item| item.point).collect();
        Ok(HistoryPage { points, next_cursor })
    }

    /// The state of the parser of a task's log stream, if one was saved.
    ///
    /// # Errors
    /// When the tables fail.
    pub async fn parser_state(&self, task_id: &TaskId) -> Result<Option<ParserState>, StoreError> {
        let item = self.tables.parser_state(task_id).await?;
        Ok(item.map(|item| ParserState {
            state: item.state,
            version: item.version,
            saved_at: Timestamp::from_millis(item.saved_at),
        }))
    }

    /// Saves the state of a parser, if nobody else did since `expected_version` was loaded (0: there was none).
    ///
    /// # Errors
    /// When the tables fail, or the state is larger than [`PARSER_STATE_BYTES`].
    pub async fn save_parser_state(
        &self,
        task_id: &TaskId,
        state: &str,
        expected_version: u64,
    ) -> Result<SavedParserState, StoreError> {
        if state.len() > PARSER_STATE_BYTES {
            return Err(StoreError::ParserStateTooLarge(state.len()));
        }
        let (now, version) = (Timestamp::now(), expected_version + 1);
        let item = ParserItem::new(task_id, state, version, self.tables.expires_at(now), now);
        Ok(match self.tables.save_parser_state(&item, expected_version).await? {
            Written::Done => SavedParserState::Saved(version),
            Written::Changed => SavedParserState::Stale,
        })
    }

    /// A task that is there and has not expired, from the table.
    async fn existing(&self, task_id: &TaskId) -> Result<Option<Current>, StoreError> {
        Ok(self.tables.current(task_id).await?.filter(|current| !current.is_expired(Timestamp::now())))
    }

    /// Puts what was just written to the table into the cache. Whatever happens on the way, also that the caller goes
    /// away, is made up for before this process believes the cache again.
    async fn publish(&self, current: &Current, steps: Steps<'_>) {
        let update = self.cache.update(&current.task.task_id);
        if self.cache.put(&entry(current, steps), None).await.is_ok() {
            update.arrived();
        }
    }

    /// Repeats the updates that did not reach the cache; gives whether the cache may be used.
    async fn repaired(&self) -> bool {
        let missed = self.cache.missed();
        if missed.is_empty() {
            return true;
        }
        let ids: Vec<TaskId> = missed.iter().map(|missed| missed.task_id.clone()).collect();
        let Ok(found) = self.tables.current_of(&ids).await else { return false };
        for missed in &missed {
            if let Some(current) = found.get(&missed.task_id) {
                // Which steps changed is not known here. Where some did, their mark does not fit, and they are read anew.
                let steps = if current.steps_version == 0 { Steps::All(&[]) } else { Steps::Untouched };
                if self.cache.put(&entry(current, steps), None).await.is_err() {
                    return false;
                }
            }
            self.cache.repaired(missed);
        }
        true
    }
}

fn entry<'entry>(current: &'entry Current, steps: Steps<'entry>) -> Entry<'entry> {
    Entry { task: &current.task, expires_at: current.expires_at, steps_version: current.steps_version, steps }
}

/// Waits before write number `attempt` is repeated: random, so that writers who met do not meet again, and growing.
async fn back_off(attempt: u32) {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(1..=4 << attempt.min(6)))).await;
}

/// The point of history that `task` makes.
fn point_of(current: &Current, time: Timestamp, part: usize) -> HistoryItem {
    let task = &current.task;
    HistoryItem {
        task_id: task.task_id.clone(),
        place: HistoryItem::place(time, task.version, part),
        expires_at: current.expires_at,
        point: miyabi_shared::task::HistoryPoint {
            time,
            attempt: task.attempt,
            status: task.status,
            current: task.progress.current,
            total: task.progress.total,
            percentage: task.progress.percentage,
            phase: task.progress.phase.clone(),
        },
    }
}
