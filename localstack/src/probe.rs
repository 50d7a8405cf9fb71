//! Whether a server is there and is the right one.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// What `port` answers to `request`, up to the end of the connection or the first `enough`.
async fn ask(port: u16, request: &str, enough: &str) -> Option<String> {
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

/// Whether the redis-server on `port` answers and is process `id`: another may have been quicker to take the port.
pub async fn redis_answers(port: u16, id: u32) -> bool {
    let answer = ask(port, "INFO server\r\nQUIT\r\n", "executable:").await;
    answer.is_some_and(|answer| answer.contains(&format!("process_id:{id}\r\n")))
}

/// Empties the redis-server on `port`; says whether it did.
pub async fn empty_redis(port: u16) -> bool {
    ask(port, "FLUSHALL\r\nQUIT\r\n", "+OK\r\n+OK").await.is_some_and(|answer| answer.starts_with("+OK"))
}

/// Whether an emulator on `port` says that it is healthy.
pub async fn emulator_answers(port: u16) -> bool {
    let request = "GET /_localstack/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    ask(port, request, "\r\n\r\n").await.is_some_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// Whether the edge on `port` answers and is process `id`.
#[cfg(feature = "cloud")]
pub async fn edge_answers(port: u16, id: u32) -> bool {
    let path = crate::edge::IDENTITY_PATH;
    let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    // The connection is closed behind the answer, so nothing is cut off.
    let answer = ask(port, &request, "\u{0}").await;
    answer.is_some_and(|answer| answer.ends_with(&format!("\r\n\r\n{id}")))
}

/// Whether the API behind the edge on `port` knows of a worker that said since `begun` that it is there.
#[cfg(feature = "cloud")]
pub async fn worker_takes_jobs(port: u16, begun: miyabi_shared::Timestamp) -> bool {
    let request = "GET /api/queues HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
    let answer = ask(port, request, "\u{0}").await.unwrap_or_default();
    answer.split("\"seen_at\":\"").skip(1).any(|rest| {
        let time = rest.split('"').next().and_then(|text| text.parse::<miyabi_shared::Timestamp>().ok());
        time.is_some_and(|time| time >= begun)
    })
}
