//! The log of `miyabi run`.

use miyabi_progress::control_line::{self, ControlLine, Run};
use miyabi_shared::event::{EventBody, ProgressEvent, ResultEvent, ResultStatus, StepEvent};
use miyabi_shared::{ProjectId, StepId, StepStatus, TaskEvent, TaskStatus, TaskType, Timestamp};

use crate::logs::{CDK, MIDNIGHT, World, id, payload};

fn event(sequence: u64, body: EventBody) -> TaskEvent {
    let time = Timestamp::from_millis(MIDNIGHT + i64::try_from(sequence).unwrap() * 100);
    TaskEvent { attempt: 1, sequence, time, body }
}

fn progress(sequence: u64, current: u64) -> TaskEvent {
    let body = ProgressEvent { current: Some(current), total: Some(29), ..ProgressEvent::default() };
    event(sequence, EventBody::Progress(body))
}

fn first_line() -> String {
    let run = Run {
        project: Some(ProjectId::new("web-ui").unwrap()),
        task_type: Some(TaskType::new("cdk-deploy").unwrap()),
        name: Some("npx cdk deploy".to_owned()),
        ..Run::default()
    };
    control_line::format(&ControlLine::run(&event(1, EventBody::Started {}), run))
}

fn line(event: &TaskEvent) -> String {
    control_line::format(&ControlLine::from_event(event))
}

/// A run's events after its first line.
fn story() -> Vec<TaskEvent> {
    let step = StepEvent {
        step_id: StepId::new("Demo").unwrap(),
        parent_id: None,
        name: "Demo".to_owned(),
        kind: "stack".to_owned(),
        status: StepStatus::Failed,
        message: Some("said \"no\" [twice]".to_owned()),
    };
    let result = ResultEvent { status: ResultStatus::Failed, exit_code: Some(1), message: None };
    vec![
        progress(2, 1),
        progress(3, 15),
        event(4, EventBody::Step(step)),
        event(5, EventBody::Result(result)),
    ]
}

/// The log of the run: its events, and between them text that says something else.
fn log() -> Vec<String> {
    let mut lines = vec![first_line()];
    for (index, event) in story().iter().enumerate() {
        lines.push(format!("Demo | {}/44 | 1:29:49 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q", index + 20));
        lines.push(line(event));
    }
    lines.push(" ✅  Demo".to_owned());
    lines
}

fn texts(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn the_log_alone_tells_the_whole_story_and_the_text_between_is_not_parsed() {
    let world = World::start().await;
    let counts = world.lines("run-1", 0, &texts(&log())).await;
    assert_eq!((counts.applied, counts.ignored, counts.unreadable_lines), (5, 0, 0));
    let task = world.task("run-1").await.unwrap();
    assert_eq!((task.project_id.as_str(), task.name.as_str()), ("web-ui", "npx cdk deploy"));
    assert_eq!((task.status, task.exit_code, task.sequence), (TaskStatus::Failed, Some(1), 5));
    assert_eq!((task.progress.current, task.progress.total), (15, Some(29)));
    let steps = world.steps("run-1").await;
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].message.as_deref(), Some("said \"no\" [twice]"));
    // A batch that holds text alone changes nothing either.
    world.lines("run-1", 100, &["Demo | 44/44 | 1:29:49 AM | UPDATE_COMPLETE | AWS::SQS::Queue | Q"]).await;
    assert_eq!(world.task("run-1").await.unwrap(), task);
}

#[tokio::test]
async fn what_came_over_http_already_is_not_counted_again() {
    let world = World::start().await;
    let body = serde_json::from_value(serde_json::json!({
        "task_id": "run-2", "project_id": "web-ui", "task_type": "cdk-deploy", "name": "npx cdk deploy"
    }))
    .unwrap();
    world.store.create(&body).await.unwrap();
    let mut events = vec![event(1, EventBody::Started {})];
    events.extend(story());
    world.store.apply_events(&id("run-2"), &events).await.unwrap();
    let task = world.task("run-2").await.unwrap();
    let counts = world.lines("run-2", 0, &texts(&log())).await;
    assert_eq!((counts.applied, counts.ignored), (0, 5));
    assert_eq!(world.task("run-2").await.unwrap(), task);
}

#[tokio::test]
async fn batches_in_any_order_and_as_often_as_they_come_end_in_the_same_state() {
    let world = World::start().await;
    let log = log();
    world.lines("in-order", 0, &texts(&log)).await;
    let expected = world.task("in-order").await.unwrap();
    // The batch with the first line comes last, and at the same time as the others.
    let payloads: Vec<_> = log
        .chunks(2)
        .enumerate()
        .map(|(index, chunk)| payload(CDK, "shuffled", index * 2, &texts(chunk)))
        .collect();
    let calls = payloads.iter().rev().chain(&payloads).map(|payload| world.send(payload));
    futures::future::join_all(calls).await;
    let task = world.task("shuffled").await.unwrap();
    assert_eq!((task.project_id, task.name), (expected.project_id, expected.name));
    assert_eq!((task.status, task.exit_code, task.sequence), (expected.status, expected.exit_code, 5));
    // Progress that comes after the end is late, and a late step is not.
    assert_eq!(world.steps("shuffled").await.len(), 1);
}

#[tokio::test]
async fn events_whose_first_line_never_comes_are_a_task_nevertheless() {
    let world = World::start().await;
    world.lines("headless", 10, &[&line(&progress(7, 15))]).await;
    let task = world.task("headless").await.unwrap();
    assert_eq!((task.project_id.as_str(), task.progress.percentage), ("default", Some(52)));
}

#[tokio::test]
async fn control_lines_that_cannot_be_read_are_counted_and_the_others_are_applied() {
    let world = World::start().await;
    let lines = [&first_line(), "##miyabi[progress attempt=1 sequence=2 current=", &line(&progress(3, 15))];
    let counts = world.lines("broken", 0, &lines).await;
    assert_eq!((counts.unreadable_lines, counts.applied), (1, 2));
    assert_eq!(world.metric("UnreadableLines"), 1.0);
}

#[tokio::test]
async fn a_stream_that_was_parsed_is_not_any_more_once_its_numbers_are_seen() {
    let world = World::start().await;
    world.lines("late-numbers", 0, &["1/100 files"]).await;
    let mut lines: Vec<String> = vec![first_line()];
    lines.extend((2..=20).map(|sequence| line(&progress(sequence, sequence))));
    world.lines("late-numbers", 1, &texts(&lines)).await;
    let task = world.task("late-numbers").await.unwrap();
    assert_eq!(task.sequence, 20);
    world
        .lines("late-numbers", 50, &["Demo | 44/44 | 1:29:49 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q"])
        .await;
    assert_eq!(world.task("late-numbers").await.unwrap(), task);
}
