//! Tables, caches, backups and queues.

use std::collections::BTreeSet;

use super::Problems;
use crate::inputs::Inputs;

pub(super) fn check(token: &str, inputs: Inputs<'_>, problems: &mut Problems) {
    match token {
        "aws:dynamodb/table:Table" => table(inputs, problems),
        "aws:elasticache/replicationGroup:ReplicationGroup" => replication_group(inputs, problems),
        "aws:backup/plan:Plan" => {
            for (path, rule) in inputs.objects("rules[]") {
                let (cold, delete) =
                    (rule.number("lifecycle.coldStorageAfter"), rule.number("lifecycle.deleteAfter"));
                if let (Some(cold), Some(delete)) = (cold, delete)
                    && delete < cold + 90.0
                {
                    problems.add(
                        format!("{path}.lifecycle.deleteAfter"),
                        format!("is {delete}, expected at least 90 days after cold storage, {}", cold + 90.0),
                    );
                }
                if rule.is_true("enableContinuousBackup")
                    && !delete.is_some_and(|delete| (1.0..=35.0).contains(&delete))
                {
                    problems.add(
                        format!("{path}.lifecycle.deleteAfter"),
                        "expected 1 to 35 days with continuous backup",
                    );
                }
            }
        }
        "aws:sqs/queue:Queue" => queue(inputs, problems),
        _ => {}
    }
}

fn table(inputs: Inputs<'_>, problems: &mut Problems) {
    problems.required(inputs, &["hashKey", "attributes"], "for a table");
    let indexes: Vec<_> = ["globalSecondaryIndexes[]", "localSecondaryIndexes[]"]
        .iter()
        .flat_map(|path| inputs.objects(path))
        .collect();
    keys(inputs, &indexes, problems);
    let capacity = ["readCapacity", "writeCapacity"];
    let on_demand = inputs.text("billingMode") == Some("PAY_PER_REQUEST");
    if on_demand {
        problems.not_with(inputs, &capacity, "with PAY_PER_REQUEST");
    } else if !inputs.unknown("billingMode") {
        problems.required(inputs, &capacity, "with PROVISIONED");
    }
    for (path, index) in inputs.objects("globalSecondaryIndexes[]") {
        for name in capacity {
            if on_demand == index.has(name) && !inputs.unknown("billingMode") {
                let expected =
                    if on_demand { "none with PAY_PER_REQUEST" } else { "a number with PROVISIONED" };
                problems.add(
                    format!("{path}.{name}"),
                    format!("is {}given, expected {expected}", if on_demand { "" } else { "not " }),
                );
            }
        }
    }
    for (path, index) in &indexes {
        if (index.text("projectionType") == Some("INCLUDE")) == index.at("nonKeyAttributes[]").is_empty() {
            problems.add(
                format!("{path}.nonKeyAttributes"),
                "expected with the projection INCLUDE, and only then",
            );
        }
    }
    let names: Vec<_> = indexes.iter().filter_map(|(_, index)| index.text("name")).collect();
    for name in repeated(&names) {
        problems.add(
            "globalSecondaryIndexes",
            format!("has {name:?} twice, expected a name of its own for each index"),
        );
    }
    if inputs.is_true("streamEnabled") != inputs.text("streamViewType").is_some_and(|kind| !kind.is_empty()) {
        problems.add("streamViewType", "expected with streamEnabled, and only then");
    }
    if inputs.is_true("ttl.enabled") && inputs.text("ttl.attributeName").is_some_and(str::is_empty) {
        problems.add("ttl.attributeName", "is \"\", expected the name of an attribute");
    }
    if inputs.is_true("ttl.enabled") {
        problems.required(inputs, &["ttl.attributeName"], "for a time to live");
    }
}

