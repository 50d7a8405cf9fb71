//! What is watched, and that it is written what to do.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use miyabi_infra::graph::References;
use miyabi_infra::observability::{Anchor, RUNBOOK};
use miyabi_infra::settings::Settings;
use miyabi_shared::Stage;
use pulumi::Value;
use pulumi::mocks::{NewResource, Recorder};
use serde_json::{Value as Json, json};

use crate::program::{recorded, settings, text, told};

const ALARM: &str = "aws:cloudwatch/metricAlarm:MetricAlarm";
const COMPOSITE: &str = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

/// What together has everything that can be watched: what production has, a burstable cache, and a socket.
async fn everything() -> Vec<Arc<Recorder<References>>> {
    let mut all = Vec::new();
    for stage in [Stage::Dev, Stage::Prod] {
        all.push(told(stage, &[("socket.enabled", "true")]).await);
    }
    all
}

fn alarms(recorder: &Recorder<References>) -> Vec<NewResource> {
    [ALARM, COMPOSITE].iter().flat_map(|kind| recorder.resources_of(kind)).collect()
}

#[tokio::test]
async fn every_alarm_names_a_part_of_the_runbook_that_is_there_and_every_part_has_an_alarm() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(RUNBOOK);
    let runbook = std::fs::read_to_string(path).unwrap();
    let headings: BTreeSet<_> = runbook.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    assert_eq!(headings, Anchor::ALL.iter().map(|anchor| anchor.name()).collect());
    let mut used = BTreeSet::new();
    for recorder in everything().await {
        for alarm in alarms(&recorder) {
            let anchor =
                text(&alarm, "alarmDescription").strip_prefix("docs/RUNBOOK.md#").unwrap().to_owned();
            assert!(headings.contains(anchor.as_str()), "{}: {anchor}", alarm.name);
            used.insert(anchor);
        }
    }
    assert_eq!(used, headings.into_iter().map(str::to_owned).collect());
    // A link to a part that is not there leads nobody on at night.
    for (_, link) in runbook.match_indices("](#").map(|(at, _)| runbook.split_at(at + 3)) {
        let link = link.split(')').next().unwrap();
        assert!(Anchor::ALL.iter().any(|anchor| anchor.name() == link), "#{link}");
    }
}

#[tokio::test]
async fn what_people_notice_is_told_once_and_every_cause_for_itself() {
    for recorder in everything().await {
        let composites = recorder.resources_of(COMPOSITE);
        let [impaired] = composites.as_slice() else { panic!("{composites:?}") };
        let rule = text(impaired, "alarmRule");
        assert!(impaired.inputs.contains_key("alarmActions") && impaired.inputs.contains_key("okActions"));
        for alarm in recorder.resources_of(ALARM) {
            let within = rule.contains(&format!("ALARM({:?})", text(&alarm, "name")));
            // By itself or as a part of the other, and never by both.
            assert_ne!(within, alarm.inputs.contains_key("alarmActions"), "{}", alarm.name);
            assert_ne!(within, alarm.inputs.contains_key("okActions"), "{}", alarm.name);
        }
        assert!(rule.contains("miyabi-api-errors") && rule.contains(" OR "), "{rule}");
    }
}

#[tokio::test]
async fn the_dashboard_shows_what_every_alarm_watches_with_its_limit_and_stays_within_its_width() {
    for recorder in everything().await {
        let dashboards = recorder.resources_of("aws:cloudwatch/dashboard:Dashboard");
        let [dashboard] = dashboards.as_slice() else { panic!("{dashboards:?}") };
        let body: Json = serde_json::from_str(text(dashboard, "dashboardBody")).unwrap();
        let widgets = body["widgets"].as_array().unwrap();
        let mut taken = BTreeSet::new();
        for widget in widgets {
            let at = |key: &str| widget[key].as_u64().unwrap();
            assert!(at("x") + at("width") <= 24, "{widget}");
            for place in (at("x")..at("x") + at("width"))
                .flat_map(|x| (at("y")..at("y") + at("height")).map(move |y| (x, y)))
            {
                assert!(taken.insert(place), "{widget} covers another");
            }
        }
        let shown = widgets[0]["properties"]["alarms"].as_array().unwrap();
        assert_eq!(shown.len(), alarms(&recorder).len());
        assert!(shown.len() <= 100, "a widget shows no more alarms");
        for alarm in recorder.resources_of(ALARM) {
            let Value::Object(dimensions) = &alarm.inputs["dimensions"] else { panic!("{}", alarm.name) };
            let mut listed = vec![json!(text(&alarm, "namespace")), json!(text(&alarm, "metricName"))];
            for (name, value) in dimensions {
                let Value::String(value) = value else { panic!("{value:?}") };
                listed.extend([json!(name), json!(value)]);
            }
            let Value::Number(limit) = alarm.inputs["threshold"] else { panic!("{}", alarm.name) };
            let shows = widgets.iter().any(|widget| {
                let properties = &widget["properties"];
                let metrics = properties["metrics"].as_array().into_iter().flatten();
                let mut metrics = metrics.map(|metric| {
                    let metric: BTreeSet<String> =
                        metric.as_array().unwrap().iter().map(Json::to_string).collect();
                    listed.iter().all(|part| metric.contains(&part.to_string()))
                });
                let lines = properties["annotations"]["horizontal"].as_array().into_iter().flatten();
                metrics.any(|shown| shown)
                    && lines.into_iter().any(|line| line["value"].as_f64() == Some(limit))
            });
            assert!(shows, "{} is on no graph with its limit", alarm.name);
        }
    }
}

#[tokio::test]
async fn traces_begin_at_the_api_and_belong_to_the_functions_of_the_stage() {
    for (stage, share) in [(Stage::Dev, 1.0), (Stage::Prod, 0.05)] {
        let recorder = recorded(stage).await;
        let rule = recorder.resource("api-requests").unwrap();
        assert_eq!(rule.inputs["fixedRate"], Value::Number(share));
        let health = recorder.resource("api-health").unwrap();
        assert_eq!(health.inputs["fixedRate"], Value::Number(0.0));
        let groups = recorder.resources_of("aws:xray/group:Group");
        let filter = text(&groups[0], "filterExpression");
        for function in settings(stage).functions() {
            assert!(filter.contains(&format!("service({:?})", function.binary())), "{filter}");
        }
    }
    let untraced = told(Stage::Dev, &[("compute.tracing", "false")]).await;
    assert!(untraced.resources_of("aws:xray/samplingRule:SamplingRule").is_empty());
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

/// What counts something that is gone, or will be unless somebody looks: there is no second time to wait for.
const LOSSES: [&str; 3] = ["DestinationDeliveryFailures", "NumberOfBackupJobsFailed", "UnreadableRecords"];

#[tokio::test]
async fn what_is_lost_is_told_when_it_happens_once() {
    for recorder in everything().await {
        let alarms = recorder.resources_of(ALARM);
        let losses: Vec<_> =
            alarms.iter().filter(|alarm| LOSSES.contains(&text(alarm, "metricName"))).collect();
        assert!(!losses.is_empty());
        for alarm in losses {
            for input in ["evaluationPeriods", "datapointsToAlarm"] {
                assert_eq!(alarm.inputs[input], Value::Number(1.0), "{input} of {}", alarm.name);
            }
        }
    }
}
