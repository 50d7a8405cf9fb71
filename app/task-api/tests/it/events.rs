//! `/api/tasks/{task_id}/events`.

use serde_json::{Value, json};

use crate::api::{Api, event};

#[tokio::test]
async fn events_move_a_task_and_those_that_come_again_change_nothing() {
    let api = Api::start().await;
    api.create("t1").await;
    let body = json!({"events": [
        event(3, &json!({"type": "progress", "current": 15, "total": 29, "phase": "deploy", "source": "cdk-text"})),
        event(1, &json!({"type": "started"})),
        event(2, &json!({"type": "progress", "current": 1, "total": 29})),
    ]});
    let first = api.post("/api/tasks/t1/events", &body).await.ok(200);
    assert_eq!((&first["applied"], &first["ignored"]), (&json!(3), &json!(0)));
    assert_eq!(first["task"]["status"], "running");
    assert_eq!(first["task"]["progress"]["percentage"], 52);
    assert_eq!(first["task"]["progress"]["phase"], "deploy");

    let again = api.post("/api/tasks/t1/events", &body).await.ok(200);
    assert_eq!((&again["applied"], &again["ignored"]), (&json!(0), &json!(3)));
    assert_eq!(again["task"], first["task"]);

    let end =
        json!({"events": [event(4, &json!({"type": "result", "status": "succeeded", "exit_code": 0}))]});
    let ended = api.post("/api/tasks/t1/events", &end).await.ok(200);
    assert_eq!(ended["task"]["status"], "succeeded");
    assert_eq!(
        (&ended["task"]["progress"]["percentage"], &ended["task"]["exit_code"]),
        (&json!(100), &json!(0))
    );
}

#[tokio::test]
async fn events_of_an_unknown_task_are_404() {
    let api = Api::start().await;
    let body = json!({"events": [event(1, &json!({"type": "started"}))]});
    api.post("/api/tasks/nothing/events", &body).await.problem(404, "unknown-task");
}

#[tokio::test]
async fn every_mistake_of_every_event_is_named_at_once() {
    let api = Api::start().await;
    api.create("t1").await;
    let body = json!({"events": [
        {"attempt": 0, "sequence": -1, "time": "yesterday", "type": "progress", "current": 30, "total": 29, "colour": 1},
        {"attempt": 1, "sequence": 1, "time": "2026-11-22T04:30:00Z", "type": "leap"},
        {"attempt": 1, "sequence": 2, "time": "2026-11-22T04:30:00Z", "type": "step", "step_id": "a b", "status": "done"},
        "started",
    ]});
    assert_eq!(
        api.post("/api/tasks/t1/events", &body).await.problem(400, "invalid-request"),
        [
            "events[0].attempt: a whole number from 1 to 4294967295",
            "events[0].sequence: a whole number from 1 to 9007199254740991",
            "events[0].time: a time after 1970 as RFC 3339, such as 2026-11-22T04:30:00.250Z",
            "events[0].colour: is unknown: expected attempt, sequence, time, type, current, total, phase, message, source, source_reason",
            "events[0].current: at most total, which is 29",
            "events[1].type: one of started, heartbeat, progress, step, result",
            "events[2].step_id: 1 to 128 characters of A-Z a-z 0-9 . _ : -",
            "events[2].name: is missing: expected text of 1 to 256 characters",
            "events[2].kind: is missing: expected text of 1 to 256 characters",
            "events[2].status: one of queued, running, succeeded, failed, cancelled, skipped",
            "events[3]: a JSON object",
        ]
    );
}

/// An event, and whether it is taken.
#[tokio::test]
async fn each_field_of_an_event_keeps_its_rule() {
    let api = Api::start().await;
    api.create("t1").await;
    let step = |field: &str, value: Value| {
        let mut step = json!({"type": "step", "step_id": "s", "name": "n", "kind": "k", "status": "running"});
        step[field] = value;
        step
    };
    let table = [
        (json!({"type": "progress"}), None),
        (json!({"type": "progress", "current": null, "total": null, "phase": null}), None),
        (json!({"type": "progress", "current": 0, "total": 0}), None),
        (json!({"type": "progress", "current": 9_007_199_254_740_991_u64}), None),
        (json!({"type": "progress", "current": 9_007_199_254_740_992_u64}), Some("current")),
        (json!({"type": "progress", "current": u64::MAX}), Some("current")),
        (json!({"type": "progress", "current": -1}), Some("current")),
        (json!({"type": "progress", "current": 1.5}), Some("current")),
        (json!({"type": "progress", "current": "15"}), Some("current")),
        (json!({"type": "progress", "total": -29}), Some("total")),
        (json!({"type": "progress", "message": "m".repeat(1024)}), None),
        (json!({"type": "progress", "message": "m".repeat(1025)}), Some("message")),
        (json!({"type": "progress", "phase": 1}), Some("phase")),
        (json!({"type": "started", "current": 1}), Some("current")),
        (step("name", json!("")), Some("name")),
        (step("name", json!("n".repeat(257))), Some("name")),
        (step("parent_id", json!("a/b")), Some("parent_id")),
        (step("parent_id", json!("MiyabiWebUIStack")), None),
        (step("status", json!("skipped")), None),
        (json!({"type": "result", "status": "stalled"}), Some("status")),
        (json!({"type": "result", "status": "failed", "exit_code": 2_147_483_648_u64}), Some("exit_code")),
        (json!({"type": "result", "status": "failed", "exit_code": null, "message": null}), None),
    ];
    for (index, (body, wrong)) in table.into_iter().enumerate() {
        let answer =
            api.post("/api/tasks/t1/events", &json!({"events": [event(index as u64 + 1, &body)]})).await;
        match wrong {
            None => {
                answer.ok(200);
            }
            Some(field) => {
                let mistakes = answer.problem(400, "invalid-request");
                let place = format!("events[0].{field}: ");
                assert!(mistakes.len() == 1 && mistakes[0].starts_with(&place), "{body}: {mistakes:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_call_takes_one_to_a_hundred_events() {
    let api = Api::start().await;
    api.create("t1").await;
    let events = |count: u64| -> Value {
        (1..=count)
            .map(|sequence| event(sequence, &json!({"type": "progress", "current": sequence})))
            .collect()
    };
    assert_eq!(
        api.post("/api/tasks/t1/events", &json!({"events": events(100)})).await.ok(200)["applied"],
        100
    );
    for wrong in [events(0), events(101), json!({}), json!(null)] {
        let mistakes =
            api.post("/api/tasks/t1/events", &json!({"events": wrong})).await.problem(400, "invalid-request");
        assert!(mistakes[0].contains("a list of 1 to 100 members"), "{mistakes:?}");
    }
}
