//! The cache: a copy of what the tables hold, never the only one, trusted within bounds.
//!
//! # Why a stale entry is not served as truth for long
//! - Every change is a compare-and-set by version, so that late writers and slow readers cannot bring back the old.
//! - A writer whose update got lost repeats it before its process uses the cache again ([`Cache::missed`]).
//! - All of it belongs to an *epoch*. A server that restarted (its run id changed) and a process that was cut off begin
//!   a new one, and nothing of an older epoch is believed.
//! - What is left, a writer that died between table and cache, is bounded by time: a task at work is verified against
//!   the table after 10 s, one that ended after 60 s, the newest part of a list after 30 s.
//! - That there is no task of some identifier is believed for 5 s, and ends at once where one is created.
//!
//! # Why many readers are one reader to the tables
//! What is missing, or about to be, is looked up by the reader who claims it; the others use what is there, or wait for a moment
//! ([`Cache::claim`]).

mod breaker;
mod connection;
mod lease;
mod script;
mod sign_in;
mod value;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use miyabi_shared::config::CacheEndpoint;
use miyabi_shared::task::Step;
use miyabi_shared::{Task, TaskId, TaskStatus};
use redis::{FromRedisValue, Value as RedisValue};

use crate::position::Position;
use crate::query::Filter;
pub(crate) use connection::Out;
use connection::{Connection, Target};
pub(crate) use lease::{Patience, Wanted};
use script::Call;
use sign_in::SignIn;
pub(crate) use value::{Header, Trust, Value, tag_of};

/// How long a value is kept when nothing happens to it; up to a tenth more, so that what came together does not go together.
const KEEP: Duration = Duration::from_secs(3600);
/// For how long the newest part of a list is believed before it is compared with the index again.
const LIST_TRUST: Duration = Duration::from_secs(30);
/// For how long a list is kept at all; bounds how long its older part is believed.
const LIST_KEEP: Duration = Duration::from_secs(600);
/// For how long one reader has the task of refreshing a list, while the others still use it.
const LIST_LEASE: Duration = Duration::from_secs(2);
/// Most tasks that one list holds; older ones are read from the index.
const LIST_CAP: usize = 10_000;
/// For how long the projects are believed.
const PROJECTS_TRUST: Duration = Duration::from_secs(10);
/// How many epochs may begin while one update is on its way.
const EPOCHS: u32 = 4;
/// What the script that puts a task gives where the epoch is another one.
const ANOTHER_EPOCH: i64 = -1;
/// So many lost updates are repaired one by one; more, by a new epoch.
const MOST_REPAIRS: usize = 200;

/// The cache, or none. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    shared: Option<Arc<Shared>>,
}

/// The fields of a hash, with the value of each.
type Fields = Vec<(String, Vec<u8>)>;

#[derive(Debug)]
struct Shared {
    connection: Arc<Connection>,
    prefix: String,
    missed: Mutex<Losses>,
}

/// Updates that did not reach the cache.
#[derive(Debug, Default)]
struct Losses {
    count: u64,
    /// The number of the last one of each task.
    by_task: HashMap<TaskId, u64>,
}

/// A task whose update got lost.
#[derive(Debug)]
pub(crate) struct Missed {
    pub(crate) task_id: TaskId,
    loss: u64,
}

/// What the writer of a task says about its steps.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Steps<'steps> {
    /// Nothing.
    Untouched,
    /// These changed, since the version at which steps had last changed before.
    Changed {
        /// That version.
        before: u64,
        /// What they are now.
        steps: &'steps [Step],
    },
    /// These are all.
    All(&'steps [Step]),
}

/// A task as the table holds it, on its way into the cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'entry> {
    pub(crate) task: &'entry Task,
    pub(crate) expires_at: i64,
    pub(crate) steps_version: u64,
    pub(crate) steps: Steps<'entry>,
}

