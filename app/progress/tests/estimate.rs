//! The laws of estimates: never negative, bounded for steady rates, none where it would be a guess.

#![cfg(test)]

use std::time::Duration;

use miyabi_progress::estimate::{Basis, Durations, History, Rate, estimate};
use miyabi_shared::id::{ProjectId, StepId, TaskId, TaskType};
use miyabi_shared::task::{Progress, Step, StepStatus, Task, TaskStatus};
use miyabi_shared::timestamp::Timestamp;
use proptest::prelude::*;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn running(current: u64, total: Option<u64>) -> Task {
    Task {
        task_id: TaskId::new("t").unwrap(),
        project_id: ProjectId::new("p").unwrap(),
        task_type: TaskType::new("cdk-deploy").unwrap(),
        name: "t".to_owned(),
        status: TaskStatus::Running,
        progress: Progress { current, total, ..Progress::default() },
        attempt: 1,
        sequence: 1,
        exit_code: None,
        labels: std::collections::BTreeMap::new(),
        version: 1,
        log_group: None,
        created_at: at(0),
        updated_at: at(0),
        started_at: Some(at(0)),
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

/// A rate that was fed `count` units of `millis` each.
fn steady(count: u64, total: u64, millis: i64) -> Rate {
    let mut rate = Rate::default();
    for unit in 0..=count {
        rate.observe(unit, Some(total), at(i64::try_from(unit).unwrap() * millis));
    }
    rate
}

fn seconds(duration: Duration) -> f64 {
    duration.as_secs_f64()
}

#[test]
fn no_total_and_no_history_give_no_estimate() {
    let rate = steady(50, 100, 1000);
    assert_eq!(estimate(&running(50, None), &[], &History::default(), Some(&rate), at(50_000)), None);
    assert_eq!(estimate(&running(50, Some(100)), &[], &History::default(), None, at(50_000)), None);
}

#[test]
fn two_runs_are_no_history_and_three_are() {
    assert_eq!(estimate(&running(0, None), &[], &history(&[100, 100]), None, at(0)), None);
    let known = estimate(&running(0, None), &[], &history(&[100, 90, 110]), None, at(40_000)).unwrap();
    assert_eq!(known.basis, Basis::Tasks);
    assert!((seconds(known.likely) - 60.0).abs() < 1.0, "{known:?}");
    assert!(seconds(known.low) > 30.0 && seconds(known.high) < 90.0, "{known:?}");
}

#[test]
fn durations_that_are_all_over_the_place_are_no_history() {
    assert_eq!(estimate(&running(0, None), &[], &history(&[1, 500, 3, 900]), None, at(0)), None);
}

#[test]
fn a_run_that_overran_everything_learnt_has_no_estimate() {
    let history = history(&[100, 90, 110]);
    assert!(estimate(&running(0, None), &[], &history, None, at(125_000)).is_some());
    assert_eq!(estimate(&running(0, None), &[], &history, None, at(300_000)), None);
}

#[test]
fn a_steady_rate_and_a_history_that_agree_give_a_narrower_range() {
    let task = running(50, Some(100));
    let rate = steady(50, 100, 1000);
    let alone = estimate(&task, &[], &History::default(), Some(&rate), at(50_000)).unwrap();
    let both = estimate(&task, &[], &history(&[100, 95, 105]), Some(&rate), at(50_000)).unwrap();
    assert_eq!((alone.basis, both.basis), (Basis::Rate, Basis::Both));
    assert!((seconds(both.likely) - 50.0).abs() < 3.0, "{both:?}");
    assert!(both.high - both.low <= alone.high - alone.low, "{both:?} {alone:?}");
}

#[test]
fn a_run_unlike_the_ones_before_it_is_judged_by_its_own_rate() {
    let rate = steady(50, 100, 10_000);
    let found =
        estimate(&running(50, Some(100)), &[], &history(&[600, 590, 610]), Some(&rate), at(500_000)).unwrap();
    assert_eq!(found.basis, Basis::Rate);
    assert!((seconds(found.likely) - 500.0).abs() < 10.0, "{found:?}");
}

#[test]
fn the_last_slow_resource_is_not_taken_for_as_fast_as_the_others() {
    let steps = [step("cdn", "AWS::CloudFront::Distribution", StepStatus::Running, 28_000, None)];
    let rate = steady(28, 29, 1000);
    let found = estimate(&running(28, Some(29)), &steps, &history(&[600, 590, 610]), Some(&rate), at(28_000))
        .unwrap();
    assert_eq!(found.basis, Basis::Steps);
    assert!((seconds(found.likely) - 300.0).abs() < 10.0, "{found:?}");
    // With more to come, it is the least that it takes.
    let found = estimate(&running(20, Some(29)), &steps, &history(&[600, 590, 610]), Some(&rate), at(28_000))
        .unwrap();
    assert!(seconds(found.likely) >= 290.0, "{found:?}");
}

#[test]
fn a_run_that_stands_still_or_has_ended_or_rolls_back_has_none() {
    let rate = steady(50, 100, 1000);
    let mut task = running(50, Some(100));
    let none = History::default();
    assert!(estimate(&task, &[], &none, Some(&rate), at(52_000)).is_some());
    assert_eq!(estimate(&task, &[], &none, Some(&rate), at(90_000)), None);
    task.progress.phase = Some("rollback".to_owned());
    assert_eq!(estimate(&task, &[], &none, Some(&rate), at(52_000)), None);
    task.progress.phase = None;
    task.status = TaskStatus::Failed;
    assert_eq!(estimate(&task, &[], &none, Some(&rate), at(52_000)), None);
}

#[test]
fn history_and_rate_survive_as_small_json() {
    let history = history(&[100, 90, 110]);
    let json = serde_json::to_string(&history).unwrap();
    assert_eq!(serde_json::from_str::<History>(&json).unwrap(), history);
    let rate = steady(20, 100, 333);
    let json = serde_json::to_string(&rate).unwrap();
    assert!(json.len() < 200, "{json}");
    let back: Rate = serde_json::from_str(&json).unwrap();
    assert_eq!(
        estimate(&running(20, Some(100)), &[], &History::default(), Some(&back), at(6660)),
        estimate(&running(20, Some(100)), &[], &History::default(), Some(&rate), at(6660))
    );
}

proptest! {
    #[test]
    fn whatever_is_fed_a_range_is_in_order_and_nothing_panics(
        seen in prop::collection::vec((any::<u32>(), prop::option::of(any::<u32>()), any::<i32>()), 0..40),
        learnt in prop::collection::vec(any::<f64>(), 0..10),
        lasted in prop::collection::vec(0_i64..10_000_000, 0..8),
        current in any::<u64>(), total in prop::option::of(any::<u64>()), now in any::<i64>(),
    ) {
        let mut rate = Rate::default();
        for (current, total, time) in seen {
            rate.observe(u64::from(current), total.map(u64::from), at(i64::from(time)));
        }
        let mut durations = Durations::default();
        learnt.into_iter().for_each(|seconds| durations.learn(seconds));
        prop_assert!(durations.mean.is_finite() && durations.mean >= 0.0 && durations.variance >= 0.0);
        if let Some(found) = estimate(&running(current, total), &[], &history(&lasted), Some(&rate), at(now)) {
            prop_assert!(found.low <= found.likely && found.likely <= found.high, "{:?}", found);
        }
    }

    #[test]
    fn a_steady_rate_is_told_right_and_only_falls(millis in 50_i64..20_000, total in 60_u64..400) {
        let mut rate = Rate::default();
        let mut last = f64::MAX;
        for unit in 0..=total {
            let now = at(i64::try_from(unit).unwrap() * millis);
            rate.observe(unit, Some(total), now);
            if let Some(found) = estimate(&running(unit, Some(total)), &[], &History::default(), Some(&rate), now) {
                let truth = (total - unit) as f64 * millis as f64 / 1000.0;
                prop_assert!((seconds(found.likely) - truth).abs() <= truth * 0.01 + 0.01, "{:?} for {}", found, truth);
                prop_assert!(seconds(found.low) <= truth + 0.01 && truth <= seconds(found.high) + 0.01, "{:?} for {}", found, truth);
                prop_assert!(seconds(found.likely) <= last + 0.01, "it grew: {:?} after {}", found, last);
                last = seconds(found.likely);
            }
        }
        prop_assert!(last < 0.01, "it was told to the end");
    }

    #[test]
    fn a_rate_with_jitter_stays_in_bounds(steps in prop::collection::vec(500_i64..1500, 100..200)) {
        let total = steps.len() as u64;
        let (mut rate, mut now) = (Rate::default(), 0);
        rate.observe(0, Some(total), at(0));
        for (unit, millis) in steps.iter().enumerate() {
            now += millis;
            let unit = unit as u64 + 1;
            rate.observe(unit, Some(total), at(now));
            if let Some(found) = estimate(&running(unit, Some(total)), &[], &History::default(), Some(&rate), at(now)) {
                let rest = (total - unit) as f64;
                prop_assert!(seconds(found.likely) <= rest * 1.5 && seconds(found.likely) >= rest * 0.5, "{:?} with {} left", found, rest);
            }
        }
    }

    #[test]
    fn without_a_total_nothing_but_history_speaks(current in 0_u64..1000, millis in 1_i64..5000) {
        let rate = steady(current, 0, millis);
        let now = at(i64::try_from(current).unwrap() * millis);
        prop_assert_eq!(estimate(&running(current, None), &[], &History::default(), Some(&rate), now), None);
    }
}
