//! A function at work: the program that goes to AWS, called as the service calls it, by a stand-in for the service's runtime API.
//! One process, one call at a time, as in AWS.

use std::collections::HashMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as UrlPath, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// How long a process may take until it asks for its first call.
const READY: Duration = Duration::from_secs(60);
/// How long the service waits for the answer to a call.
const DEADLINE: Duration = Duration::from_secs(30);

type Outcome = Result<Bytes, String>;

struct Call {
    event: Bytes,
    answer: oneshot::Sender<Outcome>,
}

struct Runtime {
    calls: tokio::sync::Mutex<mpsc::Receiver<Call>>,
    open: Mutex<HashMap<String, oneshot::Sender<Outcome>>>,
    first_poll: watch::Sender<Option<Instant>>,
}

/// A running function.
#[derive(Debug)]
pub struct Function {
    child: Child,
    calls: mpsc::Sender<Call>,
    server: JoinHandle<()>,
    output: Arc<Mutex<Vec<String>>>,
    ready_after: Duration,
}

impl Function {
    /// Starts `program` with those variables and no others but `PATH`, and waits until it asks for its first call.
    ///
    /// # Errors
    /// When it does not start, or ends.
    pub async fn start(program: &Path, variables: &[(&str, String)]) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let (calls, receiver) = mpsc::channel(64);
        let (first_poll, mut polled) = watch::channel(None);
        let runtime = Arc::new(Runtime {
            calls: tokio::sync::Mutex::new(receiver),
            open: Mutex::default(),
            first_poll,
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(failed))
            .with_state(runtime);
        let server = tokio::spawn(async move {
            let listener = axum::serve::ListenerExt::tap_io(listener, |socket| {
                // Small answers must not wait for each other.
                socket.set_nodelay(true).ok();
            });
            axum::serve(listener, router).await.ok();
        });
        let mut command = Command::new(program);
        command
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("AWS_LAMBDA_RUNTIME_API", address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "measured")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "measured")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "measured")
            .env("AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH", "true")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", miyabi_shared::local::REGION)
            .envs(variables.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let start = Instant::now();
        let mut child = command.spawn().with_context(|| format!("starting {}", program.display()))?;
        let output = Arc::new(Mutex::new(Vec::new()));
        if let Some(stdout) = child.stdout.take() {
            let output = Arc::clone(&output);
            tokio::spawn(async move {
                let mut lines = BufReader::new(stdout).lines();
                while let Ok(Some(line)) = lines.next_line().await {
                    output.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                }
            });
        }
        let first = tokio::select! {
            polled = polled.wait_for(Option::is_some) => polled.ok().and_then(|first| *first),
            ended = child.wait() => bail!("{} ended: {:?}", program.display(), ended?),
            () = tokio::time::sleep(READY) => None,
        };
        let first = first.with_context(|| format!("{} does not ask for calls", program.display()))?;
        Ok(Self { child, calls, server, output, ready_after: first.saturating_duration_since(start) })
    }

    /// From the start of the process to its first question for a call.
    pub const fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Calls it.
    ///
    /// # Errors
    /// When it fails, is gone, or does not answer in time.
    pub async fn call(&self, event: impl Into<Bytes>) -> anyhow::Result<Bytes> {
        let (answer, answered) = oneshot::channel();
        self.calls.send(Call { event: event.into(), answer }).await.ok().context("the function is gone")?;
        let outcome = tokio::time::timeout(DEADLINE, answered).await.context("no answer in time")?;
        outcome.context("the function is gone")?.map_err(anyhow::Error::msg)
    }

    /// Calls it with an HTTP request, as API Gateway does.
    ///
    /// # Errors
    /// As for [`call`](Self::call); and when the answer is none of HTTP.
    pub async fn request(&self, request: &Request<'_>) -> anyhow::Result<HttpAnswer> {
        HttpAnswer::read(&self.call(request.event()).await?)
    }

    /// The process.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// What it printed since the last call of this.
    pub fn take_output(&self) -> Vec<String> {
        std::mem::take(&mut *self.output.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The processor time that it has used, in steps of 10 ms.
    ///
    /// # Errors
    /// Where there is no `/proc`.
    pub fn processor_time(&self) -> anyhow::Result<Duration> {
        let id = self.id().context("the function is gone")?;
        let line = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        let (_, after_name) = line.rsplit_once(") ").context("no name in the state of the process")?;
        let mut ticks = after_name.split(' ').skip(11).map(str::parse::<u64>);
        let mut next = || ticks.next().context("no times in the state of the process");
        Ok(Duration::from_millis((next()?? + next()??) * 10))
    }

    /// The most memory that it has had, in kB.
    ///
    /// # Errors
    /// Where there is no `/proc`.
    pub fn most_memory(&self) -> anyhow::Result<u64> {
        let id = self.id().context("the function is gone")?;
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn next(State(runtime): State<Arc<Runtime>>) -> Response {
    runtime.first_poll.send_if_modified(|first| {
        let is_first = first.is_none();
        first.get_or_insert_with(Instant::now);
        is_first
    });
    let Some(call) = runtime.calls.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let id = uuid::Uuid::now_v7().to_string();
    runtime.open.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), call.answer);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let headers = [
        ("lambda-runtime-aws-request-id", id),
        ("lambda-runtime-deadline-ms", (now + DEADLINE).as_millis().to_string()),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:000000000000:function:measured".to_owned(),
        ),
        ("lambda-runtime-trace-id", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0".to_owned()),
        ("content-type", "application/json".to_owned()),
    ];
    (headers, call.event).into_response()
}

async fn response(
    State(runtime): State<Arc<Runtime>>,
    UrlPath(id): UrlPath<String>,
    body: Bytes,
) -> StatusCode {
    end(&runtime, &id, Ok(body))
}

async fn failed(
    State(runtime): State<Arc<Runtime>>,
    UrlPath(id): UrlPath<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let kind = headers.get("lambda-runtime-function-error-type").and_then(|kind| kind.to_str().ok());
    let error = format!("{}: {}", kind.unwrap_or("error"), String::from_utf8_lossy(&body));
    end(&runtime, &id, Err(error))
}

fn end(runtime: &Runtime, id: &str, outcome: Outcome) -> StatusCode {
    let open = runtime.open.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    if let Some(answer) = open {
        // Nobody waits any more: the deadline has passed.
        answer.send(outcome).ok();
    }
    StatusCode::ACCEPTED
}

/// A request over HTTP, as a gateway hands it to a function.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'request> {
    /// `GET` where it is empty.
    pub method: &'request str,
    /// Without a query.
    pub path: &'request str,
    /// The parameters of the query.
    pub query: &'request [(&'request str, &'request str)],
    /// What the caller holds.
    pub if_none_match: Option<&'request str>,
    /// The body, which is JSON.
    pub body: Option<&'request str>,
}

