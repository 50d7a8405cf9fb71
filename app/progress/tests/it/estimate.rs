//! The laws of estimates: never negative, bounded for steady rates, none where it would be a guess.

use miyabi_progress::estimate::{Durations, History, Pace, estimate};
use miyabi_shared::event::{EventBody, ProgressEvent, StepEvent, TaskEvent};
use miyabi_shared::id::{ProjectId, StepId, TaskId, TaskType};
use miyabi_shared::task::{Estimate, EstimateBasis, Progress, Step, StepStatus, Task, TaskStatus};
use miyabi_shared::timestamp::Timestamp;
use proptest::prelude::*;

use crate::support::at;

fn running(current: u64, total: Option<u64>) -> Task {
    Task {
        task_id: TaskId::new("t").unwrap(),
        project_id: ProjectId::new("p").unwrap(),
        task_type: TaskType::new("cdk-deploy").unwrap(),
        name: "t".to_owned(),
        status: TaskStatus::Running,
        progress: Progress { current, total, ..Progress::default() },
        estimate: None,
        attempt: 1,
        sequence: 1,
        exit_code: None,
        labels: std::collections::BTreeMap::new(),
        version: 1,
        log_group: None,
        created_at: at(0),
        updated_at: at(0),
        started_at: Some(at(0)),
        heartbeat_at: None,
        finished_at: None,
    }
}

fn step(id: &str, kind: &str, status: StepStatus, started: i64, finished: Option<i64>) -> Step {
    Step {
        step_id: StepId::new(id).unwrap(),
        parent_id: None,
        name: id.to_owned(),
        kind: kind.to_owned(),
        status,
        message: None,
        attempt: 1,
        sequence: 1,
        started_at: Some(at(started)),
        finished_at: finished.map(at),
    }
}

/// Tasks that took these seconds, each with a distribution that took half of it.
fn history(seconds: &[i64]) -> History {
    let mut history = History::default();
    for seconds in seconds {
        let mut task = running(1, Some(1));
        task.status = TaskStatus::Succeeded;
        task.finished_at = Some(at(seconds * 1000));
        let slow =
            step("slow", "AWS::CloudFront::Distribution", StepStatus::Succeeded, 0, Some(seconds * 500));
        history.learn(&task, &[slow]);
    }
    history
}

/// Shows `pace` that the task came to `progress`, or that a step changed, and what the task is then.
fn see(pace: &mut Pace, current: u64, total: Option<u64>, time: Timestamp) {
    let body =
        EventBody::Progress(ProgressEvent { current: Some(current), total, ..ProgressEvent::default() });
    pace.observe(&running(current, total), &TaskEvent { attempt: 1, sequence: 1, time, body });
}

fn see_step(
    pace: &mut Pace,
    id: &str,
    parent: Option<&str>,
    kind: &str,
    status: StepStatus,
    time: Timestamp,
) {
    let body = EventBody::Step(StepEvent {
        step_id: StepId::new(id).unwrap(),
        parent_id: parent.map(|parent| StepId::new(parent).unwrap()),
        name: id.to_owned(),
        kind: kind.to_owned(),
        status,
        message: None,
    });
    pace.observe(&running(0, None), &TaskEvent { attempt: 1, sequence: 1, time, body });
}

/// A run of which `count` units were done, in `millis` each.
fn steady(count: u64, total: u64, millis: i64) -> Pace {
    let mut pace = Pace::default();
    for unit in 0..=count {
        see(&mut pace, unit, Some(total), at(i64::try_from(unit).unwrap() * millis));
    }
    pace
}

/// Seconds left at `now`: from, to, and the middle of both.
fn left(estimate: Estimate, now: Timestamp) -> (f64, f64, f64) {
    let (low, high) = (estimate.earliest.since(now).as_secs_f64(), estimate.latest.since(now).as_secs_f64());
    (low, high, (low + high) / 2.0)
}

const CDN: &str = "AWS::CloudFront::Distribution";

#[test]
fn no_total_and_no_history_give_no_estimate() {
    let (none, fresh) = (History::default(), Pace::default());
    assert_eq!(estimate(&running(50, None), &steady(50, 100, 1000), &none, at(50_000)), None);
    assert_eq!(estimate(&running(50, Some(100)), &fresh, &none, at(50_000)), None);
}

#[test]
fn two_runs_are_no_history_and_three_are() {
    let fresh = Pace::default();
    assert_eq!(estimate(&running(0, None), &fresh, &history(&[100, 100]), at(0)), None);
    let now = at(40_000);
    let known = estimate(&running(0, None), &fresh, &history(&[100, 90, 110]), now).unwrap();
    let (low, high, middle) = left(known, now);
    assert_eq!(known.basis, EstimateBasis::Tasks);
    assert!((middle - 60.0).abs() < 1.0 && low > 30.0 && high < 90.0, "{low} to {high}");
}

