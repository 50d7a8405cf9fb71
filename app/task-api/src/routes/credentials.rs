//! What lets callers in: keys and share links; and whom the API takes the caller for.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use miyabi_shared::TaskId;
use miyabi_shared::credential::{
    ApiKeys, CreateKey, CreateShare, CreatedKey, Identity, KEY_NAME_CHARACTERS, KEY_PROJECTS,
    KEY_SECONDS_MAX, SHARE_SECONDS_DEFAULT, SHARE_SECONDS_MAX, Share,
};
use miyabi_shared::scope::Scope;
use serde_json::Value;

use crate::access::Caller;
use crate::error::ApiError;
use crate::request::{Body, Checker, JsonBody, NoParameters, Presence, Query, TaskPath};
use crate::response::json_of;
use crate::state::AppState;

const SECONDS_LEAST: i64 = 60;

impl Body for CreateKey {
    fn check(body: &Value, checker: &mut Checker) {
        let members = ["name", "scope", "projects", "expires_in_seconds"];
        let Some(key) = checker.object("", body, &members) else { return };
        checker.text(&key, "name", Presence::Required, 1..=KEY_NAME_CHARACTERS);
        checker.word(&key, "scope", &Scope::ALL.map(Scope::name));
        if key.get("projects").is_some() {
            for (index, project) in checker.list(&key, "projects", 1..=KEY_PROJECTS).iter().enumerate() {
                checker.id_value(&format!("projects[{index}]"), project);
            }
        }
        let most = i64::try_from(KEY_SECONDS_MAX).unwrap_or(i64::MAX);
        checker.number(&key, "expires_in_seconds", Presence::Optional, SECONDS_LEAST..=most);
    }
}

impl Body for CreateShare {
    fn check(body: &Value, checker: &mut Checker) {
        let Some(share) = checker.object("", body, &["expires_in_seconds"]) else { return };
        let most = i64::try_from(SHARE_SECONDS_MAX).unwrap_or(i64::MAX);
        checker.number(&share, "expires_in_seconds", Presence::Optional, SECONDS_LEAST..=most);
    }
}

/// Get the caller
///
/// Whom the API takes the caller for, and what that one may do.
#[utoipa::path(
    get,
    path = "/api/me",
    tag = "access",
    operation_id = "getCaller",
    responses(
        (status = 200, description = "The caller.", body = Identity),
        (status = 400, description = "There are no parameters here, and one was given."),
    ),
)]
pub(crate) async fn get_caller(
    Extension(caller): Extension<Caller>,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    json_of(StatusCode::OK, &caller.identity())
}

/// List API keys
///
/// Without their secrets, which nobody has but who made them.
#[utoipa::path(
    get,
    path = "/api/keys",
    tag = "access",
    operation_id = "listKeys",
    responses(
        (status = 200, description = "Every key that is good.", body = ApiKeys),
        (status = 400, description = "There are no parameters here, and one was given."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn list_keys(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    caller.is_of_every_project()?;
    json_of(StatusCode::OK, &ApiKeys { keys: state.access.credentials.keys().await? })
}

/// Create an API key
///
/// The answer holds the whole key, this once: what is kept is a hash of it.
#[utoipa::path(
    post,
    path = "/api/keys",
    tag = "access",
    operation_id = "createKey",
    request_body(
        content = CreateKey,
        description = "What the key is for, and what it allows.",
        example = json!({"name": "GitHub Actions", "scope": "tasks:write", "projects": ["web-ui"], "expires_in_seconds": 7_776_000}),
    ),
    responses(
        (status = 201, description = "The key was made.", body = CreatedKey),
        (status = 400, description = "The body is no JSON or breaks rules; `errors` names each."),
        (status = 413, description = "The body has over 256 kB."),
        (status = 415, description = "The body is not declared as JSON."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn create_key(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    Query(NoParameters): Query<NoParameters>,
    JsonBody(body): JsonBody<CreateKey>,
) -> Result<Response, ApiError> {
    caller.is_of_every_project()?;
    json_of(StatusCode::CREATED, &state.access.credentials.create_key(body, &caller).await?)
}

/// Revoke an API key
///
/// It lets nobody in any more, within half a minute.
#[utoipa::path(
    delete,
    path = "/api/keys/{key_id}",
    tag = "access",
    operation_id = "revokeKey",
    params(("key_id" = String, Path, description = "The key's identifier.", example = "0123456789abcdef")),
    responses(
        (status = 204, description = "The key is gone."),
        (status = 400, description = "There are no parameters here, and one was given."),
        (status = 404, description = "No key has this identifier."),
        (status = 503, description = "The tables are out; repeating the call is safe."),
    ),
)]
pub(crate) async fn revoke_key(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    path: Option<Path<String>>,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    caller.is_of_every_project()?;
    let key_id = path.map(|Path(key_id)| key_id).filter(|key_id| (1..=64).contains(&key_id.len()));
    let key_id = key_id.ok_or_else(|| ApiError::field("key_id", "the identifier of a key"))?;
    state.access.credentials.revoke_key(&key_id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Share a task
///
/// Whoever has the link can look at this one task, its history and its log, without signing in, until the link expires.
#[utoipa::path(
    post,
    path = "/api/tasks/{task_id}/share",
    tag = "access",
    operation_id = "shareTask",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1")),
    request_body(
        content = CreateShare,
        description = "For how long.",
        example = json!({"expires_in_seconds": 604_800}),
    ),
    responses(
        (status = 201, description = "The link.", body = Share),
        (status = 400, description = "The body is no JSON or breaks rules; `errors` names each."),
        (status = 404, description = "No task has this identifier."),
        (status = 413, description = "The body has over 256 kB."),
        (status = 415, description = "The body is not declared as JSON."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn share_task(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    Query(NoParameters): Query<NoParameters>,
    JsonBody(body): JsonBody<CreateShare>,
) -> Result<Response, ApiError> {
    state.store.task(&task_id, None).await?;
    let seconds = body.expires_in_seconds.unwrap_or(SHARE_SECONDS_DEFAULT);
    json_of(StatusCode::CREATED, &state.access.credentials.share(&task_id, seconds).await?)
}

/// Stop sharing a task
///
/// Every link of the task is good for nothing, within half a minute. Links that are made later are good.
#[utoipa::path(
    delete,
    path = "/api/tasks/{task_id}/share",
    tag = "access",
    operation_id = "unshareTask",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1")),
    responses(
        (status = 204, description = "No link of the task is good."),
        (status = 400, description = "The identifier breaks its rule."),
        (status = 404, description = "No task has this identifier."),
        (status = 503, description = "The tables are out; repeating the call is safe."),
    ),
)]
pub(crate) async fn unshare_task(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    state.access.credentials.unshare(&task_id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
