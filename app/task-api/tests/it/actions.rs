//! Cancelling, retrying, finding, and calls that are made twice.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use miyabi_task_api::{AppState, router};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::api::{Api, event, new_task, request};
use crate::cloud::Cloud;

async fn report(api: &Api, task_id: &str, body: &Value, sequence: u64) -> Value {
    let events = json!({"events": [event(sequence, body)]});
    api.post(&format!("/api/tasks/{task_id}/events"), &events).await.ok(200)
}

#[tokio::test]
async fn a_cancelled_task_stays_cancelled_whatever_its_job_still_says() {
    let api = Api::start().await;
    api.create("t1").await;
    report(&api, "t1", &json!({"type": "progress", "current": 15, "total": 29}), 7).await;
    let task = api.act("/api/tasks/t1/cancel").await.ok(200);
    assert_eq!((&task["status"], &task["progress"]["percentage"]), (&json!("cancelled"), &json!(52)));
    let late = report(&api, "t1", &json!({"type": "result", "status": "succeeded"}), 30).await;
    assert_eq!((&late["applied"], &late["task"]["status"]), (&json!(0), &json!("cancelled")));
    assert_eq!(api.act("/api/tasks/t1/cancel").await.ok(200), task, "again changes nothing");
    assert_eq!(api.get("/api/tasks/t1").await.ok(200)["status"], "cancelled");
    let counts = api.get("/api/projects").await.ok(200)["projects"][0]["counts"].clone();
    assert_eq!((&counts["running"], &counts["cancelled"]), (&json!(0), &json!(1)));

    api.create("t2").await;
    report(&api, "t2", &json!({"type": "result", "status": "failed"}), 1).await;
    let refused = api.act("/api/tasks/t2/cancel").await;
    refused.problem(409, "task-ended");
    assert!(refused.body["detail"].as_str().unwrap().contains("failed"), "{}", refused.body);
    api.act("/api/tasks/nothing/cancel").await.problem(404, "unknown-task");
}

