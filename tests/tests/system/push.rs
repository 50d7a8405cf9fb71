//! Whoever watches is told what changes, over the socket.

use anyhow::ensure;
use aws_sdk_dynamodb as dynamodb;
use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_shared::table::connections;
use miyabi_shared::{Table, local};
use miyabi_tests::{Api, Viewer, wait_until};
use serde_json::{Value, json};

use crate::support::{SOON, cloud, run, task_id};

fn create(id: &str, project: &str) -> Value {
    json!({ "task_id": id, "project_id": project, "task_type": "build", "name": id })
}

fn event(attempt: u32, sequence: u64, body: Value) -> Value {
    let mut event = json!({ "attempt": attempt, "sequence": sequence, "time": "2026-11-22T04:00:00.000Z" });
    if let (Some(event), Value::Object(body)) = (event.as_object_mut(), body) {
        event.extend(body);
    }
    event
}

async fn send(api: &Api, id: &str, events: Vec<Value>) -> anyhow::Result<()> {
    let answer = api.post(&format!("/api/tasks/{id}/events"), &json!({ "events": events })).await?;
    ensure!(answer.status.is_success(), "{}: {}", answer.status, answer.body);
    Ok(())
}

/// How many viewers are known to follow a channel.
async fn followers(channel: &str) -> anyhow::Result<usize> {
    let config = dynamodb::Config::builder()
        .behavior_version_latest()
        .region(dynamodb::config::Region::new(local::REGION))
        .endpoint_url(cloud().await?.emulator().endpoint())
        .credentials_provider(dynamodb::config::Credentials::new("test", "test", None, None, "tests"))
        .build();
    let output = dynamodb::Client::from_conf(config)
        .query()
        .table_name(Table::Connections.declaration().name)
        .key_condition_expression("#channel = :channel")
        .expression_attribute_names("#channel", connections::CHANNEL)
        .expression_attribute_values(":channel", AttributeValue::S(channel.to_owned()))
        .send()
        .await?;
    Ok(output.items().len())
}

#[test]
fn what_changes_is_told_in_order_to_whoever_follows_it_and_to_nobody_else() {
    run(async {
        let cloud = cloud().await?;
        let (api, id) = (Api::new(cloud.api_url())?, task_id("told"));
        let project = task_id("project");
        let (mut close, mut list, mut other) = (
            Viewer::connect(&cloud.api_url()).await?,
            Viewer::connect(&cloud.api_url()).await?,
            Viewer::connect(&cloud.api_url()).await?,
        );
        close.follow(&format!("task:{id}")).await?;
        list.follow(&format!("project:{project}")).await?;
        other.follow("project:another").await?;

        ensure!(api.post("/api/tasks", &create(&id, &project)).await?.status == 201);
        send(&api, &id, vec![event(1, 1, json!({ "type": "started" }))]).await?;
        send(
            &api,
            &id,
            vec![event(
                1,
                2,
                json!({ "type": "step", "step_id": "a", "name": "A", "kind": "stack", "status": "running" }),
            )],
        )
        .await?;
        send(&api, &id, vec![event(1, 3, json!({ "type": "progress", "current": 15, "total": 29 }))]).await?;
        send(
            &api,
            &id,
            vec![event(1, 4, json!({ "type": "result", "status": "succeeded", "exit_code": 0 }))],
        )
        .await?;

        let mut version = 0;
        let mut steps = 0;
        loop {
            let (task, told) = close.next_of(&id).await?;
            steps += told.len();
            if let Some(task) = task {
                let next = task["version"].as_u64().unwrap_or(0);
                ensure!(next > version, "version {next} came after {version}");
                version = next;
                if task["status"] == "succeeded" {
                    ensure!(task == api.task(&id).await?.map(without_steps).unwrap_or_default(), "{task}");
                    break;
                }
            }
        }
        ensure!(steps > 0, "no step was told");
        // A list is told the task, and not its steps.
        while list.next_of(&id).await?.0.is_none_or(|task| task["status"] != "succeeded") {}
        // Whoever follows something else hears nothing of it: the next that it hears is the answer to its own question.
        other.send(r#"{"action": "ping"}"#).await?;
        ensure!(other.next().await? == json!({ "type": "pong" }));
        Ok(())
    });
}

fn without_steps(mut task: Value) -> Value {
    if let Some(task) = task.as_object_mut() {
        task.remove("steps");
    }
    task
}

#[test]
fn who_leaves_is_forgotten() {
    run(async {
        let cloud = cloud().await?;
        let channel = format!("task:{}", task_id("left"));
        let mut viewer = Viewer::connect(&cloud.api_url()).await?;
        viewer.follow(&channel).await?;
        viewer.follow("tasks").await?;
        ensure!(followers(&channel).await? == 1);
        viewer.leave().await?;
        wait_until("the viewer is forgotten", SOON, || async {
            match followers(&channel).await {
                Ok(0) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        })
        .await;
        Ok(())
    });
}

#[test]
fn a_message_that_is_none_is_answered_with_what_is_expected() {
    run(async {
        let mut viewer = Viewer::connect(&cloud().await?.api_url()).await?;
        for text in ["", "hello", "[]", r#"{"action": "subscribe", "channel": "everything"}"#] {
            viewer.send(text).await?;
            let answer = viewer.next().await?;
            ensure!(answer["type"] == "problem", "{answer}");
            let detail = answer["detail"].as_str().unwrap_or_default();
            ensure!(detail.contains("expected"), "{detail}");
        }
        viewer.follow("tasks").await
    });
}
