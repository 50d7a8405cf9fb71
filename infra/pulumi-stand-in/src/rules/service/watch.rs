//! Alarms and budgets.

use std::collections::BTreeSet;

use super::Problems;
use crate::inputs::Inputs;

const DAY: f64 = 86_400.0;

pub(super) fn check(token: &str, inputs: Inputs<'_>, problems: &mut Problems) {
    match token {
        "aws:cloudwatch/metricAlarm:MetricAlarm" => alarm(inputs, problems),
        "aws:budgets/budget:Budget" => budget(inputs, problems),
        _ => {}
    }
}

fn alarm(inputs: Inputs<'_>, problems: &mut Problems) {
    if !inputs.has("evaluationCriteria") {
        problems.required(inputs, &["comparisonOperator", "evaluationPeriods"], "for an alarm");
        if !inputs.has("threshold") && !inputs.has("thresholdMetricId") {
            problems.add("threshold", "is required, or thresholdMetricId");
        }
    }
    if inputs.has("metricName") {
        problems.required(inputs, &["namespace", "period"], "with metricName");
        if !inputs.has("statistic") && !inputs.has("extendedStatistic") {
            problems.add("statistic", "is required with metricName, or extendedStatistic");
        }
    }
    let periods = inputs.number("evaluationPeriods");
    if let (Some(points), Some(periods)) = (inputs.number("datapointsToAlarm"), periods)
        && points > periods
    {
        problems
            .add("datapointsToAlarm", format!("is {points}, expected at most evaluationPeriods, {periods}"));
    }
    let longest =
        inputs.at("metricQueries[].metric.period").into_iter().filter_map(|found| match found.value {
            pulumi::Value::Number(number) => Some(*number),
            _ => None,
        });
    let period = inputs.number("period").or_else(|| longest.reduce(f64::max));
    if let (Some(period), Some(periods)) = (period, periods) {
        // A week where periods are hours or longer.
        let most = if period >= 3600.0 { 7.0 * DAY } else { DAY };
        if period * periods > most {
            problems.add(
                "evaluationPeriods",
                format!("is {periods} of {period} seconds, expected at most {most} seconds together"),
            );
        }
    }
    queries(inputs, problems);
}

fn queries(inputs: Inputs<'_>, problems: &mut Problems) {
    let queries = inputs.objects("metricQueries[]");
    if queries.is_empty() {
        return;
    }
    let mut identifiers = BTreeSet::new();
    let mut returned = 0;
    for (path, query) in &queries {
        if !query.text("id").is_none_or(|id| identifiers.insert(id)) {
            problems.add(format!("{path}.id"), "is there already, expected one of its own for each query");
        }
        if query.has("metric") == query.has("expression") {
            problems.add(path.clone(), "expected exactly one of metric and expression");
        }
        returned += usize::from(query.is_true("returnData"));
    }
    let expected = if inputs.has("thresholdMetricId") { 2 } else { 1 };
    if returned != expected {
        problems.add("metricQueries", format!("has {returned} with returnData, expected exactly {expected}"));
    }
    if let Some(id) = inputs.text("thresholdMetricId").filter(|id| !identifiers.contains(id)) {
        problems.add("thresholdMetricId", format!("is {id:?}, expected one of {identifiers:?}"));
    }
}

fn budget(inputs: Inputs<'_>, problems: &mut Problems) {
    if !inputs.has("autoAdjustData") && !inputs.has("plannedLimits") {
        problems.required(inputs, &["limitAmount", "limitUnit"], "for a budget");
    }
    for (path, notification) in inputs.objects("notifications[]") {
        let subscribers = ["subscriberEmailAddresses[]", "subscriberSnsTopicArns[]"];
        if subscribers.iter().all(|subscribers| notification.at(subscribers).is_empty()) {
            problems.add(path, "has no subscriber, expected an address or a topic");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::reasons;
    use serde_json::{Value as Json, json};

    fn alarm(change: impl FnOnce(&mut Json)) -> Vec<String> {
        let mut alarm = json!({
            "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 3, "datapointsToAlarm": 2, "threshold": 0,
            "metricName": "Errors", "namespace": "AWS/Lambda", "period": 60, "statistic": "Sum",
        });
        change(&mut alarm);
        reasons("aws:cloudwatch/metricAlarm:MetricAlarm", alarm)
    }

    #[test]
    fn alarms_of_one_metric() {
        assert_eq!(alarm(|_| {}), Vec::<String>::new());
        assert_eq!(
            alarm(|alarm| alarm["datapointsToAlarm"] = 4.into()),
            ["datapointsToAlarm is 4, expected at most evaluationPeriods, 3"]
        );
        assert_eq!(
            alarm(|alarm| alarm["statistic"] = Json::Null),
            ["statistic is required with metricName, or extendedStatistic"]
        );
        assert_eq!(
            alarm(|alarm| alarm["threshold"] = Json::Null),
            ["threshold is required, or thresholdMetricId"]
        );
        assert_eq!(alarm(|alarm| alarm["period"] = Json::Null), ["period is required with metricName"]);
        assert_eq!(
            alarm(|alarm| alarm["evaluationPeriods"] = 1441.into()),
            ["evaluationPeriods is 1441 of 60 seconds, expected at most 86400 seconds together"]
        );
    }

    #[test]
    fn alarms_of_queries() {
        let queries = |queries: Json| {
            reasons(
                "aws:cloudwatch/metricAlarm:MetricAlarm",
                json!({ "comparisonOperator": "GreaterThanThreshold", "evaluationPeriods": 1, "threshold": 1, "metricQueries": queries }),
            )
        };
        let metric = json!({ "id": "m", "metric": { "metricName": "Errors", "period": 60, "stat": "Sum" } });
        let rate = json!({ "id": "r", "expression": "m * 2", "returnData": true });
        assert!(queries(json!([metric, rate])).is_empty());
        assert_eq!(queries(json!([metric])), ["metricQueries has 0 with returnData, expected exactly 1"]);
        assert_eq!(queries(json!([rate, rate])).len(), 2);
        assert_eq!(
            queries(json!([{ "id": "x", "returnData": true }])),
            ["metricQueries[0] expected exactly one of metric and expression"]
        );
    }

    #[test]
    fn budgets() {
        let budget = |extra: Json| reasons("aws:budgets/budget:Budget", extra);
        assert!(budget(json!({ "limitAmount": "10", "limitUnit": "USD", "notifications": [{ "subscriberEmailAddresses": ["a@b.c"] }] })).is_empty());
        assert_eq!(budget(json!({ "limitUnit": "USD" })), ["limitAmount is required for a budget"]);
        assert_eq!(
            budget(json!({ "limitAmount": "10", "limitUnit": "USD", "notifications": [{}] })).len(),
            1
        );
    }
}
