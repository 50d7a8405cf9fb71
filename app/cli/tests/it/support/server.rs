//! One server that stands for both the API and CloudWatch Logs, remembers what it took, and checks every rule.

#[path = "issuer.rs"]
mod issuer;
#[path = "putlogevents.rs"]
mod putlogevents;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use miyabi_shared::TaskEvent;
use serde_json::{Value, json};

pub(crate) use issuer::Issuer;

/// What the server took, and what it shall do wrong.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Tasks that were created.
    pub(crate) tasks: BTreeMap<String, Value>,
    /// Events by task and then by attempt and sequence.
    pub(crate) events: BTreeMap<String, BTreeMap<(u32, u64), TaskEvent>>,
    /// Times at which requests with events came.
    pub(crate) event_requests: usize,
    /// Events that came again after they were taken.
    pub(crate) repeated_events: usize,
    /// Log streams that exist.
    pub(crate) streams: BTreeSet<String>,
    /// Lines by stream, in the order of their batches.
    pub(crate) lines: BTreeMap<String, Vec<(i64, String)>>,
    /// Batches that were taken.
    pub(crate) batches: usize,
    /// Rules of PutLogEvents that a batch broke.
    pub(crate) violations: Vec<String>,
    /// So many requests to the API fail with 500 first.
    pub(crate) api_failures: usize,
    /// So many requests to the API are answered only after 20 seconds.
    pub(crate) api_hangs: usize,
    /// So many PutLogEvents are throttled first.
    pub(crate) throttles: usize,
    /// The stream disappears once, before the next batch.
    pub(crate) lose_stream: bool,
    /// How many events, and how many bytes by the service's count, each batch had.
    pub(crate) sizes: Vec<(usize, usize)>,
    /// Answers 400 to every request that holds this text.
    pub(crate) poison: Option<String>,
    /// What `GET /api/tasks/{id}` answers, one after the other, the last one for ever.
    pub(crate) details: Vec<Value>,
    /// What `GET /api/tasks/{id}/logs` answers, by cursor.
    pub(crate) log_pages: BTreeMap<String, Value>,
    /// Lines that others wrote, by group and stream, oldest first.
    pub(crate) foreign: BTreeMap<(String, String), Vec<(i64, String)>>,
    /// Most lines of one page of them.
    pub(crate) page_lines: usize,
    /// Queries of the list that came.
    pub(crate) queries: Vec<String>,
    /// Tasks that someone asked to cancel.
    pub(crate) cancelled: Vec<String>,
    /// `If-None-Match` that came.
    pub(crate) tags: Vec<String>,
    /// Keys and tokens that are good, where the API asks who calls.
    pub(crate) good: Option<BTreeSet<String>>,
    /// Keys and tokens that were shown.
    pub(crate) shown: BTreeSet<String>,
    /// What the issuer knows.
    pub(crate) issuer: Issuer,
}

impl Seen {
    /// The events of the only task.
    pub(crate) fn only_events(&self) -> Vec<TaskEvent> {
        assert_eq!(self.events.len(), 1, "{:?}", self.events.keys());
        self.events.values().next().unwrap().values().cloned().collect()
    }

    /// The lines of the only stream.
    pub(crate) fn only_lines(&self) -> Vec<String> {
        assert_eq!(self.lines.len(), 1, "{:?}", self.lines.keys());
        self.lines.values().next().unwrap().iter().map(|(_, line)| line.clone()).collect()
    }
}

type Shared = Arc<Mutex<Seen>>;

pub(crate) struct Server {
    pub(crate) address: String,
    seen: Shared,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub(crate) fn start(address: Option<&str>) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let seen = Shared::default();
        let router = Router::new()
            .route("/", post(logs))
            .route("/api/tasks", post(create).get(list))
            .route("/api/tasks/{id}", get(detail))
            .route("/api/tasks/{id}/cancel", post(cancel))
            .route("/api/tasks/{id}/events", post(events))
            .route("/api/tasks/{id}/logs", get(log_page))
            .route("/api/me", get(me))
            .route(
                "/api/health",
                get(|| async { json!({"status": "ok", "table": "ok", "cache": "ok"}).to_string() }),
            )
            .route(
                "/api/openapi.json",
                get(|| async { json!({"info": {"version": env!("CARGO_PKG_VERSION")}}).to_string() }),
            )
            .layer(axum::extract::DefaultBodyLimit::max(4 << 20))
            .layer(axum::middleware::from_fn_with_state(Arc::clone(&seen), ask))
            .with_state(Arc::clone(&seen));
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind(address.unwrap_or("127.0.0.1:0")))
            .expect("an address to listen at");
        let address = listener.local_addr().unwrap().to_string();
        let router = router.merge(issuer::router(&format!("http://{address}"), Arc::clone(&seen)));
        runtime.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { address, seen, _runtime: runtime }
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

