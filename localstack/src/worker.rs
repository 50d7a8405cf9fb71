//! What the worker of a local cloud is told.

use std::collections::BTreeSet;

use miyabi_shared::config::{
    CACHE_TIMEOUT_MILLISECONDS, CacheEndpoint, JobQueues, StoreConfig, WorkerConfig,
};
use miyabi_shared::job::{JobQueue, Size};
use miyabi_shared::local;
use miyabi_shared::table::{Table, tasks};

/// A laptop's one worker takes jobs of every size.
const SIZE: Size = Size::Xl;

/// The configuration of a worker whose cache is at `redis_url`.
pub fn worker_config(redis_url: &str) -> WorkerConfig {
    WorkerConfig {
        store: StoreConfig {
            tasks_table: Table::Tasks.declaration().name.to_owned(),
            projects_table: Table::Projects.declaration().name.to_owned(),
            cache: CacheEndpoint::Url(redis_url.to_owned()),
            cache_timeout_milliseconds: CACHE_TIMEOUT_MILLISECONDS,
            task_retention_days: tasks::RETENTION_DAYS,
        },
        queues: JobQueues {
            prefix: format!(
                "https://sqs.{}.amazonaws.com/{}/{}",
                local::REGION,
                local::ACCOUNT,
                JobQueue::PREFIX
            ),
            sizes: BTreeSet::from([SIZE]),
        },
        size: SIZE,
        agent: Vec::new(),
        user: None,
        // Who stops a laptop's cloud does not want to wait for its jobs: they are handed back.
        lease_seconds: 20,
        drain_seconds: 1,
        grace_seconds: 3,
        log_level: "info".to_owned(),
    }
}
