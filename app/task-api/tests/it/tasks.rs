//! `/api/tasks` and `/api/tasks/{task_id}`.

use axum::http::Method;
use serde_json::json;

use crate::api::{Api, event, new_task, request};

#[tokio::test]
async fn a_task_is_created_once_however_often_it_is_asked_for() {
    let api = Api::start().await;
    let first = api.post("/api/tasks", &new_task("t1")).await;
    assert_eq!(first.header("location"), "/api/tasks/t1");
    let task = first.ok(201);
    for (field, value) in [
        ("task_id", json!("t1")),
        ("project_id", json!("web-ui")),
        ("task_type", json!("cdk-deploy")),
        ("name", json!("npx cdk deploy")),
        ("status", json!("queued")),
        ("attempt", json!(1)),
        ("exit_code", json!(null)),
        ("labels", json!({"branch": "main"})),
        ("log_group", json!("/miyabi/cdk-deploy")),
        ("started_at", json!(null)),
        ("finished_at", json!(null)),
    ] {
        assert_eq!(task.get(field), Some(&value), "{field}");
    }
    let progress = json!({"current": 0, "total": null, "percentage": null, "phase": null, "message": null, "source": null, "source_reason": null});
    assert_eq!(task["progress"], progress);

    let again = api.post("/api/tasks", &new_task("t1")).await;
    assert_eq!(again.header("location"), "");
    assert_eq!(again.ok(200), task);

    let mut other = new_task("t1");
    other["name"] = json!("another");
    let conflict = api.post("/api/tasks", &other).await;
    conflict.problem(409, "task-exists");
    assert!(conflict.body["detail"].as_str().unwrap().contains("t1"));
}

#[tokio::test]
async fn a_task_without_an_identifier_gets_one() {
    let api = Api::start().await;
    let mut body = new_task("x");
    body.as_object_mut().unwrap().remove("task_id");
    let first = api.post("/api/tasks", &body).await;
    let location = first.header("location").to_owned();
    let task_id = first.ok(201)["task_id"].as_str().unwrap().to_owned();
    assert_eq!(location, format!("/api/tasks/{task_id}"));
    assert_ne!(api.post("/api/tasks", &body).await.ok(201)["task_id"], task_id.as_str());
    assert_eq!(api.get(&location).await.ok(200)["task_id"], task_id.as_str());
}

#[tokio::test]
async fn every_mistake_of_a_new_task_is_named_at_once() {
    let api = Api::start().await;
    let labels: serde_json::Map<_, _> = (0..33).map(|index| (format!("key{index}"), json!("v"))).collect();
    let body = json!({
        "task_id": "a b", "project_id": 7, "name": "n".repeat(257), "labels": labels, "colour": "red"
    });
    assert_eq!(
        api.post("/api/tasks", &body).await.problem(400, "invalid-request"),
        [
            "colour: is unknown: expected task_id, project_id, task_type, name, labels, run",
            "task_id: 1 to 128 characters of A-Z a-z 0-9 . _ : -",
            "project_id: 1 to 128 characters of A-Z a-z 0-9 . _ : -",
            "task_type: is missing: expected 1 to 128 characters of A-Z a-z 0-9 . _ : -",
            "name: text of 1 to 256 characters",
            "labels: at most 32 labels",
        ]
    );
}

/// One field of a good body replaced: whether it is taken.
#[tokio::test]
async fn each_field_of_a_new_task_keeps_its_rule() {
    let api = Api::start().await;
    let table = [
        ("task_id", json!("x".repeat(128)), true),
        ("task_id", json!("x".repeat(129)), false),
        ("task_id", json!(""), false),
        ("task_id", json!("a/b"), false),
        ("task_id", json!("é"), false),
        ("task_id", json!(null), true),
        ("project_id", json!(null), false),
        ("project_id", json!("a b"), false),
        ("task_type", json!("our-own.type_1"), true),
        ("task_type", json!([]), false),
        ("name", json!(""), false),
        ("name", json!("日".repeat(256)), true),
        ("name", json!("日".repeat(257)), false),
        ("name", json!(1), false),
        ("labels", json!({}), true),
        ("labels", json!([]), false),
        ("labels", json!({"a": 1}), false),
        ("labels", json!({"": "v"}), false),
        ("labels", json!({"k".repeat(129): "v"}), false),
        ("labels", json!({"k": "v".repeat(129)}), false),
        ("labels", json!({"k".repeat(128): "v".repeat(128)}), true),
    ];
    for (index, (field, value, good)) in table.into_iter().enumerate() {
        let mut body = new_task(&format!("t{index}"));
        body[field] = value.clone();
        let answer = api.post("/api/tasks", &body).await;
        if good {
            answer.ok(201);
        } else {
            let mistakes = answer.problem(400, "invalid-request");
            assert!(mistakes.len() == 1 && mistakes[0].starts_with(field), "{field} {value}: {mistakes:?}");
        }
    }
}

#[tokio::test]
async fn a_task_is_given_with_its_steps_and_only_while_it_is_new_to_the_caller() {
    let api = Api::start().await;
    api.create("t1").await;
    let first = api.get("/api/tasks/t1").await;
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let tag = first.tag();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    assert_eq!(first.ok(200)["steps"], json!([]));

    let unchanged = api.get_if_changed("/api/tasks/t1", &tag).await;
    assert_eq!(unchanged.tag(), tag);
    assert_eq!(unchanged.ok(304), json!(null));

    let step = |id: &str, time: &str| {
        json!({"attempt": 1, "sequence": if id == "b" { 2 } else { 3 }, "time": time, "type": "step",
               "step_id": id, "name": id, "kind": "stack", "status": "running"})
    };
    let events = [
        event(1, &json!({"type": "started"})),
        step("b", "2026-11-22T04:30:02Z"),
        step("a", "2026-11-22T04:30:03Z"),
    ];
    assert_eq!(api.post("/api/tasks/t1/events", &json!({"events": events})).await.ok(200)["applied"], 3);
    let changed = api.get_if_changed("/api/tasks/t1", &tag).await;
    assert_ne!(changed.tag(), tag);
    let task = changed.ok(200);
    assert_eq!(task["status"], "running");
    let steps: Vec<_> =
        task["steps"].as_array().unwrap().iter().map(|step| step["step_id"].clone()).collect();
    assert_eq!(steps, ["b", "a"], "by their start");
    assert_eq!(task["steps"][0]["parent_id"], json!(null));
}

