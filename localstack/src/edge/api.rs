//! `/api/…`: passed on to the REST API in the emulator, as it is.

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use reqwest::Client;

use super::{CONNECT_LIMIT, Origins, headers};

/// API Gateway gives a function 29 s.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// The REST API behind the edge.
#[derive(Debug, Clone)]
pub(super) struct Api {
    client: Client,
    base: String,
}

impl Api {
    pub(super) fn new(origins: &Origins) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .no_proxy()
            .connect_timeout(CONNECT_LIMIT)
            .timeout(ANSWER_LIMIT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let Origins { endpoint, api_id, api_stage, .. } = origins;
        Ok(Self { client, base: format!("{endpoint}/_aws/execute-api/{api_id}/{api_stage}") })
    }

    /// Sends a request on, and its answer back; both bodies as they come.
    pub(super) async fn forward(&self, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut sent = parts.headers;
        headers::end_connection(&mut sent);
        if let Some(host) = sent.remove(header::HOST) {
            sent.insert("x-forwarded-host", host);
        }
        sent.insert("x-forwarded-proto", HeaderValue::from_static("http"));
        sent.insert("x-forwarded-for", HeaderValue::from_static("127.0.0.1"));
        let mut onward = self.client.request(parts.method, format!("{}{path}", self.base)).headers(sent);
        // A body that is announced as empty would otherwise be sent in chunks.
        if axum::body::HttpBody::size_hint(&body).exact() != Some(0) {
            onward = onward.body(reqwest::Body::wrap_stream(body.into_data_stream()));
        }
        match onward.send().await {
            Ok(answer) => respond(answer),
            Err(error) => unavailable(&error),
        }
    }
}

fn respond(answer: reqwest::Response) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    headers::end_connection(response.headers_mut());
    *response.body_mut() = Body::from_stream(answer.bytes_stream());
    response
}

fn unavailable(error: &reqwest::Error) -> Response {
    let (status, title) = if error.is_timeout() {
        (StatusCode::GATEWAY_TIMEOUT, "The API did not answer in time")
    } else {
        (StatusCode::BAD_GATEWAY, "The local cloud does not answer")
    };
    let problem = serde_json::json!({
        "type": "about:blank",
        "title": title,
        "status": status.as_u16(),
        "detail": "See `./just status`; `./just up` starts what is missing.",
    });
    let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, problem.to_string()).into_response()
}
