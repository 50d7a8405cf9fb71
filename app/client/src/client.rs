//! Requests and answers, whatever they are about.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use miyabi_shared::problem::ProblemDetails;
use reqwest::header::{ETAG, IF_NONE_MATCH, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answers::Answer;
use crate::credential::{CredentialSource, Secret};
use crate::error::ClientError;
use crate::query::encode;
use crate::retry::{Backoff, Retries};

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a whole request may take: longer than the API's own limit for one.
const REQUEST: Duration = Duration::from_secs(15);

/// A client of one API. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    secret: Option<Arc<dyn CredentialSource>>,
    retries: Retries,
}

/// Whether a call may be sent again when nobody knows what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    Harmless,
    Never,
}

impl Client {
    /// A client of the API at `url`, an origin to which `/api/…` is added. It shows nothing.
    ///
    /// # Errors
    /// When that is no address, or no HTTP client can be made.
    pub fn new(url: &str) -> Result<Self, ClientError> {
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
            // The API leads nowhere else; what is shown to it is for nobody else.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("miyabi/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|source| ClientError::Unreachable { url: url.clone(), source })?;
        Ok(Self { http, url, secret: None, retries: Retries::default() })
    }

    /// Shows a key or a token.
    #[must_use]
    pub fn with_secret(self, secret: Secret) -> Self {
        self.with_source(Arc::new(secret))
    }

    /// Shows what `source` gives at each call.
    #[must_use]
    pub fn with_source(self, source: Arc<dyn CredentialSource>) -> Self {
        Self { secret: Some(source), ..self }
    }

    /// Repeats calls so often.
    #[must_use]
    pub fn with_retries(self, retries: Retries) -> Self {
        Self { retries, ..self }
    }

    /// The API's address, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/{path}", self.url))
    }

    /// Sends a request until its answer is no refusal that passes in a moment.
    pub(crate) async fn send(
        &self,
        request: RequestBuilder,
        repeat: Repeat,
    ) -> Result<Response, ClientError> {
        let attempts = if repeat == Repeat::Harmless { self.retries.attempts } else { 1 };
        let mut backoff = Backoff::new(self.retries.first, self.retries.longest);
        let mut secret = self.secret(None).await?;
        let mut renewed = false;
        let mut attempt = 1;
        loop {
            // Bodies are JSON in memory, so each can be sent again.
            let Some(copy) = request.try_clone() else { return self.attempt(request, secret.as_ref()).await };
            let error = match self.attempt(copy, secret.as_ref()).await {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            if error.status() == Some(StatusCode::UNAUTHORIZED) && !renewed {
                // Nothing was done, whatever was asked: with another credential it may be asked again.
                let Some(shown) = &secret else { return Err(error) };
                match self.secret(Some(shown)).await? {
                    Some(other) if other != *shown => secret = Some(other),
                    _ => return Err(error),
                }
                renewed = true;
                continue;
            }
            if attempt >= attempts || !error.is_momentary() {
                return Err(error);
            }
            attempt += 1;
            let wait = backoff.next();
            let wait = match error.retry_after() {
                Some(asked) if asked > self.retries.longest => return Err(error),
                Some(asked) => asked.max(wait),
                None => wait,
            };
            tokio::time::sleep(wait).await;
        }
    }

    async fn secret(&self, refused: Option<&Secret>) -> Result<Option<Secret>, ClientError> {
        match &self.secret {
            Some(source) => source.secret(refused).await.map_err(ClientError::Credential),
            None => Ok(None),
        }
    }

    async fn attempt(
        &self,
        request: RequestBuilder,
        secret: Option<&Secret>,
    ) -> Result<Response, ClientError> {
        let request = match secret {
            None => request,
            Some(_) if self.is_in_the_clear() => return Err(ClientError::InTheClear(self.url.clone())),
            Some(secret) => request.bearer_auth(secret.expose()),
        };
        let response = request.send().await.map_err(|source| ClientError::Unreachable {
            url: self.url.clone(),
            source: source.without_url(),
        })?;
        let status = response.status();
        if status.is_success() || status == StatusCode::NOT_MODIFIED {
            return Ok(response);
        }
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|text| wait_of(text, SystemTime::now()));
        let body = response.text().await.unwrap_or_default();
        let problem: Option<ProblemDetails> = serde_json::from_str(&body).ok();
        let detail = match &problem {
            Some(problem) => {
                let mut detail = problem.detail.clone();
                for error in &problem.errors {
                    detail.push_str(&format!("; {}: {}", error.field, error.rule));
                }
                detail
            }
            None => body.chars().take(200).collect(),
        };
        let problem = problem.map(Box::new);
        Err(ClientError::Refused { status, detail, problem, retry_after, shown: secret.is_some() })
    }

    fn is_in_the_clear(&self) -> bool {
        let is_this_machine = |url: &reqwest::Url| match url.host_str() {
            Some(host) => {
                let host = host.trim_start_matches('[').trim_end_matches(']');
                host == "localhost"
                    || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
            }
            None => false,
        };
        self.url.starts_with("http://")
            && !reqwest::Url::parse(&self.url).is_ok_and(|url| is_this_machine(&url))
    }

    pub(crate) async fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T, ClientError> {
        response
            .json()
            .await
            .map_err(|source| ClientError::Answer { url: self.url.clone(), source: source.without_url() })
    }

    /// Reads; nothing where `tag` still holds.
    pub(crate) async fn get<T: DeserializeOwned>(
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
        let response = self.send(request, Repeat::Harmless).await?;
        if response.status() == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Unchanged);
        }
        let tag = response.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned);
        Ok(Answer::New(self.read(response).await?, tag))
    }

    /// Reads what has no tag.
    pub(crate) async fn get_whole<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let response = self.send(self.request(Method::GET, path), Repeat::Harmless).await?;
        self.read(response).await
    }

    /// Sends a body, and reads the answer.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        repeat: Repeat,
    ) -> Result<T, ClientError> {
        let response = self.send(self.request(Method::POST, path).json(body), repeat).await?;
        self.read(response).await
    }
}

/// What `Retry-After` says: seconds, or a time.
fn wait_of(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    match text.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => Some(httpdate::parse_http_date(text).ok()?.duration_since(now).unwrap_or(Duration::ZERO)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_said_so() {
        for bad in ["", "localhost:8780", "ftp://x", "http://"] {
            assert!(matches!(Client::new(bad), Err(ClientError::Address(_))), "{bad}");
        }
        assert_eq!(Client::new("http://127.0.0.1:1/").unwrap().url(), "http://127.0.0.1:1");
    }

    #[test]
    fn only_what_others_can_hear_is_in_the_clear() {
        for (url, clear) in [
            ("http://127.0.0.1:8780", false),
            ("http://localhost", false),
            ("http://[::1]:80", false),
            ("https://miyabi.example.com", false),
            ("http://miyabi.example.com", true),
            ("http://127.0.0.1.example.com", true),
            ("http://10.0.0.1", true),
        ] {
            assert_eq!(Client::new(url).unwrap().is_in_the_clear(), clear, "{url}");
        }
    }

    #[test]
    fn a_wait_is_seconds_or_a_time() {
        let now = httpdate::parse_http_date("Sun, 22 Nov 2026 04:30:00 GMT").unwrap();
        assert_eq!(wait_of("7", now), Some(Duration::from_secs(7)));
        assert_eq!(wait_of("Sun, 22 Nov 2026 04:31:00 GMT", now), Some(Duration::from_secs(60)));
        assert_eq!(wait_of("Sun, 22 Nov 2026 04:29:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(wait_of("soon", now), None);
    }
}
