//! One reader looks something up, the others wait or go on with what is there: across all processes, by a key in the cache that
//! only one of them can set, and that goes by itself when that one does not come back.

use std::time::{Duration, Instant};

use miyabi_shared::TaskId;

use super::connection::Out;
use super::script::{self, Call};
use super::{Cache, Shared, jittered, millis};
use crate::query::Filter;

/// For how many answers of the cache one reader alone looks something up (1 s in all): more than that takes by far, and soon
/// enough where it has died.
const LEASE: u32 = 20;
/// For how long it is believed that there is no task of an identifier.
const ABSENT: Duration = Duration::from_secs(5);
/// For how many answers of the cache a reader waits for another one's look-up, before it looks itself.
const WAITS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(40);

/// What is looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'wanted> {
    Task(&'wanted TaskId),
    List(&'wanted Filter),
    Projects,
}

/// How long one reader waits for others.
#[derive(Debug)]
pub(crate) struct Patience {
    end: Instant,
    pause: Duration,
}

impl Patience {
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// A pause, longer each time and by chance, so that those who wait do not ask all at once.
    pub(crate) async fn wait(&mut self) {
        let whole = millis(self.pause);
        tokio::time::sleep(Duration::from_millis(fastrand::u64(whole / 2..=whole))).await;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
    }
}

impl Cache {
    /// For how long a reader waits for what others look up: a few times what an answer of the cache may take.
    pub(crate) fn patience(&self) -> Patience {
        let limit =
            self.shared.as_ref().map_or(Duration::ZERO, |shared| shared.connection.response_timeout());
        Patience { end: Instant::now() + limit * WAITS, pause: FIRST_PAUSE }
    }

    /// For each of `wanted`, whether the caller is the one who looks it up. Where the cache is out, everyone is.
    pub(crate) async fn claim(&self, wanted: &[Wanted<'_>]) -> Vec<bool> {
        let asked = async {
            let shared = self.shared()?;
            let keys: Vec<String> = wanted.iter().map(|wanted| shared.lease_key(*wanted)).collect();
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let mut call = Call::new(&script::CLAIM, &keys);
            call.arg(millis(shared.connection.response_timeout() * LEASE));
            shared.connection.run::<Vec<bool>>(&call).await
        };
        match asked.await {
            Ok(claimed) if claimed.len() == wanted.len() => claimed,
            _ => vec![true; wanted.len()],
        }
    }

    /// Like [`claim`](Self::claim), for one thing.
    pub(crate) async fn claim_one(&self, wanted: Wanted<'_>) -> bool {
        self.claim(&[wanted]).await.first().copied().unwrap_or(true)
    }

    /// Notes that the table had no such task in that epoch.
    pub(crate) async fn note_absent(&self, task_id: &TaskId, epoch: u64) -> Result<(), Out> {
        let shared = self.shared()?;
        let keys = [
            shared.key(&format!("task:{task_id}")),
            shared.key("epoch"),
            shared.absent_key(task_id),
            shared.lease_key(Wanted::Task(task_id)),
        ];
        let mut call = Call::new(&script::ABSENT, &keys.each_ref().map(String::as_str));
        call.arg(epoch.to_string()).arg(jittered(ABSENT));
        shared.connection.run::<i64>(&call).await.map(drop)
    }
}

impl Shared {
    pub(super) fn lease_key(&self, wanted: Wanted<'_>) -> String {
        match wanted {
            Wanted::Task(task_id) => self.key(&format!("lease-task:{task_id}")),
            Wanted::List(filter) => self.key(&format!("lease-list:{}", filter.name())),
            Wanted::Projects => self.key("lease-projects"),
        }
    }
}
