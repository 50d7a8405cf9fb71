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
mod list;
mod losses;
mod projects;
mod script;
mod sign_in;
mod task;
mod value;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::SdkConfig;
use miyabi_shared::TaskId;
use miyabi_shared::config::CacheEndpoint;

use crate::query::Filter;
pub(crate) use connection::Out;
use connection::{Connection, Target};
pub(crate) use lease::{Patience, Wanted};
pub(crate) use list::{FoundList, FoundPage, Rows};
use losses::Losses;
pub(crate) use projects::FoundProjects;
use script::Call;
use sign_in::SignIn;
pub(crate) use task::{Entry, FoundTask, Steps};
pub(crate) use value::{Header, Trust, Value, tag_of};

/// How long a value is kept when nothing happens to it; up to a tenth more, so that what came together does not go together.
const KEEP: Duration = Duration::from_secs(3600);
/// Most tasks that one list holds; older ones are read from the index.
const LIST_CAP: usize = 10_000;

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

    async fn current_epoch(&self) -> Result<u64, Out> {
        let shared = self.shared()?;
        let ping = shared.key("ping");
        let mut call = Call::new(&script::TASK, &[&ping, &ping, &shared.key("epoch"), &ping]);
        call.arg(0).arg("");
        let (epoch, ..): (u64, i64, Option<Vec<u8>>, Fields, u8) = shared.connection.run(&call).await?;
        shared.connection.note_epoch(epoch);
        Ok(epoch)
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

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn jittered(duration: Duration) -> u64 {
    let whole = millis(duration);
    whole + fastrand::u64(0..=whole / 10)
}
