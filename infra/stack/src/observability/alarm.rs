//! An alarm: what is too much, for how long, and where it is written what to do.

use pulumi::{Context, Input, Map, Output};
use pulumi_aws::cloudwatch;

use super::anchor::Anchor;
use super::metric::{Metric, Statistic};
use crate::tags::ComponentTags;

/// When a metric is wrong.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Limit {
    /// When it is more than this.
    Above(f64),
    /// When it is less than this.
    Below(f64),
}

impl Limit {
    /// Where the line is.
    pub(super) const fn value(self) -> f64 {
        match self {
            Self::Above(value) | Self::Below(value) => value,
        }
    }

    const fn comparison(self) -> &'static str {
        match self {
            Self::Above(_) => "GreaterThanThreshold",
            Self::Below(_) => "LessThanThreshold",
        }
    }
}

/// An alarm.
#[derive(Debug, Clone)]
pub(super) struct Alarm {
    pub(super) name: String,
    pub(super) anchor: Anchor,
    pub(super) metric: Metric,
    pub(super) limit: Limit,
    pub(super) patience: Patience,
}

/// For how long it must be wrong.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    period_seconds: u32,
    /// How many periods are looked at.
    periods: u32,
    /// In how many of them it must be wrong.
    wrong: u32,
}

/// Three of five minutes: what is over before anyone could look wakes nobody.
const MINUTES: Patience = Patience { period_seconds: 60, periods: 5, wrong: 3 };
/// What happens once a day, or never, is wrong when it happens.
const ONCE: Patience = Patience { period_seconds: 3600, periods: 1, wrong: 1 };

impl Alarm {
    /// Where more than `limit` is too much.
    pub(super) fn above(name: impl Into<String>, anchor: Anchor, metric: Metric, limit: f64) -> Self {
        Self { name: name.into(), anchor, metric, limit: Limit::Above(limit), patience: MINUTES }
    }

    /// Where a single time is too much.
    pub(super) fn once(name: impl Into<String>, anchor: Anchor, metric: Metric) -> Self {
        Self { patience: ONCE, ..Self::above(name, anchor, metric, 0.0) }
    }

    /// Where less than `limit` is too little.
    pub(super) fn below(name: impl Into<String>, anchor: Anchor, metric: Metric, limit: f64) -> Self {
        Self { limit: Limit::Below(limit), ..Self::above(name, anchor, metric, limit) }
    }
}

/// Where alarms go.
pub(super) struct Alarms<'parts> {
    pub(super) context: &'parts Context,
    pub(super) topic: Output<String>,
    pub(super) tags: &'parts ComponentTags,
}

impl Alarms<'_> {
    /// Declares an alarm.
    pub(super) fn declare(&self, alarm: &Alarm) -> cloudwatch::MetricAlarm {
        let Alarm { name, anchor, metric, limit, patience } = alarm;
        let dimensions = metric.dimensions.iter().map(|(name, value)| (*name, Input::from(value)));
        let args = cloudwatch::MetricAlarmArgs::new()
            .name(format!("miyabi-{name}"))
            .alarm_description(anchor.link())
            .namespace(metric.namespace)
            .metric_name(metric.name)
            .dimensions(dimensions.collect::<Map<String>>())
            .period(patience.period_seconds)
            .evaluation_periods(patience.periods)
            .datapoints_to_alarm(patience.wrong)
            .comparison_operator(limit.comparison())
            .threshold(limit.value())
            // Where nothing happens nothing is wrong.
            .treat_missing_data("notBreaching")
            .tags(self.tags);
        // Of what people notice they are told once, by the alarm over all of it.
        let args = match anchor.is_noticed() {
            true => args,
            false => args.alarm_actions([self.topic.clone()]).ok_actions([self.topic.clone()]),
        };
        let args = match metric.statistic {
            Statistic::Percentile(percentile) => args.extended_statistic(percentile),
            Statistic::Plain(statistic) => args.statistic(statistic),
        };
        cloudwatch::MetricAlarm::new(self.context, name.as_str(), args)
    }

    /// Declares the alarm over those of what people notice.
    pub(super) fn declare_noticed(&self, noticed: &[&cloudwatch::MetricAlarm]) -> cloudwatch::CompositeAlarm {
        let names: Vec<_> = noticed.iter().map(|alarm| alarm.name()).collect();
        let rule = pulumi::all(names).map(|names: Vec<String>| {
            let states: Vec<_> = names.iter().map(|name| format!("ALARM({name:?})")).collect();
            states.join(" OR ")
        });
        cloudwatch::CompositeAlarm::new(
            self.context,
            Anchor::Impaired.name(),
            cloudwatch::CompositeAlarmArgs::new()
                .alarm_name(format!("miyabi-{}", Anchor::Impaired.name()))
                .alarm_description(Anchor::Impaired.link())
                .alarm_rule(rule)
                .alarm_actions([self.topic.clone()])
                .ok_actions([self.topic.clone()])
                .tags(self.tags),
        )
    }
}
