//! What happens to every request, whichever route it takes: an identifier, one log line, metrics, and problem details
//! that carry the identifier.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Extensions, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use lambda_http::RequestExt as _;
use miyabi_shared::metric;
use miyabi_store::Source;
use miyabi_telemetry::{Chain, Metric, Unit};
use tokio::sync::Semaphore;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::error::{ApiError, Report, problem_response};
use crate::response::X_CACHE;
use crate::state::AppState;

/// Identifies the request in the logs.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Serves one request.
pub(crate) async fn observe(
    State(AppState { metrics, store, .. }): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let request_id = request_id(request.extensions());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let path = request.uri().path().to_owned();

    let span = tracing::info_span!("request", request_id, %method, path);
    let mut response = next.run(request).instrument(span.clone()).await;
    let _entered = span.entered();

    if let Some(Report { mut problem, cause }) = response.extensions_mut().remove::<Report>() {
        if let Some(cause) = cause {
            tracing::error!(error = %Chain(&*cause), status = problem.status, "request failed");
        }
        problem.request_id = Some(request_id.clone());
        let mut answer = problem_response(&problem);
        for (name, value) in response.headers() {
            if !answer.headers().contains_key(name) && name != axum::http::header::CONTENT_LENGTH {
                answer.headers_mut().insert(name, value.clone());
            }
        }
        response = answer;
    }
    if let Ok(value) = HeaderValue::try_from(&request_id) {
        response.headers_mut().insert(X_REQUEST_ID, value);
    }

    let status = response.status();
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    let cache = response.headers().get(X_CACHE).and_then(|value| value.to_str().ok()).unwrap_or("none");
    metrics.record(
        &[("Route", &format!("{method} {route}")), ("Status", status_class(status.as_u16()))],
        &[Metric { name: "Latency", unit: Unit::Milliseconds, value: milliseconds }],
        &[
            ("request_id", request_id.into()),
            ("path", path.into()),
            ("status_code", status.as_u16().into()),
            ("cache", cache.into()),
        ],
    );
    if cache == Source::Bypass.as_str() {
        // Beside its route an answer without the cache would be a metric of its own for each route.
        metrics.record(&[], &[Metric::count(metric::CACHE_BYPASSED, 1)], &[]);
    }
    let verified = store.take_verified();
    if verified.reads > 0 {
        let points = [
            Metric::count("CacheReadsVerified", verified.reads),
            Metric::count("CacheDifferences", verified.differences),
        ];
        metrics.record(&[], &points, &[]);
    }
    response
}

/// Serves a request only where there is a place: one that cannot be served soon is better told so than kept waiting.
pub(crate) async fn admit(
    State(places): State<Arc<Semaphore>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let _place = places.try_acquire().map_err(|_| ApiError::Overloaded)?;
    Ok(next.run(request).await)
}

/// Lambda's identifier of the call, where there is one, so that our lines and Lambda's own are found together.
fn request_id(extensions: &Extensions) -> String {
    extensions
        .lambda_context_ref()
        .map(|context| context.request_id.clone())
        .filter(|id| !id.is_empty())
        .unwrap_or_else(|| Uuid::now_v7().to_string())
}

/// The dimension of the metrics: five values, where single codes would make a metric each.
fn status_class(status: u16) -> &'static str {
    match status {
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