/// What the cache knows of a task.
#[derive(Debug)]
pub(crate) struct FoundTask {
    pub(crate) epoch: u64,
    /// Whether what is here may be shown.
    pub(crate) trust: Trust,
    /// Whether the table is known not to have it.
    pub(crate) absent: bool,
    pub(crate) header: Option<Header>,
    /// Left out where the caller holds this version.
    pub(crate) document: Option<crate::answer::Document>,
    /// All steps in the order of their start; `None` where they are not all here.
    pub(crate) steps: Option<Vec<crate::answer::Document>>,
}

impl FoundTask {
    /// Whether everything that was asked for is here: nothing where the caller holds it, else the task, and its steps if they
    /// are wanted.
    pub(crate) fn is_whole(&self, with_steps: bool) -> bool {
        self.header.is_some() && (self.document.is_none() || !with_steps || self.steps.is_some())
    }
}

/// What the cache knows of a list.
#[derive(Debug)]
pub(crate) enum FoundList {
    /// Nothing that is trusted; whoever builds it must say this epoch and this time. `turn`: it is there, the others go on using it,
    /// and it is for the caller to refresh it.
    Cold { epoch: u64, now: i64, turn: bool },
    /// It ends, at this time of creation, before the page does.
    Short { epoch: u64, now: i64, floor: i64 },
    /// The caller holds this page.
    Same { tag: String },
    /// The page.
    Page(FoundPage),
}

/// A page of a list.
#[derive(Debug)]
pub(crate) struct FoundPage {
    pub(crate) epoch: u64,
    pub(crate) now: i64,
    pub(crate) tag: String,
    pub(crate) more: bool,
    pub(crate) last: i64,
    pub(crate) ids: Vec<String>,
    pub(crate) values: Vec<Option<Vec<u8>>>,
}

/// What the cache knows of the projects.
#[derive(Debug)]
pub(crate) enum FoundProjects {
    Cold { epoch: u64, changes: String },
    Same { tag: String },
    Found { tag: String, json: Vec<u8> },
}

/// What an index gave about a list, on its way into the cache.
#[derive(Debug)]
pub(crate) struct Rows<'rows> {
    pub(crate) filter: &'rows Filter,
    pub(crate) epoch: u64,
    /// When the index was asked, by the clock of Redis.
    pub(crate) asked_at: i64,
    /// `rows` holds everything created since.
    pub(crate) floor: i64,
    /// The floor that the list had, where this goes below it.
    pub(crate) extends: Option<i64>,
    pub(crate) rows: &'rows [Position],
}

impl Cache {
    pub(crate) fn none() -> Self {
        Self { shared: None }
    }

    /// The cache at `endpoint`. `scope` keeps apart what different deployments keep in one Redis.
    pub(crate) fn new(
        endpoint: &CacheEndpoint,
        aws: &SdkConfig,
        scope: &str,
        response_timeout: Duration,
    ) -> Result<Self, redis::RedisError> {
        let target = match endpoint {
            CacheEndpoint::None => return Ok(Self::none()),
            CacheEndpoint::Url(url) => Target::Address(redis::Client::open(url.as_str())?),
            CacheEndpoint::Managed(cache) => Target::Managed(SignIn::new(cache, aws)?),
        };
        let prefix = miyabi_shared::cache::key_prefix(scope);
        let connection = Arc::new(Connection::new(target, &prefix, response_timeout));
        Ok(Self { shared: Some(Arc::new(Shared { connection, prefix, missed: Mutex::default() })) })
    }

    pub(crate) fn is_none(&self) -> bool {
        self.shared.is_none()
    }

    fn shared(&self) -> Result<&Shared, Out> {
        self.shared.as_deref().ok_or(Out)
    }

    /// Asks for nothing, so that the connection is there.
    pub(crate) async fn ping(&self) -> Result<(), Out> {
        self.current_epoch().await.map(drop)
    }

    /// Notes that an update of `task_id` is on its way to the cache. Until [`Update::arrived`] it counts as lost.
    pub(crate) fn update(&self, task_id: &TaskId) -> Update {
        Update { cache: self.clone(), task_id: Some(task_id.clone()) }
    }

