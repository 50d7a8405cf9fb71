//! `/api/tasks/{task_id}/logs`.

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use miyabi_shared::Timestamp;
use serde_json::{Value, json};

use crate::api::Api;

const GROUP: &str = "/miyabi/cdk-deploy";

/// Writes lines into the log of a task.
async fn write(api: &Api, stream: &str, lines: &[&str]) {
    let client = Client::new(&api.cloud.aws);
    // It is there already after the first time.
    let _ = client.create_log_stream().log_group_name(GROUP).log_stream_name(stream).send().await;
    let now = Timestamp::now().as_millis();
    let events = lines
        .iter()
        .map(|line| InputLogEvent::builder().timestamp(now).message(*line).build().unwrap())
        .collect();
    let request = client.put_log_events().log_group_name(GROUP).log_stream_name(stream);
    request.set_log_events(Some(events)).send().await.unwrap();
}

fn messages(page: &Value) -> Vec<&str> {
    page["events"].as_array().unwrap().iter().map(|event| event["message"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_log_is_followed_by_its_cursor_and_our_own_lines_are_left_out() {
    let api = Api::start().await;
    api.create("logs-1").await;
    let empty = api.get("/api/tasks/logs-1/logs").await.ok(200);
    assert_eq!(messages(&empty), [""; 0], "nothing was printed yet");

    let lines = [
        "##miyabi[run attempt=1 sequence=1 time=1795322123456 project=p type=cdk-deploy name=x]",
        "first",
        "##miyabi[progress attempt=1 sequence=2 time=1795322123456 current=1 total=3]",
        "second \u{1b}[32mgreen\u{1b}[0m",
    ];
    write(&api, "logs-1", &lines).await;
    // The cursor of the empty page leads to the first line.
    let cursor = empty["next_cursor"].as_str().unwrap();
    let page = api.get(&format!("/api/tasks/logs-1/logs?cursor={cursor}")).await.ok(200);
    assert_eq!(messages(&page), ["first", "second \u{1b}[32mgreen\u{1b}[0m"]);
    assert!(page["events"][0]["timestamp"].as_str().unwrap().ends_with('Z'));

    write(&api, "logs-1", &["third"]).await;
    let cursor = page["next_cursor"].as_str().unwrap();
    let page = api.get(&format!("/api/tasks/logs-1/logs?cursor={cursor}")).await.ok(200);
    assert_eq!(messages(&page), ["third"]);
}

#[tokio::test]
async fn a_log_can_be_read_from_its_end_and_backward() {
    let api = Api::start().await;
    api.create("logs-2").await;
    let lines: Vec<String> = (0..10).map(|index| format!("line {index}")).collect();
    write(&api, "logs-2", &lines.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let last = api.get("/api/tasks/logs-2/logs?from=end&limit=3").await.ok(200);
    assert_eq!(messages(&last), ["line 7", "line 8", "line 9"]);
    let cursor = last["previous_cursor"].as_str().unwrap();
    let before = api.get(&format!("/api/tasks/logs-2/logs?limit=3&cursor={cursor}")).await.ok(200);
    assert_eq!(messages(&before), ["line 4", "line 5", "line 6"]);
    let first = api.get("/api/tasks/logs-2/logs?limit=3").await.ok(200);
    assert_eq!(messages(&first), ["line 0", "line 1", "line 2"]);
}

#[tokio::test]
async fn a_stream_with_a_name_of_its_own_is_found_by_the_tasks_label() {
    let api = Api::start().await;
    let body = json!({
        "task_id": "logs-3", "project_id": "p", "task_type": "cdk-deploy", "name": "n",
        "labels": {"log_stream": "2026/11/22/[$LATEST]x"}
    });
    api.post("/api/tasks", &body).await.ok(201);
    write(&api, "2026/11/22/[$LATEST]x", &["hello"]).await;
    assert_eq!(messages(&api.get("/api/tasks/logs-3/logs").await.ok(200)), ["hello"]);
}

#[tokio::test]
async fn wrong_parameters_of_a_log_are_named() {
    let api = Api::start().await;
    api.create("logs-4").await;
    let answer = api.get("/api/tasks/logs-4/logs?limit=0&from=middle&cursor=x&follow=1").await;
    let mistakes = answer.problem(400, "invalid-request");
    assert_eq!(
        mistakes,
        [
            "limit: a whole number from 1 to 1000",
            "from: start or end",
            "cursor: the next_cursor or the previous_cursor of another page of the same log",
            "follow: is unknown: expected limit, from, cursor",
        ]
    );
}

#[tokio::test]
async fn people_who_watch_the_same_page_share_one_call() {
    let api = Api::start().await;
    api.create("logs-5").await;
    write(&api, "logs-5", &["one"]).await;
    let first = api.get("/api/tasks/logs-5/logs").await.ok(200);
    write(&api, "logs-5", &["two"]).await;
    // Within half a second the page is the one that was read before; the cursor loses nothing.
    let again = api.get("/api/tasks/logs-5/logs").await.ok(200);
    assert_eq!(first, again);
    let cursor = again["next_cursor"].as_str().unwrap();
    let more = api.get(&format!("/api/tasks/logs-5/logs?cursor={cursor}")).await.ok(200);
    assert_eq!(messages(&more), ["two"]);
}
