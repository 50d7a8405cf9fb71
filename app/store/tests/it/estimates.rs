//! When a task will be over: learnt from the tasks before it, at no cost for a tick.

use miyabi_shared::event::{ProgressEvent, ResultEvent, ResultStatus, StepEvent};
use miyabi_shared::{EstimateBasis, EventBody, StepId, StepStatus, Task, TaskEvent, TaskStatus, Timestamp};
use miyabi_store::TaskStore;

use crate::rig::{Cloud, id, typed_body};

const BEGAN: i64 = 1_795_322_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(BEGAN + seconds * 1000)
}

/// Events of one task, numbered, at their seconds.
fn story(bodies: Vec<(i64, EventBody)>) -> Vec<TaskEvent> {
    let numbered = bodies.into_iter().zip(1..);
    numbered
        .map(|((seconds, body), sequence)| TaskEvent { attempt: 1, sequence, time: at(seconds), body })
        .collect()
}

fn progress(current: u64, total: Option<u64>) -> EventBody {
    EventBody::Progress(ProgressEvent { current: Some(current), total, ..ProgressEvent::default() })
}

fn step(name: &str, kind: &str, status: StepStatus) -> EventBody {
    EventBody::Step(StepEvent {
        step_id: StepId::new(name).unwrap(),
        parent_id: None,
        name: name.to_owned(),
        kind: kind.to_owned(),
        status,
        message: None,
    })
}

fn succeeded() -> EventBody {
    EventBody::Result(ResultEvent { status: ResultStatus::Succeeded, exit_code: Some(0), message: None })
}

/// A task that takes so long, half of it for a slow resource.
async fn deploy(store: &TaskStore, task_id: &str, seconds: i64) {
    store.create(&typed_body(task_id, "web", "cdk-deploy")).await.unwrap();
    let events = story(vec![
        (0, EventBody::Started {}),
        (1, step("cdn", "AWS::CloudFront::Distribution", StepStatus::Running)),
        (1 + seconds / 2, step("cdn", "AWS::CloudFront::Distribution", StepStatus::Succeeded)),
        (seconds, succeeded()),
    ]);
    store.apply_events(&id(task_id), &events).await.unwrap();
}

async fn begin(store: &TaskStore, task_id: &str, project: &str, bodies: Vec<(i64, EventBody)>) -> Task {
    store.create(&typed_body(task_id, project, "cdk-deploy")).await.unwrap();
    store.apply_events(&id(task_id), &story(bodies)).await.unwrap().task
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_told_to_take_as_long_as_those_before_it() {
    let cloud = Cloud::new().await;
    let store = cloud.store().await;
    for (task_id, seconds) in [("one", 100), ("two", 110)] {
        deploy(&store, task_id, seconds).await;
    }
    let early = begin(&store, "early", "web", vec![(0, EventBody::Started {})]).await;
    assert_eq!(early.estimate, None, "two runs are no history");
    deploy(&store, "three", 90).await;

    // Another process reads what this one learnt.
    let store = cloud.store().await;
    let task = begin(&store, "four", "web", vec![(0, EventBody::Started {})]).await;
    let estimate = task.estimate.unwrap();
    assert_eq!(estimate.basis, EstimateBasis::Tasks);
    assert!(estimate.earliest > at(60) && estimate.latest < at(140), "{estimate:?}");
    assert!(estimate.earliest < at(100) && estimate.latest > at(100), "{estimate:?}");
    let read = store.task(&id("four"), None).await.unwrap().value.unwrap().parse::<Task>().unwrap();
    assert_eq!(read.estimate, Some(estimate), "the cache has it");
    let uncached = cloud.store_without_cache();
    let read = uncached.task(&id("four"), None).await.unwrap().value.unwrap().parse::<Task>().unwrap();
    assert_eq!(read.estimate, Some(estimate), "the table has it");

    let other = begin(&store, "other", "api", vec![(0, EventBody::Started {})]).await;
    assert_eq!(other.estimate, None, "another project's tasks are others");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_slow_is_known_by_its_kind_and_the_end_has_no_estimate() {
    let store = Cloud::new().await.store().await;
    for (task_id, seconds) in [("one", 600), ("two", 590), ("three", 610)] {
        deploy(&store, task_id, seconds).await;
    }
    let mut bodies = vec![(0, EventBody::Started {})];
    bodies.extend((1..=28).map(|unit| (i64::from(unit), progress(u64::from(unit as u32), Some(29)))));
    bodies.push((28, step("cdn", "AWS::CloudFront::Distribution", StepStatus::Running)));
    let task = begin(&store, "four", "web", bodies).await;
    let estimate = task.estimate.unwrap();
    assert_eq!(estimate.basis, EstimateBasis::Steps, "{estimate:?}");
    assert!(estimate.earliest > at(200) && estimate.latest < at(450), "{estimate:?}");

    let end = TaskEvent { attempt: 1, sequence: 99, time: at(330), body: succeeded() };
    let task = store.apply_events(&id("four"), &[end]).await.unwrap().task;
    assert_eq!((task.status, task.estimate), (TaskStatus::Succeeded, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_history_the_rate_speaks_and_a_tick_costs_one_write_unit() {
    let store = Cloud::new().await.store().await;
    begin(&store, "a", "web", vec![(0, EventBody::Started {}), (1, progress(0, Some(100)))]).await;
    let mut task = None;
    for tick in 1..=20_u64 {
        // Of one percent each, so that the curve gets its point too.
        let before = store.write_units();
        let time = at(1 + i64::try_from(tick).unwrap());
        let event = TaskEvent { attempt: 1, sequence: 10 + tick, time, body: progress(tick, Some(100)) };
        task = Some(store.apply_events(&id("a"), &[event]).await.unwrap().task);
        let units = store.write_units() - before;
        assert!((1.0..=2.0).contains(&units), "tick {tick} consumed {units}");
    }
    let estimate = task.unwrap().estimate.unwrap();
    assert_eq!(estimate.basis, EstimateBasis::Rate);
    assert!(estimate.earliest < at(101) && estimate.latest > at(101), "{estimate:?}");
    assert!(estimate.latest < at(130), "{estimate:?}");
}