/// Refuses who shows nothing good, where the API asks.
async fn ask(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api/") {
        let shown = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
        let mut seen = shared.lock().unwrap();
        seen.shown.extend(shown.clone());
        let open = ["/api/health", "/api/openapi.json"].contains(&request.uri().path());
        let good = seen.good.as_ref().is_none_or(|good| shown.is_some_and(|shown| good.contains(&shown)));
        if !good && !open {
            return (StatusCode::UNAUTHORIZED, problem(401, "nobody is known by that")).into_response();
        }
    }
    next.run(request).await
}

async fn me() -> String {
    json!({"kind": "token", "name": "ann", "scope": "tasks:write", "projects": ["shop"]}).to_string()
}

async fn trouble(shared: &Shared, body: &[u8]) -> Option<Response> {
    let hang = {
        let mut seen = shared.lock().unwrap();
        if seen.api_failures > 0 {
            seen.api_failures -= 1;
            return Some((StatusCode::INTERNAL_SERVER_ERROR, "broken").into_response());
        }
        if seen.poison.as_ref().is_some_and(|poison| String::from_utf8_lossy(body).contains(poison)) {
            return Some((StatusCode::BAD_REQUEST, problem(400, "poison")).into_response());
        }
        let hang = seen.api_hangs > 0;
        seen.api_hangs = seen.api_hangs.saturating_sub(1);
        hang
    };
    if hang {
        tokio::time::sleep(Duration::from_secs(20)).await;
        return Some(StatusCode::GATEWAY_TIMEOUT.into_response());
    }
    None
}

fn problem(status: u16, detail: &str) -> String {
    json!({"type": "/problems/x", "title": "x", "status": status, "detail": detail}).to_string()
}

async fn create(State(shared): State<Shared>, body: Bytes) -> Response {
    if let Some(response) = trouble(&shared, &body).await {
        return response;
    }
    let task: Value = serde_json::from_slice(&body).unwrap();
    shared.lock().unwrap().tasks.insert(task["task_id"].as_str().unwrap().to_owned(), task.clone());
    (StatusCode::CREATED, task.to_string()).into_response()
}

async fn events(State(shared): State<Shared>, Path(id): Path<String>, body: Bytes) -> Response {
    if let Some(response) = trouble(&shared, &body).await {
        return response;
    }
    let mut seen = shared.lock().unwrap();
    if !seen.tasks.contains_key(&id) {
        return (StatusCode::NOT_FOUND, problem(404, "no such task")).into_response();
    }
    let posted: miyabi_shared::event::PostEvents = serde_json::from_slice(&body).unwrap();
    assert!((1..=100).contains(&posted.events.len()) && body.len() <= 256 * 1024);
    seen.event_requests += 1;
    for event in posted.events {
        let known = seen.events.entry(id.clone()).or_default().insert((event.attempt, event.sequence), event);
        seen.repeated_events += usize::from(known.is_some());
    }
    (StatusCode::OK, json!({"applied": 1}).to_string()).into_response()
}

async fn list(State(shared): State<Shared>, uri: axum::http::Uri, headers: HeaderMap) -> Response {
    let mut seen = shared.lock().unwrap();
    seen.queries.push(uri.query().unwrap_or_default().to_owned());
    seen.tags.extend(headers.get("if-none-match").map(|tag| tag.to_str().unwrap().to_owned()));
    let page = json!({"tasks": seen.details, "next_cursor": null});
    ([("etag", "\"1\"")], page.to_string()).into_response()
}