/// A table declares the attributes of its keys, and no others.
fn keys(inputs: Inputs<'_>, indexes: &[(String, Inputs<'_>)], problems: &mut Problems) {
    let declared = inputs.texts("attributes[].name");
    for name in repeated(&declared) {
        problems.add("attributes", format!("has {name:?} twice, expected once"));
    }
    let mut used: BTreeSet<&str> =
        ["hashKey", "rangeKey"].iter().filter_map(|key| inputs.text(key)).collect();
    let mut all_known =
        !inputs.at("attributes[].name").iter().any(|found| *found.value == pulumi::Value::Unknown);
    for (_, index) in indexes {
        used.extend(["hashKey", "rangeKey"].iter().filter_map(|key| index.text(key)));
        used.extend(index.texts("keySchemas[].attributeName"));
        all_known &= !index.unknown("hashKey") && !index.unknown("rangeKey");
    }
    if !all_known {
        return;
    }
    for name in used.iter().filter(|name| !declared.contains(name)) {
        problems.add("attributes", format!("has no {name:?}, expected the attribute of every key"));
    }
    for name in declared.iter().filter(|name| !used.contains(*name)) {
        problems.add("attributes", format!("has {name:?}, expected attributes of keys alone"));
    }
}

fn replication_group(inputs: Inputs<'_>, problems: &mut Problems) {
    let secret = ["authToken", "userGroupIds"].into_iter().find(|name| inputs.has(name));
    if let Some(name) = secret
        && !inputs.is_true("transitEncryptionEnabled")
        && !inputs.unknown("transitEncryptionEnabled")
    {
        problems.add(name, "is given, expected with transitEncryptionEnabled alone");
    }
    let nodes = inputs
        .number("numCacheClusters")
        .or_else(|| inputs.number("replicasPerNodeGroup").map(|replicas| replicas + 1.0));
    if inputs.is_true("automaticFailoverEnabled") && nodes.is_none_or(|nodes| nodes < 2.0) {
        problems.add(
            "automaticFailoverEnabled",
            format!("is true with {} nodes, expected at least 2", nodes.unwrap_or(1.0)),
        );
    }
    if inputs.is_true("multiAzEnabled") && !inputs.is_true("automaticFailoverEnabled") {
        problems.add("multiAzEnabled", "is true, expected with automaticFailoverEnabled alone");
    }
    problems.required(inputs, &["nodeType"], "for a replication group of its own");
    let zones = inputs.at("preferredCacheClusterAzs[]").len();
    if let Some(nodes) = inputs.number("numCacheClusters").filter(|nodes| zones > 0 && *nodes != zones as f64)
    {
        problems.add(
            "preferredCacheClusterAzs",
            format!("has {zones} zones, expected one for each of {nodes} nodes"),
        );
    }
}

fn queue(inputs: Inputs<'_>, problems: &mut Problems) {
    let fifo = inputs.is_true("fifoQueue");
    if let Some(name) = inputs.text("name").filter(|name| name.ends_with(".fifo") != fifo) {
        problems
            .add("name", format!("is {name:?}, expected .fifo at its end for a FIFO queue, and only there"));
    }
    if !fifo {
        problems.not_with(
            inputs,
            &["contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit"],
            "for a standard queue",
        );
    }
    if inputs.is_true("sqsManagedSseEnabled") {
        problems.not_with(inputs, &["kmsMasterKeyId"], "with sqsManagedSseEnabled");
    }
    for text in inputs.texts("redrivePolicy") {
        let Ok(policy) = serde_json::from_str::<serde_json::Value>(text) else { continue };
        let count = policy["maxReceiveCount"].as_u64().filter(|count| (1..=1000).contains(count));
        if count.is_none() || !policy["deadLetterTargetArn"].is_string() {
            problems.add(
                "redrivePolicy",
                format!("is {text}, expected deadLetterTargetArn and maxReceiveCount of 1 to 1000"),
            );
        }
    }
}

