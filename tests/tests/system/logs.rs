//! Lines that anyone writes into a log group become a task, without our command.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use miyabi_shared::LogGroup;
use miyabi_tests::{Api, MiyabiRun, miyabi};

use crate::support::{cloud, run, summary, task_id, wait_for_task};

fn now() -> anyhow::Result<i64> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}

async fn write(client: &Client, stream: &str, lines: &[&str]) -> anyhow::Result<()> {
    write_at(client, stream, now()?, lines).await
}

/// Writes lines that all have the same time.
async fn write_at(client: &Client, stream: &str, time: i64, lines: &[&str]) -> anyhow::Result<()> {
    let events = lines
        .iter()
        .map(|line| InputLogEvent::builder().timestamp(time).message(*line).build())
        .collect::<Result<Vec<_>, _>>()?;
    let group = LogGroup::CdkDeploy.name();
    let created = client.create_log_stream().log_group_name(group).log_stream_name(stream).send().await;
    if let Err(error) = created {
        let error = error.into_service_error();
        ensure!(error.is_resource_already_exists_exception(), "{error:?}");
    }
    client
        .put_log_events()
        .log_group_name(group)
        .log_stream_name(stream)
        .set_log_events(Some(events))
        .send()
        .await?;
    Ok(())
}

#[test]
fn lines_of_a_deployment_written_by_anyone_become_a_task() {
    run(async {
        let cloud = cloud().await?;
        let (api, logs, id) = (Api::new(cloud.api_url())?, cloud.emulator().logs(), task_id("plain"));
        write(logs, &id, &[
            "MiyabiWebUIStack |  0/29 | 9:12:01 AM | CREATE_IN_PROGRESS   | AWS::CloudFormation::Stack | MiyabiWebUIStack",
            "MiyabiWebUIStack | 15/29 | 9:12:09 AM | CREATE_COMPLETE      | AWS::DynamoDB::Table | Tasks (Tasks0F3A)",
        ])
        .await?;
        let task = wait_for_task(&api, &id, "52 %", |task| task["progress"]["percentage"] == 52).await?;
        ensure!(task["status"] == "running" && task["task_type"] == "cdk-deploy", "{}", summary(&task));
        ensure!(task["progress"]["current"] == 15 && task["progress"]["total"] == 29, "{}", summary(&task));

        // The parser goes on where it left off: the next lines come in a call of their own.
        write(logs, &id, &[
            "MiyabiWebUIStack | 29/29 | 9:12:30 AM | CREATE_COMPLETE      | AWS::CloudFormation::Stack | MiyabiWebUIStack",
            " ✅  MiyabiWebUIStack",
        ])
        .await?;
        wait_for_task(&api, &id, "29 of 29", |task| task["progress"]["current"] == 29).await?;
        Ok(())
    });
}

#[test]
fn what_cannot_be_parsed_is_kept_as_log_and_the_task_goes_on() {
    run(async {
        let cloud = cloud().await?;
        let (api, logs, id) = (Api::new(cloud.api_url())?, cloud.emulator().logs(), task_id("odd"));
        let long = "x".repeat(900_000);
        write(logs, &id, &["\u{0}\u{0} NUL", "##miyabi[progress current=", &long]).await?;
        write(logs, &id, &["##miyabi[progress current=3 total=4 phase=copy]"]).await?;
        let task = wait_for_task(&api, &id, "75 %", |task| task["progress"]["percentage"] == 75).await?;
        ensure!(task["progress"]["phase"] == "copy", "{}", summary(&task));
        let kept = api.get(&format!("/api/tasks/{id}/logs?limit=100&from=start"), None).await?;
        let messages = kept.body["events"].as_array().map_or(0, Vec::len);
        ensure!(messages >= 2, "{messages} lines are kept: {}", kept.status);
        Ok(())
    });
}

#[test]
fn lines_of_one_millisecond_are_followed_without_a_gap_and_without_a_repetition() {
    run(async {
        let cloud = cloud().await?;
        let (api, logs, id) = (Api::new(cloud.api_url())?, cloud.emulator().logs(), task_id("same-time"));
        // More than a page of 1,000, in batches that come while somebody follows.
        let lines: Vec<String> = (0..3_500).map(|number| format!("line {number:04}")).collect();
        let time = now()?;
        let mut follower = None;
        for batch in lines.chunks(700) {
            let batch: Vec<&str> = batch.iter().map(String::as_str).collect();
            write_at(logs, &id, time, &batch).await?;
            if follower.is_none() {
                wait_for_task(&api, &id, "its log is known", |task| task["log_group"].is_string()).await?;
                follower = Some(MiyabiRun::start(miyabi(cloud, &["logs", &id, "--follow"])?)?);
            }
        }
        write_at(logs, &id, time, &["##miyabi[result status=succeeded]"]).await?;
        let output = follower.context("there was a batch")?.end().await?;
        ensure!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
        let printed = String::from_utf8_lossy(&output.stdout);
        let printed: Vec<&str> = printed.lines().collect();
        let first = printed.iter().zip(&lines).position(|(printed, line)| printed != line);
        ensure!(
            first.is_none() && printed.len() == lines.len(),
            "{} lines, {first:?} is another",
            printed.len()
        );
        Ok(())
    });
}
