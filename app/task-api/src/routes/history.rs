//! How far a task had come, and when.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use miyabi_shared::TaskId;
use miyabi_shared::task::HistoryPoint;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;
use crate::request::{Parameters, Query, QueryReader, TaskPath};
use crate::response::json_of;
use crate::state::AppState;

/// Most points on one page.
const PAGE_SIZE_MAX: u32 = 1000;
/// Points on one page where the caller does not say.
const PAGE_SIZE_DEFAULT: u32 = 200;

/// One page of a task's history.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct History {
    /// The points, oldest first.
    points: Vec<HistoryPoint>,
    /// Give it as `cursor` for the next page; `null` on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// Which part of the history.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HistoryParameters {
    /// How many points at most; 200 where it is left out.
    #[param(minimum = 1, maximum = 1000, value_type = Option<u32>)]
    limit: u32,
    /// The `next_cursor` of the page before.
    cursor: Option<String>,
}

impl Parameters for HistoryParameters {
    fn read(reader: &mut QueryReader) -> Self {
        Self {
            limit: reader.number("limit", 1..=PAGE_SIZE_MAX, PAGE_SIZE_DEFAULT),
            cursor: reader.text("cursor"),
        }
    }
}

/// Get a task's history
///
/// How far it had come at which moment, over all of its attempts.
#[utoipa::path(
    get,
    path = "/api/tasks/{task_id}/history",
    tag = "tasks",
    operation_id = "getHistory",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1"), HistoryParameters),
    responses(
        (status = 200, description = "One page of the history.", body = History),
        (status = 400, description = "A parameter is unknown or breaks its rule."),
        (status = 404, description = "No task has this identifier."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn get_history(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    Query(parameters): Query<HistoryParameters>,
) -> Result<Response, ApiError> {
    let page = state.store.history(&task_id, parameters.limit, parameters.cursor.as_deref()).await?;
    json_of(StatusCode::OK, &History { points: page.points, next_cursor: page.next_cursor })
}
