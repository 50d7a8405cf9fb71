//! `/api/projects`.

use serde_json::json;

use crate::api::{Api, event};

#[tokio::test]
async fn projects_count_their_tasks_by_status() {
    let api = Api::start().await;
    let empty = api.get("/api/projects").await;
    let tag = empty.tag();
    assert_eq!(empty.ok(200), json!({"projects": []}));
    assert_eq!(api.get_if_changed("/api/projects", &tag).await.ok(304), json!(null));

    api.create("t1").await;
    api.create("t2").await;
    let start = json!({"events": [event(1, &json!({"type": "started"}))]});
    api.post("/api/tasks/t1/events", &start).await.ok(200);
    let changed = api.get_if_changed("/api/projects", &tag).await;
    assert_ne!(changed.tag(), tag);
    let body = changed.ok(200);
    assert_eq!(body["projects"].as_array().unwrap().len(), 1);
    assert_eq!(body["projects"][0]["project_id"], "web-ui");
    assert_eq!(
        body["projects"][0]["counts"],
        json!({"queued": 1, "running": 1, "succeeded": 0, "failed": 0, "cancelled": 0})
    );
}

#[tokio::test]
async fn projects_take_no_parameters() {
    let api = Api::start().await;
    let mistakes = api.get("/api/projects?status=running").await.problem(400, "invalid-request");
    assert_eq!(mistakes, ["status: is unknown: there are no parameters here"]);
}
