//! `/ws`: a viewer's connection, passed on to the socket in the emulator byte by byte.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use reqwest::Client;

use super::is_local_name;

/// What makes up the handshake, and nothing else: cookies of this machine's other pages stay here.
const HANDSHAKE: [HeaderName; 5] = [
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::SEC_WEBSOCKET_EXTENSIONS,
    header::SEC_WEBSOCKET_PROTOCOL,
    header::USER_AGENT,
];

/// The socket behind the edge.
#[derive(Debug, Clone)]
pub(super) struct Socket {
    client: Client,
    /// Where it is; `None` where the emulator has no sockets.
    url: Option<String>,
}

impl Socket {
    pub(super) fn new(endpoint: &str, socket: Option<&super::SocketOrigin>) -> Result<Self, reqwest::Error> {
        // No limit on the whole: a connection stays for hours. One protocol: an upgrade is of HTTP/1.
        let client =
            Client::builder().no_proxy().http1_only().connect_timeout(super::CONNECT_LIMIT).build()?;
        let url = socket.map(|socket| format!("{endpoint}/_aws/execute-api/{}/{}", socket.id, socket.stage));
        Ok(Self { client, url })
    }

    /// Connects a viewer to the emulator.
    pub(super) async fn connect(&self, mut request: Request) -> Response {
        if !comes_from_here(request.headers()) {
            // A page elsewhere may open a socket to anywhere; its browser says where it is from.
            return (StatusCode::FORBIDDEN, "This socket is for pages of this machine.\n").into_response();
        }
        let Some(url) = &self.url else {
            return (StatusCode::NOT_FOUND, "There is no socket here: look again now and then.\n")
                .into_response();
        };
        let Some(viewer) = request.extensions_mut().remove::<OnUpgrade>() else {
            let upgrade = [(header::UPGRADE, "websocket")];
            return (StatusCode::UPGRADE_REQUIRED, upgrade, "This is a WebSocket.\n").into_response();
        };
        let mut headers = HeaderMap::new();
        for name in HANDSHAKE {
            if let Some(value) = request.headers().get(&name) {
                headers.insert(name, value.clone());
            }
        }
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        match self.client.get(url).headers(headers).send().await {
            Ok(answer) if answer.status() == StatusCode::SWITCHING_PROTOCOLS => join(viewer, answer),
            Ok(answer) => {
                let status = answer.status();
                (StatusCode::BAD_GATEWAY, format!("The local cloud refused the socket: {status}\n"))
                    .into_response()
            }
            Err(_) => (StatusCode::BAD_GATEWAY, "The local cloud does not answer: see `./just status`.\n")
                .into_response(),
        }
    }
}

/// Answers the viewer as the emulator did, and then carries bytes until one of them goes.
fn join(viewer: OnUpgrade, answer: reqwest::Response) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = answer.headers().clone();
    tokio::spawn(async move {
        // Whichever fails has gone, and then the other is let go too.
        let (Ok(viewer), Ok(mut emulator)) = (viewer.await, answer.upgrade().await) else { return };
        tokio::io::copy_bidirectional(&mut TokioIo::new(viewer), &mut emulator).await.ok();
    });
    response
}

/// Whether the page that opens the socket is of this machine; programs do not say where they are from.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    host.is_some_and(is_local_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_machine_may_open_a_socket() {
        let allowed = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
            comes_from_here(&headers)
        };
        assert!(comes_from_here(&HeaderMap::new()));
        assert!(allowed("http://127.0.0.1:8780") && allowed("http://localhost"));
        assert!(
            !allowed("https://evil.example") && !allowed("null") && !allowed("http://localhost.evil.example")
        );
    }
}
