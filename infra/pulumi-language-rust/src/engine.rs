//! The engine: the host lives as long as it does.

use std::time::Duration;

use tokio::net::TcpStream;

const INTERVAL: Duration = Duration::from_secs(10);
const LIMIT: Duration = Duration::from_secs(5);
const MISSES: u32 = 3;

/// Waits until nobody listens at the engine's address any more. One refused connection may be a busy moment, three
/// in a row are an engine that has gone without saying so.
pub async fn wait_until_gone(engine: &str) {
    let mut misses = 0;
    while misses < MISSES {
        tokio::time::sleep(INTERVAL).await;
        let connection = tokio::time::timeout(LIMIT, TcpStream::connect(engine)).await;
        misses = if matches!(connection, Ok(Ok(_))) { 0 } else { misses + 1 };
    }
}
