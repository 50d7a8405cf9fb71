//! Faults while a job runs: only correct answers, before, during and after.

use anyhow::{Context, ensure};
use miyabi_tests::{Api, MiyabiRun, miyabi, start_cloud, wait_until};
use reqwest::StatusCode;

use crate::support::{SOON, run, summary, task_id, wait_for_task};

#[test]
fn redis_is_killed_in_the_middle_and_every_answer_is_correct() {
    run(async {
        let mut cloud = start_cloud().await?;
        let api = Api::new(cloud.api_url())?;
        let id = task_id("redis");
        let go = tempfile::tempdir()?;
        // Counts one further for each file that the test makes: no clock is involved.
        let script = "for i in 1 2 3 4 5 6; do while [ ! -e \"$0/$i\" ]; do sleep 0.05; done; echo \"$i/6 files\"; done";
        let folder = go.path().to_str().context("a path of text")?;
        let arguments = ["run", "--quiet", "--task-id", &id, "--", "sh", "-c", script, folder];
        let running = MiyabiRun::start(miyabi(&cloud, &arguments)?)?;

        for count in 1..=6_u64 {
            match count {
                3 => cloud.kill_redis().await?,
                5 => cloud.restart_redis().await?,
                _ => {}
            }
            std::fs::write(go.path().join(count.to_string()), "")?;
            let task = wait_for_task(&api, &id, "counts on", |task| {
                task["progress"]["current"].as_u64() >= Some(count)
            })
            .await?;
            ensure!(task["progress"]["current"] == count, "{}", summary(&task));
            let list = api.get("/api/tasks?limit=5", None).await?;
            ensure!(list.status == StatusCode::OK, "{}: {}", list.status, list.body);
            let listed = &list.body["tasks"][0];
            ensure!(
                listed["task_id"] == id.as_str() && listed["version"].as_u64() >= task["version"].as_u64(),
                "with count {count} the list has {}",
                summary(listed)
            );
            if count == 3 || count == 4 {
                ensure!(list.cache.as_deref() == Some("bypass"), "{:?}", list.cache);
                let health = api.get("/api/health?deep=true", None).await?;
                ensure!(health.status == StatusCode::OK && health.body["cache"] == "down", "{}", health.body);
            }
        }
        let output = running.end().await?;
        ensure!(output.status.success(), "{}", output.status);
        let task = wait_for_task(&api, &id, "succeeded", |task| task["status"] == "succeeded").await?;
        ensure!(task["progress"]["percentage"] == 100, "{}", summary(&task));
        wait_until("the cache is used again", SOON, || async {
            let answer =
                api.get(&format!("/api/tasks/{id}"), None).await.map_err(|error| format!("{error:#}"))?;
            if answer.cache.as_deref() == Some("hit") { Ok(()) } else { Err(format!("{:?}", answer.cache)) }
        })
        .await;
        Ok(())
    });
}
