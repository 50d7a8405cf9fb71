//! The small programs at the edge, run by a real JavaScript engine.

use std::process::Command;

use miyabi_infra::edge::{preflight_code, router_code, socket_code};
use miyabi_shared::Stage;
use miyabi_shared::page::is_a_place_in_the_page;
use serde_json::{Value as Json, json};

use crate::program::{recorded, text, told};

/// What the program makes of each event.
fn run(code: &str, events: &Json) -> Vec<Json> {
    let script = format!("{code}\nconsole.log(JSON.stringify({events}.map(handler)));");
    let output = Command::new("node").args(["-e", &script]).output().unwrap_or_else(|error| {
        panic!("node cannot be started: {error}; `./just test` finds or installs it")
    });
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_place_in_the_page_is_the_document_and_a_file_is_itself() {
    let paths = [
        "/",
        "/tasks/0199a7b2-1",
        "/tasks/build.v1:2",
        "/assets/gone-123",
        "/theme.js",
        "/favicon.svg",
        "/a.b/c",
    ];
    let events: Vec<_> = paths.iter().map(|path| json!({ "request": { "uri": path } })).collect();
    for (path, request) in paths.iter().zip(run(&router_code(), &events.into())) {
        let expected = if is_a_place_in_the_page(path) { "/index.html" } else { path };
        assert_eq!(request["uri"], expected, "{path}");
    }
}

#[tokio::test]
async fn the_socket_is_behind_the_page_s_name_and_is_asked_at_its_one_path() {
    let requests = run(
        &socket_code("live"),
        &json!([{ "request": { "uri": "/ws", "querystring": { "ticket": "t" } } }]),
    );
    assert_eq!(requests[0], json!({ "uri": "/live", "querystring": { "ticket": "t" } }));
    let recorder = told(Stage::Dev, &[("socket.enabled", "true")]).await;
    let graph = |key: &str| format!("{:?}", recorder.resource("edge").unwrap().inputs[key]);
    assert!(graph("orderedCacheBehaviors").contains("\"/ws\""));
    assert!(graph("orderedCacheBehaviors").contains("${Function.socket.arn}"));
    assert!(graph("origins").contains("${Api.socket.id}.execute-api."));
    let code = recorder.resources_of("aws:cloudfront/function:Function");
    let code = code.iter().find(|function| function.name == "socket").unwrap();
    assert_eq!(text(code, "code"), socket_code("live"));
    // Without a socket nothing is promised of one.
    assert!(!format!("{:?}", recorded(Stage::Dev).await.resource("edge").unwrap().inputs).contains("/ws"));
}

#[test]
fn another_origin_is_let_in_where_it_is_named_and_nothing_else_is_answered_here() {
    let event = |method: &str, headers: Json| json!({ "request": { "method": method, "uri": "/api/tasks", "headers": headers } });
    let asks = |origin: &str| {
        event(
            "OPTIONS",
            json!({ "origin": { "value": origin }, "access-control-request-method": { "value": "POST" } }),
        )
    };
    let events = json!([
        asks("https://tools.example.com"),
        asks("https://evil.example.com"),
        event("OPTIONS", json!({})),
        event("GET", json!({ "origin": { "value": "https://evil.example.com" } })),
    ]);
    let answers = run(&preflight_code(&["https://tools.example.com".to_owned()]), &events);
    assert_eq!(answers[0]["statusCode"], 204);
    assert_eq!(answers[0]["headers"]["access-control-allow-origin"]["value"], "https://tools.example.com");
    assert_eq!(answers[1]["statusCode"], 403);
    assert_eq!(answers[1]["headers"].get("access-control-allow-origin"), None);
    for passed_on in &answers[2..] {
        assert_eq!(passed_on["uri"], "/api/tasks");
    }
}
