//! What all routes have in common: problems for everything, limits, identifiers, metrics.

use axum::body::Body;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use serde_json::json;

use crate::api::{Api, new_task, request};

#[tokio::test]
async fn what_is_not_there_and_what_is_not_taken_are_problems_too() {
    let api = Api::start().await;
    for path in ["/", "/api", "/api/tasks/", "/api/tasks/t1/steps", "/tasks", "/api/Tasks"] {
        api.get(path).await.problem(404, "unknown-route");
    }
    for (method, path, allow) in [
        (Method::DELETE, "/api/tasks", "GET,HEAD,POST"),
        (Method::PUT, "/api/tasks/t1", "GET,HEAD"),
        (Method::GET, "/api/tasks/t1/events", "POST"),
        (Method::POST, "/api/projects", "GET,HEAD"),
        (Method::OPTIONS, "/api/health", "GET,HEAD"),
    ] {
        let answer = api.send(request(method, path).body(Body::empty()).unwrap()).await;
        answer.problem(405, "method-not-allowed");
        let mut allowed: Vec<_> = answer.header("allow").split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(","), allow, "{path}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_are_named_with_their_place() {
    let api = Api::start().await;
    for path in ["/api/tasks", "/api/tasks/t1/events"] {
        for (body, place) in [
            ("", "body"),
            ("{", "body"),
            ("{\"name\": nope}", "name"),
            ("{} x", "body"),
            ("{\"events\": [{\"current\": 1e999}]}", "events[0].current"),
            ("{\"events\": [{\"current\": NaN}]}", "events[0].current"),
        ] {
            let mistakes = api.post_text(path, body).await.problem(400, "invalid-request");
            assert!(mistakes[0].starts_with(&format!("{place}: is no JSON")), "{body}: {mistakes:?}");
        }
        for body in ["[]", "\"text\"", "null", "7"] {
            let mistakes = api.post_text(path, body).await.problem(400, "invalid-request");
            assert_eq!(mistakes, ["body: a JSON object"], "{body}");
        }
    }
}

#[tokio::test]
async fn a_body_must_be_declared_as_json() {
    let api = Api::start().await;
    for declared in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let mut builder = request(Method::POST, "/api/tasks");
        if let Some(declared) = declared {
            builder = builder.header(CONTENT_TYPE, declared);
        }
        let answer = api.send(builder.body(Body::from(new_task("t1").to_string())).unwrap()).await;
        answer.problem(415, "unsupported-media-type");
    }
}

#[tokio::test]
async fn a_body_may_have_256_kilobytes_and_not_a_byte_more() {
    let api = Api::start().await;
    let body = new_task("t1").to_string();
    let padded = |bytes: usize| format!("{body}{}", " ".repeat(bytes - body.len()));
    for path in ["/api/tasks", "/api/tasks/t1/events"] {
        api.post_text(path, padded(256 * 1024 + 1)).await.problem(413, "body-too-large");
    }
    api.post_text("/api/tasks", padded(256 * 1024)).await.ok(201);
}

#[tokio::test]
async fn every_request_has_an_identifier_and_is_measured_by_route_and_not_by_task() {
    let api = Api::start().await;
    let first = api.get("/api/tasks/t1").await;
    let second = api.get("/api/tasks/t2").await;
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    let lines = api.metrics.lines();
    assert_eq!(lines.len(), 2);
    for (line, answer) in lines.iter().zip([&first, &second]) {
        assert_eq!(line["Route"], "GET /api/tasks/{task_id}");
        assert_eq!(line["Status"], "4xx");
        assert_eq!(line["request_id"], answer.header("x-request-id"));
        assert!(line["Latency"].as_f64().unwrap() > 0.0);
        assert_eq!(
            line["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
            json!([["Function", "Route", "Status"]])
        );
    }
}

#[tokio::test]
async fn lambdas_own_identifier_of_a_call_is_the_requests() {
    use lambda_http::RequestExt as _;
    let api = Api::start().await;
    let mut context = lambda_http::Context::default();
    context.request_id = "c0ffee".to_owned();
    let request =
        request(Method::GET, "/api/nothing").body(Body::empty()).unwrap().with_lambda_context(context);
    let answer = api.send(request).await;
    answer.problem(404, "unknown-route");
    assert_eq!(answer.header("x-request-id"), "c0ffee");
}