    /// The tasks whose updates got lost, for the caller to put again.
    pub(crate) fn missed(&self) -> Vec<Missed> {
        let Some(shared) = &self.shared else { return Vec::new() };
        let mut missed = shared.missed.lock().unwrap_or_else(PoisonError::into_inner);
        if missed.by_task.is_empty() || shared.connection.is_out() {
            return Vec::new();
        }
        if missed.by_task.len() > MOST_REPAIRS {
            missed.by_task.clear();
            shared.connection.distrust();
        }
        let all = missed.by_task.iter();
        all.map(|(task_id, loss)| Missed { task_id: task_id.clone(), loss: *loss }).collect()
    }

    /// A lost update was made up for.
    pub(crate) fn repaired(&self, repaired: &Missed) {
        let Some(shared) = &self.shared else { return };
        let mut missed = shared.missed.lock().unwrap_or_else(PoisonError::into_inner);
        // One that got lost since then is still to be repaired.
        if missed.by_task.get(&repaired.task_id) == Some(&repaired.loss) {
            missed.by_task.remove(&repaired.task_id);
        }
    }

    /// Puts a task, unless the cache has a newer state of it. `epoch`: only while this is the epoch.
    ///
    /// Without one it is the epoch that was last heard of, and then the one that is: so a call that was given up on, and that Redis
    /// carries out after a new epoch was begun because of it, is not taken for news.
    pub(crate) async fn put(&self, entry: &Entry<'_>, epoch: Option<u64>) -> Result<(), Out> {
        let shared = self.shared()?;
        let mut expected = epoch.unwrap_or_else(|| shared.connection.epoch());
        for _ in 0..EPOCHS {
            let kept = self.put_in(entry, expected).await?;
            if epoch.is_some() || kept != ANOTHER_EPOCH {
                return Ok(());
            }
            expected = self.current_epoch().await?;
        }
        Err(Out)
    }

    async fn current_epoch(&self) -> Result<u64, Out> {
        let shared = self.shared()?;
        let ping = shared.key("ping");
        let mut call = Call::new(&script::TASK, &[&ping, &ping, &shared.key("epoch"), &ping]);
        call.arg(0).arg("");
        let (epoch, ..): (u64, i64, Option<Vec<u8>>, Fields, u8) = shared.connection.run(&call).await?;
        shared.connection.note_epoch(epoch);
        Ok(epoch)
    }

    async fn put_in(&self, entry: &Entry<'_>, epoch: u64) -> Result<i64, Out> {
        let shared = self.shared()?;
        let task = entry.task;
        let id = task.task_id.as_str();
        let keys = [
            shared.key(&format!("task:{id}")),
            shared.key(&format!("steps:{id}")),
            shared.key("epoch"),
            shared.key("recent"),
            shared.key("projects"),
            shared.absent_key(&task.task_id),
            shared.lease_key(Wanted::Task(&task.task_id)),
        ];
        let mut call = Call::new(&script::PUT, &keys.each_ref().map(String::as_str));
        let json = serde_json::to_vec(task).map_err(|_| Out)?;
        call.arg(&shared.prefix)
            .arg(id)
            .arg(task.project_id.as_str())
            .arg(task.task_type.as_str())
            .arg(task.status.as_str())
            .arg(task.created_at.as_millis())
            .arg(task.version)
            .arg(entry.expires_at)
            .arg(entry.steps_version)
            .arg(jittered(KEEP))
            .arg(epoch.to_string())
            .arg(json)
            .arg(LIST_CAP);
        let (mode, before, steps) = match entry.steps {
            Steps::Untouched => ("none", 0, &[][..]),
            Steps::Changed { before, steps } => ("change", before, steps),
            Steps::All(steps) => ("all", 0, steps),
        };
        call.arg(mode).arg(before);
        for step in steps {
            call.arg(step.step_id.as_str()).arg(serde_json::to_vec(step).map_err(|_| Out)?);
        }
        shared.connection.run::<i64>(&call).await
    }

