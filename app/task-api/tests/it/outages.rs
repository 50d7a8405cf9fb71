//! What is out: the cache costs nothing but time, the tables cost an honest 503.

use std::time::{Duration, Instant};

use miyabi_shared::config::CacheEndpoint;
use serde_json::json;

use crate::api::{Api, event, new_task};
use crate::cloud::{Cloud, aws_at};

#[tokio::test]
async fn without_its_cache_the_api_gives_the_same_answers() {
    let mut api = Api::start().await;
    api.create("t1").await;
    let before = api.get("/api/tasks").await;
    api.cloud.redis.kill().await.unwrap();

    let list = api.get("/api/tasks").await;
    assert_eq!(list.header("x-cache"), "bypass");
    assert_eq!(list.ok(200), before.body);
    let progress = json!({"events": [event(1, &json!({"type": "progress", "current": 15, "total": 29}))]});
    assert_eq!(api.post("/api/tasks/t1/events", &progress).await.ok(200)["applied"], 1);
    let task = api.get("/api/tasks/t1").await;
    assert_eq!(task.header("x-cache"), "bypass");
    let bypassed = api.metrics.lines().iter().filter(|line| line.get("CacheBypassed").is_some()).count();
    assert_eq!(bypassed, 2, "who watches the cache is told of each answer without it");
    assert_eq!(task.ok(200)["progress"]["percentage"], 52);
    api.post("/api/tasks", &new_task("t2")).await.ok(201);
    assert_eq!(api.get("/api/projects").await.ok(200)["projects"][0]["counts"]["queued"], 1);
    let health = api.get("/api/health?deep=true").await.ok(200);
    assert_eq!(health, json!({"status": "degraded", "table": "ok", "cache": "down"}));

    api.cloud.redis.restart().await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let answer = api.get("/api/tasks/t1").await;
        let source = answer.header("x-cache").to_owned();
        assert_eq!(answer.ok(200)["progress"]["percentage"], 52, "never an old state");
        if source == "hit" {
            break;
        }
        assert!(Instant::now() < deadline, "still {source} after the cache came back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn without_a_cache_by_configuration_everything_works() {
    let mut cloud = Cloud::start().await;
    cloud.store.cache = CacheEndpoint::None;
    let api = Api::on(cloud);
    api.create("t1").await;
    let first = api.get("/api/tasks").await;
    assert_eq!(first.header("x-cache"), "bypass");
    let tag = first.tag();
    assert_eq!(api.get_if_changed("/api/tasks", &tag).await.ok(304), json!(null));
    let health = api.get("/api/health?deep=true").await.ok(200);
    assert_eq!(health, json!({"status": "ok", "table": "ok", "cache": "none"}));
}

#[tokio::test]
async fn without_its_tables_the_api_says_try_again() {
    let mut cloud = Cloud::start().await;
    // Nothing listens on port 1.
    cloud.aws = aws_at("http://127.0.0.1:1").await;
    let api = Api::on(cloud);
    let events = json!({"events": [event(1, &json!({"type": "started"}))]});
    for answer in [
        api.get("/api/tasks/t1").await,
        api.get("/api/tasks?status=running").await,
        api.get("/api/projects").await,
        api.get("/api/tasks/t1/history").await,
        api.get("/api/tasks/t1/logs").await,
        api.post("/api/tasks", &new_task("t1")).await,
        api.post("/api/tasks/t1/events", &events).await,
    ] {
        answer.problem(503, "unavailable");
        assert!(answer.header("retry-after").parse::<u32>().is_ok());
        assert!(!answer.body.to_string().contains("127.0.0.1"), "{}", answer.body);
    }
    let health = api.get("/api/health?deep=true").await;
    assert_eq!(health.status, 503);
    assert_eq!(health.body["status"], "down");
    api.get("/api/health").await.ok(200);
}

#[tokio::test]
async fn a_table_that_is_missing_is_our_mistake_and_the_answer_does_not_say_more() {
    let mut cloud = Cloud::start().await;
    cloud.store.tasks_table = "no-such-table".to_owned();
    let api = Api::on(cloud);
    let answer = api.get("/api/tasks/t1").await;
    answer.problem(500, "internal");
    assert!(!answer.body.to_string().contains("table"), "{}", answer.body);
}
