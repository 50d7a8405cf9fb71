//! Plain text of any program.

use futures::future::join_all;
use miyabi_shared::TaskStatus;
use miyabi_shared::task::StepStatus;

use crate::logs::{CDK, World, id, payload};

/// Lines as the CDK prints them: resource `index` of `total` is done.
fn cdk_lines(total: usize) -> Vec<String> {
    (1..=total)
        .map(|index| {
            format!("Demo | {index:>4}/{total} | 1:29:49 AM | CREATE_COMPLETE      | AWS::SQS::Queue | Q{index} (Q{index}AB)")
        })
        .collect()
}

fn texts(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn a_line_that_anyone_wrote_becomes_a_task_at_52_percent() {
    let world = World::start().await;
    let line = "MiyabiWebUIStack | 15/29 | 4:30:07 AM | CREATE_COMPLETE | AWS::DynamoDB::Table | Tasks (TasksAB12CD)";
    world.lines("by-hand", 0, &[line]).await;
    let task = world.task("by-hand").await.unwrap();
    assert_eq!((task.status, task.progress.percentage), (TaskStatus::Running, Some(52)));
    assert_eq!((task.progress.current, task.progress.total), (15, Some(29)));
    assert_eq!((task.project_id.as_str(), task.task_type.as_str()), ("default", "cdk-deploy"));
    assert_eq!((task.name.as_str(), task.log_group.as_deref()), ("by-hand", Some(CDK)));
    assert_eq!(task.attempt, 1);
}

#[tokio::test]
async fn a_batch_that_comes_twice_counts_once() {
    let world = World::start().await;
    let lines = cdk_lines(40);
    let first = world.lines("twice", 0, &texts(&lines)).await;
    let task = world.task("twice").await.unwrap();
    let again = world.lines("twice", 0, &texts(&lines)).await;
    assert_eq!((first.duplicate_lines, again.duplicate_lines, again.applied), (0, 40, 0));
    assert_eq!(world.task("twice").await.unwrap(), task);
    // Packed anew, with some that are new.
    let mixed = world.lines("twice", 30, &texts(&cdk_lines(45)[30..])).await;
    assert_eq!(mixed.duplicate_lines, 10);
}

#[tokio::test]
async fn a_batch_with_more_lines_than_are_remembered_still_counts_once() {
    let world = World::start().await;
    let lines = cdk_lines(1500);
    let payload = payload(CDK, "large", 0, &texts(&lines));
    world.send(&payload).await;
    let task = world.task("large").await.unwrap();
    assert_eq!(task.progress.current, 1500);
    let again = world.send(&payload).await;
    assert_eq!((again.duplicate_lines, again.applied), (1500, 0));
    assert_eq!(world.task("large").await.unwrap(), task);
}

#[tokio::test]
async fn batches_that_overtake_each_other_never_turn_a_task_back() {
    let world = World::start().await;
    let lines = cdk_lines(40);
    let (early, late) = lines.split_at(20);
    world.lines("order", 20, &texts(late)).await;
    let after_late = world.task("order").await.unwrap().progress;
    world.lines("order", 0, &texts(early)).await;
    let after_early = world.task("order").await.unwrap().progress;
    assert!(after_early.percentage >= after_late.percentage, "{after_late:?} {after_early:?}");
    assert_eq!(after_early.total, Some(40));
    let steps = world.steps("order").await;
    for index in 1..=40 {
        assert!(steps.iter().any(|step| step.name.contains(&format!("Q{index}"))), "no step of line {index}");
    }
}

#[tokio::test]
async fn calls_at_the_same_time_lose_nothing_and_count_nothing_twice() {
    let world = World::start().await;
    let lines = cdk_lines(60);
    world.lines("busy", 0, &texts(&lines[..1])).await;
    // Each batch twice, all at once.
    let payloads: Vec<_> = lines[1..]
        .chunks(10)
        .enumerate()
        .map(|(index, chunk)| payload(CDK, "busy", 1 + index * 10, &texts(chunk)))
        .collect();
    let all = join_all(payloads.iter().chain(&payloads).map(|payload| world.send(payload))).await;
    assert_eq!(all.iter().map(|counts| counts.duplicate_lines).sum::<u64>(), 59);
    let task = world.task("busy").await.unwrap();
    assert_eq!((task.progress.current, task.progress.total), (60, Some(60)), "{task:?}");
    let steps = world.steps("busy").await;
    let done = |index: usize| {
        let name = format!("Q{index} ");
        steps
            .iter()
            .any(|step| format!("{} ", step.name).contains(&name) && step.status == StepStatus::Succeeded)
    };
    let missing: Vec<_> = (1..=60).filter(|index| !done(*index)).collect();
    assert_eq!(missing, [0; 0], "{steps:?}");
}

#[tokio::test]
async fn events_that_were_saved_by_a_call_that_died_are_applied_by_the_next() {
    let world = World::start().await;
    let lines = cdk_lines(20);
    world.lines("lived", 0, &texts(&lines)).await;
    let alive = world.task("lived").await.unwrap();
    // What a call leaves that ends after it saved: the task is new, and the memory knows all of its lines.
    let mut body: miyabi_shared::event::CreateTask = serde_json::from_value(serde_json::json!({
        "project_id": "default", "task_type": "cdk-deploy", "name": "died"
    }))
    .unwrap();
    body.task_id = Some(id("died"));
    world.store.ensure_task(&id("died"), &body).await.unwrap();
    let memory = world.store.parser_state(&id("lived")).await.unwrap().unwrap();
    world.store.save_parser_state(&id("died"), &memory.state, 0).await.unwrap();

    let counts = world.lines("died", 0, &texts(&lines)).await;
    assert_eq!(counts.duplicate_lines, 20);
    let task = world.task("died").await.unwrap();
    assert_eq!((task.status, &task.progress), (alive.status, &alive.progress));
    assert_eq!(task.sequence, alive.sequence);
}

#[tokio::test]
async fn a_line_of_our_own_that_any_program_prints_is_progress() {
    let world = World::start().await;
    world
        .send(&payload(
            "/miyabi/agents",
            "agent-7",
            0,
            &["thinking", "##miyabi[progress current=3 total=4 phase=review]"],
        ))
        .await;
    let task = world.task("agent-7").await.unwrap();
    assert_eq!((task.task_type.as_str(), task.progress.percentage), ("agent", Some(75)));
    assert_eq!(task.progress.phase.as_deref(), Some("review"));
}

#[tokio::test]
async fn two_streams_are_two_tasks_whatever_they_are_called() {
    let world = World::start().await;
    let line = |current: u32| format!("##miyabi[progress current={current} total=100]");
    for (current, group, stream) in [
        (10, "/miyabi/agents", "main"),
        (20, "/miyabi/system", "main"),
        (30, "/miyabi/agents", "a b"),
        (40, "/miyabi/agents", "a/b"),
        (50, "/miyabi/agents", "a-b"),
    ] {
        // Twice, so that the second batch finds the task of the first.
        world.send(&payload(group, stream, 0, &[&line(1)])).await;
        world.send(&payload(group, stream, 1, &[&line(current)])).await;
    }
    let page = world.store.list(&miyabi_store::ListQuery::default(), None).await.unwrap().value.unwrap();
    let mut tasks = page.tasks().unwrap();
    tasks.sort_by_key(|task| task.progress.current);
    let percentages: Vec<_> = tasks.iter().filter_map(|task| task.progress.percentage).collect();
    assert_eq!(percentages, [10, 20, 30, 40, 50]);
    let streams: Vec<_> =
        tasks.iter().map(|task| task.labels.get("log_stream").map_or("", String::as_str)).collect();
    assert_eq!(streams, ["", "main", "a b", "a/b", ""]);
}

#[tokio::test]
async fn lines_without_any_progress_are_a_task_too_and_are_read_once() {
    let world = World::start().await;
    world.lines("quiet", 0, &["hello", "world"]).await;
    let task = world.task("quiet").await.unwrap();
    assert_eq!((task.status, task.progress.percentage), (TaskStatus::Running, None));
}