    pub(crate) async fn task(
        &self,
        task_id: &TaskId,
        with_steps: bool,
        if_none_match: Option<&str>,
    ) -> Result<FoundTask, Out> {
        let shared = self.shared()?;
        let keys = [
            shared.key(&format!("task:{task_id}")),
            shared.key(&format!("steps:{task_id}")),
            shared.key("epoch"),
            shared.absent_key(task_id),
        ];
        let mut call = Call::new(&script::TASK, &keys.each_ref().map(String::as_str));
        call.arg(u8::from(with_steps)).arg(if_none_match.unwrap_or_default());
        let (epoch, now, bytes, steps, absent): (u64, i64, Option<Vec<u8>>, Fields, u8) =
            shared.connection.run(&call).await?;
        let Some(value) = bytes.and_then(Value::parse) else {
            let (trust, absent) = (Trust::None, absent == 1);
            return Ok(FoundTask { epoch, trust, absent, header: None, document: None, steps: None });
        };
        let mark = value.header.steps_mark();
        // A task that never had a step has none, whether the cache was told so or not.
        let complete = value.header.steps_version == 0
            || steps.iter().any(|(field, held)| field == "#v" && *held == mark.as_bytes());
        let steps = complete.then(|| {
            let steps = steps.into_iter().filter(|(field, _)| field != "#v");
            steps.map(|(_, json)| crate::answer::Document::new(json)).collect()
        });
        Ok(FoundTask {
            epoch,
            trust: value.header.trust(epoch, now),
            absent: false,
            header: Some(value.header),
            document: (!value.document.as_bytes().is_empty()).then_some(value.document),
            steps,
        })
    }

    pub(crate) async fn list(
        &self,
        filter: &Filter,
        limit: usize,
        after: Option<&Position>,
        if_none_match: Option<&str>,
    ) -> Result<FoundList, Out> {
        let shared = self.shared()?;
        let mut call = Call::new(&script::LIST, &[&shared.list_key(filter), &shared.key("epoch")]);
        call.arg(&shared.prefix).arg(limit + 1);
        match after {
            Some(position) => call.arg(position.created_at).arg(position.task_id.as_str()),
            None => call.arg("").arg(""),
        };
        call.arg(if_none_match.unwrap_or_default()).arg(millis(LIST_LEASE));
        let RedisValue::Array(answer) = shared.connection.run(&call).await? else { return Err(Out) };
        read_list(answer).ok_or(Out)
    }

    pub(crate) async fn fill_list(&self, rows: &Rows<'_>) -> Result<(), Out> {
        let shared = self.shared()?;
        let filter = rows.filter;
        let keys = [
            shared.list_key(filter),
            shared.key("epoch"),
            shared.key("recent"),
            shared.lease_key(Wanted::List(filter)),
        ];
        let mut call = Call::new(&script::FILL_LIST, &keys.each_ref().map(String::as_str));
        call.arg(&shared.prefix)
            .arg(rows.epoch.to_string())
            .arg(filter.project.as_ref().map_or("", |project| project.as_str()))
            .arg(filter.task_type.as_ref().map_or("", |task_type| task_type.as_str()))
            .arg(filter.status.map_or("", TaskStatus::as_str))
            .arg(rows.asked_at)
            .arg(rows.floor)
            .arg(rows.extends.map_or_else(String::new, |floor| floor.to_string()))
            .arg(millis(LIST_TRUST))
            .arg(jittered(LIST_KEEP))
            .arg(LIST_CAP);
        for row in rows.rows {
            call.arg(row.created_at).arg(row.task_id.as_str());
        }
        shared.connection.run::<i64>(&call).await.map(drop)
    }

    /// Takes tasks that are gone from the table out of the cache, and out of one list.
    /// With each, the newest version that is known of it.
    pub(crate) async fn drop_from_list(&self, filter: &Filter, gone: &[(TaskId, u64)]) -> Result<(), Out> {
        let shared = self.shared()?;
        let mut call = Call::new(&script::DROP, &[&shared.list_key(filter), &shared.key("epoch")]);
        call.arg(&shared.prefix).arg(filter.status.map_or("", TaskStatus::as_str));
        for (task_id, version) in gone {
            call.arg(task_id.as_str()).arg(*version);
        }
        shared.connection.run::<i64>(&call).await.map(drop)
    }

