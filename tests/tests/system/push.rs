//! Whoever watches is told what changes, over the socket.

use std::time::Duration;

use anyhow::ensure;
use aws_sdk_dynamodb as dynamodb;
use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_shared::table::{connections, tasks};
use miyabi_shared::{Table, Timestamp, local};
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

async fn dynamodb() -> anyhow::Result<dynamodb::Client> {
    let config = dynamodb::Config::builder()
        .behavior_version_latest()
        .region(dynamodb::config::Region::new(local::REGION))
        .endpoint_url(cloud().await?.emulator().endpoint())
        .credentials_provider(dynamodb::config::Credentials::new("test", "test", None, None, "tests"))
        .build();
    Ok(dynamodb::Client::from_conf(config))
}

/// How many viewers are known to follow a channel.
async fn followers(channel: &str) -> anyhow::Result<usize> {
    let output = dynamodb()
        .await?
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

/// Changes a task as a writer does that dies before it reaches the cache.
async fn change_behind_the_cache(id: &str, message: &str) -> anyhow::Result<()> {
    dynamodb()
        .await?
        .update_item()
        .table_name(Table::Tasks.declaration().name)
        .key(tasks::TASK_ID, AttributeValue::S(id.to_owned()))
        .key(tasks::TIMESTAMP, AttributeValue::N(tasks::CURRENT_STATE.to_string()))
        .update_expression("SET progress.message = :message ADD version :one")
        .expression_attribute_values(":message", AttributeValue::S(message.to_owned()))
        .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
        .send()
        .await?;
    Ok(())
}

/// Waits until a viewer is told of a task as wanted.
async fn told_of(viewer: &mut Viewer, id: &str, wanted: impl Fn(&Value) -> bool) -> anyhow::Result<Value> {
    loop {
        if let Some(task) = viewer.next_of(id).await?.0
            && wanted(&task)
        {
            return Ok(task);
        }
    }
}

#[test]
fn what_was_told_just_before_a_subscription_and_is_not_in_the_cache_yet_is_told_again() {
    run(async {
        let cloud = cloud().await?;
        let (api, id, project) = (Api::new(cloud.api_url())?, task_id("hole"), task_id("project"));
        let channels = [format!("task:{id}"), format!("project:{project}"), "tasks".to_owned()];
        ensure!(api.post("/api/tasks", &create(&id, &project)).await?.status == 201);
        send(&api, &id, vec![event(1, 1, json!({ "type": "started" }))]).await?;
        let mut first = Viewer::connect(&cloud.api_url()).await?;
        first.follow(&channels[0]).await?;
        change_behind_the_cache(&id, "not in the cache").await?;
        let is_told = |task: &Value| task["progress"]["message"] == "not in the cache";
        let told = told_of(&mut first, &id, is_told).await?;
        // That was the last time that it is told of: whoever comes now, comes too late for it.
        for channel in &channels {
            let mut late = Viewer::connect(&cloud.api_url()).await?;
            late.follow(channel).await?;
            ensure!(told_of(&mut late, &id, is_told).await? == told, "{channel}");
        }
        Ok(())
    });
}

#[test]
fn a_list_is_told_at_most_once_a_second_in_one_message_and_a_task_of_its_own_at_once() {
    run(async {
        let cloud = cloud().await?;
        let (api, id, project) = (Api::new(cloud.api_url())?, task_id("often"), task_id("project"));
        let mut close = Viewer::connect(&cloud.api_url()).await?;
        let mut list = Viewer::connect(&cloud.api_url()).await?;
        close.follow(&format!("task:{id}")).await?;
        list.follow(&format!("project:{project}")).await?;
        ensure!(api.post("/api/tasks", &create(&id, &project)).await?.status == 201);
        send(&api, &id, vec![event(1, 1, json!({ "type": "started" }))]).await?;
        for sequence in 2..60 {
            let body = json!({ "type": "progress", "current": sequence, "total": 60 });
            send(&api, &id, vec![event(1, sequence, body)]).await?;
        }
        let end = json!({ "type": "result", "status": "succeeded", "exit_code": 0 });
        send(&api, &id, vec![event(1, 60, end)]).await?;

        let (mut sent, mut of_list) = (Vec::new(), 0);
        loop {
            let message = list.next().await?;
            ensure!(message["type"] == "changes", "{message}");
            of_list += 1;
            sent.push(message["sent_at"].as_str().unwrap_or_default().parse::<Timestamp>()?);
            // Event time, for whoever measures how old the news is.
            ensure!(message["changed_at"] == message["tasks"][0]["updated_at"], "{message}");
            if message["tasks"][0]["status"] == "succeeded" {
                break;
            }
        }
        for pair in sent.windows(2) {
            let [before, after] = pair else { continue };
            ensure!(after.since(*before) >= Duration::from_secs(1), "{before}, then {after}");
        }
        let mut of_task = 0;
        loop {
            let told = close.next_of(&id).await?.0;
            of_task += usize::from(told.is_some());
            if told.is_some_and(|task| task["status"] == "succeeded") {
                break;
            }
        }
        ensure!(of_task > of_list, "{of_task} messages of the task itself, {of_list} of its list");
        Ok(())
    });
}

/// What a page knows of a task: it keeps the newest of what it is told and of what it reads.
#[derive(Default)]
struct Known {
    task: Value,
    steps: std::collections::BTreeMap<String, Value>,
}

impl Known {
    fn take(&mut self, task: Option<Value>, steps: Vec<Value>) {
        if let Some(task) = task
            && task["version"].as_u64() > self.task["version"].as_u64()
        {
            self.task = task;
        }
        for step in steps {
            let age = |step: &Value| (step["attempt"].as_u64(), step["sequence"].as_u64());
            let known = self.steps.get(step["step_id"].as_str().unwrap_or_default());
            if known.is_none_or(|known| age(known) < age(&step)) {
                self.steps.insert(step["step_id"].as_str().unwrap_or_default().to_owned(), step);
            }
        }
    }
}

#[test]
fn a_viewer_that_comes_and_goes_during_a_run_has_everything_once_at_its_end() {
    const STEPS: u64 = 40;
    run(async {
        let cloud = cloud().await?;
        let (api, id, project) = (Api::new(cloud.api_url())?, task_id("comes"), task_id("project"));
        let channel = format!("task:{id}");
        ensure!(api.post("/api/tasks", &create(&id, &project)).await?.status == 201);
        let (comes, mut came) = tokio::sync::mpsc::unbounded_channel::<()>();
        // It goes on by three steps whenever the viewer has come, so the viewer leaves in the middle of them.
        let job = async {
            send(&api, &id, vec![event(1, 1, json!({ "type": "started" }))]).await?;
            for number in 0..STEPS {
                if number % 3 == 0 {
                    came.recv().await;
                }
                let body = json!({ "type": "step", "step_id": format!("s-{number}"), "name": "S", "kind": "stack", "status": "succeeded" });
                send(&api, &id, vec![event(1, number + 2, body)]).await?;
            }
            let end = json!({ "type": "result", "status": "succeeded", "exit_code": 0 });
            send(&api, &id, vec![event(1, STEPS + 2, end)]).await
        };
        let watcher = async {
            let (mut known, mut connections) = (Known::default(), 0);
            while known.task["status"] != "succeeded" {
                let mut viewer = Viewer::connect(&cloud.api_url()).await?;
                connections += 1;
                viewer.follow(&channel).await?;
                let mut read = api.task(&id).await?.unwrap_or_default();
                let steps = read["steps"].take().as_array().cloned().unwrap_or_default();
                known.take(Some(read), steps.iter().map(step_of).collect());
                comes.send(())?;
                // What is there already, and one message more; then it is gone without a word.
                for _ in 0..2 {
                    if known.task["status"] == "succeeded" {
                        break;
                    }
                    let (task, steps) = viewer.next_of(&id).await?;
                    known.take(task, steps.iter().map(step_of).collect());
                }
            }
            // The last steps may still be on the way to whoever was told of the end first.
            let mut viewer = Viewer::connect(&cloud.api_url()).await?;
            viewer.follow(&channel).await?;
            let (task, steps) = viewer.next_of(&id).await?;
            known.take(task, steps.iter().map(step_of).collect());
            anyhow::Ok((known, connections))
        };
        let (sent, watched) = futures::future::join(job, watcher).await;
        sent?;
        let (known, connections) = watched?;
        ensure!(connections > 5, "it came only {connections} times");
        let end = api.task(&id).await?.unwrap_or_default();
        ensure!(
            known.task["sequence"] == STEPS + 2 && known.task["version"] == end["version"],
            "{}",
            known.task
        );
        let sequences: Vec<_> =
            (0..STEPS).map(|number| &known.steps[&format!("s-{number}")]["sequence"]).collect();
        ensure!(
            sequences
                == (0..STEPS).map(|number| json!(number + 2)).collect::<Vec<_>>().iter().collect::<Vec<_>>()
        );
        ensure!(known.steps.len() == usize::try_from(STEPS)?, "{} steps", known.steps.len());
        Ok(())
    });
}

/// A step, as it is read or as it is told.
fn step_of(step: &Value) -> Value {
    if step["step"].is_object() { step["step"].clone() } else { step.clone() }
}

#[test]
fn fifty_viewers_all_see_the_same_end() {
    run(async {
        let cloud = cloud().await?;
        let (api, id, project) = (Api::new(cloud.api_url())?, task_id("fifty"), task_id("project"));
        let channel = format!("project:{project}");
        let mut viewers = Vec::new();
        for _ in 0..50 {
            let mut viewer = Viewer::connect(&cloud.api_url()).await?;
            viewer.follow(&channel).await?;
            viewers.push(viewer);
        }
        ensure!(api.post("/api/tasks", &create(&id, &project)).await?.status == 201);
        send(&api, &id, vec![event(1, 1, json!({ "type": "started" }))]).await?;
        for sequence in 2..20 {
            let body = json!({ "type": "progress", "current": sequence, "total": 20 });
            send(&api, &id, vec![event(1, sequence, body)]).await?;
        }
        let end = json!({ "type": "result", "status": "failed", "exit_code": 1 });
        send(&api, &id, vec![event(1, 20, end)]).await?;
        let watched =
            viewers.iter_mut().map(|viewer| told_of(viewer, &id, |task| task["status"] == "failed"));
        let seen = futures::future::try_join_all(watched).await?;
        ensure!(seen.windows(2).all(|pair| pair[0] == pair[1]));
        Ok(())
    });
}

#[test]
fn a_connection_that_is_gone_without_a_word_is_forgotten_when_it_is_to_be_told() {
    run(async {
        let cloud = cloud().await?;
        let (api, id, project) = (Api::new(cloud.api_url())?, task_id("gone"), task_id("project"));
        let channel = format!("task:{id}");
        dynamodb()
            .await?
            .put_item()
            .table_name(Table::Connections.declaration().name)
            .item(connections::CHANNEL, AttributeValue::S(channel.clone()))
            .item(connections::CONNECTION_ID, AttributeValue::S("nobody=".to_owned()))
            .item(connections::EXPIRES_AT, AttributeValue::N("99999999999".to_owned()))
            .send()
            .await?;
        ensure!(followers(&channel).await? == 1);
        ensure!(api.post("/api/tasks", &create(&id, &project)).await?.status == 201);
        wait_until("the connection is forgotten", SOON, || async {
            match followers(&channel).await {
                Ok(0) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        })
        .await;
        Ok(())
    });
}
