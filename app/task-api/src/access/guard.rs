//! What stands before every handler.

use axum::extract::{FromRequestParts as _, MatchedPath, RawPathParams, Request, State};
use axum::http::header::{AUTHORIZATION, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use lambda_http::request::RequestContext;
use miyabi_shared::config::Authentication;
use miyabi_shared::credential::{CallerKind, KEY_PREFIX, SHARE_PREFIX};
use miyabi_shared::scope::Scope;
use miyabi_shared::{Task, TaskId};

use super::tokens::checked_claims;
use super::{Caller, Need, need};
use crate::error::{ApiError, Refusal};
use crate::state::AppState;

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
/// What an answer depends on besides the address.
const DEPENDS_ON: HeaderValue = HeaderValue::from_static("authorization, x-api-key");
const X_CONTENT_TYPE_OPTIONS: HeaderName = HeaderName::from_static("x-content-type-options");

/// Lets a request through to its handler, or not. The handler finds the [`Caller`] among the request's extensions.
pub(crate) async fn guard(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut answer = answer(&state, request, next).await.unwrap_or_else(IntoResponse::into_response);
    answer.headers_mut().insert(VARY, DEPENDS_ON);
    answer.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

async fn answer(state: &AppState, request: Request, next: Next) -> Result<Response, ApiError> {
    let (mut parts, body) = request.into_parts();
    let path = parts.extensions.get::<MatchedPath>().cloned();
    // A path that is no UTF-8 once it is decoded names no task; its handler says so.
    let parameters = RawPathParams::from_request_parts(&mut parts, state).await.ok();
    Ok(match path {
        // There is nothing there, and nothing that is told.
        None => next.run(Request::from_parts(parts, body)).await,
        Some(path) => {
            // Where nobody has said what is needed, the router takes no such method, or somebody forgot.
            let need =
                need(&parts.method, path.as_str(), parts.uri.query()).unwrap_or(Need::Scope(Scope::Admin));
            let caller = match need {
                Need::Nothing => None,
                _ => Some(known(state, path.as_str(), &parts).await?),
            };
            if let Some(caller) = caller {
                let task = parameters.as_ref().and_then(|parameters| {
                    parameters.iter().find(|(name, _)| *name == "task_id").map(|(_, id)| id)
                });
                check(state, &caller, need, task).await?;
                parts.extensions.insert(caller);
            }
            next.run(Request::from_parts(parts, body)).await
        }
    })
}

/// Who calls.
async fn known(state: &AppState, route: &str, request: &Parts) -> Result<Caller, ApiError> {
    let access = &state.access;
    match access.authentication {
        Authentication::Open => return Ok(Caller::administrator(CallerKind::Open, "anybody")),
        Authentication::Gateway => {
            let Some(RequestContext::ApiGatewayV1(context)) = request.extensions.get::<RequestContext>()
            else {
                return Err(ApiError::Unauthenticated(Refusal::Nothing));
            };
            let claims = context.authorizer.fields.get("claims");
            if let Some(claims) = claims.and_then(|claims| claims.as_object()) {
                return checked_claims(claims).map_err(ApiError::Unauthenticated);
            }
            let arn = context.identity.user_arn.clone().filter(|arn| !arn.is_empty());
            let arn = arn.ok_or(ApiError::Unauthenticated(Refusal::Nothing))?;
            return Ok(Caller::administrator(CallerKind::Signature, arn));
        }
        Authentication::Required => {}
    }
    let shown = shown(&request.headers).or_else(|| {
        // A picture is asked for without headers. No other route takes what an address holds.
        let query = request.uri.query().filter(|_| route.ends_with("/badge.svg"))?;
        query.split('&').find_map(|pair| pair.strip_prefix("share="))
    });
    match shown {
        None => Err(ApiError::Unauthenticated(Refusal::Nothing)),
        Some(key) if key.starts_with(KEY_PREFIX) => access.credentials.holder_of(key).await,
        Some(share) if share.starts_with(SHARE_PREFIX) => access.credentials.visitor_by(share).await,
        Some(token) => match &access.tokens {
            Some(tokens) => tokens.holder_of(token).await,
            None => Err(ApiError::Unauthenticated(Refusal::Unknown)),
        },
    }
}

/// What a request shows: a bearer token, or else a key in a header of its own. A key of API Gateway's usage plans, which
/// has the same header, is none of ours.
fn shown(headers: &HeaderMap) -> Option<&str> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| {
        let (scheme, rest) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| rest.trim())
    });
    let key = || {
        let key = headers.get(X_API_KEY).and_then(|value| value.to_str().ok())?;
        key.starts_with(KEY_PREFIX).then_some(key)
    };
    bearer.or_else(key)
}

/// Whether the caller may.
async fn check(state: &AppState, caller: &Caller, need: Need, task: Option<&str>) -> Result<(), ApiError> {
    let wanted = match need {
        Need::Nothing | Need::Known => return Ok(()),
        Need::ReadOrShare => Scope::Read,
        Need::Scope(scope) => scope,
    };
    if let Some(shared) = &caller.task_id {
        return match (need, task) {
            (Need::ReadOrShare, Some(task)) if task == shared.as_str() => Ok(()),
            // Whether there is another task is not for who has a link to one.
            (Need::ReadOrShare, Some(task)) => Err(unknown(task)),
            _ => Err(ApiError::Forbidden(wanted)),
        };
    }
    if caller.scope.is_none_or(|scope| scope < wanted) {
        return Err(ApiError::Forbidden(wanted));
    }
    // What a path that names no task is answered is for its handler.
    if let (Some(_), Some(Ok(task_id))) = (&caller.projects, task.map(TaskId::new)) {
        let answer = state.store.task(&task_id, None).await?;
        let task: Option<Task> = answer.value.map(|document| document.parse()).transpose()?;
        if task.is_none_or(|task| !caller.sees(&task.project_id)) {
            return Err(ApiError::UnknownTask(task_id));
        }
    }
    Ok(())
}

fn unknown(task: &str) -> ApiError {
    match TaskId::new(task) {
        Ok(task_id) => ApiError::UnknownTask(task_id),
        Err(_) => ApiError::field("task_id", crate::request::ID_RULE),
    }
}
