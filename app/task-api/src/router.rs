//! Routes to handlers.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{Method, Uri};
use axum::middleware::from_fn_with_state;
use miyabi_shared::limits;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::access;
use crate::edge;
use crate::error::ApiError;
use crate::routes::{
    actions, badge, credentials, events, health, history, jobs, logs, projects, queues, tasks,
};
use crate::state::AppState;

/// The whole API.
pub fn router(state: AppState) -> Router {
    let (router, _) = documented().split_for_parts();
    router
        .fallback(unknown_route)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .layer(from_fn_with_state(state.clone(), access::guard))
        .layer(from_fn_with_state(state.places.clone(), edge::admit))
        .layer(from_fn_with_state(state.clone(), edge::observe))
        .with_state(state)
}

/// The routes together with what the document says about them.
pub(crate) fn documented() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(tasks::list_tasks, tasks::create_task))
        .routes(routes!(tasks::get_task))
        .routes(routes!(events::post_events))
        .routes(routes!(actions::cancel_task))
        .routes(routes!(actions::retry_task))
        .routes(routes!(actions::cancel_tasks))
        .routes(routes!(logs::get_logs))
        .routes(routes!(history::get_history))
        .routes(routes!(badge::get_badge))
        .routes(routes!(jobs::get_job))
        .routes(routes!(queues::list_queues))
        .routes(routes!(queues::redrive_queue))
        .routes(routes!(projects::list_projects))
        .routes(routes!(credentials::get_caller))
        .routes(routes!(credentials::list_keys, credentials::create_key))
        .routes(routes!(credentials::revoke_key))
        .routes(routes!(credentials::share_task, credentials::unshare_task))
        .routes(routes!(health::get_health))
        .routes(routes!(health::get_openapi))
}

async fn unknown_route(uri: Uri) -> ApiError {
    ApiError::UnknownRoute(uri.path().to_owned())
}

async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    ApiError::MethodNotAllowed { method, path: uri.path().to_owned() }
}
