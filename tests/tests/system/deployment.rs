//! The main job: a real `cdk deploy` under `miyabi run`, watched live through the API and in a browser.

use anyhow::{Context, ensure};
use miyabi_tests::{Api, MiyabiRun, miyabi};
use serde_json::Value;

use crate::browser::Browser;
use crate::support::{cloud, run, summary, task_id, wait_for_task};

/// What `cdk deploy` counts to for the application that is deployed.
const RESOURCES: u64 = 44;

#[test]
fn a_real_deployment_is_watched_from_nothing_to_its_end() {
    run(async {
        let cloud = cloud().await?;
        let api = Api::new(cloud.api_url())?;
        let id = task_id("deployment");
        let browser = Browser::watch(&cloud.dashboard_url(), &id, "deployment").await?;

        let arguments = ["run", "--project", "shop", "--task-id", &id, "--"];
        let cdk = ["npx", "cdk", "deploy", "--require-approval", "never", "--progress", "events"];
        let (mut command, home) = miyabi(cloud, &[&arguments[..], &cdk[..]].concat())?;
        command
            .current_dir(miyabi_tests::deployment()?)
            .env("DEMO_STACK", format!("Shop{}", uuid::Uuid::now_v7().simple()))
            .env("CDK_OUTPUT", home.path().join("cdk.out"))
            .env_remove("CI");
        let running = MiyabiRun::start((command, home))?;

        let watching = watch(&api, &id);
        let (output, seen) = tokio::join!(running.end(), watching);
        let (output, seen) = (output?, seen?);
        let text = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{}: {text}", output.status);
        ensure!(
            String::from_utf8_lossy(&output.stdout).contains("arn:aws:cloudformation:"),
            "the command's own output is passed on: {:?}",
            output.stdout
        );
        ensure!(text.contains("44/44"), "{text}");
        let percentages: Vec<u64> =
            seen.iter().filter_map(|task| task["progress"]["percentage"].as_u64()).collect();
        ensure!(percentages.is_sorted(), "the percentage never falls: {percentages:?}");

        let task = api.task(&id).await?.context("the task")?;
        ensure!(task["status"] == "succeeded" && task["exit_code"] == 0, "{}", summary(&task));
        ensure!(task["progress"]["percentage"] == 100, "{}", summary(&task));
        ensure!(
            task["progress"]["current"] == RESOURCES && task["progress"]["total"] == RESOURCES,
            "{}",
            summary(&task)
        );
        ensure!(task["task_type"] == "cdk-deploy" && task["project_id"] == "shop", "{task}");
        ensure!(!task["started_at"].is_null() && !task["finished_at"].is_null(), "{task}");
        let steps = task["steps"].as_array().context("steps")?;
        ensure!(steps.len() as u64 >= RESOURCES, "{} steps", steps.len());
        for step in steps {
            ensure!(step["status"] == "succeeded", "{step}");
        }

        browser.sees_success().await?;
        lines_are_kept(&api, &id).await?;
        Ok(())
    });
}

/// Every state of the task that a consumer sees, until it has ended.
async fn watch(api: &Api, id: &str) -> anyhow::Result<Vec<Value>> {
    let mut seen: Vec<Value> = Vec::new();
    wait_for_task(api, id, "is known", |_| true).await?;
    loop {
        let version = seen.last().map_or(0, |task| task["version"].as_u64().unwrap_or(0));
        let task =
            wait_for_task(api, id, "changes", |task| task["version"].as_u64() != Some(version)).await?;
        let ended = task["status"] != "running" && task["status"] != "queued";
        seen.push(task);
        if ended {
            return Ok(seen);
        }
    }
}

/// What the command printed can be read in the task's log, without the lines that only programs need.
async fn lines_are_kept(api: &Api, id: &str) -> anyhow::Result<()> {
    let messages = miyabi_tests::wait_until("the whole log", crate::support::SOON, || async {
        let answer = api
            .get(&format!("/api/tasks/{id}/logs?limit=1000&from=start"), None)
            .await
            .map_err(|error| format!("{error:#}"))?;
        let messages: Vec<String> = answer.body["events"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|event| event["message"].as_str().map(str::to_owned))
            .collect();
        let complete = messages.iter().any(|line| line.contains("44/44"))
            && messages.iter().any(|line| line.contains("Total time"));
        if complete { Ok(messages) } else { Err(format!("{} lines", messages.len())) }
    })
    .await;
    ensure!(!messages.iter().any(|line| line.contains("##miyabi[")), "{messages:?}");
    Ok(())
}

#[test]
fn a_command_that_fails_keeps_its_exit_code_and_its_output() {
    run(async {
        let cloud = cloud().await?;
        let api = Api::new(cloud.api_url())?;
        let id = task_id("failing");
        let script = "echo out; echo err >&2; echo 3/10 files; exit 7";
        let arguments = ["run", "--quiet", "--task-id", &id, "--", "sh", "-c", script];
        let output = MiyabiRun::start(miyabi(cloud, &arguments)?)?.end().await?;
        ensure!(output.status.code() == Some(7), "{}", output.status);
        ensure!(output.stdout == b"out\n3/10 files\n", "{:?}", String::from_utf8_lossy(&output.stdout));
        ensure!(output.stderr == b"err\n", "{:?}", String::from_utf8_lossy(&output.stderr));
        let task = wait_for_task(&api, &id, "failed", |task| task["status"] == "failed").await?;
        ensure!(task["exit_code"] == 7 && task["progress"]["percentage"] == 30, "{}", summary(&task));
        Ok(())
    });
}
