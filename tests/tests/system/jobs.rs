//! Jobs that workers run: from the request to the end, with workers that are lost, messages that come twice, and a job that
//! takes every worker with it.

use std::time::Duration;

use anyhow::ensure;
use miyabi_tests::jobs::{Storm, WorkerProcess, job_of, post_job, shell_job};
use miyabi_tests::{Api, start_cloud, wait_until};
use serde_json::{Value, json};

use crate::support::{cloud, run, summary, task_id, wait_for_task};

/// What many jobs over a few workers may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(240);

/// Waits until the job's first attempt ended so.
async fn wait_for_end(api: &Api, id: &str, end: &str) -> Value {
    wait_until(&format!("job {id}: {end}"), LIMIT, || async {
        let job = job_of(api, id).await.map_err(|error| format!("{error:#}"))?;
        if job["attempts"][0]["end"] == end { Ok(job) } else { Err(job.to_string()) }
    })
    .await
}

#[test]
fn a_job_is_run_as_miyabi_run_would_and_sees_nothing_of_the_worker() {
    run(async {
        let cloud = cloud().await?;
        let api = Api::new(cloud.api_url())?;
        let worker = WorkerProcess::start(cloud, |_| {})?;
        let id = task_id("job");
        let script = "for i in 1 2 3; do echo \"$i/3 files\"; done; env; pwd; exit 7";
        let job = json!({"command": ["sh", "-c", script], "env": {"GREETING": "hello"}});
        post_job(&api, &id, "jobs", job).await?;
        let task = wait_for_task(&api, &id, "failed", |task| task["status"] == "failed").await?;
        ensure!(task["exit_code"] == 7 && task["progress"]["current"] == 3, "{task}");
        let lines = wait_until("its output", LIMIT, || async {
            let logs = api.get(&format!("/api/tasks/{id}/logs"), None).await;
            let text = logs.map_err(|error| format!("{error:#}"))?.body.to_string();
            if text.contains("GREETING=hello") && text.contains("/work") { Ok(text) } else { Err(text) }
        })
        .await;
        ensure!(!lines.contains("s3cret") && !lines.contains("AWS_"), "{lines}");
        let queues = api.get("/api/queues", None).await?.body;
        ensure!(queues["queues"][0]["workers"] == 1, "{queues}");
        let job = wait_for_end(&api, &id, "failed").await;
        ensure!(job["attempts"][0]["run_milliseconds"].is_u64(), "{job}");

        // Cancelled while it runs.
        let id = task_id("cancelled");
        let script = "trap 'exit 3' TERM; echo at work; while :; do sleep 0.1; done";
        post_job(&api, &id, "jobs", shell_job(script)).await?;
        wait_for_task(&api, &id, "at work", |task| task["progress"]["message"] == "at work").await?;
        api.post(&format!("/api/tasks/{id}/cancel"), &Value::Null).await?;
        wait_for_end(&api, &id, "cancelled").await;

        // Ended when its time is over; then repeated, as it asks for.
        let id = task_id("late");
        let job = json!({"command": ["sleep", "600"], "timeout": 1, "retries": 1});
        post_job(&api, &id, "jobs", job).await?;
        let task = wait_for_task(&api, &id, "failed", |task| task["status"] == "failed").await?;
        ensure!(task["attempt"] == 2, "{}", summary(&task));
        ensure!(task["progress"]["message"].to_string().contains("longer than 1 s"), "{task}");

        // Told to stop, the worker gives its job back, and the next one begins it again.
        let id = task_id("handed-back");
        let script = "[ \"$MIYABI_ATTEMPT\" = 2 ] && exit 0; echo first; exec sleep 600";
        post_job(&api, &id, "jobs", shell_job(script)).await?;
        wait_for_task(&api, &id, "first", |task| task["progress"]["message"] == "first").await?;
        worker.stop(LIMIT).await?;
        let task = wait_for_task(&api, &id, "queued again", |task| task["status"] == "queued").await?;
        ensure!(task["attempt"] == 2, "{}", summary(&task));
        let _next = WorkerProcess::start(cloud, |_| {})?;
        wait_for_task(&api, &id, "succeeded", |task| task["status"] == "succeeded").await?;
        Ok(())
    });
}

#[test]
fn every_job_ends_once_whatever_happens_to_workers_and_messages() {
    run(async {
        let cloud = start_cloud().await?;
        let storm = Storm { jobs: 40, workers: 4, kills: 1, copies: 2, limit: LIMIT };
        let weathered = storm.weather(&cloud).await?;
        // Four at first, and one for each that the poison took; the one that is killed may be one of those.
        ensure!(weathered.started >= 4 + 3, "{weathered:?}");
        Ok(())
    });
}
