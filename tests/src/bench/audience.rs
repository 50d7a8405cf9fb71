//! Others who watch the list while something is measured.

use std::time::Duration;

use anyhow::ensure;
use futures::StreamExt;
use miyabi_local::cloud::Cloud;
use miyabi_shared::Timestamp;
use miyabi_tests::Viewer;
use serde_json::Value;
use tokio::task::JoinHandle;

/// So many connect at a time.
const AT_ONCE: usize = 20;
/// After the last message.
const QUIET: Duration = Duration::from_secs(10);

/// Viewers of the list of all tasks.
pub(super) struct Audience {
    viewers: Vec<JoinHandle<anyhow::Result<Seen>>>,
}

/// What one of them saw.
struct Seen {
    messages: usize,
    /// How old the news was when it came, in milliseconds, for each message.
    ages: Vec<f64>,
    last: Value,
}

impl Audience {
    /// Connects them.
    pub(super) async fn gather(cloud: &Cloud, count: usize) -> anyhow::Result<Self> {
        let url = cloud.api_url();
        let connected: Vec<_> = futures::stream::iter(0..count)
            .map(|_| async {
                let mut viewer = Viewer::connect(&url).await?;
                viewer.follow("tasks").await?;
                anyhow::Ok(viewer)
            })
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut viewers = Vec::with_capacity(count);
        for viewer in connected {
            viewers.push(tokio::spawn(watch(viewer?)));
        }
        Ok(Self { viewers })
    }

    /// Says what they saw, once nothing more comes.
    pub(super) async fn report(self) -> anyhow::Result<()> {
        let count = self.viewers.len();
        if count == 0 {
            return Ok(());
        }
        let (mut ages, mut messages, mut last) = (Vec::new(), Vec::new(), Vec::new());
        for viewer in self.viewers {
            let seen = viewer.await??;
            ages.extend(seen.ages);
            messages.push(seen.messages);
            last.push(seen.last);
        }
        ensure!(last.windows(2).all(|pair| pair[0] == pair[1]), "not all of them saw the same end");
        println!(
            "{count} viewers of the list: {:?} messages at most, all of them saw the end",
            messages.iter().max()
        );
        super::report(&format!("list, {count} viewers"), &ages, "no aim");
        Ok(())
    }
}

async fn watch(mut viewer: Viewer) -> anyhow::Result<Seen> {
    let mut seen = Seen { messages: 0, ages: Vec::new(), last: Value::Null };
    while let Ok(message) = tokio::time::timeout(QUIET, viewer.next()).await {
        let message = message?;
        let now = Timestamp::now();
        seen.messages += 1;
        if let Some(changed_at) = message["changed_at"].as_str() {
            seen.ages.push(now.since(changed_at.parse()?).as_secs_f64() * 1e3);
        }
        if let Some(task) = message["tasks"].as_array().and_then(|tasks| tasks.last()) {
            seen.last = task["version"].clone();
        }
    }
    Ok(seen)
}
