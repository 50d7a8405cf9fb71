//! The API for one test, called in process.

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use miyabi_shared::config::{JobQueues, TaskApiConfig};
use miyabi_shared::job::Size;
use miyabi_shared::problem;
use miyabi_task_api::{AppState, router};
use miyabi_telemetry::Metrics;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::cloud::Cloud;
use crate::contract;

/// A router and what is behind it.
#[derive(Debug)]
pub(crate) struct Api {
    pub(crate) router: Router,
    pub(crate) state: AppState,
    pub(crate) metrics: Metrics,
    pub(crate) cloud: Cloud,
    pub(crate) queues: JobQueues,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Api {
    pub(crate) async fn start() -> Self {
        let api = Self::on(Cloud::start().await);
        api.create_queues().await;
        api
    }

    pub(crate) fn on(cloud: Cloud) -> Self {
        let metrics = Metrics::to_memory("task-api");
        let queues = JobQueues {
            prefix: format!(
                "{}/000000000000/{}-",
                cloud.aws.endpoint_url().expect("an emulator"),
                cloud.store.tasks_table
            ),
            sizes: [Size::Standard].into(),
        };
        let config = TaskApiConfig {
            store: cloud.store.clone(),
            authentication: cloud.authentication.clone(),
            queues: queues.clone(),
            log_level: "info".to_owned(),
        };
        let state = AppState::with_aws(&config, &cloud.aws).expect("the state is set up");
        let state = AppState { metrics: metrics.clone(), ..state };
        Self { router: router(state.clone()), state, metrics, cloud, queues }
    }

    pub(crate) async fn create_queues(&self) {
        let client = aws_sdk_sqs::Client::new(&self.cloud.aws);
        for queue in self.queues.all() {
            for url in [self.queues.dead_letters_url(queue), self.queues.url(queue)] {
                let name = url.rsplit('/').next().expect("a name");
                client.create_queue().queue_name(name).send().await.expect("the queue is created");
            }
        }
    }

    /// Every answer of every test is held against the document.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.expect("a router cannot fail");
        let (parts, body) = response.into_parts();
        contract::check(&method, &path, parts.status, &parts.headers);
        let bytes = body.collect().await.expect("the body is whole").to_bytes();
        let is_text = parts.headers.get(CONTENT_TYPE).is_some_and(|value| value == "image/svg+xml");
        let body = match (bytes.is_empty(), is_text) {
            (true, _) => Value::Null,
            (false, true) => Value::String(String::from_utf8(bytes.to_vec()).expect("a picture is text")),
            (false, false) => serde_json::from_slice(&bytes).expect("the body is JSON"),
        };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn get_if_changed(&self, path: &str, tag: &str) -> Answer {
        self.send(request(Method::GET, path).header(IF_NONE_MATCH, tag).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_text(path, body.to_string()).await
    }

    pub(crate) async fn post_text(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(
            request(Method::POST, path).header(CONTENT_TYPE, "application/json").body(body.into()).unwrap(),
        )
        .await
    }

    /// A request with a body of JSON and one more header.
    pub(crate) async fn post_with(&self, path: &str, header: (&str, &str), body: &Value) -> Answer {
        let request = request(Method::POST, path).header(CONTENT_TYPE, "application/json");
        self.send(request.header(header.0, header.1).body(body.to_string().into()).unwrap()).await
    }

    /// A request without a body.
    pub(crate) async fn act(&self, path: &str) -> Answer {
        self.send(request(Method::POST, path).body(Body::empty()).unwrap()).await
    }

    /// A new task.
    pub(crate) async fn create(&self, task_id: &str) -> Value {
        let answer = self.post("/api/tasks", &new_task(task_id)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        answer.body
    }
}

impl Answer {
    /// The answer's body, where it succeeded with `status`.
    #[track_caller]
    pub(crate) fn ok(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert!(self.headers.contains_key("x-request-id"));
        self.body
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn tag(&self) -> String {
        self.header(ETAG.as_str()).to_owned()
    }

    /// The mistakes that a problem names, as `field: rule`. Checks everything that problems have in common.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, word: &str) -> Vec<String> {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header(CONTENT_TYPE.as_str()), problem::CONTENT_TYPE);
        assert_eq!(self.body["type"], format!("/problems/{word}"), "{}", self.body);
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body["request_id"], self.header("x-request-id"), "{}", self.body);
        assert!(!self.body["title"].as_str().unwrap().is_empty());
        assert!(!self.body["detail"].as_str().unwrap().is_empty());
        let mistakes = self.body["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        mistakes
            .iter()
            .map(|mistake| format!("{}: {}", text(&mistake["field"]), text(&mistake["rule"])))
            .collect()
    }
}

pub(crate) fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path)
}

/// The body of a task.
pub(crate) fn new_task(task_id: &str) -> Value {
    json!({
        "task_id": task_id, "project_id": "web-ui", "task_type": "cdk-deploy",
        "name": "npx cdk deploy", "labels": {"branch": "main"}
    })
}

/// An event of the first attempt.
pub(crate) fn event(sequence: u64, body: &Value) -> Value {
    let mut event = json!({"attempt": 1, "sequence": sequence, "time": "2026-11-22T04:30:00.250Z"});
    event.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
    event
}
