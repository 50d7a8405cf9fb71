//! DynamoDB.

use serde_json::{Value as Json, json};

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] =
    &[TypeMapping::new("aws:dynamodb/table:Table", "AWS::DynamoDB::Table", table).outputs(&[
        ("arn", "<.Arn>"),
        ("name", "<Ref>"),
        ("streamArn", "<.StreamArn>"),
    ])];

fn table(fields: &mut Fields) {
    fields.text("name", "TableName");
    fields.objects("attributes", "AttributeDefinitions", |attribute| {
        attribute.text("name", "AttributeName");
        attribute.text("type", "AttributeType");
    });
    key_schema(fields);
    let billing_mode = fields.take_text("billingMode");
    throughput(fields, billing_mode.as_deref());
    if let Some(mode) = billing_mode {
        fields.put("BillingMode", mode);
    }
    fields.object("onDemandThroughput", "OnDemandThroughput", on_demand_throughput);
    fields.object("warmThroughput", "WarmThroughput", warm_throughput);
    fields.objects("globalSecondaryIndexes", "GlobalSecondaryIndexes", |index| {
        index.text("name", "IndexName");
        key_schema(index);
        projection(index);
        throughput(index, None);
        index.object("onDemandThroughput", "OnDemandThroughput", on_demand_throughput);
        index.object("warmThroughput", "WarmThroughput", warm_throughput);
    });
    local_indexes(fields);
    fields.object("ttl", "TimeToLiveSpecification", |ttl| {
        ttl.text("attributeName", "AttributeName");
        if let Some(enabled) = ttl.take_boolean("enabled") {
            ttl.put("Enabled", enabled);
        } else {
            ttl.put("Enabled", false);
        }
    });
    let enabled = fields.take_boolean("streamEnabled").unwrap_or_default();
    match (enabled, fields.take_text("streamViewType")) {
        (true, Some(view)) => fields.put("StreamSpecification", json!({ "StreamViewType": view })),
        (true, None) => fields.problem("streamViewType", "is missing, although the stream is enabled"),
        (false, Some(_)) => fields.problem("streamViewType", "has no meaning without streamEnabled"),
        (false, None) => {}
    }
    fields.object("pointInTimeRecovery", "PointInTimeRecoverySpecification", |recovery| {
        recovery.boolean("enabled", "PointInTimeRecoveryEnabled");
        recovery.number("recoveryPeriodInDays", "RecoveryPeriodInDays");
    });
    fields.object("serverSideEncryption", "SSESpecification", |encryption| {
        encryption.boolean("enabled", "SSEEnabled");
        if let Some(key) = encryption.take_text("kmsKeyArn") {
            encryption.put("SSEType", "KMS");
            encryption.put("KMSMasterKeyId", key);
        }
    });
    fields.boolean("deletionProtectionEnabled", "DeletionProtectionEnabled");
    fields.text("tableClass", "TableClass");
    fields.tags();
}

fn key_schema(fields: &mut Fields) {
    let mut schema: Vec<Json> = Vec::new();
    for (input, kind) in [("hashKey", "HASH"), ("rangeKey", "RANGE")] {
        if let Some(name) = fields.take_text(input) {
            schema.push(json!({ "AttributeName": name, "KeyType": kind }));
        }
    }
    let listed = fields.take_objects("keySchemas", |key| {
        key.text("attributeName", "AttributeName");
        key.text("keyType", "KeyType");
    });
    schema.extend(listed.unwrap_or_default());
    if !schema.is_empty() {
        fields.put("KeySchema", schema);
    }
}

/// The local indexes share the table's hash key, which CloudFormation wants to be repeated.
fn local_indexes(fields: &mut Fields) {
    let hash_key = fields.property("KeySchema").and_then(|schema| schema.get(0)).cloned();
    fields.objects("localSecondaryIndexes", "LocalSecondaryIndexes", |index| {
        index.text("name", "IndexName");
        let mut schema: Vec<Json> = hash_key.iter().cloned().collect();
        if let Some(name) = index.take_text("rangeKey") {
            schema.push(json!({ "AttributeName": name, "KeyType": "RANGE" }));
        }
        index.put("KeySchema", schema);
        projection(index);
    });
}

fn projection(index: &mut Fields) {
    let mut projection = serde_json::Map::new();
    if let Some(kind) = index.take_text("projectionType") {
        projection.insert("ProjectionType".to_owned(), kind.into());
    }
    if let Some(names) = index.take_texts("nonKeyAttributes") {
        projection.insert("NonKeyAttributes".to_owned(), names.into());
    }
    index.put("Projection", projection);
}

fn throughput(fields: &mut Fields, billing_mode: Option<&str>) {
    let read = fields.take_number("readCapacity");
    let write = fields.take_number("writeCapacity");
    if billing_mode == Some("PAY_PER_REQUEST") && (read.is_some() || write.is_some()) {
        fields.problem("readCapacity", "has no meaning with the billing mode PAY_PER_REQUEST");
        return;
    }
    if let (Some(read), Some(write)) = (&read, &write) {
        fields
            .put("ProvisionedThroughput", json!({ "ReadCapacityUnits": read, "WriteCapacityUnits": write }));
    } else if read.is_some() || write.is_some() {
        fields.problem("readCapacity", "must be given together with writeCapacity");
    }
}

fn on_demand_throughput(fields: &mut Fields) {
    fields.number("maxReadRequestUnits", "MaxReadRequestUnits");
    fields.number("maxWriteRequestUnits", "MaxWriteRequestUnits");
}

fn warm_throughput(fields: &mut Fields) {
    fields.number("readUnitsPerSecond", "ReadUnitsPerSecond");
    fields.number("writeUnitsPerSecond", "WriteUnitsPerSecond");
}
