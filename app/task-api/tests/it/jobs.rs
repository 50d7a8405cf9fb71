//! Tasks with something to run, and the queues that they wait in.

use axum::http::StatusCode;
use axum::http::header::LOCATION;
use miyabi_shared::job::JobMessage;
use serde_json::{Value, json};

use crate::api::Api;

fn job(task_id: &str, run: Value) -> Value {
    json!({"task_id": task_id, "project_id": "web", "task_type": "command", "name": "a job", "run": run})
}

/// The messages of a queue; they stay hidden after that.
async fn messages(api: &Api, name: &str) -> Vec<(String, JobMessage)> {
    let client = aws_sdk_sqs::Client::new(&api.cloud.aws);
    let url = format!("{}{name}", api.queues.prefix);
    let answer = client.receive_message().queue_url(url).max_number_of_messages(10).send().await.unwrap();
    let bodies = answer.messages.unwrap_or_default().into_iter();
    bodies
        .map(|message| JobMessage::parse(&message.body.unwrap()).unwrap())
        .map(|(id, job)| (id.to_string(), job))
        .collect()
}

#[tokio::test]
async fn a_task_with_something_to_run_waits_in_the_queue_of_its_priority() {
    let api = Api::start().await;
    let run = json!({"command": ["echo", "hello"], "priority": "high", "retries": 2});
    let answer = api.post("/api/tasks", &job("j-1", run)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.body);
    assert_eq!(answer.headers[LOCATION], "/api/tasks/j-1");
    assert_eq!(answer.body["status"], "queued");
    let [(id, message)] = messages(&api, "standard-high").await.try_into().unwrap();
    assert_eq!((id.as_str(), message.attempt, message.run.retries), ("j-1", 1, 2));

    let found = api.get("/api/tasks/j-1/job").await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.body);
    assert_eq!(found.body["state"]["state"], "waiting");
    assert_eq!((&found.body["queue"], &found.body["listening"]), (&json!("standard-high"), &json!(false)));
    assert_eq!(found.body["size"]["reason"], "no label says how much there is to do");

    let queues = api.get("/api/queues").await.body;
    let high = &queues["queues"][0];
    assert_eq!(
        (&high["name"], &high["running"], &high["workers"]),
        (&json!("standard-high"), &json!(1), &json!(0))
    );
}

#[tokio::test]
async fn a_repeated_call_runs_nothing_twice_and_another_job_is_refused() {
    let api = Api::start().await;
    let body = job("j-1", json!({"command": ["true"]}));
    assert_eq!(api.post("/api/tasks", &body).await.status, StatusCode::ACCEPTED);
    assert_eq!(api.post("/api/tasks", &body).await.status, StatusCode::OK);
    assert_eq!(messages(&api, "standard-standard").await.len(), 1);
    let other = api.post("/api/tasks", &job("j-1", json!({"command": ["false"]}))).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert!(other.body["detail"].as_str().unwrap().contains("another run"), "{}", other.body);

    let mut nameless = body.clone();
    nameless.as_object_mut().unwrap().remove("task_id");
    let first = api.post_with("/api/tasks", ("Idempotency-Key", "k"), &nameless).await;
    let second = api.post_with("/api/tasks", ("Idempotency-Key", "k"), &nameless).await;
    assert_eq!((first.status, second.status), (StatusCode::ACCEPTED, StatusCode::OK));
    assert_eq!(first.body["task_id"], second.body["task_id"]);
}

#[tokio::test]
async fn every_mistake_of_a_job_is_named() {
    let api = Api::start().await;
    let run = json!({
        "command": "echo", "agent": {"prompt": ""}, "env": {"A": 1}, "size": "huge", "priority": 3, "timeout": 0,
        "retries": 99, "idempotency": "maybe", "shell": true
    });
    let answer = api.post("/api/tasks", &job("j-1", run)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let fields: Vec<_> = answer.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap())
        .collect();
    for field in
        ["shell", "command", "agent.prompt", "env", "size", "priority", "idempotency", "timeout", "retries"]
    {
        assert!(fields.contains(&format!("run.{field}").as_str()), "{field}: {fields:?}");
    }
    let both = json!({"command": ["a"], "agent": {"prompt": "b"}, "env": {"MIYABI_X": ""}});
    let answer = api.post("/api/tasks", &job("j-1", both)).await;
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 2, "{}", answer.body);
    let large = api.post("/api/tasks", &job("j-1", json!({"command": ["a"], "size": "xl"}))).await;
    assert!(large.body["detail"].as_str().unwrap().contains("at most standard"), "{}", large.body);
}

#[tokio::test]
async fn a_job_that_ended_is_put_into_its_queue_again() {
    let api = Api::start().await;
    api.post("/api/tasks", &job("j-1", json!({"command": ["true"], "priority": "low"}))).await;
    assert_eq!(messages(&api, "standard-low").await.len(), 1);
    assert_eq!(api.act("/api/tasks/j-1/retry").await.status, StatusCode::CONFLICT);
    assert_eq!(api.act("/api/tasks/j-1/cancel").await.status, StatusCode::OK);
    let again = api.act("/api/tasks/j-1/retry").await;
    assert_eq!((&again.body["status"], &again.body["attempt"]), (&json!("queued"), &json!(2)));
    let [(_, message)] = messages(&api, "standard-low").await.try_into().unwrap();
    assert_eq!(message.attempt, 2);
}

#[tokio::test]
async fn a_task_without_a_job_and_an_unknown_queue_are_told_apart_from_what_is_there() {
    let api = Api::start().await;
    api.create("plain").await;
    let none = api.get("/api/tasks/plain/job").await;
    assert_eq!((none.status, &none.body["type"]), (StatusCode::NOT_FOUND, &json!("/problems/no-job")));
    assert_eq!(api.get("/api/tasks/nobody/job").await.body["type"], "/problems/unknown-task");
    let unknown = api.post("/api/queues/heavy-high/redrive", &json!({})).await;
    assert_eq!(unknown.body["type"], "/problems/unknown-queue");
}

#[tokio::test]
async fn dead_letters_are_sent_again_as_many_as_were_asked_for() {
    let api = Api::start().await;
    let client = aws_sdk_sqs::Client::new(&api.cloud.aws);
    let url = format!("{}standard-low-dead-letters", api.queues.prefix);
    for number in 0..5 {
        client.send_message().queue_url(&url).message_body(format!("letter {number}")).send().await.unwrap();
    }
    let answer = api.post("/api/queues/standard-low/redrive", &json!({"limit": 3, "per_second": 100})).await;
    assert_eq!(answer.body, json!({"moved": 3, "more": true}));
    let queues = api.get("/api/queues").await.body;
    assert_eq!(
        (&queues["queues"][2]["waiting"], &queues["queues"][2]["dead_letters"]),
        (&json!(3), &json!(2))
    );
    let wrong = api.post("/api/queues/standard-low/redrive", &json!({"limit": 0, "per_second": 1000})).await;
    assert_eq!(wrong.body["errors"].as_array().unwrap().len(), 2);
}
