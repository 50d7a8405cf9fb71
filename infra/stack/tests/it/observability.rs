//! What is watched, and that it is written what to do.

use std::collections::BTreeSet;
use std::path::Path;

use miyabi_infra::observability::{Anchor, RUNBOOK};
use miyabi_infra::settings::Settings;
use miyabi_shared::Stage;

use crate::program::{recorded, settings, text};

const ALARM: &str = "aws:cloudwatch/metricAlarm:MetricAlarm";

#[tokio::test]
async fn every_alarm_names_a_part_of_the_runbook_that_is_there() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(RUNBOOK);
    let runbook = std::fs::read_to_string(path).unwrap();
    let headings: BTreeSet<_> = runbook.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings, Anchor::ALL.iter().map(|anchor| anchor.name()).collect());
    let mut used = BTreeSet::new();
    for alarm in recorded(Stage::Prod).await.resources_of(ALARM) {
        let anchor = text(&alarm, "alarmDescription").strip_prefix("docs/RUNBOOK.md#").unwrap().to_owned();
        assert!(headings.contains(anchor.as_str()), "{}: {anchor}", alarm.name);
        used.insert(anchor);
    }
    assert_eq!(used, headings.into_iter().map(str::to_owned).collect());
}

#[tokio::test]
async fn a_laptop_is_watched_by_who_sits_there_and_every_other_stage_by_alarms() {
    for stage in Stage::ALL {
        let alarms = recorded(stage).await.resources_of(ALARM);
        assert_eq!(alarms.is_empty(), stage == Stage::Local, "{stage}");
    }
}

#[tokio::test]
async fn who_is_told_is_told_by_mail() {
    let told = Settings {
        operation: miyabi_infra::settings::OperationSettings {
            email: Some("team@example.com".to_owned()),
            ..settings(Stage::Dev).operation
        },
        ..settings(Stage::Dev)
    };
    let recorder = miyabi_infra::graph::registrations(&told).await.unwrap();
    let subscriptions = recorder.resources_of("aws:sns/topicSubscription:TopicSubscription");
    assert_eq!(subscriptions.len(), 1);
    assert_eq!(text(&subscriptions[0], "endpoint"), "team@example.com");
    assert!(
        recorded(Stage::Dev).await.resources_of("aws:sns/topicSubscription:TopicSubscription").is_empty()
    );
}
