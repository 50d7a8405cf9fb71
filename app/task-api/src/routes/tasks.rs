//! Tasks: the list, one of them, a new one.

use axum::Extension;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use miyabi_shared::event::CreateTask;
use miyabi_shared::scope::Scope;
use miyabi_shared::{Step, Task, TaskId, Timestamp, limits};
use miyabi_store::{Filter, ListQuery, Sieve, TaskDetail as StoredTaskDetail, TaskPage};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::jobs;
use crate::access::Caller;
use crate::error::ApiError;
use crate::request::{
    ID_RULE, IdempotencyKey, JsonBody, NoParameters, Parameters, Query, QueryReader, TaskPath,
};
use crate::response::{held_tags, json_of, tagged};
use crate::state::AppState;

/// One page of a list of tasks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskList {
    /// The tasks, newest first by `created_at`.
    tasks: Vec<Task>,
    /// Give it as `cursor` for the next page; `null` on the last one.
    #[schema(required)]
    next_cursor: Option<String>,
}

/// A task with its steps.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaskDetail {
    #[serde(flatten)]
    task: Task,
    /// The steps, in the order in which they started.
    steps: Vec<Step>,
}

/// What a list shows.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
    /// Only tasks of this project.
    #[param(value_type = Option<String>, pattern = "^[A-Za-z0-9._:-]{1,128}$", example = "web-ui")]
    project: Option<miyabi_shared::ProjectId>,
    /// Only tasks in this status.
    #[param(inline)]
    status: Option<miyabi_shared::TaskStatus>,
    /// Only tasks of this type.
    #[param(rename = "type", value_type = Option<String>, pattern = "^[A-Za-z0-9._:-]{1,128}$", example = "cdk-deploy")]
    task_type: Option<miyabi_shared::TaskType>,
    /// Only tasks with this label: its key, or `key=value`. With this, `q` or `updated_since`, a few hundred of the newest tasks
    /// are looked through for one page; it may be short, or empty, while its `next_cursor` leads to more.
    #[param(value_type = Option<String>, max_length = 257, example = "branch=main")]
    label: Option<String>,
    /// Only tasks with this in the identifier, the name or a label, in whatever case.
    #[param(value_type = Option<String>, max_length = 128, example = "cdk deploy")]
    q: Option<String>,
    /// Only tasks that changed at this time or later.
    #[param(value_type = Option<String>, format = DateTime, example = "2026-11-22T04:30:00Z")]
    updated_since: Option<Timestamp>,
    /// How many tasks at most; 50 where it is left out.
    #[param(minimum = 1, maximum = 100, value_type = Option<u32>)]
    limit: u32,
    /// The `next_cursor` of the page before; the other parameters must be the same.
    cursor: Option<String>,
}

impl Parameters for ListParameters {
    fn read(reader: &mut QueryReader) -> Self {
        Self {
            project: reader.parsed("project", ID_RULE),
            status: reader.parsed("status", "one of queued, running, succeeded, failed, cancelled"),
            task_type: reader.parsed("type", ID_RULE),
            label: reader.text_within("label", 1..=2 * limits::LABEL_CHARACTERS + 1),
            q: reader.text_within("q", 1..=limits::SEARCH_CHARACTERS),
            updated_since: reader.parsed("updated_since", "a time as RFC 3339, such as 2026-11-22T04:30:00Z"),
            limit: reader.number("limit", 1..=limits::PAGE_SIZE_MAX, limits::PAGE_SIZE_DEFAULT),
            cursor: reader.text("cursor"),
        }
    }
}

/// `key` or `key=value`.
pub(super) fn label_of(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        None => (text.to_owned(), None),
        Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
    }
}

/// Narrows a list to what the caller may see; gives whether that can be anything.
pub(super) fn held_to_projects(caller: &Caller, filter: &mut Filter, sieve: &mut Sieve) -> bool {
    let Some(projects) = &caller.projects else { return true };
    match &filter.project {
        Some(project) => return projects.contains(project),
        None if projects.len() == 1 => filter.project = projects.first().cloned(),
        None => sieve.projects = Some(projects.clone()),
    }
    !projects.is_empty()
}

