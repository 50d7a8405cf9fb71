//! `/api/tasks/{task_id}/history`.

use serde_json::json;

use crate::api::Api;

#[tokio::test]
async fn a_history_is_oldest_first_and_comes_in_pages() {
    let api = Api::start().await;
    api.create("t1").await;
    for sequence in 1..=10_u64 {
        let body = json!({"events": [{
            "attempt": 1, "sequence": sequence, "time": format!("2026-11-22T04:30:{sequence:02}Z"),
            "type": "progress", "current": sequence, "total": 20,
        }]});
        api.post("/api/tasks/t1/events", &body).await.ok(200);
    }
    let whole = api.get("/api/tasks/t1/history").await.ok(200);
    let percentages = |points: &[serde_json::Value]| -> Vec<u64> {
        points.iter().filter_map(|point| point["percentage"].as_u64()).collect()
    };
    let points = whole["points"].as_array().unwrap().clone();
    assert_eq!(percentages(&points), [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
    for field in ["time", "attempt", "status", "current", "total", "percentage", "phase"] {
        assert!(points[0].get(field).is_some(), "{field}");
    }

    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = api.get(&format!("/api/tasks/t1/history?limit=3{cursor}")).await.ok(200);
        let points = page["points"].as_array().unwrap();
        assert!(points.len() <= 3);
        paged.extend(points.clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(paged, points);
}

#[tokio::test]
async fn wrong_parameters_of_a_history_are_named() {
    let api = Api::start().await;
    api.create("t1").await;
    let mistakes = api.get("/api/tasks/t1/history?limit=1001&from=end").await.problem(400, "invalid-request");
    assert_eq!(
        mistakes,
        ["limit: a whole number from 1 to 1000", "from: is unknown: expected limit, cursor"]
    );
    let mistakes = api.get("/api/tasks/t1/history?cursor=x").await.problem(400, "invalid-request");
    assert!(mistakes[0].starts_with("cursor: "), "{mistakes:?}");
}