#[tokio::test]
async fn an_unknown_task_is_404_and_an_identifier_that_cannot_be_is_400() {
    let api = Api::start().await;
    for path in ["/api/tasks/nothing", "/api/tasks/nothing/logs", "/api/tasks/nothing/history"] {
        api.get(path).await.problem(404, "unknown-task");
    }
    for path in ["/api/tasks/a%20b", "/api/tasks/%ff", "/api/tasks/a%00/logs", "/api/tasks/%C3%A9/history"] {
        let mistakes = api.get(path).await.problem(400, "invalid-request");
        assert_eq!(mistakes, ["task_id: 1 to 128 characters of A-Z a-z 0-9 . _ : -"], "{path}");
    }
    let mistakes = api.get("/api/tasks/t1?deep=true").await.problem(400, "invalid-request");
    assert_eq!(mistakes, ["deep: is unknown: there are no parameters here"]);
}

#[tokio::test]
async fn a_list_is_newest_first_filtered_and_comes_in_pages() {
    let api = Api::start().await;
    assert_eq!(api.get("/api/tasks").await.ok(200), json!({"tasks": [], "next_cursor": null}));
    for (task_id, project, task_type) in
        [("a", "p1", "build"), ("b", "p2", "build"), ("c", "p1", "test"), ("d", "p1", "build")]
    {
        let body =
            json!({"task_id": task_id, "project_id": project, "task_type": task_type, "name": task_id});
        api.post("/api/tasks", &body).await.ok(201);
    }
    let start = json!({"events": [event(1, &json!({"type": "started"}))]});
    api.post("/api/tasks/a/events", &start).await.ok(200);

    let list = async |query: &str| {
        let body = api.get(&format!("/api/tasks{query}")).await.ok(200);
        let ids: Vec<String> = body["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .map(|task| task["task_id"].as_str().unwrap().to_owned())
            .collect();
        (ids.concat(), body["next_cursor"].as_str().map(str::to_owned))
    };
    for (query, expected) in [
        ("", "dcba"),
        ("?project=p1", "dca"),
        ("?project=p1&type=build", "da"),
        ("?status=running", "a"),
        ("?status=queued&project=p1", "dc"),
        ("?type=test", "c"),
        ("?project=none", ""),
    ] {
        assert_eq!(list(query).await, (expected.to_owned(), None), "{query}");
    }
    let (mut ids, mut cursor) = list("?limit=3").await;
    while let Some(next) = cursor {
        let (more, following) = list(&format!("?limit=3&cursor={next}")).await;
        ids += &more;
        cursor = following;
    }
    assert_eq!(ids, "dcba");
}

#[tokio::test]
async fn a_list_that_did_not_change_costs_a_304_and_any_change_shows() {
    let api = Api::start().await;
    api.create("t1").await;
    let tag = api.get("/api/tasks").await.tag();
    assert_eq!(api.get_if_changed("/api/tasks", &tag).await.ok(304), json!(null));
    let progress = json!({"type": "progress", "current": 15, "total": 29});
    api.post("/api/tasks/t1/events", &json!({"events": [event(1, &progress)]})).await.ok(200);
    let changed = api.get_if_changed("/api/tasks", &tag).await;
    assert_ne!(changed.tag(), tag);
    assert_eq!(changed.ok(200)["tasks"][0]["progress"]["percentage"], 52);
}

#[tokio::test]
async fn every_wrong_parameter_of_a_list_is_named() {
    let api = Api::start().await;
    let answer = api.get("/api/tasks?project=a%20b&status=done&type=&limit=101&cursor=%20&sort=name").await;
    assert_eq!(
        answer.problem(400, "invalid-request"),
        [
            "project: 1 to 128 characters of A-Z a-z 0-9 . _ : -",
            "status: one of queued, running, succeeded, failed, cancelled",
            "type: 1 to 128 characters of A-Z a-z 0-9 . _ : -",
            "limit: a whole number from 1 to 100",
            "sort: is unknown: expected project, status, type, label, q, updated_since, limit, cursor",
        ]
    );
    for cursor in ["x", "%00", "eyJhIjoxfQ", "Zm9v"] {
        let mistakes = api.get(&format!("/api/tasks?cursor={cursor}")).await.problem(400, "invalid-request");
        assert!(mistakes[0].starts_with("cursor: the next_cursor of an earlier page"), "{mistakes:?}");
    }
}

#[tokio::test]
async fn a_read_says_where_its_answer_came_from() {
    let api = Api::start().await;
    api.create("t1").await;
    for path in ["/api/tasks", "/api/tasks/t1", "/api/projects"] {
        let source = api.get(path).await.header("x-cache").to_owned();
        assert!(["hit", "miss"].contains(&source.as_str()), "{path}: {source:?}");
        assert_eq!(api.get(path).await.header("x-cache"), "hit", "{path}");
    }
    let head = api.send(request(Method::HEAD, "/api/tasks").body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(head.status, 200);
    assert!(!head.tag().is_empty());
}