fn repeated<'a>(names: &[&'a str]) -> BTreeSet<&'a str> {
    let twice = |name: &&&str| names.iter().filter(|other| other == name).count() > 1;
    names.iter().filter(twice).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::reasons;
    use serde_json::{Value as Json, json};

    const TABLE: &str = "aws:dynamodb/table:Table";

    fn table(change: impl FnOnce(&mut Json)) -> Vec<String> {
        let mut table = json!({
            "billingMode": "PAY_PER_REQUEST", "hashKey": "a", "rangeKey": "b",
            "attributes": [{ "name": "a", "type": "S" }, { "name": "b", "type": "N" }, { "name": "c", "type": "S" }],
            "globalSecondaryIndexes": [{ "name": "by-c", "hashKey": "c", "rangeKey": "b", "projectionType": "KEYS_ONLY" }],
            "streamEnabled": true, "streamViewType": "NEW_IMAGE", "ttl": { "enabled": true, "attributeName": "t" },
        });
        change(&mut table);
        reasons(TABLE, table)
    }

    #[test]
    fn tables() {
        assert_eq!(table(|_| {}), Vec::<String>::new());
        assert_eq!(
            table(|table| table["rangeKey"] = "d".into()),
            ["attributes has no \"d\", expected the attribute of every key"]
        );
        assert_eq!(
            table(|table| table["attributes"]
                .as_array_mut()
                .unwrap()
                .push(json!({ "name": "e", "type": "S" }))),
            ["attributes has \"e\", expected attributes of keys alone"]
        );
        assert_eq!(
            table(|table| table["readCapacity"] = 5.into()),
            ["readCapacity is given, expected none with PAY_PER_REQUEST"]
        );
        assert_eq!(table(|table| table["billingMode"] = "PROVISIONED".into()).len(), 4);
        assert_eq!(table(|table| table["streamEnabled"] = false.into()).len(), 1);
        assert_eq!(
            table(|table| table["ttl"] = json!({ "enabled": true })),
            ["ttl.attributeName is required for a time to live"]
        );
        assert_eq!(
            table(|table| table["globalSecondaryIndexes"][0]["projectionType"] = "INCLUDE".into()).len(),
            1
        );
        assert_eq!(
            table(|table| {
                let index = table["globalSecondaryIndexes"][0].clone();
                table["globalSecondaryIndexes"].as_array_mut().unwrap().push(index);
            }),
            ["globalSecondaryIndexes has \"by-c\" twice, expected a name of its own for each index"]
        );
    }

    #[test]
    fn caches() {
        let token = "aws:elasticache/replicationGroup:ReplicationGroup";
        let group = |extra: Json| {
            let mut group = json!({ "nodeType": "cache.t4g.micro", "numCacheClusters": 2 });
            group.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            reasons(token, group)
        };
        assert!(group(json!({ "automaticFailoverEnabled": true, "multiAzEnabled": true })).is_empty());
        assert_eq!(group(json!({ "multiAzEnabled": true })).len(), 1);
        assert_eq!(group(json!({ "numCacheClusters": 1, "automaticFailoverEnabled": true })).len(), 1);
        assert_eq!(
            group(json!({ "authToken": "x" })),
            ["authToken is given, expected with transitEncryptionEnabled alone"]
        );
        assert_eq!(group(json!({ "preferredCacheClusterAzs": ["eu-west-1a"] })).len(), 1);
        assert_eq!(reasons(token, json!({})), ["nodeType is required for a replication group of its own"]);
    }

    #[test]
    fn backups_and_queues() {
        let plan = |lifecycle: Json, continuous: bool| {
            reasons(
                "aws:backup/plan:Plan",
                json!({ "rules": [{ "lifecycle": lifecycle, "enableContinuousBackup": continuous }] }),
            )
        };
        assert!(plan(json!({ "deleteAfter": 35 }), true).is_empty());
        assert_eq!(plan(json!({ "deleteAfter": 36 }), true).len(), 1);
        assert_eq!(plan(json!({ "coldStorageAfter": 30, "deleteAfter": 60 }), false).len(), 1);
        let queue = |queue: Json| reasons("aws:sqs/queue:Queue", queue);
        assert!(queue(json!({ "name": "jobs", "redrivePolicy": "{\"deadLetterTargetArn\":\"a\",\"maxReceiveCount\":5}" })).is_empty());
        assert_eq!(queue(json!({ "name": "jobs.fifo", "contentBasedDeduplication": true })).len(), 2);
        assert_eq!(queue(json!({ "redrivePolicy": "{}" })).len(), 1);
        assert_eq!(queue(json!({ "sqsManagedSseEnabled": true, "kmsMasterKeyId": "k" })).len(), 1);
    }
}
