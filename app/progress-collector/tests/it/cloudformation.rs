//! CloudFormation's events from EventBridge, as input of the function.

use miyabi_shared::{StepStatus, TaskStatus};
use serde_json::Value;

use crate::logs::World;

fn events(name: &str) -> Vec<Value> {
    let file = format!("{}/../progress/tests/data/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const TASK: &str = "Demo-aaaaaaaa-0000-4000-8000-000000000001";

#[tokio::test]
async fn a_stacks_events_are_a_task_whose_resources_are_its_steps() {
    let world = World::start().await;
    let events = events("cloudformation-events.jsonl");
    for event in &events {
        let counts = world.send(event).await;
        assert_eq!(counts.rejected_payloads, 0, "{event}");
    }
    let task = world.task(TASK).await.unwrap();
    assert_eq!((task.task_type.as_str(), task.name.as_str()), ("cdk-deploy", "Demo"));
    assert_eq!((task.status, task.progress.percentage), (TaskStatus::Succeeded, Some(100)));
    assert_eq!(task.progress.source.as_deref(), Some("cloudformation-json"));
    let steps = world.steps(TASK).await;
    assert!(steps.len() > 1 && steps.iter().all(|step| step.status == StepStatus::Succeeded), "{steps:?}");

    // They are delivered at least once.
    for event in &events {
        assert_eq!(world.send(event).await.applied, 0, "{event}");
    }
}

#[tokio::test]
async fn a_stack_that_is_rolled_back_is_a_task_that_failed() {
    let world = World::start().await;
    let events = events("cloudformation-events-rollback.jsonl");
    for event in &events {
        world.send(event).await;
    }
    let stack_id = events[0]["detail"]["stack-id"].as_str().unwrap();
    let name = stack_id.rsplit_once(":stack/").unwrap().1.replace('/', "-");
    let task = world.task(&name).await.unwrap();
    assert_eq!((task.status, task.progress.phase.as_deref()), (TaskStatus::Failed, Some("rollback")));
}