    pub(crate) async fn projects(&self, if_none_match: Option<&str>) -> Result<FoundProjects, Out> {
        let shared = self.shared()?;
        let mut call = Call::new(&script::PROJECTS, &[&shared.key("projects"), &shared.key("epoch")]);
        call.arg(if_none_match.unwrap_or_default()).arg(millis(PROJECTS_TRUST));
        let RedisValue::Array(answer) = shared.connection.run(&call).await? else { return Err(Out) };
        let mut parts = answer.into_iter();
        let mut next = || parts.next().and_then(|part| String::from_redis_value(part).ok());
        let found = || -> Option<FoundProjects> {
            Some(match next()?.as_str() {
                "cold" => FoundProjects::Cold { epoch: next()?.parse().ok()?, changes: next()? },
                "same" => FoundProjects::Same { tag: next()? },
                _ => FoundProjects::Found { tag: next()?, json: next()?.into_bytes() },
            })
        };
        let mut found = found;
        found().ok_or(Out)
    }

    pub(crate) async fn fill_projects(
        &self,
        epoch: u64,
        changes: &str,
        tag: &str,
        json: &[u8],
    ) -> Result<(), Out> {
        let shared = self.shared()?;
        let keys = [shared.key("projects"), shared.key("epoch"), shared.lease_key(Wanted::Projects)];
        let mut call = Call::new(&script::FILL_PROJECTS, &keys.each_ref().map(String::as_str));
        call.arg(epoch.to_string()).arg(changes).arg(tag).arg(json).arg(jittered(KEEP));
        shared.connection.run::<i64>(&call).await.map(drop)
    }
}

impl Shared {
    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn absent_key(&self, task_id: &TaskId) -> String {
        self.key(&format!("absent:{task_id}"))
    }

    fn list_key(&self, filter: &Filter) -> String {
        format!("{}list:{}", self.prefix, filter.name())
    }
}

fn read_list(answer: Vec<RedisValue>) -> Option<FoundList> {
    fn take<T: FromRedisValue>(parts: &mut impl Iterator<Item = RedisValue>) -> Option<T> {
        T::from_redis_value(parts.next()?).ok()
    }
    let parts = &mut answer.into_iter();
    Some(match take::<String>(parts)?.as_str() {
        "cold" => FoundList::Cold { epoch: take(parts)?, now: take(parts)?, turn: take::<i64>(parts)? == 1 },
        "short" => FoundList::Short { epoch: take(parts)?, now: take(parts)?, floor: take(parts)? },
        "same" => FoundList::Same { tag: take(parts)? },
        _ => FoundList::Page(FoundPage {
            epoch: take(parts)?,
            now: take(parts)?,
            tag: take(parts)?,
            more: take::<i64>(parts)? == 1,
            last: take(parts)?,
            ids: take(parts)?,
            values: take(parts)?,
        }),
    })
}

/// An update on its way from the table to the cache.
pub(crate) struct Update {
    cache: Cache,
    task_id: Option<TaskId>,
}

impl Update {
    pub(crate) fn arrived(mut self) {
        self.task_id = None;
    }
}

impl Drop for Update {
    fn drop(&mut self) {
        let (Some(task_id), Some(shared)) = (self.task_id.take(), &self.cache.shared) else { return };
        if shared.connection.is_out() {
            // While the breaker is open single losses are not noted: all that is cached is distrusted when it closes.
            shared.connection.distrust();
        } else {
            let mut missed = shared.missed.lock().unwrap_or_else(PoisonError::into_inner);
            missed.count += 1;
            let loss = missed.count;
            missed.by_task.insert(task_id, loss);
        }
    }
}

impl fmt::Debug for Update {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Update").field(&self.task_id).finish()
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn jittered(duration: Duration) -> u64 {
    let whole = millis(duration);
    whole + fastrand::u64(0..=whole / 10)
}