impl Request<'_> {
    /// The event of a REST API's proxy integration.
    pub fn event(&self) -> Vec<u8> {
        let mut headers = json!({"Host": "api.example", "Accept": "*/*", "User-Agent": "miyabi-tests"});
        if let Some(tag) = self.if_none_match {
            headers["If-None-Match"] = tag.into();
        }
        if self.body.is_some() {
            headers["Content-Type"] = "application/json".into();
        }
        let lists = |value: &Value| -> Value {
            let lists =
                value.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), json!([value])));
            Value::Object(lists.collect())
        };
        let query: Value =
            self.query.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let method = if self.method.is_empty() { "GET" } else { self.method };
        json!({
            "resource": "/{proxy+}",
            "path": self.path,
            "httpMethod": method,
            "multiValueHeaders": lists(&headers),
            "headers": headers,
            "multiValueQueryStringParameters": lists(&query),
            "queryStringParameters": query,
            "pathParameters": null,
            "stageVariables": null,
            "requestContext": {
                "accountId": "000000000000", "apiId": "api", "httpMethod": method, "path": self.path,
                "resourcePath": "/{proxy+}", "stage": "live", "protocol": "HTTP/1.1",
                "requestId": "request", "identity": {"sourceIp": "127.0.0.1"}
            },
            "body": self.body,
            "isBase64Encoded": false
        })
        .to_string()
        .into_bytes()
    }
}

/// What a function answered to a request.
#[derive(Debug, Clone)]
pub struct HttpAnswer {
    /// The status code.
    pub status: u64,
    /// Where the answer came from.
    pub cache: Option<String>,
    /// The version of what was read.
    pub etag: Option<String>,
    /// The body as text.
    pub body: String,
}

impl HttpAnswer {
    fn read(bytes: &[u8]) -> anyhow::Result<Self> {
        let mut answer: Value = serde_json::from_slice(bytes)?;
        let status = answer["statusCode"].as_u64().context("no status code")?;
        let header = |name: &str| {
            let single = answer["headers"].as_object().and_then(|headers| {
                headers
                    .iter()
                    .find(|(held, _)| held.eq_ignore_ascii_case(name))
                    .and_then(|(_, value)| value.as_str())
            });
            let first = answer["multiValueHeaders"].as_object().and_then(|headers| {
                let found = headers.iter().find(|(held, _)| held.eq_ignore_ascii_case(name));
                found.and_then(|(_, values)| values.get(0)).and_then(Value::as_str)
            });
            single.or(first).map(str::to_owned)
        };
        let (cache, etag) = (header("x-cache"), header("etag"));
        ensure!(answer["isBase64Encoded"] != true, "a body that is no text");
        let body = match answer["body"].take() {
            Value::String(text) => text,
            _ => String::new(),
        };
        Ok(Self { status, cache, etag, body })
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When it is none.
    pub fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_str(&self.body).with_context(|| format!("{}: no JSON: {}", self.status, self.body))
    }
}