#[test]
fn durations_that_are_all_over_the_place_are_no_history() {
    assert_eq!(estimate(&running(0, None), &Pace::default(), &history(&[1, 500, 3, 900]), at(0)), None);
}

#[test]
fn a_run_that_overran_everything_learnt_has_no_estimate() {
    let history = history(&[100, 90, 110]);
    assert!(estimate(&running(0, None), &Pace::default(), &history, at(125_000)).is_some());
    assert_eq!(estimate(&running(0, None), &Pace::default(), &history, at(300_000)), None);
}

#[test]
fn a_steady_rate_and_a_history_that_agree_give_a_narrower_range() {
    let (task, pace, now) = (running(50, Some(100)), steady(50, 100, 1000), at(50_000));
    let alone = estimate(&task, &pace, &History::default(), now).unwrap();
    let both = estimate(&task, &pace, &history(&[100, 95, 105]), now).unwrap();
    assert_eq!((alone.basis, both.basis), (EstimateBasis::Rate, EstimateBasis::Both));
    let ((low, high, middle), (lower, higher, _)) = (left(both, now), left(alone, now));
    assert!((middle - 50.0).abs() < 3.0, "{both:?}");
    assert!(high - low <= higher - lower, "{both:?} {alone:?}");
}

#[test]
fn a_run_unlike_the_ones_before_it_is_judged_by_its_own_rate() {
    let now = at(500_000);
    let history = history(&[600, 590, 610]);
    let found = estimate(&running(50, Some(100)), &steady(50, 100, 10_000), &history, now).unwrap();
    assert_eq!(found.basis, EstimateBasis::Rate);
    assert!((left(found, now).2 - 500.0).abs() < 10.0, "{found:?}");
}

#[test]
fn the_last_slow_resource_is_not_taken_for_as_fast_as_the_others() {
    let now = at(28_000);
    let mut pace = steady(28, 29, 1000);
    // The stack runs as long as what is in it, and says nothing itself.
    see_step(&mut pace, "demo", None, "stack", StepStatus::Running, at(0));
    see_step(&mut pace, "queue", Some("demo"), "AWS::SQS::Queue", StepStatus::Running, at(1_000));
    see_step(&mut pace, "cdn", Some("demo"), CDN, StepStatus::Running, now);
    see_step(&mut pace, "queue", Some("demo"), "AWS::SQS::Queue", StepStatus::Succeeded, now);
    let history = history(&[600, 590, 610]);
    let found = estimate(&running(28, Some(29)), &pace, &history, now).unwrap();
    assert_eq!(found.basis, EstimateBasis::Steps);
    assert!((left(found, now).2 - 300.0).abs() < 10.0, "{found:?}");
    // With more to come, it is the least that it takes.
    let found = estimate(&running(20, Some(29)), &pace, &history, now).unwrap();
    assert!(left(found, now).2 >= 290.0, "{found:?}");
}

#[test]
fn of_more_steps_than_are_told_apart_nobody_says_when_they_are_all_over() {
    let now = at(10_000);
    let mut pace = steady(9, 29, 1000);
    for number in 0..20 {
        see_step(&mut pace, &format!("cdn-{number}"), None, CDN, StepStatus::Running, at(9_000));
    }
    let found = estimate(&running(9, Some(29)), &pace, &history(&[600, 590, 610]), now).unwrap();
    assert_ne!(found.basis, EstimateBasis::Steps);
    let json = serde_json::to_string(&pace).unwrap();
    assert!(json.len() < 800, "{} bytes: {json}", json.len());
}

#[test]
fn a_new_attempt_forgets_how_the_one_before_it_went() {
    let mut pace = steady(50, 100, 1000);
    let mut task = running(0, Some(100));
    task.attempt = 2;
    let started = TaskEvent { attempt: 2, sequence: 1, time: at(60_000), body: EventBody::Started {} };
    pace.observe(&task, &started);
    assert_eq!(estimate(&task, &pace, &History::default(), at(61_000)), None);
}

#[test]
fn a_run_that_stands_still_or_has_ended_or_rolls_back_has_none() {
    let pace = steady(50, 100, 1000);
    let mut task = running(50, Some(100));
    let none = History::default();
    assert!(estimate(&task, &pace, &none, at(52_000)).is_some());
    assert_eq!(estimate(&task, &pace, &none, at(90_000)), None);
    task.progress.phase = Some("rollback".to_owned());
    assert_eq!(estimate(&task, &pace, &none, at(52_000)), None);
    task.progress.phase = None;
    task.status = TaskStatus::Failed;
    assert_eq!(estimate(&task, &pace, &none, at(52_000)), None);
}

