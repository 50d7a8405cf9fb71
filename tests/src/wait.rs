//! Waiting for a condition, with its last state in the failure. Nothing here sleeps for a result.

use std::future::Future;
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(50);

/// Calls `look` until it gives a value; what it says otherwise is the state that a failure shows.
///
/// # Panics
/// When `limit` has passed.
#[expect(clippy::panic, reason = "a condition that does not come true fails the test")]
pub async fn wait_until<T, F, Looking>(what: &str, limit: Duration, mut look: F) -> T
where
    F: FnMut() -> Looking,
    Looking: Future<Output = Result<T, String>>,
{
    let start = Instant::now();
    loop {
        let state = match look().await {
            Ok(value) => return value,
            Err(state) => state,
        };
        if start.elapsed() > limit {
            panic!("{what}: not within {limit:?}; last seen: {state}");
        }
        tokio::time::sleep(POLL).await;
    }
}
