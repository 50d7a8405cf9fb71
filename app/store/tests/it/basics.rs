//! One task: created, changed, read.

use miyabi_shared::event::ResultStatus;
use miyabi_shared::{StepStatus, Task, TaskStatus};
use miyabi_store::{SavedParserState, Source, StoreError};

use crate::rig::{Cloud, body, ended, id, progress, project, started, step, typed_body};

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_created_once_and_read_from_the_cache() {
    let store = Cloud::new().await.store().await;
    let created = store.create(&body("a", "p")).await.unwrap();
    assert!(created.created);
    assert_eq!(created.task.status, TaskStatus::Queued);
    assert_eq!(created.task.log_group.as_deref(), Some("/miyabi/system"));

    let again = store.create(&body("a", "p")).await.unwrap();
    assert!(!again.created);
    assert_eq!(again.task, created.task);

    for (other, field) in [(body("a", "q"), "project_id"), (typed_body("a", "p", "test"), "task_type")] {
        let error = store.create(&other).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict { field: found, .. } if found == field), "{error}");
    }

    let answer = store.task(&id("a"), None).await.unwrap();
    assert_eq!(answer.source, Source::Hit);
    assert_eq!(answer.value.unwrap().parse::<Task>().unwrap(), created.task);
    let known = store.task(&id("a"), Some(&answer.tag)).await.unwrap();
    assert_eq!((known.value, known.source), (None, Source::Hit));

    let error = store.task(&id("b"), None).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_in_any_order_and_twice_give_one_story() {
    let cloud = Cloud::new().await;
    let store = cloud.store().await;
    store.create(&body("a", "p")).await.unwrap();
    let events = [
        step(1, 4, "Two", StepStatus::Running),
        progress(1, 3, 15, 29),
        started(1, 1),
        step(1, 2, "One", StepStatus::Running),
        progress(1, 3, 15, 29),
    ];
    let applied = store.apply_events(&id("a"), &events).await.unwrap();
    assert_eq!((applied.applied, applied.ignored), (4, 1));
    assert_eq!(applied.task.status, TaskStatus::Running);
    assert_eq!(applied.task.progress.percentage, Some(52));

    let applied = store.apply_events(&id("a"), &events).await.unwrap();
    assert_eq!((applied.applied, applied.ignored), (0, 5));

    let late = store.apply_events(&id("a"), &[progress(1, 2, 1, 29)]).await.unwrap();
    assert_eq!((late.applied, late.task.progress.percentage), (0, Some(52)));

    let detail = store.task_with_steps(&id("a"), None).await.unwrap();
    assert_eq!(detail.source, Source::Hit, "the writer left all steps in the cache");
    let value = detail.value.unwrap();
    let names: Vec<_> = value.steps().unwrap().iter().map(|step| step.name.clone()).collect();
    assert_eq!(names, ["One", "Two"]);
    let uncached = cloud.store_without_cache().task_with_steps(&id("a"), None).await.unwrap();
    assert_eq!((uncached.value.unwrap(), uncached.tag), (value, detail.tag));

    let done = ended(1, 9, ResultStatus::Succeeded);
    let applied = store.apply_events(&id("a"), &[done, progress(1, 10, 16, 29)]).await.unwrap();
    assert_eq!((applied.applied, applied.ignored), (1, 1), "the end is final");
    assert_eq!(applied.task.progress.percentage, Some(100));
    let projects = store.projects(None).await.unwrap().value.unwrap().projects().unwrap();
    assert_eq!(
        (projects[0].counts.queued, projects[0].counts.running, projects[0].counts.succeeded),
        (0, 0, 1)
    );

    let again = store.apply_events(&id("a"), &[started(2, 1)]).await.unwrap().task;
    assert_eq!((again.status, again.progress.percentage, again.exit_code), (TaskStatus::Running, None, None));

    let error = store.apply_events(&id("b"), &events).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_progress_tick_consumes_at_most_two_write_units_and_writes_no_index() {
    let store = Cloud::new().await.store().await;
    store.create(&body("a", "p")).await.unwrap();
    store.apply_events(&id("a"), &[started(1, 1)]).await.unwrap();
    let before = store.write_units();
    for tick in 0..100 {
        let before = store.write_units();
        store.apply_events(&id("a"), &[progress(1, 2 + tick, tick, 100)]).await.unwrap();
        let units = store.write_units() - before;
        assert!((1.0..=2.0).contains(&units), "tick {tick} consumed {units}");
    }
    assert!(store.write_units() - before > 100.0, "the emulator reports what is consumed");
}

#[tokio::test(flavor = "multi_thread")]
async fn history_keeps_every_turn_and_at_most_a_point_for_each_percent() {
    let store = Cloud::new().await.store().await;
    store.create(&body("a", "p")).await.unwrap();
    let mut fast = vec![started(1, 1), ended(1, 2000, ResultStatus::Failed)];
    for event in &mut fast {
        event.time = started(1, 1).time;
    }
    store.apply_events(&id("a"), &fast).await.unwrap();
    store.apply_events(&id("a"), &[started(2, 1)]).await.unwrap();
    for tick in 0..50 {
        store.apply_events(&id("a"), &[progress(2, 2 + tick, tick, 1000)]).await.unwrap();
    }
    let mut points = Vec::new();
    let mut cursor = None;
    loop {
        let page = store.history(&id("a"), 2, cursor.as_deref()).await.unwrap();
        assert!(page.points.len() <= 2);
        points.extend(page.points);
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let turns: Vec<_> = points.iter().map(|point| (point.attempt, point.status)).collect();
    assert_eq!(
        turns[..3],
        [(1, TaskStatus::Running), (1, TaskStatus::Failed), (2, TaskStatus::Running)],
        "both changes within one millisecond are there"
    );
    let ticks = points.len() - 3;
    assert!((4..=7).contains(&ticks), "50 ticks of 0.1 % within 50 ms left {ticks} points");
    assert!(points.is_sorted_by_key(|point| point.time));
    let error = store.history(&id("a"), 2, Some("AAAA")).await.unwrap_err();
    assert!(matches!(error, StoreError::InvalidCursor), "{error}");
    let error = store.history(&id("b"), 2, None).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_known_from_its_log_takes_name_and_labels_from_who_creates_it() {
    let store = Cloud::new().await.store().await;
    let mut from_log = body("a", "p");
    from_log.name = "a".to_owned();
    from_log.labels.clear();
    assert!(store.ensure_task(&id("a"), &from_log).await.unwrap().created);
    assert!(!store.ensure_task(&id("a"), &body("a", "q")).await.unwrap().created);
    let created = store.create(&body("a", "p")).await.unwrap();
    assert_eq!((created.created, created.task.name.as_str()), (false, "the task a"));
    let answer = store.task(&id("a"), None).await.unwrap();
    assert_eq!(answer.value.unwrap().parse::<Task>().unwrap(), created.task);
    let mut other = body("a", "p");
    other.name = "b".to_owned();
    let error = store.create(&other).await.unwrap_err();
    assert!(matches!(error, StoreError::Conflict { field: "name", .. }), "{error}");
    let projects = store.projects(None).await.unwrap().value.unwrap().projects().unwrap();
    assert_eq!(projects.len(), 1);
    assert_eq!((&projects[0].project_id, projects[0].counts.queued), (&project("p"), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_save_a_parser_state_the_second_is_told() {
    let store = Cloud::new().await.store().await;
    assert_eq!(store.parser_state(&id("a")).await.unwrap(), None);
    assert_eq!(store.save_parser_state(&id("a"), "{}", 0).await.unwrap(), SavedParserState::Saved(1));
    assert_eq!(store.save_parser_state(&id("a"), "{}", 0).await.unwrap(), SavedParserState::Stale);
    assert_eq!(store.save_parser_state(&id("a"), "[1]", 1).await.unwrap(), SavedParserState::Saved(2));
    let state = store.parser_state(&id("a")).await.unwrap().unwrap();
    assert_eq!((state.state.as_str(), state.version), ("[1]", 2));
    let large = "x".repeat(70_000);
    assert!(store.save_parser_state(&id("a"), &large, 2).await.is_err());
}
