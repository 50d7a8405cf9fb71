//! `/api/health` and `/api/openapi.json`.

use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn the_shallow_check_asks_nobody_and_the_deep_one_asks_everybody() {
    let api = Api::start().await;
    assert_eq!(api.get("/api/health").await.ok(200), json!({"status": "ok"}));
    assert_eq!(api.get("/api/health?deep=false").await.ok(200), json!({"status": "ok"}));
    let deep = api.get("/api/health?deep=true").await.ok(200);
    assert_eq!(deep, json!({"status": "ok", "table": "ok", "cache": "ok"}));
    let mistakes = api.get("/api/health?deep=yes").await.problem(400, "invalid-request");
    assert_eq!(mistakes, ["deep: true or false"]);
}

#[tokio::test]
async fn the_served_document_names_every_route() {
    let api = Api::start().await;
    let document = api.get("/api/openapi.json").await.ok(200);
    let mut paths: Vec<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    paths.sort();
    assert_eq!(
        paths,
        [
            "/api/cancellations",
            "/api/health",
            "/api/keys",
            "/api/keys/{key_id}",
            "/api/me",
            "/api/openapi.json",
            "/api/projects",
            "/api/queues",
            "/api/queues/{name}/redrive",
            "/api/tasks",
            "/api/tasks/{task_id}",
            "/api/tasks/{task_id}/badge.svg",
            "/api/tasks/{task_id}/cancel",
            "/api/tasks/{task_id}/events",
            "/api/tasks/{task_id}/history",
            "/api/tasks/{task_id}/job",
            "/api/tasks/{task_id}/logs",
            "/api/tasks/{task_id}/retry",
            "/api/tasks/{task_id}/share",
        ]
    );
    api.get("/api/openapi.json?x=1").await.problem(400, "invalid-request");
}