#[tokio::test]
async fn a_task_that_ended_is_queued_for_its_next_attempt() {
    let api = Api::start().await;
    api.create("t1").await;
    api.act("/api/tasks/t1/retry").await.problem(409, "task-not-ended");
    let end = json!({"type": "result", "status": "failed", "exit_code": 1});
    report(&api, "t1", &end, 5).await;
    let task = api.act("/api/tasks/t1/retry").await.ok(200);
    assert_eq!((&task["status"], &task["attempt"]), (&json!("queued"), &json!(2)));
    assert_eq!((&task["exit_code"], &task["finished_at"]), (&json!(null), &json!(null)));
    api.act("/api/tasks/t1/retry").await.problem(409, "task-not-ended");
    assert_eq!(report(&api, "t1", &end, 9).await["applied"], 0, "the first attempt is over");
    let mut first = event(1, &json!({"type": "started"}));
    first["attempt"] = json!(2);
    let answer = api.post("/api/tasks/t1/events", &json!({"events": [first]})).await.ok(200);
    assert_eq!(answer["task"]["status"], "running");
    let counts = api.get("/api/projects").await.ok(200)["projects"][0]["counts"].clone();
    assert_eq!(counts, json!({"queued": 0, "running": 1, "succeeded": 0, "failed": 0, "cancelled": 0}));
    let history = api.get("/api/tasks/t1/history").await.ok(200);
    let turns: Vec<_> = history["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| (point["attempt"].as_u64().unwrap(), point["status"].as_str().unwrap().to_owned()))
        .collect();
    for turn in [(1, "failed"), (2, "queued"), (2, "running")] {
        assert!(turns.contains(&(turn.0, turn.1.to_owned())), "{turns:?}");
    }
    api.act("/api/tasks/nothing/retry").await.problem(404, "unknown-task");
}

#[tokio::test]
async fn many_tasks_are_cancelled_by_what_they_have_in_common() {
    let api = Api::start().await;
    for (task_id, branch) in [("a", "main"), ("b", "feature"), ("c", "feature"), ("d", "feature")] {
        let mut body = new_task(task_id);
        body["labels"] = json!({"branch": branch});
        api.post("/api/tasks", &body).await.ok(201);
    }
    report(&api, "c", &json!({"type": "started"}), 1).await;
    report(&api, "d", &json!({"type": "result", "status": "succeeded"}), 1).await;
    let wanted = json!({"project_id": "web-ui", "label": "branch=feature"});
    let mut answer = api.post("/api/cancellations", &wanted).await.ok(200);
    answer["cancelled"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
    assert_eq!(answer, json!({"cancelled": ["b", "c"], "more": false}));
    let again = api.post("/api/cancellations", &wanted).await.ok(200);
    assert_eq!(again, json!({"cancelled": [], "more": false}));
    for (task_id, status) in [("a", "queued"), ("b", "cancelled"), ("c", "cancelled"), ("d", "succeeded")] {
        assert_eq!(api.get(&format!("/api/tasks/{task_id}")).await.ok(200)["status"], status, "{task_id}");
    }
    for (body, mistake) in [
        (json!({}), "body: one of project_id, status, task_type, label, q at least"),
        (json!({"status": "failed"}), "status: one of queued, running"),
        (json!({"label": ""}), "label: text of 1 to 257 characters"),
    ] {
        let mistakes = api.post("/api/cancellations", &body).await.problem(400, "invalid-request");
        assert_eq!(mistakes, [mistake]);
    }
}

#[tokio::test]
async fn tasks_are_found_by_label_text_and_time_page_by_page() {
    let api = Api::start().await;
    for (task_id, name, team) in [
        ("a1", "Deploy the page", "web"),
        ("a2", "test", "web"),
        ("a3", "deploy", "core"),
        ("a4", "x", "web"),
    ] {
        let mut body = new_task(task_id);
        body["name"] = json!(name);
        body["labels"] = json!({"team": team});
        api.post("/api/tasks", &body).await.ok(201);
    }
    let find = async |query: &str| {
        let body = api.get(&format!("/api/tasks?{query}")).await.ok(200);
        let tasks = body["tasks"].as_array().unwrap();
        let ids: Vec<_> = tasks.iter().map(|task| task["task_id"].as_str().unwrap()).collect();
        (ids.join(" "), body["next_cursor"].as_str().map(str::to_owned))
    };
    for (query, expected) in [
        ("label=team", "a4 a3 a2 a1"),
        ("label=team%3Dweb", "a4 a2 a1"),
        ("label=team%3Dweb&project=none", ""),
        ("label=nothing", ""),
        ("q=DEPLOY", "a3 a1"),
        ("q=core", "a3"),
        ("q=a2", "a2"),
        ("q=deploy&label=team%3Dweb&status=queued", "a1"),
        ("updated_since=2020-01-01T00:00:00Z", "a4 a3 a2 a1"),
        ("updated_since=2100-01-01T00:00:00Z", ""),
    ] {
        assert_eq!(find(query).await, (expected.to_owned(), None), "{query}");
    }
    let mut found = Vec::new();
    let (mut ids, mut cursor) = find("label=team%3Dweb&limit=1").await;
    loop {
        found.push(ids);
        let Some(next) = cursor else { break };
        (ids, cursor) = find(&format!("label=team%3Dweb&limit=1&cursor={next}")).await;
    }
    assert_eq!(found, ["a4", "a2", "a1"]);

    let first = api.get("/api/tasks?q=deploy&limit=1").await;
    let (tag, cursor) = (first.tag(), first.ok(200)["next_cursor"].as_str().unwrap().to_owned());
    assert_eq!(api.get_if_changed("/api/tasks?q=deploy&limit=1", &tag).await.ok(304), json!(null));
    report(&api, "a4", &json!({"type": "started"}), 1).await;
    api.get_if_changed("/api/tasks?q=deploy&limit=1", &tag).await.ok(200);
    let mistakes =
        api.get(&format!("/api/tasks?q=test&cursor={cursor}")).await.problem(400, "invalid-request");
    assert!(mistakes[0].starts_with("cursor:"), "{mistakes:?}");
    let mistakes = api.get("/api/tasks?q=&label=&updated_since=today").await.problem(400, "invalid-request");
    assert_eq!(mistakes.len(), 3, "{mistakes:?}");
}

#[tokio::test]
async fn a_call_with_a_key_counts_once() {
    let api = Api::start().await;
    let mut body = new_task("x");
    body.as_object_mut().unwrap().remove("task_id");
    let create =
        async |key: &str, body: &Value| api.post_with("/api/tasks", ("Idempotency-Key", key), body).await;
    let first = create("one", &body).await.ok(201);
    assert_eq!(create("one", &body).await.ok(200), first);
    assert_ne!(create("two", &body).await.ok(201)["task_id"], first["task_id"]);
    let mut other = body.clone();
    other["name"] = json!("another");
    create("one", &other).await.problem(409, "key-reused");
    assert_eq!(api.get("/api/tasks").await.ok(200)["tasks"].as_array().unwrap().len(), 2);

    let long = "k".repeat(256);
    for key in ["", " ", long.as_str()] {
        let mistakes = create(key, &body).await.problem(400, "invalid-request");
        assert_eq!(mistakes, ["Idempotency-Key: 1 to 255 visible ASCII characters, once"], "{key:?}");
    }
}

/// Many at once with one key: one task.
#[tokio::test]
async fn of_many_calls_with_one_key_one_creates() {
    let api = Api::start().await;
    let mut body = new_task("x");
    body.as_object_mut().unwrap().remove("task_id");
    let calls = (0..8).map(|_| api.post_with("/api/tasks", ("Idempotency-Key", "same"), &body));
    let answers = futures::future::join_all(calls).await;
    let mut ids: Vec<_> = answers.iter().map(|answer| answer.body["task_id"].as_str().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
}

#[tokio::test]
async fn who_finds_no_place_is_sent_away_at_once_and_told_when_to_come_back() {
    let cloud = Cloud::start().await;
    let mut api = Api::on(cloud);
    let state = api.state.clone();
    api.router = router(AppState { places: Arc::new(Semaphore::new(0)), ..state });
    for (method, path) in
        [(Method::GET, "/api/tasks"), (Method::GET, "/api/health"), (Method::POST, "/api/tasks")]
    {
        let answer = api.send(request(method, path).body(Body::empty()).unwrap()).await;
        answer.problem(503, "overloaded");
        assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
    }
}
