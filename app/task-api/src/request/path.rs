//! The identifier in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use miyabi_shared::TaskId;

use crate::error::ApiError;

/// The task that a path such as `/api/tasks/{task_id}` names.
#[derive(Debug)]
pub(crate) struct TaskPath(pub(crate) TaskId);

impl<S: Send + Sync> FromRequestParts<S> for TaskPath {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // It fails for a path that is no UTF-8 once its percent signs are decoded; such a path names no task either.
        let Ok(Path(text)) = Path::<String>::from_request_parts(parts, state).await else {
            return Err(ApiError::field("task_id", super::check::ID_RULE));
        };
        TaskId::new(text).map(Self).map_err(|_| ApiError::field("task_id", super::check::ID_RULE))
    }
}
