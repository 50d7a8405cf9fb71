//! An alarm: what is too much, for how long, and where it is written what to do.

use pulumi::{Context, Input, Map, Output};
use pulumi_aws::cloudwatch;

use crate::tags::ComponentTags;

/// Where it is written what to do, in the checkout.
pub const RUNBOOK: &str = "docs/RUNBOOK.md";

/// The part of the runbook about an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anchor {
    /// A function failed.
    FunctionErrors,
    /// Calls of a function were refused.
    FunctionThrottles,
    /// A function is about to be ended.
    FunctionDuration,
    /// A function gave up on an event.
    DeadLetters,
    /// The API failed.
    ApiErrors,
    /// The API is slow.
    ApiLatency,
    /// Progress is late.
    Freshness,
    /// A table refuses requests.
    TableThrottles,
}

impl Anchor {
    /// Every part.
    pub const ALL: [Self; 8] = [
        Self::FunctionErrors,
        Self::FunctionThrottles,
        Self::FunctionDuration,
        Self::DeadLetters,
        Self::ApiErrors,
        Self::ApiLatency,
        Self::Freshness,
        Self::TableThrottles,
    ];

    /// Its heading, as a link spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FunctionErrors => "function-errors",
            Self::FunctionThrottles => "function-throttles",
            Self::FunctionDuration => "function-duration",
            Self::DeadLetters => "dead-letters",
            Self::ApiErrors => "api-errors",
            Self::ApiLatency => "api-latency",
            Self::Freshness => "late-progress",
            Self::TableThrottles => "table-throttles",
        }
    }
}

/// What is measured.
pub(super) struct Metric {
    pub(super) namespace: &'static str,
    pub(super) name: &'static str,
    pub(super) dimensions: Vec<(&'static str, Output<String>)>,
    /// `Sum`, `Average`, or a percentile such as `p99`.
    pub(super) statistic: &'static str,
}

/// An alarm.
pub(super) struct Alarm {
    pub(super) name: String,
    pub(super) anchor: Anchor,
    pub(super) metric: Metric,
    /// More than this is too much.
    pub(super) threshold: f64,
}

impl Alarm {
    pub(super) fn new(name: String, anchor: Anchor, metric: Metric) -> Self {
        Self { name, anchor, metric, threshold: 0.0 }
    }
}

/// Where alarms go.
pub(super) struct Alarms<'parts> {
    pub(super) context: &'parts Context,
    pub(super) topic: Output<String>,
    pub(super) tags: &'parts ComponentTags,
}

impl Alarms<'_> {
    /// Three of five minutes: what is over before anyone could look wakes nobody.
    pub(super) fn add(&self, alarm: Alarm) {
        let Alarm { name, anchor, metric, threshold } = alarm;
        let args = cloudwatch::MetricAlarmArgs::new()
            .name(format!("miyabi-{name}"))
            .alarm_description(format!("{RUNBOOK}#{}", anchor.name()))
            .namespace(metric.namespace)
            .metric_name(metric.name)
            .dimensions(
                metric
                    .dimensions
                    .into_iter()
                    .map(|(name, value)| (name, Input::from(value)))
                    .collect::<Map<String>>(),
            )
            .period(60)
            .evaluation_periods(5)
            .datapoints_to_alarm(3)
            .comparison_operator("GreaterThanThreshold")
            .threshold(threshold)
            // Where nothing happens nothing is wrong.
            .treat_missing_data("notBreaching")
            .alarm_actions([self.topic.clone()])
            .ok_actions([self.topic.clone()])
            .tags(self.tags);
        let args = match metric.statistic {
            percentile if percentile.starts_with('p') => args.extended_statistic(percentile),
            statistic => args.statistic(statistic),
        };
        cloudwatch::MetricAlarm::new(self.context, name, args);
    }
}