/// List tasks
///
/// Newest first. Filters narrow the list together. While nothing changes, asking again with `If-None-Match` costs a 304.
#[utoipa::path(
    get,
    path = "/api/tasks",
    tag = "tasks",
    operation_id = "listTasks",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of tasks.", body = TaskList),
        (status = 304, description = "The caller holds this page already."),
        (status = 400, description = "A parameter is unknown or breaks its rule."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn list_tasks(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Query(parameters): Query<ListParameters>,
) -> Result<Response, ApiError> {
    let ListParameters { project, status, task_type, label, q, updated_since, limit, cursor } = parameters;
    let sieve = Sieve { label: label.as_deref().map(label_of), text: q, updated_since, ..Sieve::default() };
    let mut query = ListQuery { filter: Filter { project, status, task_type }, sieve, limit, cursor };
    if !held_to_projects(&caller, &mut query.filter, &mut query.sieve) {
        return json_of(StatusCode::OK, &TaskList { tasks: Vec::new(), next_cursor: None });
    }
    tagged(state.store.list(&query, held_tags(&headers).as_deref()).await?, TaskPage::to_json)
}

/// Create a task
///
/// It begins as `queued`; events move it on. With a `task_id` of the caller's choice the call can be repeated: the same
/// body again answers 200 with the task as it is by now. So can it with an `Idempotency-Key`, which is kept for 24 hours.
/// With `run`, which takes `tasks:run`, the task waits in a queue until a worker runs it.
#[utoipa::path(
    post,
    path = "/api/tasks",
    tag = "tasks",
    operation_id = "createTask",
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255,
        description = "Makes the call repeatable: of calls with the same key, the first one counts.",
        example = "6f1c9a52-deploy")),
    request_body(
        content = CreateTask,
        description = "What to create.",
        example = json!({
            "task_id": "deploy-2026-11-22-1", "project_id": "web-ui", "task_type": "cdk-deploy",
            "name": "npx cdk deploy MiyabiWebUIStack", "labels": {"branch": "main"}
        }),
    ),
    responses(
        (status = 201, description = "The task was created.", body = Task,
            headers(("Location" = String, description = "The path of the task."))),
        (status = 202, description = "The task was created with something to run, and waits in a queue for a worker.", body = Task,
            headers(("Location" = String, description = "The path of the task."))),
        (status = 200, description = "The task was there already, created from the same body.", body = Task),
        (status = 400, description = "The body is no JSON or breaks rules; `errors` names each."),
        (status = 409, description = "The identifier, or the key, belongs to a task that was created from another body."),
        (status = 403, description = "The caller lacks `tasks:write`, or with `run` `tasks:run`, or is not in the project."),
        (status = 413, description = "The body has over 256 kB."),
        (status = 415, description = "The body is not declared as JSON."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn create_task(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    IdempotencyKey(key): IdempotencyKey,
    JsonBody(body): JsonBody<CreateTask>,
) -> Result<Response, ApiError> {
    caller.may_write_to(&body.project_id)?;
    if let Some(run) = &body.run {
        // Reporting how far something has come is one thing, having a command run another.
        caller.holds(Scope::Run)?;
        return jobs::create(&state, &body, run, key.as_deref()).await;
    }
    let created = match key {
        None => state.store.create(&body).await?,
        Some(key) => state.store.create_once(&body, &key).await?,
    };
    let status = if created.created { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = json_of(status, &created.task)?;
    if created.created
        && let Ok(location) = HeaderValue::try_from(format!("/api/tasks/{}", created.task.task_id))
    {
        response.headers_mut().insert(LOCATION, location);
    }
    Ok(response)
}

/// Get one task
///
/// With its steps. While nothing changes, asking again with `If-None-Match` costs a 304.
#[utoipa::path(
    get,
    path = "/api/tasks/{task_id}",
    tag = "tasks",
    operation_id = "getTask",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1")),
    responses(
        (status = 200, description = "The task.", body = TaskDetail),
        (status = 304, description = "The caller holds this state already."),
        (status = 400, description = "The identifier breaks its rule."),
        (status = 404, description = "No task has this identifier."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn get_task(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    headers: HeaderMap,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    let answer = state.store.task_with_steps(&task_id, held_tags(&headers).as_deref()).await?;
    tagged(answer, StoredTaskDetail::to_json)
}
