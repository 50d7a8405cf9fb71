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

#[cfg(test)]
mod tests {
    use super::*;

    /// Time is paused, and jumps ahead whenever nothing can happen.
    #[tokio::test(start_paused = true)]
    async fn an_engine_that_nobody_reaches_has_gone() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let engine = listener.local_addr().unwrap().to_string();
        drop(listener);
        tokio::time::timeout(Duration::from_secs(3600), wait_until_gone(&engine)).await.unwrap();
    }
}
