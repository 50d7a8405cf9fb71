//! Logs, streams, alarms and tags.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use miyabi_infra::tags::{COMPONENT_TAG, COST_OWNER_TAG, MANAGED_BY_TAG, PROJECT_TAG, STAGE_TAG};
use serde_json::Value as Json;

use super::function::streams;
use super::model::{Findings, Graph, Resource, items, short};
use super::queue::is_dead_letter;

/// What CloudWatch Logs takes, in days: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const RETENTIONS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

pub(super) fn log_retention(graph: &Graph, found: &mut Findings) {
    for group in graph.of("cloudwatch.LogGroup") {
        let days = group.at("/retentionInDays").as_f64();
        let kept =
            days.is_some_and(|days| days >= 1.0 && RETENTIONS.iter().any(|known| f64::from(*known) == days));
        found.expect(kept, group, format!("the retention is {days:?}"));
    }
}

pub(super) fn log_key(graph: &Graph, found: &mut Findings) {
    for group in graph.of("cloudwatch.LogGroup") {
        found.expect(group.has("/kmsKeyId"), group, "it is encrypted with a key of AWS's");
    }
}

pub(super) fn stream_failures(graph: &Graph, found: &mut Findings) {
    for mapping in streams(graph) {
        found.expect(mapping.is_true("/bisectBatchOnFunctionError"), mapping, "a batch is never halved");
        let retries = mapping.at("/maximumRetryAttempts").as_f64();
        found.expect(
            retries.is_some_and(|retries| retries >= 0.0),
            mapping,
            "a poison record blocks for a day",
        );
        found.expect(
            mapping.has("/destinationConfig/onFailure/destinationArn"),
            mapping,
            "what fails is not put aside",
        );
    }
}

/// Whether an alarm watches a metric of a resource.
fn watches(alarm: &Resource, metric: &str, dimension: &str, of: &Resource) -> bool {
    let direct =
        alarm.text("/metricName") == metric && of.is_named_by(alarm.at(&format!("/dimensions/{dimension}")));
    let within = items(alarm.at("/metricQueries")).iter().any(|query| {
        query["metric"]["metricName"] == metric && of.is_named_by(&query["metric"]["dimensions"][dimension])
    });
    direct || within
}

fn expect_alarm(graph: &Graph, found: &mut Findings, metrics: &[&str], dimension: &str, of: &Resource) {
    let alarms = graph.of("cloudwatch.MetricAlarm");
    let watched = alarms.iter().any(|alarm| {
        metrics.iter().any(|metric| watches(alarm, metric, dimension, of))
            && !items(alarm.at("/alarmActions")).is_empty()
    });
    found.expect(watched, of, format!("no alarm watches {}", metrics.join(" or ")));
}

pub(super) fn dead_letter_alarm(graph: &Graph, found: &mut Findings) {
    for queue in graph.of("sqs.Queue").into_iter().filter(|queue| is_dead_letter(graph, queue)) {
        let metrics = ["ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent"];
        expect_alarm(graph, found, &metrics, "QueueName", queue);
    }
}

pub(super) fn iterator_age_alarm(graph: &Graph, found: &mut Findings) {
    for function in graph.of("lambda.Function") {
        if streams(graph).iter().any(|mapping| function.is_named_by(mapping.at("/functionName"))) {
            expect_alarm(graph, found, &["IteratorAge"], "FunctionName", function);
        }
    }
}

pub(super) fn throttle_alarm(graph: &Graph, found: &mut Findings) {
    for function in graph.of("lambda.Function") {
        expect_alarm(graph, found, &["Throttles"], "FunctionName", function);
    }
}

/// The kinds of resources that take tags, by the provider's schema.
static TAGGABLE: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pulumi-aws/schema/aws.json");
    let schema: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let resources = schema["resources"].as_object().unwrap().iter();
    resources
        .filter(|(_, resource)| resource["inputProperties"].get("tags").is_some())
        .map(|(token, _)| short(token))
        .collect()
});

pub(super) fn tags(graph: &Graph, found: &mut Findings) {
    for resource in graph.resources.iter().filter(|resource| TAGGABLE.contains(&resource.kind)) {
        for tag in [PROJECT_TAG, STAGE_TAG, COMPONENT_TAG, MANAGED_BY_TAG, COST_OWNER_TAG] {
            let value = resource.at("/tags").get(tag).and_then(Json::as_str).unwrap_or_default();
            found.expect(!value.is_empty(), resource, format!("it has no tag {tag}"));
        }
    }
}

/// What the platform depends on, and the dimension by which metrics of it name it.
const WATCHED: [(&str, &str); 7] = [
    ("apigateway.RestApi", "ApiName"),
    ("apigatewayv2.Api", "ApiId"),
    ("backup.Vault", "BackupVaultName"),
    ("dynamodb.Table", "TableName"),
    ("ec2.NatGateway", "NatGatewayId"),
    ("elasticache.ReplicationGroup", "CacheClusterId"),
    ("lambda.Function", "FunctionName"),
];

/// ElastiCache measures nodes, and calls them after their group.
fn is_node_of(group: &Resource, named: &Json) -> bool {
    let node = named.as_str().and_then(|named| named.strip_prefix(group.text("/replicationGroupId")));
    group.has("/replicationGroupId") && node.is_some_and(|node| node.starts_with('-'))
}

/// Some alarm tells somebody of it, by itself or as a part of another alarm.
pub(super) fn watched(graph: &Graph, found: &mut Findings) {
    let composites = graph.of("cloudwatch.CompositeAlarm");
    let tells = |alarm: &Resource| !items(alarm.at("/alarmActions")).is_empty();
    let is_told = |alarm: &Resource| {
        tells(alarm)
            || composites.iter().any(|over| {
                let name = format!("ALARM({:?})", alarm.text("/name"));
                tells(over) && over.text("/alarmRule").contains(&name)
            })
    };
    let alarms = graph.of("cloudwatch.MetricAlarm");
    for (kind, dimension) in WATCHED {
        for resource in graph.of(kind) {
            let watched = alarms.iter().any(|alarm| {
                let named = alarm.at(&format!("/dimensions/{dimension}"));
                is_told(alarm) && (resource.is_named_by(named) || is_node_of(resource, named))
            });
            found.expect(watched, resource, format!("no alarm has it as {dimension}"));
        }
    }
}
