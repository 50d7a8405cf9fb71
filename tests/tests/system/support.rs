//! One Miyabi for all tests that leave it as it is, and what they look for.

use std::future::Future;
use std::sync::LazyLock;
use std::time::Duration;

use miyabi_local::cloud::Cloud;
use miyabi_tests::{Api, start_cloud, wait_until};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::sync::OnceCell;

/// How long what should happen at once may take on a busy machine.
pub(crate) const SOON: Duration = Duration::from_secs(30);

/// The tests' one runtime: the shared Miyabi lives in it, so it must outlive each test.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
});
static CLOUD: OnceCell<Cloud> = OnceCell::const_new();

/// Runs a test.
pub(crate) fn run(test: impl Future<Output = anyhow::Result<()>>) {
    if let Err(error) = RUNTIME.block_on(test) {
        panic!("{error:?}");
    }
}

/// The Miyabi that the tests share.
pub(crate) async fn cloud() -> anyhow::Result<&'static Cloud> {
    CLOUD.get_or_try_init(start_cloud).await
}

/// An identifier that no other test has.
pub(crate) fn task_id(name: &str) -> String {
    format!("{name}-{}", uuid::Uuid::now_v7())
}

/// Waits until the task is as wanted.
pub(crate) async fn wait_for_task(
    api: &Api,
    task_id: &str,
    what: &str,
    wanted: impl Fn(&Value) -> bool,
) -> anyhow::Result<Value> {
    let task = wait_until(&format!("task {task_id}: {what}"), SOON, || async {
        match api.task(task_id).await {
            Ok(Some(task)) if wanted(&task) => Ok(task),
            Ok(Some(task)) => Err(summary(&task)),
            Ok(None) => Err("no such task".to_owned()),
            Err(error) => Err(format!("{error:#}")),
        }
    })
    .await;
    Ok(task)
}

/// The part of a task that tests look at, for messages.
pub(crate) fn summary(task: &Value) -> String {
    format!("{} {} version {}", task["status"], task["progress"], task["version"])
}
