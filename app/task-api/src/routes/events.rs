//! What happened to a task.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use miyabi_shared::event::PostEvents;
use miyabi_shared::{Task, TaskId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::request::{JsonBody, TaskPath};
use crate::response::json_of;
use crate::state::AppState;

/// What became of the events.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventsApplied {
    /// How many changed something.
    applied: usize,
    /// How many were duplicates, late, or after the end. That is no error: both roads deliver every event.
    ignored: usize,
    /// The task as it is now.
    task: Task,
}

/// Report events
///
/// In any order, and as often as needed: an event that is no newer than what was applied changes nothing.
#[utoipa::path(
    post,
    path = "/api/tasks/{task_id}/events",
    tag = "tasks",
    operation_id = "postEvents",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1")),
    request_body(
        content = PostEvents,
        description = "What happened.",
        example = json!({"events": [
            {"attempt": 1, "sequence": 1, "time": "2026-11-22T04:30:00.250Z", "type": "started"},
            {"attempt": 1, "sequence": 2, "time": "2026-11-22T04:30:07.120Z", "type": "progress",
             "current": 15, "total": 29, "phase": "deploy", "message": "CREATE_COMPLETE AWS::DynamoDB::Table Tasks",
             "source": "cdk-text"}
        ]}),
    ),
    responses(
        (status = 200, description = "The events were taken.", body = EventsApplied),
        (status = 400, description = "The body is no JSON or breaks rules; `errors` names each."),
        (status = 404, description = "No task has this identifier."),
        (status = 413, description = "The body has over 256 kB."),
        (status = 415, description = "The body is not declared as JSON."),
        (status = 503, description = "The tables are out; sending the same events again is safe."),
    ),
)]
pub(crate) async fn post_events(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    JsonBody(body): JsonBody<PostEvents>,
) -> Result<Response, ApiError> {
    let applied = state.store.apply_events(&task_id, &body.events).await?;
    let answer = EventsApplied { applied: applied.applied, ignored: applied.ignored, task: applied.task };
    json_of(StatusCode::OK, &answer)
}
