//! Jobs of queues: creating, looking at, and running them again.
//!
//! The message goes into the queue before the task is written. It is the whole job, so whoever takes it can make the task
//! where this function was lost in between: nothing is lost. A repeated call may send a copy, which the worker who takes it
//! recognises by the job's record: nothing runs twice.

use std::time::Duration;

use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use miyabi_queue::Queues;
use miyabi_shared::event::CreateTask;
use miyabi_shared::job::{Job, JobMessage, JobQueue, JobState, Run, Size, choose_size};
use miyabi_shared::scope::Scope;
use miyabi_shared::{Task, TaskId, TaskStatus, Timestamp};
use miyabi_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Caller;
use crate::error::ApiError;
use crate::request::{NoParameters, Query, TaskPath};
use crate::response::json_of;
use crate::state::AppState;

/// A job, and whether anybody would take it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobDetail {
    #[serde(flatten)]
    job: Job,
    /// The queue that it waits in, or waited in.
    #[schema(example = "standard-high")]
    queue: String,
    /// Whether a worker takes jobs from that queue at the moment. While none does, the job waits.
    listening: bool,
}

/// The queues, where the stage has some.
pub(super) fn queues(state: &AppState) -> Result<&Queues, ApiError> {
    state.queues.as_ref().ok_or_else(|| {
        ApiError::field(
            "run",
            "nothing: this stage has no queues, so that whoever creates a task runs its job",
        )
    })
}

/// The queue of a job.
fn queue_of(queues: &Queues, run: &Run, size: Size) -> Result<JobQueue, ApiError> {
    let fitting = queues.config().fitting(size).ok_or_else(|| {
        let sizes: Vec<_> = queues.config().sizes.iter().map(|size| size.as_str()).collect();
        let largest = sizes.last().copied().unwrap_or("nothing");
        ApiError::field(
            "run.size",
            format!("at most {largest}, the largest that this stage has workers for; the job needs {size}"),
        )
    })?;
    Ok(JobQueue { size: fitting, priority: run.priority })
}

/// Creates a task with something to run.
pub(super) async fn create(
    state: &AppState,
    body: &CreateTask,
    run: &Run,
    key: Option<&str>,
) -> Result<Response, ApiError> {
    let queues = queues(state)?;
    let size = choose_size(run.size, &body.labels);
    let queue = queue_of(queues, run, size.size)?;
    let task_id = state.store.identify(body, key).await?;
    let task = CreateTask { task_id: Some(task_id.clone()), run: None, ..body.clone() };
    if let Some(existing) = state.store.current_task(&task_id).await? {
        // Says what differs, where something does.
        let existing = if existing.status == TaskStatus::Queued || existing.status.is_terminal() {
            state.store.create(&task).await?.task
        } else {
            existing
        };
        match state.store.job(&task_id).await? {
            Some(job) if job.run == *run && job.task == task => return json_of(StatusCode::OK, &existing),
            // This call was lost before it had written the record; its message is in the queue, and a copy does no harm.
            None if existing.status == TaskStatus::Queued && existing.attempt == 1 => {}
            _ => return Err(ApiError::TaskExists { task_id, field: "run" }),
        }
    }
    let now = Timestamp::now();
    let message = JobMessage { task: task.clone(), run: run.clone(), attempt: 1, queued_at: now };
    queues.send(queue, &message, Duration::ZERO).await?;
    let created = state.store.create(&task).await?.task;
    let job = Job {
        task,
        run: run.clone(),
        size,
        attempt: 1,
        state: JobState::Waiting {},
        queued_at: now,
        not_before: None,
        failures: 0,
        losses: 0,
        attempts: Vec::new(),
        version: 0,
    };
    // A worker that was faster has written one already.
    state.store.save_job(&task_id, job).await?;
    let mut response = json_of(StatusCode::ACCEPTED, &created)?;
    if let Ok(location) = HeaderValue::try_from(format!("/api/tasks/{task_id}")) {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Runs a job that ended again; `None` where the task is no job of a queue.
pub(super) async fn retry(
    state: &AppState,
    caller: &Caller,
    task_id: &TaskId,
) -> Result<Option<Task>, ApiError> {
    let (Some(queues), Some(job)) = (&state.queues, state.store.job(task_id).await?) else { return Ok(None) };
    caller.holds(Scope::Run)?;
    let current = state.store.current_task(task_id).await?;
    let task = current.ok_or_else(|| ApiError::UnknownTask(task_id.clone()))?;
    if !task.status.is_terminal() {
        return Err(ApiError::TaskNotEnded { task_id: task_id.clone(), status: task.status });
    }
    let queue = queue_of(queues, &job.run, job.size.size)?;
    let attempt = task.attempt.max(job.attempt) + 1;
    let now = Timestamp::now();
    let message = JobMessage { task: job.task.clone(), run: job.run.clone(), attempt, queued_at: now };
    queues.send(queue, &message, Duration::ZERO).await?;
    let task = match state.store.retry(task_id).await {
        Ok(task) => task,
        // The worker was faster, and has begun.
        Err(StoreError::NotEnded { .. }) => {
            let current = state.store.current_task(task_id).await?;
            current.ok_or_else(|| ApiError::UnknownTask(task_id.clone()))?
        }
        Err(error) => return Err(error.into()),
    };
    let waiting = Job {
        attempt,
        state: JobState::Waiting {},
        queued_at: now,
        not_before: None,
        failures: 0,
        losses: 0,
        ..job
    };
    state.store.save_job(task_id, waiting).await?;
    Ok(Some(task))
}

/// Get the job of a task
///
/// What is run, where it waits or runs, and how its attempts ended: how long each waited in the queue and how long it ran.
#[utoipa::path(
    get,
    path = "/api/tasks/{task_id}/job",
    tag = "jobs",
    operation_id = "getJob",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1")),
    responses(
        (status = 200, description = "The job.", body = JobDetail),
        (status = 400, description = "The identifier breaks its rule."),
        (status = 404, description = "No task has this identifier, or it was created without something to run."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn get_job(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    let Some(job) = state.store.job(&task_id).await? else {
        let known = state.store.current_task(&task_id).await?.is_some();
        return Err(if known { ApiError::NoJob(task_id) } else { ApiError::UnknownTask(task_id) });
    };
    let size = state.queues.as_ref().and_then(|queues| queues.config().fitting(job.size.size));
    let queue = JobQueue { size: size.unwrap_or(job.size.size), priority: job.run.priority };
    let now = Timestamp::now();
    let workers = state.store.workers().await?;
    let listening = workers.iter().any(|worker| worker.size == queue.size && worker.is_listening(now));
    json_of(StatusCode::OK, &JobDetail { job, queue: queue.short_name(), listening })
}
