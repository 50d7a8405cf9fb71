//! The HTTP API as this command uses it: explicit timeouts, and errors that say what to do.

use std::time::Duration;

use aws_sdk_cloudwatchlogs::primitives::{DateTime, DateTimeFormat};
use miyabi_shared::event::{CreateTask, PostEvents};
use miyabi_shared::problem::ProblemDetails;
use miyabi_shared::{Step, Task, TaskEvent, Timestamp};
use reqwest::header::{DATE, ETAG, IF_NONE_MATCH};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a whole request may take: longer than the API's own limit for one.
const REQUEST: Duration = Duration::from_secs(15);

/// Why a request to the API did not do what it should.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// The address is none.
    #[error("{0:?} is no address of an API: expected http:// or https:// and a host")]
    Address(String),
    /// No answer came.
    #[error("the API at {url} does not answer")]
    Unreachable {
        /// The API's address.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The API refused.
    #[error("the API answered {status}: {detail}")]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// What the API said.
        detail: String,
    },
    /// The answer was not what was expected.
    #[error("the answer of the API at {url} cannot be read; is it a Miyabi API, and of this version?")]
    Answer {
        /// The API's address.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
}

impl ClientError {
    /// Whether the same request may succeed later.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => {
                status.is_server_error()
                    || matches!(
                        *status,
                        StatusCode::TOO_MANY_REQUESTS
                            | StatusCode::REQUEST_TIMEOUT
                            | StatusCode::UNAUTHORIZED
                            | StatusCode::FORBIDDEN
                    )
            }
            Self::Address(_) | Self::Answer { .. } => false,
        }
    }

    /// The HTTP status, where there was one.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// An error and everything under it, in one line; of an HTTP client's many layers only the last one, which says why.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(mut error) = source {
        if error.is::<reqwest::Error>() {
            while let Some(deeper) = error.source() {
                error = deeper;
            }
        }
        let part = error.to_string();
        if !text.contains(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        source = error.source();
    }
    text
}

/// A page of tasks.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TaskPage {
    pub(crate) tasks: Vec<Task>,
    pub(crate) next_cursor: Option<String>,
}

/// A task and its steps.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TaskDetail {
    #[serde(flatten)]
    pub(crate) task: Task,
    #[serde(default)]
    pub(crate) steps: Vec<Step>,
}

/// A line of a task's output.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LogLine {
    pub(crate) timestamp: String,
    pub(crate) message: String,
}

/// How the API is.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Health {
    pub(crate) status: String,
    pub(crate) table: Option<String>,
    pub(crate) cache: Option<String>,
    /// The API's clock, in whole seconds.
    #[serde(skip)]
    pub(crate) time: Option<Timestamp>,
}

/// A page of a task's output.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct LogPage {
    pub(crate) events: Vec<LogLine>,
    pub(crate) next_cursor: Option<String>,
}

/// An answer that may be known already.
#[derive(Debug)]
pub(crate) enum Answer<T> {
    /// It is as it was.
    Unchanged,
    /// It is new, with its tag.
    New(T, Option<String>),
}

/// A client of one API.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
}