async fn detail(State(shared): State<Shared>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if let Some(response) = trouble(&shared, b"").await {
        return response;
    }
    let mut seen = shared.lock().unwrap();
    let tag = headers.get("if-none-match").map(|tag| tag.to_str().unwrap().to_owned());
    seen.tags.extend(tag.clone());
    if seen.details.is_empty() {
        return (StatusCode::NOT_FOUND, problem(404, &format!("there is no task {id}"))).into_response();
    }
    let detail = if seen.details.len() > 1 { seen.details.remove(0) } else { seen.details[0].clone() };
    let new_tag = format!("\"{}\"", detail["version"]);
    if tag.as_ref() == Some(&new_tag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([("etag", new_tag)], detail.to_string()).into_response()
}

async fn cancel(State(shared): State<Shared>, Path(id): Path<String>) -> Response {
    let mut seen = shared.lock().unwrap();
    let task = seen.details.iter().find(|task| task["task_id"] == id.as_str()).cloned();
    let Some(mut task) = task else {
        return (StatusCode::NOT_FOUND, problem(404, &format!("there is no task {id}"))).into_response();
    };
    seen.cancelled.push(id);
    task["status"] = json!("cancelled");
    task.to_string().into_response()
}

async fn log_page(State(shared): State<Shared>, uri: axum::http::Uri) -> Response {
    let seen = shared.lock().unwrap();
    let query = uri.query().unwrap_or("");
    let cursor = query.split('&').find_map(|part| part.strip_prefix("cursor=")).unwrap_or("");
    match seen.log_pages.get(cursor) {
        Some(page) => page.to_string().into_response(),
        None => (StatusCode::NOT_FOUND, problem(404, "no such task")).into_response(),
    }
}

fn aws_error(code: &str) -> Response {
    let body = json!({"__type": code, "message": "made for the test"}).to_string();
    (StatusCode::BAD_REQUEST, [("content-type", "application/x-amz-json-1.1")], body).into_response()
}

fn aws(body: Value) -> Response {
    ([("content-type", "application/x-amz-json-1.1")], body.to_string()).into_response()
}

async fn logs(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers["x-amz-target"].to_str().unwrap().to_owned();
    let request: Value = serde_json::from_slice(&body).unwrap();
    let stream = request["logStreamName"].as_str().unwrap_or_default().to_owned();
    let mut seen = shared.lock().unwrap();
    match target.rsplit('.').next().unwrap() {
        "CreateLogStream" => {
            if seen.streams.insert(stream) {
                aws(json!({}))
            } else {
                aws_error("ResourceAlreadyExistsException")
            }
        }
        "PutLogEvents" => {
            if std::mem::take(&mut seen.lose_stream) {
                seen.streams.remove(&stream);
            }
            if !seen.streams.contains(&stream) {
                return aws_error("ResourceNotFoundException");
            }
            if seen.throttles > 0 {
                seen.throttles -= 1;
                return aws_error("ThrottlingException");
            }
            let events = request["logEvents"].as_array().unwrap();
            let lines: Vec<(i64, String)> = events
                .iter()
                .map(|event| {
                    (event["timestamp"].as_i64().unwrap(), event["message"].as_str().unwrap().to_owned())
                })
                .collect();
            if seen.poison.as_ref().is_some_and(|poison| lines.iter().any(|(_, line)| line.contains(poison)))
            {
                return aws_error("InvalidParameterException");
            }
            // As the service does: a batch that breaks a rule is refused as a whole, times that it does not keep are
            // taken and left out, and the answer says which.
            if let Err(rule) = putlogevents::check(&lines) {
                seen.violations.push(rule);
                return aws_error("InvalidParameterException");
            }
            let rejected = putlogevents::rejected(&lines, miyabi_shared::Timestamp::now().as_millis());
            seen.batches += 1;
            seen.sizes.push((lines.len(), putlogevents::size(&lines)));
            let kept = rejected.kept(lines);
            seen.lines.entry(stream).or_default().extend(kept);
            aws(rejected.answer())
        }
        "GetLogEvents" => {
            let place = (request["logGroupName"].as_str().unwrap().to_owned(), stream);
            let Some(lines) = seen.foreign.get(&place) else { return aws_error("ResourceNotFoundException") };
            // As the service does: a token is a place between two lines, the one at the end stays good.
            let token = request["nextToken"].as_str().unwrap_or("f/0").strip_prefix("f/").unwrap();
            let from: usize = token.parse().unwrap();
            let page: Vec<_> = lines.iter().skip(from).take(seen.page_lines.max(1)).collect();
            let events: Vec<_> =
                page.iter().map(|(time, line)| json!({"timestamp": time, "message": line})).collect();
            let next = format!("f/{}", from + page.len());
            aws(json!({"events": events, "nextForwardToken": next, "nextBackwardToken": format!("b/{from}")}))
        }
        "DescribeLogStreams" if request["logGroupName"] == "/miyabi/agents" => {
            aws_error("ResourceNotFoundException")
        }
        "DescribeLogStreams" => aws(json!({"logStreams": []})),
        other => panic!("{other}"),
    }
}
