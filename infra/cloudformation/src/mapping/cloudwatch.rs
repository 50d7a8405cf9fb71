//! Logs, alarms and dashboards.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:cloudwatch/logGroup:LogGroup", "AWS::Logs::LogGroup", log_group).outputs(&[
        // CloudFormation's own attribute ends with `:*`, Pulumi's does not.
        ("arn", "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:<Ref>"),
        ("name", "<Ref>"),
    ]),
    TypeMapping::new(
        "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
        "AWS::Logs::SubscriptionFilter",
        subscription_filter,
    ),
    TypeMapping::new(
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        "AWS::Logs::MetricFilter",
        metric_filter,
    ),
    TypeMapping::new("aws:cloudwatch/metricAlarm:MetricAlarm", "AWS::CloudWatch::Alarm", alarm)
        .outputs(&[("arn", "<.Arn>"), ("name", "<Ref>")]),
    TypeMapping::new(
        "aws:cloudwatch/compositeAlarm:CompositeAlarm",
        "AWS::CloudWatch::CompositeAlarm",
        composite_alarm,
    )
    .outputs(&[("arn", "<.Arn>"), ("alarmName", "<Ref>")]),
    TypeMapping::new(
        "aws:cloudwatch/queryDefinition:QueryDefinition",
        "AWS::Logs::QueryDefinition",
        query_definition,
    ),
    TypeMapping::new("aws:cloudwatch/dashboard:Dashboard", "AWS::CloudWatch::Dashboard", dashboard),
];

fn log_group(fields: &mut Fields) {
    fields.text("name", "LogGroupName");
    fields.made_by_cloudformation("namePrefix");
    fields.number("retentionInDays", "RetentionInDays");
    fields.text("kmsKeyId", "KmsKeyId");
    fields.text("logGroupClass", "LogGroupClass");
    fields.boolean("deletionProtectionEnabled", "DeletionProtectionEnabled");
    fields.retain("skipDestroy");
    fields.tags();
}

fn subscription_filter(fields: &mut Fields) {
    fields.text("name", "FilterName");
    fields.text("logGroup", "LogGroupName");
    fields.text("filterPattern", "FilterPattern");
    fields.text("destinationArn", "DestinationArn");
    fields.text("roleArn", "RoleArn");
    fields.text("distribution", "Distribution");
    fields.boolean("applyOnTransformedLogs", "ApplyOnTransformedLogs");
    fields.texts("emitSystemFields", "EmitSystemFields");
}

fn metric_filter(fields: &mut Fields) {
    fields.text("name", "FilterName");
    fields.text("logGroupName", "LogGroupName");
    fields.text("pattern", "FilterPattern");
    fields.boolean("applyOnTransformedLogs", "ApplyOnTransformedLogs");
    let transformation = fields.take_mapped("metricTransformation", |transformation| {
        transformation.text("name", "MetricName");
        transformation.text("namespace", "MetricNamespace");
        transformation.text("value", "MetricValue");
        transformation.number_in_text("defaultValue", "DefaultValue");
        transformation.text("unit", "Unit");
        transformation.pairs("dimensions", "Dimensions", "Key", "Value");
    });
    if let Some(transformation) = transformation {
        fields.put("MetricTransformations", vec![serde_json::Value::Object(transformation)]);
    }
}

fn alarm(fields: &mut Fields) {
    fields.text("name", "AlarmName");
    fields.text("alarmDescription", "AlarmDescription");
    fields.boolean("actionsEnabled", "ActionsEnabled");
    fields.texts("alarmActions", "AlarmActions");
    fields.texts("okActions", "OKActions");
    fields.texts("insufficientDataActions", "InsufficientDataActions");
    fields.text("comparisonOperator", "ComparisonOperator");
    fields.number("evaluationPeriods", "EvaluationPeriods");
    fields.number("datapointsToAlarm", "DatapointsToAlarm");
    fields.number("threshold", "Threshold");
    fields.text("thresholdMetricId", "ThresholdMetricId");
    fields.text("treatMissingData", "TreatMissingData");
    fields.text("evaluateLowSampleCountPercentiles", "EvaluateLowSampleCountPercentile");
    metric(fields);
    fields.text("statistic", "Statistic");
    fields.text("extendedStatistic", "ExtendedStatistic");
    fields.number("period", "Period");
    fields.text("unit", "Unit");
    fields.objects("metricQueries", "Metrics", |query| {
        query.text("id", "Id");
        query.text("accountId", "AccountId");
        query.text("expression", "Expression");
        query.text("label", "Label");
        query.number("period", "Period");
        query.boolean("returnData", "ReturnData");
        metric_stat(query);
    });
    fields.tags();
}

fn metric(fields: &mut Fields) {
    fields.text("metricName", "MetricName");
    fields.text("namespace", "Namespace");
    fields.pairs("dimensions", "Dimensions", "Name", "Value");
}

/// One object in Pulumi, two in CloudFormation: the metric, and how it is counted.
fn metric_stat(query: &mut Fields) {
    let stat = query.take_mapped("metric", |stat| {
        metric(stat);
        stat.number("period", "Period");
        stat.text("stat", "Stat");
        stat.text("unit", "Unit");
    });
    let Some(mut stat) = stat else { return };
    let mut metric = serde_json::Map::new();
    for name in ["MetricName", "Namespace", "Dimensions"] {
        if let Some(value) = stat.remove(name) {
            metric.insert(name.to_owned(), value);
        }
    }
    stat.insert("Metric".to_owned(), metric.into());
    query.put("MetricStat", stat);
}

fn composite_alarm(fields: &mut Fields) {
    fields.text("alarmName", "AlarmName");
    fields.text("alarmDescription", "AlarmDescription");
    fields.text("alarmRule", "AlarmRule");
    fields.boolean("actionsEnabled", "ActionsEnabled");
    fields.texts("alarmActions", "AlarmActions");
    fields.texts("okActions", "OKActions");
    fields.texts("insufficientDataActions", "InsufficientDataActions");
    fields.tags();
}

fn query_definition(fields: &mut Fields) {
    fields.text("name", "Name");
    fields.text("queryString", "QueryString");
    fields.texts("logGroupNames", "LogGroupNames");
}

fn dashboard(fields: &mut Fields) {
    fields.text("dashboardName", "DashboardName");
    // Text in CloudFormation too.
    fields.text("dashboardBody", "DashboardBody");
}
