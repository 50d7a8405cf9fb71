//! Two roads lead into a task. Each is enough; both together count nothing twice.

use anyhow::ensure;
use miyabi_shared::local;
use miyabi_tests::{Api, MiyabiRun, miyabi};

use crate::support::{cloud, run, summary, task_id, wait_for_task};

/// An address where nobody listens: port 9 of the loopback interface is the discard service, which no one runs.
const NOBODY: &str = "http://127.0.0.1:9";
const SCRIPT: &str = "for i in 1 2 3 4 5 6 7 8 9 10; do echo \"$i/10 files\"; done";

async fn ten_files(id: &str, gone: &str) -> anyhow::Result<Api> {
    let cloud = cloud().await?;
    let (mut command, home) =
        miyabi(cloud, &["run", "--project", "roads", "--task-id", id, "--", "sh", "-c", SCRIPT])?;
    if !gone.is_empty() {
        command.env(gone, NOBODY);
    }
    let output = MiyabiRun::start((command, home))?.end().await?;
    ensure!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    Api::new(cloud.api_url())
}

#[test]
fn the_log_alone_is_enough() {
    run(async {
        let id = task_id("log-road");
        let api = ten_files(&id, local::API_URL).await?;
        let task = wait_for_task(&api, &id, "succeeded", |task| task["status"] == "succeeded").await?;
        ensure!(task["progress"]["current"] == 10 && task["progress"]["total"] == 10, "{}", summary(&task));
        ensure!(task["project_id"] == "roads" && task["exit_code"] == 0, "{task}");
        Ok(())
    });
}

#[test]
fn the_api_alone_is_enough() {
    run(async {
        let id = task_id("direct-road");
        let api = ten_files(&id, local::AWS_ENDPOINT_URL).await?;
        let task = wait_for_task(&api, &id, "succeeded", |task| task["status"] == "succeeded").await?;
        ensure!(task["progress"]["current"] == 10 && task["progress"]["total"] == 10, "{}", summary(&task));
        Ok(())
    });
}

#[test]
fn both_roads_together_tell_one_story() {
    run(async {
        let id = task_id("both-roads");
        let api = ten_files(&id, "").await?;
        let task = wait_for_task(&api, &id, "succeeded", |task| task["status"] == "succeeded").await?;
        ensure!(task["attempt"] == 1 && task["progress"]["current"] == 10, "{}", summary(&task));
        let projects = api.get("/api/projects", None).await?.body;
        let counts = projects["projects"]
            .as_array()
            .into_iter()
            .flatten()
            .find(|project| project["project_id"] == "roads")
            .map(|project| project["counts"].clone());
        let counts = counts.ok_or_else(|| anyhow::anyhow!("no project roads: {projects}"))?;
        ensure!(counts["running"].as_i64() >= Some(0) && counts["failed"] == 0, "{counts}");
        Ok(())
    });
}
