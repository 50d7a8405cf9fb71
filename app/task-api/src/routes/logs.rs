//! The lines that a task printed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use miyabi_shared::{Task, TaskId, Timestamp};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;
use crate::logs::{Cursor, End, LogQuery, STREAM_LABEL};
use crate::request::{Parameters, Query, QueryReader, TaskPath};
use crate::response::json_of;
use crate::state::AppState;

/// Most lines on one page.
const PAGE_SIZE_MAX: u32 = 1000;
/// Lines on one page where the caller does not say.
const PAGE_SIZE_DEFAULT: u32 = 200;

/// One page of a task's log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LogPage {
    /// The lines, oldest first. A page may be empty although more follow: go on until `next_cursor` stays the same.
    pub(crate) events: Vec<LogLine>,
    /// Give it as `cursor` for the lines after these; at the end, for those that are still to come.
    pub(crate) next_cursor: String,
    /// Give it as `cursor` for the lines before these.
    pub(crate) previous_cursor: String,
}

/// One line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LogLine {
    /// When it was printed.
    pub(crate) timestamp: Timestamp,
    /// What was printed, with the tool's own colours.
    #[schema(
        example = "MiyabiWebUIStack | 15/29 | 04:30:07 | CREATE_COMPLETE | AWS::DynamoDB::Table | Tasks"
    )]
    pub(crate) message: String,
}

/// Which lines.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogParameters {
    /// How many lines at most; 200 where it is left out.
    #[param(minimum = 1, maximum = 1000, value_type = Option<u32>)]
    limit: u32,
    /// Where to begin without a cursor: at the first line (`start`), or with the last ones (`end`).
    #[param(inline, value_type = Option<End>)]
    from: End,
    /// The `next_cursor` or the `previous_cursor` of another page of the same log.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl Parameters for LogParameters {
    fn read(reader: &mut QueryReader) -> Self {
        Self {
            limit: reader.number("limit", 1..=PAGE_SIZE_MAX, PAGE_SIZE_DEFAULT),
            from: reader.parsed("from", "start or end").unwrap_or(End::Start),
            cursor: reader.parsed("cursor", Cursor::RULE),
        }
    }
}

/// Get a task's log
///
/// One page of the lines that the task printed, without our own control lines. To follow a task, ask again with
/// `next_cursor`: at the end it gives what was printed since.
#[utoipa::path(
    get,
    path = "/api/tasks/{task_id}/logs",
    tag = "tasks",
    operation_id = "getLogs",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1"), LogParameters),
    responses(
        (status = 200, description = "One page of the log; an empty one where the task has printed nothing.", body = LogPage),
        (status = 400, description = "A parameter is unknown or breaks its rule."),
        (status = 404, description = "No task has this identifier."),
        (status = 503, description = "The tables or the logs are out, or asked too often."),
    ),
)]
pub(crate) async fn get_logs(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    Query(parameters): Query<LogParameters>,
) -> Result<Response, ApiError> {
    let answer = state.store.task(&task_id, None).await?;
    let task: Option<Task> = answer.value.map(|document| document.parse()).transpose()?;
    // Without an `If-None-Match` there is always a value; a task without a log group has printed nothing.
    let Some((group, task)) = task.and_then(|task| Some((task.log_group.clone()?, task))) else {
        return json_of(StatusCode::OK, &LogPage::empty());
    };
    let stream = task.labels.get(STREAM_LABEL).cloned().unwrap_or_else(|| task_id.to_string());
    let LogParameters { limit, from, cursor } = parameters;
    let page = state.logs.page(LogQuery { group, stream, limit, from, cursor }).await?;
    json_of(StatusCode::OK, &*page)
}
