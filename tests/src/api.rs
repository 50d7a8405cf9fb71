//! The API as its consumers see it: plain HTTP and JSON, with none of the product's own client code.

use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::{Client, StatusCode};
use serde_json::Value;

/// A client of the API.
#[derive(Debug, Clone)]
pub struct Api {
    origin: String,
    client: Client,
}

/// What a read answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: StatusCode,
    /// Where the answer came from: `hit`, `miss` or `bypass`.
    pub cache: Option<String>,
    /// The version of what was read.
    pub etag: Option<String>,
    /// The body; `null` where there is none.
    pub body: Value,
}

impl Api {
    /// A client of the API at that origin.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(origin: impl Into<String>) -> anyhow::Result<Self> {
        let client = Client::builder().timeout(Duration::from_secs(20)).no_proxy().build()?;
        Ok(Self { origin: origin.into(), client })
    }

    /// `GET`, whatever it answers.
    ///
    /// # Errors
    /// When there is no answer, or its body is no JSON.
    pub async fn get(&self, path: &str, etag: Option<&str>) -> anyhow::Result<Answer> {
        let mut request = self.client.get(format!("{}{path}", self.origin));
        if let Some(etag) = etag {
            request = request.header("if-none-match", etag);
        }
        Self::answer(request).await.with_context(|| format!("GET {path}"))
    }

    /// `POST` with a JSON body, whatever it answers.
    ///
    /// # Errors
    /// When there is no answer, or its body is no JSON.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        let request = self.client.post(format!("{}{path}", self.origin)).json(body);
        Self::answer(request).await.with_context(|| format!("POST {path}"))
    }

    /// A task, if there is one.
    ///
    /// # Errors
    /// When the answer is neither the task nor 404.
    pub async fn task(&self, task_id: &str) -> anyhow::Result<Option<Value>> {
        let answer = self.get(&format!("/api/tasks/{task_id}"), None).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        ensure!(answer.status == StatusCode::OK, "{}: {}", answer.status, answer.body);
        Ok(Some(answer.body))
    }

    async fn answer(request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
        let response = request.send().await?;
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let (status, cache, etag) = (response.status(), header("x-cache"), header("etag"));
        let bytes = response.bytes().await?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes)
                .with_context(|| format!("{status}: no JSON: {}", String::from_utf8_lossy(&bytes)))?
        };
        Ok(Answer { status, cache, etag, body })
    }
}
