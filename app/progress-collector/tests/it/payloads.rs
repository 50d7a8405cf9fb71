//! What arrives broken, and what arrives as it should.

use miyabi_progress_collector::unpack;
use serde_json::{Value, json};

use crate::logs::{CDK, World, description, gzip, pack, wrap};

fn golden(name: &str) -> Value {
    let file = format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[tokio::test]
async fn the_example_of_the_services_documentation_is_read() {
    let world = World::start().await;
    assert_eq!(world.send(&golden("aws-sample.json")).await.lines, 2);
    let task = world.task("testLogStream").await.unwrap();
    assert_eq!((task.task_type.as_str(), task.status.as_str()), ("command", "running"));
}

#[tokio::test]
async fn a_whole_real_deployment_in_one_payload_ends_as_it_ended() {
    let world = World::start().await;
    let counts = world.send(&golden("cdk-deploy.json")).await;
    assert!(counts.lines > 90, "{counts:?}");
    let task = world.task("deploy-2026-11-22-1").await.unwrap();
    assert_eq!(task.progress.total, Some(44), "{task:?}");
    assert!(task.progress.percentage >= Some(97), "{task:?}");
    assert!(!world.steps("deploy-2026-11-22-1").await.is_empty());
}

#[tokio::test]
async fn a_control_message_is_taken_and_changes_nothing() {
    let world = World::start().await;
    let counts = world.send(&golden("control-message.json")).await;
    assert_eq!((counts.control_messages, counts.lines, counts.rejected_payloads), (1, 0, 0));
}

#[tokio::test]
async fn what_cannot_be_unpacked_is_counted_and_not_asked_for_again() {
    let world = World::start().await;
    let bad = [
        json!({}),
        json!(null),
        json!({"awslogs": {"data": 7}}),
        json!({"awslogs": {"data": ""}}),
        json!({"awslogs": {"data": "%%%"}}),
        wrap(b"no gzip"),
        wrap(gzip(b"{").get(..5).unwrap()),
        pack(b"no JSON"),
        pack(b"{\"messageType\":\"DATA_MESSAGE\"}"),
        pack(b"[]"),
    ];
    let all = bad.len();
    for payload in bad {
        let counts = world.send(&payload).await;
        assert_eq!((counts.rejected_payloads, counts.lines), (1, 0), "{payload}");
    }
    assert_eq!(world.metric("RejectedPayloads"), all as f64);
}

#[tokio::test]
async fn what_comes_before_the_end_of_a_truncated_payload_is_used() {
    let world = World::start().await;
    // Lines that do not pack well, as real ones.
    let lines: Vec<Value> = (1..=200_u64)
        .map(|index| {
            let noise = index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let message = format!("Demo | {index:>3}/200 | 1:29:49 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q{noise:x}");
            json!({"id": format!("{noise:056}"), "timestamp": 1_795_322_123_456_u64 + index, "message": message})
        })
        .collect();
    let json = description(CDK, "cut", &json!(lines));
    let packed = gzip(json.as_bytes());
    let counts = world.send(&wrap(&packed[..packed.len() / 2])).await;
    assert_eq!(counts.truncated_payloads, 1);
    assert!(counts.lines > 20 && counts.lines < 180, "{counts:?}");
    let task = world.task("cut").await.unwrap();
    assert_eq!(task.progress.current, counts.lines);
    assert_eq!(world.metric("TruncatedPayloads"), 1.0);

    // The whole of it, delivered later, adds what was missing.
    assert_eq!(world.send(&wrap(&packed)).await.duplicate_lines, counts.lines);
    assert_eq!(world.task("cut").await.unwrap().progress.current, 200);
}

#[test]
fn what_unpacks_to_far_more_than_it_was_is_read_up_to_a_bound() {
    let start = |events: &str| {
        let description = description(CDK, "bomb", &json!([{"id": "1", "timestamp": 1, "message": "first"}]));
        format!("{},{events}", description.strip_suffix("]}").unwrap())
    };
    // By many lines without anything, each of which takes room: 60 MB of text, 50 kB packed.
    let lines = start(&"{},".repeat(20_000_000));
    // By one line without end: 300 MB.
    let long = start(&format!("{{\"message\":\"{}", "x".repeat(300_000_000)));
    for (bomb, most) in [(lines, 500_000), (long, 1)] {
        let packed = gzip(bomb.as_bytes());
        assert!(packed.len() * 100 < bomb.len(), "{} bytes", packed.len());
        drop(bomb);
        let batch = unpack(&wrap(&packed)).unwrap();
        assert!(batch.truncated);
        assert_eq!(batch.events.len(), most);
        assert_eq!(batch.events[0].message, b"first");
    }
}

#[tokio::test]
async fn lines_that_are_no_text_stop_nothing() {
    let world = World::start().await;
    let mut json = description(CDK, "odd", &json!([])).into_bytes();
    json.truncate(json.len() - 2);
    let megabyte = "x".repeat(1024 * 1024);
    for (index, message) in [
        b"Demo | 1/4 | 1:29:49 AM | CREATE_COMPLETE | AWS::SQS::Queue | A".as_slice(),
        b"\xff\xfe\x80 no UTF-8 \xc3",
        b"nul \\u0000 and half a pair \\ud83d and a tab \\t",
        megabyte.as_bytes(),
        b"Demo | 2/4 | 1:29:50 AM | CREATE_COMPLETE | AWS::SQS::Queue | B",
    ]
    .into_iter()
    .enumerate()
    {
        if index > 0 {
            json.push(b',');
        }
        json.extend(format!("{{\"id\":\"{index}\",\"timestamp\":179532212345{index},\"message\":\"").bytes());
        json.extend(message);
        json.extend(b"\"}");
    }
    json.extend(b"]}");
    let counts = world.send(&pack(&json)).await;
    assert_eq!((counts.lines, counts.truncated_payloads, counts.rejected_payloads), (5, 0, 0));
    let progress = world.task("odd").await.unwrap().progress;
    assert_eq!((progress.current, progress.total, progress.percentage), (2, Some(4), Some(50)));
}