impl Client {
    /// A client of the API at `url`.
    pub(crate) fn new(url: &str) -> Result<Self, ClientError> {
        let url = url.trim_end_matches('/').to_owned();
        let valid = reqwest::Url::parse(&url)
            .is_ok_and(|parsed| matches!(parsed.scheme(), "http" | "https") && parsed.has_host());
        if !valid {
            return Err(ClientError::Address(url));
        }
        let mut builder = reqwest::Client::builder();
        if url.starts_with("http://") {
            // To read the system's certificates takes longer than `miyabi run` may.
            builder = builder.tls_certs_only([]);
        }
        let http = builder
            .connect_timeout(CONNECT)
            .timeout(REQUEST)
            // Servers and load balancers close idle connections after a minute; ours go first.
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("miyabi/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| ClientError::Unreachable { url: url.clone(), source })?;
        Ok(Self { http, url })
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/{path}", self.url))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        let response = request.send().await.map_err(|source| ClientError::Unreachable {
            url: self.url.clone(),
            source: source.without_url(),
        })?;
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        let body = response.text().await.unwrap_or_default();
        let detail = match serde_json::from_str::<ProblemDetails>(&body) {
            Ok(problem) => {
                let mut detail = problem.detail;
                for error in &problem.errors {
                    detail.push_str(&format!("; {}: {}", error.field, error.rule));
                }
                detail
            }
            Err(_) => body.chars().take(200).collect(),
        };
        Err(ClientError::Refused { status, detail })
    }

    async fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T, ClientError> {
        response
            .json()
            .await
            .map_err(|source| ClientError::Answer { url: self.url.clone(), source: source.without_url() })
    }

    async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, String)],
        tag: Option<&str>,
    ) -> Result<Answer<T>, ClientError> {
        let path = if query.is_empty() { path.to_owned() } else { format!("{path}?{}", encode(query)) };
        let mut request = self.request(Method::GET, &path);
        if let Some(tag) = tag {
            request = request.header(IF_NONE_MATCH, tag);
        }
        let response = self.send(request).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Unchanged);
        }
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Ok(Answer::New(self.read(response).await?, tag))
    }

    /// A page of tasks; nothing where `tag` still holds.
    pub(crate) async fn tasks(
        &self,
        query: &[(&str, String)],
        tag: Option<&str>,
    ) -> Result<Answer<TaskPage>, ClientError> {
        self.get("tasks", query, tag).await
    }

    /// One task; nothing where `tag` still holds.
    pub(crate) async fn task(&self, id: &str, tag: Option<&str>) -> Result<Answer<TaskDetail>, ClientError> {
        self.get(&format!("tasks/{id}"), &[], tag).await
    }

    /// A page of a task's output.
    pub(crate) async fn logs(&self, id: &str, query: &[(&str, String)]) -> Result<LogPage, ClientError> {
        match self.get(&format!("tasks/{id}/logs"), query, None).await? {
            Answer::New(page, _) => Ok(page),
            Answer::Unchanged => Ok(LogPage { events: Vec::new(), next_cursor: None }),
        }
    }

    /// How the API and what it needs are.
    pub(crate) async fn health(&self) -> Result<Health, ClientError> {
        let response = self.send(self.request(Method::GET, "health?deep=true")).await?;
        let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
        let time = date.and_then(|date| DateTime::from_str(date, DateTimeFormat::HttpDate).ok());
        let time = time.and_then(|time| time.to_millis().ok()).map(Timestamp::from_millis);
        Ok(Health { time, ..self.read(response).await? })
    }

    /// The API's version.
    pub(crate) async fn version(&self) -> Result<String, ClientError> {
        #[derive(Deserialize)]
        struct Document {
            info: Info,
        }
        #[derive(Deserialize)]
        struct Info {
            version: String,
        }
        let response = self.send(self.request(Method::GET, "openapi.json")).await?;
        Ok(self.read::<Document>(response).await?.info.version)
    }

    /// Creates a task. The same task again changes nothing.
    pub(crate) async fn create(&self, task: &CreateTask) -> Result<(), ClientError> {
        self.send(self.request(Method::POST, "tasks").json(task)).await.map(drop)
    }

    /// Cancels a task. One that is cancelled already stays so.
    pub(crate) async fn cancel(&self, id: &str) -> Result<Task, ClientError> {
        let response = self.send(self.request(Method::POST, &format!("tasks/{id}/cancel"))).await?;
        self.read(response).await
    }

    /// Sends events of a task. The same events again change nothing.
    pub(crate) async fn post_events(&self, id: &str, events: Vec<TaskEvent>) -> Result<(), ClientError> {
        self.send(self.request(Method::POST, &format!("tasks/{id}/events")).json(&PostEvents { events }))
            .await
            .map(drop)
    }
}

/// Writes a query string.
fn encode(query: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (name, value) in query {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name);
        text.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded_byte_for_byte() {
        assert_eq!(
            encode(&[("a", "x y&=ä".to_owned()), ("b", "1-2".to_owned())]),
            "a=x%20y%26%3D%C3%A4&b=1-2"
        );
    }

    #[test]
    fn what_is_no_address_is_said_so() {
        for bad in ["", "localhost:8780", "ftp://x", "http://"] {
            assert!(matches!(Client::new(bad), Err(ClientError::Address(_))), "{bad}");
        }
        assert_eq!(Client::new("http://127.0.0.1:1/").unwrap().url, "http://127.0.0.1:1");
    }
}
