//! The queues: how much waits, who listens, and what was set aside.

use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use futures::future::try_join_all;
use miyabi_shared::Timestamp;
use miyabi_shared::job::{JobQueue, Priority, Size, WorkerSeen};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::Caller;
use crate::error::ApiError;
use crate::request::{JsonBody, NoParameters, Query};
use crate::response::json_of;
use crate::state::AppState;

/// Most dead letters that one call sends again.
pub(super) const REDRIVE_MAX: u32 = 1000;
/// Most that it sends again in a second.
pub(super) const REDRIVE_RATE_MAX: u32 = 100;
/// How long one call goes on: well below the time that the function has.
const REDRIVE_TIME: Duration = Duration::from_secs(5);

/// The queues, and the workers that take from them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueList {
    /// Every queue; none, where the stage has no workers.
    queues: Vec<QueueState>,
    /// The workers that gave a sign of life in the last half minute.
    workers: Vec<WorkerSeen>,
}

/// A queue. Counts are those of SQS, which are rough and some seconds old.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueState {
    /// Its name.
    #[schema(example = "standard-high")]
    name: String,
    /// The size of the workers that take from it.
    size: Size,
    /// The priority of the jobs in it.
    priority: Priority,
    /// Jobs that wait.
    waiting: u64,
    /// Jobs that a worker has.
    running: u64,
    /// Jobs that wait before they are tried again.
    delayed: u64,
    /// Jobs that were set aside, because no worker brought them to an end.
    dead_letters: u64,
    /// How many workers take from it. With none, jobs wait until there is one.
    workers: u32,
}

/// The body of `POST /api/queues/{name}/redrive`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RedriveQueue {
    /// How many at most.
    #[serde(default = "redrive_limit")]
    #[schema(minimum = 1, maximum = 1000)]
    limit: u32,
    /// How many a second.
    #[serde(default = "redrive_rate")]
    #[schema(minimum = 1, maximum = 100)]
    per_second: u32,
}

fn redrive_limit() -> u32 {
    100
}

fn redrive_rate() -> u32 {
    10
}

/// The answer to `POST /api/queues/{name}/redrive`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RedrivenQueue {
    /// How many dead letters wait in their queue again.
    moved: u32,
    /// Whether there are more: the same call again goes on.
    more: bool,
}

/// List the queues
///
/// How much waits in each, how many workers take from it, and how much was set aside.
#[utoipa::path(
    get,
    path = "/api/queues",
    tag = "jobs",
    operation_id = "listQueues",
    responses(
        (status = 200, description = "The queues and the workers.", body = QueueList),
        (status = 400, description = "There are no parameters."),
        (status = 503, description = "The queues or the tables are out."),
    ),
)]
pub(crate) async fn list_queues(
    State(state): State<AppState>,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    let Some(queues) = &state.queues else {
        return json_of(StatusCode::OK, &QueueList { queues: Vec::new(), workers: Vec::new() });
    };
    let now = Timestamp::now();
    let depths = try_join_all(queues.all().into_iter().map(|queue| async move {
        let (depth, dead) = queues.depth(queue).await?;
        Ok::<_, ApiError>((queue, depth, dead))
    }));
    let workers = async { Ok(state.store.workers().await?) };
    let (depths, mut workers) = futures::try_join!(depths, workers)?;
    workers.retain(|worker| worker.draining || worker.is_listening(now));
    workers.retain(|worker| now.since(worker.seen_at) < WorkerSeen::GONE_AFTER);
    let list = depths.into_iter().map(|(queue, depth, dead)| QueueState {
        name: queue.short_name(),
        size: queue.size,
        priority: queue.priority,
        waiting: depth.waiting,
        running: depth.held,
        delayed: depth.delayed,
        dead_letters: dead.waiting + dead.held + dead.delayed,
        workers: count(
            workers.iter().filter(|worker| worker.size == queue.size && worker.is_listening(now)).count(),
        ),
    });
    let list = list.collect();
    json_of(StatusCode::OK, &QueueList { queues: list, workers })
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Send dead letters again
///
/// Puts jobs that were set aside back into their queue, the given number a second. One call goes on for five seconds at most:
/// while `more` is true, the same call again goes on.
#[utoipa::path(
    post,
    path = "/api/queues/{name}/redrive",
    tag = "jobs",
    operation_id = "redriveQueue",
    params(("name" = String, Path, description = "The queue.", example = "standard-high")),
    request_body(content = RedriveQueue, description = "How many, and how fast.", example = json!({"limit": 100, "per_second": 10})),
    responses(
        (status = 200, description = "What was sent again.", body = RedrivenQueue),
        (status = 400, description = "The body is no JSON or breaks rules; `errors` names each."),
        (status = 404, description = "There is no such queue."),
        (status = 413, description = "The body has over 256 kB."),
        (status = 415, description = "The body is not declared as JSON."),
        (status = 503, description = "The queues are out; what was sent by then stays so."),
    ),
)]
pub(crate) async fn redrive_queue(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Query(NoParameters): Query<NoParameters>,
    JsonBody(body): JsonBody<RedriveQueue>,
) -> Result<Response, ApiError> {
    caller.is_of_every_project()?;
    let queue = JobQueue::from_short_name(&name);
    let (Some(queues), Some(queue)) = (&state.queues, queue) else {
        return Err(ApiError::UnknownQueue(name));
    };
    if !queues.all().contains(&queue) {
        return Err(ApiError::UnknownQueue(name));
    }
    let redriven = queues.redrive(queue, body.limit, body.per_second, REDRIVE_TIME).await?;
    json_of(StatusCode::OK, &RedrivenQueue { moved: redriven.moved, more: redriven.more })
}
