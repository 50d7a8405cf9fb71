//! Many writers at once, with events that are shuffled, repeated and late: one story comes out, counted once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use miyabi_shared::event::{EventBody, ResultStatus};
use miyabi_shared::{StepStatus, Task, TaskEvent, TaskId, TaskStatus};
use miyabi_store::{Filter, TaskStore};

use crate::proxy::Proxy;
use crate::rig::{Cloud, body, ended, id, progress, started, step, walk};

/// A small generator of numbers, so that a failure can be repeated by its seed.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}

/// Two attempts: the first fails, the second succeeds.
fn story() -> Vec<TaskEvent> {
    let mut events = Vec::new();
    for attempt in 1..=2 {
        events.push(started(attempt, 1));
        for number in 0..10 {
            events.push(progress(attempt, 2 + 3 * number, number, 10));
            let name = format!("Stack{}", number % 4);
            events.push(step(attempt, 3 + 3 * number, &name, StepStatus::Running));
            events.push(step(attempt, 4 + 3 * number, &name, StepStatus::Succeeded));
        }
        let status = if attempt == 1 { ResultStatus::Failed } else { ResultStatus::Succeeded };
        events.push(ended(attempt, 50, status));
    }
    events
}

/// What one reader may see after another: never an older version, never a smaller percentage within an attempt.
pub(crate) fn check_order(before: Option<&Task>, after: &Task, seed: u64) {
    let Some(before) = before else { return };
    assert!(after.version >= before.version, "seed {seed}: {before:?} was followed by {after:?}");
    if after.attempt == before.attempt {
        assert!(
            after.progress.percentage >= before.progress.percentage,
            "seed {seed}: {before:?}, {after:?}"
        );
        assert!(!before.status.is_terminal() || after.status == before.status, "seed {seed}: {after:?}");
    }
    assert!(after.progress.percentage != Some(100) || after.status == TaskStatus::Succeeded);
}

async fn deliver(store: TaskStore, task_id: TaskId, seed: u64) {
    let mut numbers = Numbers::new(seed);
    let mut events = story();
    let repeated: Vec<_> =
        (0..events.len() / 2).map(|_| events[numbers.below(events.len())].clone()).collect();
    events.extend(repeated);
    numbers.shuffle(&mut events);
    let mut rest = events.as_slice();
    while !rest.is_empty() {
        let (batch, after) = rest.split_at((1 + numbers.below(12)).min(rest.len()));
        rest = after;
        let applied = store.apply_events(&task_id, batch).await.unwrap();
        assert_eq!(applied.applied + applied.ignored, batch.len());
        let newest = batch
            .iter()
            .filter(|event| !matches!(event.body, EventBody::Step(_)))
            .map(|event| (event.attempt, event.sequence))
            .max();
        let reached = (applied.task.attempt, applied.task.sequence);
        let is_final = applied.task.status.is_terminal();
        assert!(
            newest.is_none_or(|newest| newest <= reached || is_final),
            "seed {seed}: {newest:?} {reached:?}"
        );
        // What was acknowledged is there, whoever asks.
        let read: Task = store.task(&task_id, None).await.unwrap().value.unwrap().parse().unwrap();
        check_order(Some(&applied.task), &read, seed);
    }
}

async fn observe(store: TaskStore, stop: Arc<AtomicBool>, seed: u64) {
    let mut seen: HashMap<TaskId, Task> = HashMap::new();
    while !stop.load(Ordering::SeqCst) {
        for task in walk(&store, &Filter::default(), 4).await {
            check_order(seen.get(&task.task_id), &task, seed);
            seen.insert(task.task_id.clone(), task);
        }
        for task_id in seen.keys().cloned().collect::<Vec<_>>() {
            let detail = store.task_with_steps(&task_id, None).await.unwrap().value.unwrap();
            let task = detail.task().unwrap();
            check_order(seen.get(&task_id), &task, seed);
            detail.steps().unwrap();
            seen.insert(task_id, task);
        }
    }
}

async fn settle(plain: &TaskStore, cached: &TaskStore, tasks: usize, seed: u64) {
    let expected = walk(plain, &Filter::default(), 100).await;
    assert_eq!(expected.len(), tasks);
    for task in &expected {
        assert_eq!((task.attempt, task.status), (2, TaskStatus::Succeeded), "seed {seed}");
        assert_eq!((task.progress.percentage, task.exit_code), (Some(100), Some(0)));
        let detail = plain.task_with_steps(&task.task_id, None).await.unwrap().value.unwrap();
        let steps = detail.steps().unwrap();
        let last: Vec<_> =
            steps.iter().map(|step| (step.name.as_str(), step.sequence, step.status)).collect();
        let mut sorted = last.clone();
        sorted.sort_unstable();
        let done = StepStatus::Succeeded;
        assert_eq!(
            sorted,
            [("Stack0", 28, done), ("Stack1", 31, done), ("Stack2", 22, done), ("Stack3", 25, done)],
            "seed {seed}"
        );
        let cached = cached.task_with_steps(&task.task_id, None).await.unwrap().value.unwrap();
        assert_eq!(cached, detail, "seed {seed}");
    }
    assert_eq!(walk(cached, &Filter::default(), 3).await, expected, "seed {seed}");
    for store in [plain, cached] {
        let projects = store.projects(None).await.unwrap().value.unwrap().projects().unwrap();
        let counts = projects[0].counts;
        let all = [counts.queued, counts.running, counts.succeeded, counts.failed, counts.cancelled];
        assert_eq!(all, [0, 0, u64::try_from(tasks).unwrap(), 0, 0], "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_writers_give_one_story_and_exact_counts() {
    for seed in [1, 2] {
        let cloud = Cloud::new().await;
        let stop = Arc::new(AtomicBool::new(false));
        let observer = tokio::spawn(observe(cloud.store().await, Arc::clone(&stop), seed));
        let mut writers = Vec::new();
        for task in 0..3 {
            for writer in 0..3 {
                let store = cloud.store().await;
                let task_id = id(&format!("task-{task}"));
                writers.push(tokio::spawn(async move {
                    store.create(&body(task_id.as_str(), "p")).await.unwrap();
                    deliver(store, task_id, seed * 100 + task * 10 + writer).await;
                }));
            }
        }
        for writer in writers {
            writer.await.unwrap();
        }
        stop.store(true, Ordering::SeqCst);
        observer.await.unwrap();
        settle(&cloud.store_without_cache(), &cloud.store().await, 3, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_the_table_that_is_lost_loses_and_repeats_nothing() {
    let cloud = Cloud::new().await;
    let proxy = Proxy::to(&cloud.endpoint()).await;
    let store = cloud.store_at(&proxy.address("http"), true).await;
    let mut numbers = Numbers::new(7);
    let mut events = story();
    numbers.shuffle(&mut events);
    proxy.swallow(1);
    store.create(&body("a", "p")).await.unwrap();
    for batch in events.chunks(5) {
        proxy.swallow(1);
        store.apply_events(&id("a"), batch).await.unwrap();
        assert_eq!(proxy.left_to_swallow(), 0);
    }
    settle(&cloud.store_without_cache(), &store, 1, 7).await;
}
