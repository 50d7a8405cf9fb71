//! Free ports, and the smallest questions that a server can answer.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::error::RigError;

const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// A port of loopback that nothing listens on. Another process may take it before the server does; then the
/// server ends, and the caller tries the next.
pub(crate) async fn free_port() -> Result<u16, RigError> {
    let listener =
        TcpListener::bind(("127.0.0.1", 0)).await.map_err(RigError::io("find a free port on 127.0.0.1"))?;
    Ok(listener.local_addr().map_err(RigError::io("find a free port on 127.0.0.1"))?.port())
}

/// What `port` answers to `request`, up to the end of the connection or the first `enough`.
pub(crate) async fn ask(port: u16, request: &str, enough: &str) -> Option<String> {
    tokio::time::timeout(ANSWER_LIMIT, async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
        stream.write_all(request.as_bytes()).await.ok()?;
        let mut answer = Vec::new();
        while stream.read_buf(&mut answer).await.ok()? > 0 {
            if String::from_utf8_lossy(&answer).contains(enough) {
                break;
            }
        }
        Some(String::from_utf8_lossy(&answer).into_owned())
    })
    .await
    .ok()
    .flatten()
}
