//! Projects and what their tasks are doing.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use miyabi_shared::task::Project;
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Caller;
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
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Query(NoParameters): Query<NoParameters>,
) -> Result<Response, ApiError> {
    let answer = state.store.projects(held_tags(&headers).as_deref()).await?;
    let Some(projects) = answer.value.as_ref().filter(|_| caller.projects.is_some()) else {
        return tagged(answer, miyabi_store::ProjectList::to_json);
    };
    let mut projects = projects.projects()?;
    projects.retain(|project| caller.sees(&project.project_id));
    let body =
        serde_json::to_vec(&ProjectList { projects }).map_err(|error| ApiError::Internal(error.into()))?;
    tagged(answer, |_| body)
}