#[test]
fn the_slowest_kinds_of_steps_are_kept_and_the_rest_is_not() {
    let mut history = History::default();
    for _ in 0..3 {
        let mut task = running(1, Some(1));
        task.status = TaskStatus::Succeeded;
        task.finished_at = Some(at(400_000));
        let mut steps: Vec<Step> = (0..300)
            .map(|kind| {
                step(&format!("s{kind}"), &format!("Kind{kind}"), StepStatus::Succeeded, 0, Some(kind * 100))
            })
            .collect();
        // A parent says nothing of its own.
        steps.push(step("parent", "stack", StepStatus::Succeeded, 0, Some(100_000)));
        steps[0].parent_id = Some(StepId::new("parent").unwrap());
        history.learn(&task, &steps);
    }
    assert!(history.step("Kind299").is_some_and(|known| known.count == 3));
    assert!(history.step("Kind5").is_none() && history.step("stack").is_none());
    let json = serde_json::to_string(&history).unwrap();
    assert!(json.len() < 4096, "{} bytes", json.len());
}

#[test]
fn history_and_pace_survive_as_small_json() {
    let history = history(&[100, 90, 110]);
    let json = serde_json::to_string(&history).unwrap();
    assert_eq!(serde_json::from_str::<History>(&json).unwrap(), history);
    let pace = steady(20, 100, 333);
    let json = serde_json::to_string(&pace).unwrap();
    assert!(json.len() < 120, "{json}");
    assert_eq!(serde_json::from_str::<Pace>(&json).unwrap(), pace);
}

proptest! {
    #[test]
    fn whatever_is_fed_a_range_is_in_order_and_nothing_panics(
        seen in prop::collection::vec((any::<u32>(), prop::option::of(any::<u32>()), any::<i64>()), 0..40),
        steps in prop::collection::vec((0..30_u8, any::<bool>(), any::<i64>()), 0..40),
        learnt in prop::collection::vec(any::<f64>(), 0..10),
        lasted in prop::collection::vec(0_i64..10_000_000, 0..8),
        current in any::<u64>(), total in prop::option::of(any::<u64>()), now in any::<i64>(),
    ) {
        let mut pace = Pace::default();
        for (current, total, time) in seen {
            see(&mut pace, u64::from(current), total.map(u64::from), at(time));
        }
        for (id, runs, time) in steps {
            let status = if runs { StepStatus::Running } else { StepStatus::Failed };
            see_step(&mut pace, &format!("s{id}"), None, CDN, status, at(time));
        }
        let mut durations = Durations::default();
        learnt.into_iter().for_each(|seconds| durations.learn(seconds));
        prop_assert!(durations.mean.is_finite() && durations.mean >= 0.0 && durations.variance >= 0.0);
        if let Some(found) = estimate(&running(current, total), &pace, &history(&lasted), at(now)) {
            prop_assert!(at(now) <= found.earliest && found.earliest <= found.latest, "{:?}", found);
        }
    }

    #[test]
    fn a_steady_rate_is_told_right_and_only_falls(millis in 50_i64..20_000, total in 60_u64..400) {
        let mut pace = Pace::default();
        let mut last = f64::MAX;
        for unit in 0..=total {
            let now = at(i64::try_from(unit).unwrap() * millis);
            see(&mut pace, unit, Some(total), now);
            if let Some(found) = estimate(&running(unit, Some(total)), &pace, &History::default(), now) {
                let truth = (total - unit) as f64 * millis as f64 / 1000.0;
                let (low, high, middle) = left(found, now);
                prop_assert!((middle - truth).abs() <= truth * 0.01 + 0.01, "{:?} for {}", found, truth);
                prop_assert!(low <= truth + 0.01 && truth <= high + 0.01, "{:?} for {}", found, truth);
                prop_assert!(middle <= last + 0.01, "it grew: {:?} after {}", found, last);
                last = middle;
            }
        }
        prop_assert!(last < 0.01, "it was told to the end");
    }

    #[test]
    fn a_rate_with_jitter_stays_in_bounds(steps in prop::collection::vec(500_i64..1500, 100..200)) {
        let total = steps.len() as u64;
        let (mut pace, mut now) = (Pace::default(), 0);
        see(&mut pace, 0, Some(total), at(0));
        for (unit, millis) in steps.iter().enumerate() {
            now += millis;
            let unit = unit as u64 + 1;
            see(&mut pace, unit, Some(total), at(now));
            if let Some(found) = estimate(&running(unit, Some(total)), &pace, &History::default(), at(now)) {
                let (rest, middle) = ((total - unit) as f64, left(found, at(now)).2);
                prop_assert!(middle <= rest * 1.6 && middle >= rest * 0.5, "{:?} with {} left", found, rest);
            }
        }
    }

    #[test]
    fn without_a_total_nothing_but_history_speaks(current in 0_u64..1000, millis in 1_i64..5000) {
        let now = at(i64::try_from(current).unwrap() * millis);
        let pace = steady(current, 0, millis);
        prop_assert_eq!(estimate(&running(current, None), &pace, &History::default(), now), None);
    }
}
