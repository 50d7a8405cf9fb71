//! The edge: a small local stand-in for the content delivery network in front of Miyabi.
//!
//! One origin for everything: `/api/…` goes to the REST API, `/ws` to the socket, every other path is a file of the
//! page's bucket.

mod api;
mod headers;
mod page;
mod socket;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use tokio::net::TcpListener;

use crate::deploy::Emulator;

/// What the edge stands in front of.
#[derive(Debug, Clone)]
pub struct Origins {
    /// The emulator's endpoint.
    pub endpoint: String,
    /// The identifier of the REST API.
    pub api_id: String,
    /// The name of the REST API's stage.
    pub api_stage: String,
    /// The name of the page's bucket.
    pub bucket: String,
    /// The socket, where the emulator has sockets.
    pub socket: Option<SocketOrigin>,
}

/// The socket that tells viewers what changes.
#[derive(Debug, Clone)]
pub struct SocketOrigin {
    /// Its identifier.
    pub id: String,
    /// The name of its stage.
    pub stage: String,
}

const CONNECT_LIMIT: Duration = Duration::from_secs(3);

/// Why the edge does not serve.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// The client of the emulator cannot be made.
    #[error("make the HTTP client")]
    Client(#[source] reqwest::Error),
    /// The server ended.
    #[error("serve on {0}")]
    Serve(SocketAddr, #[source] std::io::Error),
}

#[derive(Debug, Clone)]
struct Edge {
    api: api::Api,
    page: page::Page,
    socket: socket::Socket,
}

/// What says that this is the edge and which one, for whoever waits for it.
pub const IDENTITY_PATH: &str = "/.edge";

/// The edge as a service, for a server or a test.
///
/// # Errors
/// When the client of the emulator cannot be made.
pub fn router(origins: &Origins) -> Result<Router, EdgeError> {
    let edge = Edge {
        api: api::Api::new(origins).map_err(EdgeError::Client)?,
        page: page::Page::new(Emulator::new(&origins.endpoint), &origins.bucket),
        socket: socket::Socket::new(&origins.endpoint, origins.socket.as_ref()).map_err(EdgeError::Client)?,
    };
    Ok(Router::new()
        .route(IDENTITY_PATH, get(|| async { std::process::id().to_string() }))
        .route("/ws", get(socket))
        .route("/api", any(api))
        .route("/api/{*path}", any(api))
        .fallback(page)
        .layer(middleware::from_fn(guard))
        .with_state(edge))
}

/// Serves until `stop` is ready, and then finishes what was begun.
///
/// # Errors
/// When the server fails.
pub async fn serve(
    listener: TcpListener,
    origins: &Origins,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), EdgeError> {
    let router = router(origins)?;
    let address = listener.local_addr().unwrap_or_else(|_| SocketAddr::from(([127, 0, 0, 1], 0)));
    axum::serve(listener, router)
        .with_graceful_shutdown(stop)
        .await
        .map_err(|source| EdgeError::Serve(address, source))
}

async fn api(State(edge): State<Edge>, request: Request) -> Response {
    edge.api.forward(request).await
}

async fn socket(State(edge): State<Edge>, request: Request) -> Response {
    edge.socket.connect(request).await
}

async fn page(State(edge): State<Edge>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    edge.page.serve(&method, uri.path(), &headers).await
}

/// Answers only who asks for this machine, and adds the headers that every answer has.
///
/// A page elsewhere can point a name of its own at 127.0.0.1 and would then be of our origin; the name that it
/// was asked by gives it away.
async fn guard(request: Request, next: Next) -> Response {
    if !is_local(request.headers()) {
        let text = "This is a local server: open it as http://127.0.0.1 or http://localhost.\n";
        return (StatusCode::MISDIRECTED_REQUEST, text).into_response();
    }
    let mut response = next.run(request).await;
    headers::secure(response.headers_mut());
    response
}

fn is_local(headers: &HeaderMap) -> bool {
    headers.get(header::HOST).and_then(|value| value.to_str().ok()).is_some_and(is_local_name)
}

/// Whether `HOST` or `HOST:PORT` is this machine.
fn is_local_name(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, port)| {
        if port.chars().all(|letter| letter.is_ascii_digit()) { name } else { host }
    });
    matches!(name, "127.0.0.1" | "localhost" | "[::1]") || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_answered() {
        let local = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            is_local(&headers)
        };
        assert!(local("127.0.0.1:8780") && local("localhost") && local("[::1]:80") && local("a.localhost:1"));
        assert!(!local("evil.example:8780") && !local("127.0.0.1.evil.example") && !local(""));
        assert!(!is_local(&HeaderMap::new()));
    }
}
