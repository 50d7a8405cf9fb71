//! What people do to tasks: end them, or have them run again.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use miyabi_shared::event::{CancelTasks, CancelledTasks};
use miyabi_shared::{Task, TaskId};
use miyabi_store::{Filter, Sieve};

use super::jobs;
use super::tasks::{held_to_projects, label_of};
use crate::access::Caller;
use crate::error::ApiError;
use crate::request::{JsonBody, NoParameters, Query, TaskPath};
use crate::response::json_of;
use crate::state::AppState;

/// Cancel a task
///
/// It ends as `cancelled`, and what its job still reports of this attempt changes nothing. `miyabi run` is not told to
/// stop: who started the job ends it; a worker does so within seconds, and a job that waits in a queue is not begun. A task that is cancelled already stays so, and the call succeeds.
#[utoipa::path(
    post,
    path = "/api/tasks/{task_id}/cancel",
    tag = "tasks",
    operation_id = "cancelTask",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1")),
    responses(
        (status = 200, description = "The task, which is cancelled.", body = Task),
        (status = 400, description = "The identifier breaks its rule."),
        (status = 404, description = "No task has this identifier."),
        (status = 409, description = "The task succeeded or failed before."),
        (status = 503, description = "The tables are out; repeating the call is safe."),
    ),
)]
pub(crate) async fn cancel_task(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    json_of(StatusCode::OK, &state.store.cancel(&task_id).await?)
}

/// Retry a task
///
/// A task that ended is `queued` again, for its next attempt: who runs it numbers its events with that attempt. A job of a
/// queue is put into its queue again, which takes `tasks:run`.
#[utoipa::path(
    post,
    path = "/api/tasks/{task_id}/retry",
    tag = "tasks",
    operation_id = "retryTask",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1")),
    responses(
        (status = 200, description = "The task, which waits for its next attempt.", body = Task),
        (status = 400, description = "The identifier breaks its rule."),
        (status = 404, description = "No task has this identifier."),
        (status = 409, description = "The task waits or runs: it has to end before."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn retry_task(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    TaskPath(task_id): TaskPath,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    if let Some(task) = jobs::retry(&state, &caller, &task_id).await? {
        return json_of(StatusCode::OK, &task);
    }
    json_of(StatusCode::OK, &state.store.retry(&task_id).await?)
}

/// Cancel many tasks
///
/// Every task that waits or runs and agrees with all that the body says; it has to say something. One call looks at the
/// newest of them: while `more` is true, the same call again goes on.
#[utoipa::path(
    post,
    path = "/api/cancellations",
    tag = "tasks",
    operation_id = "cancelTasks",
    request_body(
        content = CancelTasks,
        description = "Which tasks.",
        example = json!({"project_id": "web-ui", "label": "branch=feature-1"}),
    ),
    responses(
        (status = 200, description = "What was cancelled.", body = CancelledTasks),
        (status = 400, description = "The body is no JSON or breaks rules; `errors` names each."),
        (status = 413, description = "The body has over 256 kB."),
        (status = 415, description = "The body is not declared as JSON."),
        (status = 503, description = "The tables are out; repeating the call is safe."),
    ),
)]
pub(crate) async fn cancel_tasks(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(NoParameters): Query<NoParameters>,
    JsonBody(body): JsonBody<CancelTasks>,
) -> Result<Response, ApiError> {
    let CancelTasks { project_id, status, task_type, label, q } = body;
    let mut filter = Filter { project: project_id, status, task_type };
    let mut sieve = Sieve { label: label.as_deref().map(label_of), text: q, ..Sieve::default() };
    if !held_to_projects(&caller, &mut filter, &mut sieve) {
        return json_of(StatusCode::OK, &CancelledTasks { cancelled: Vec::new(), more: false });
    }
    let cancelled = state.store.cancel_all(&filter, &sieve).await?;
    json_of(StatusCode::OK, &CancelledTasks { cancelled: cancelled.task_ids, more: cancelled.more })
}
