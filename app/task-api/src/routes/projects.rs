//! Projects and what their tasks are doing.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use miyabi_shared::task::Project;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::request::{NoParameters, Query};
use crate::response::{held_tags, tagged};
use crate::state::AppState;

/// Every project.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProjectList {
    /// The projects, by identifier.
    projects: Vec<Project>,
}

/// List projects
///
/// Each with the number of its tasks in every status. While nothing changes, asking again with `If-None-Match` costs a 304.
#[utoipa::path(
    get,
    path = "/api/projects",
    tag = "projects",
    operation_id = "listProjects",
    responses(
        (status = 200, description = "Every project.", body = ProjectList),
        (status = 304, description = "The caller holds this state already."),
        (status = 400, description = "There are no parameters here, and one was given."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn list_projects(
    State(state): State<AppState>,
    headers: HeaderMap,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    let answer = state.store.projects(held_tags(&headers).as_deref()).await?;
    tagged(answer, miyabi_store::ProjectList::to_json)
}
