//! Functions, tables, the cache and queues.

use miyabi_infra::rules::Rule;
use serde_json::{Value as Json, json};

use super::{Case, added, case, gone, resource, set, without};
use crate::policy::model::Resource;

fn function(inputs: Json) -> Resource {
    resource("lambda.Function", "f", inputs)
}

fn table(inputs: Json) -> Resource {
    resource("dynamodb.Table", "t", inputs)
}

fn cache(inputs: Json) -> Resource {
    resource("elasticache.ReplicationGroup", "c", inputs)
}

const OLD_CACHE: &str = "elasticache.Cluster";

pub(super) fn cases() -> Vec<Case> {
    [functions(), tables(), caches(), queues()].into_iter().flatten().collect()
}

fn functions() -> Vec<Case> {
    let permission = json!({
        "action": "lambda:InvokeFunction", "function": "${Function.f.name}",
        "principal": "logs.amazonaws.com", "sourceArn": "${LogGroup.g.arn}:*",
    });
    let container = json!([{ "name": "main", "environment": [{ "name": "MODE", "value": "plain" }] }]);
    vec![
        case(
            Rule::FunctionCallers,
            [resource("lambda.Permission", "p", permission.clone())],
            [
                set("p", "/principal", "*"),
                without("p", "/sourceArn"),
                set("p", "/action", "lambda:*"),
                set("p", "/sourceArn", "*"),
            ],
        ),
        case(
            Rule::FunctionRuntime,
            [function(json!({ "runtime": "provided.al2023", "architectures": ["arm64"] }))],
            [
                set("f", "/runtime", "provided.al2"),
                set("f", "/architectures", json!(["x86_64"])),
                without("f", "/architectures"),
            ],
        ),
        case(
            Rule::NoSecretsInEnvironment,
            [
                function(json!({ "environment": { "variables": {
                    "REDIS_URL": "rediss://cache:6379", "TOKEN_ARN": "arn:aws:secretsmanager:x",
                    "CACHE_PASSWORD": "${Secret.s.arn}", "MODE": "plain",
                } } })),
                resource(
                    "ecs.TaskDefinition",
                    "task",
                    json!({ "containerDefinitions": container.to_string() }),
                ),
            ],
            [
                set("f", "/environment/variables/CACHE_PASSWORD", "hunter2"),
                set("f", "/environment/variables/MODE", "AKIAABCDEFGHIJKLMNOP"),
                set("f", "/environment/variables/REDIS_URL", "rediss://user:word@cache:6379"),
                set(
                    "task",
                    "/containerDefinitions",
                    json!([{ "environment": [{ "name": "API_KEY", "value": "abc" }] }]).to_string(),
                ),
            ],
        ),
        case(
            Rule::EnvironmentKey,
            [function(json!({ "environment": { "variables": {} }, "kmsKeyArn": "${Key.k.arn}" }))],
            [without("f", "/kmsKeyArn")],
        ),
        case(
            Rule::ReservedConcurrency,
            [function(json!({ "reservedConcurrentExecutions": 10 }))],
            [without("f", "/reservedConcurrentExecutions"), set("f", "/reservedConcurrentExecutions", -1)],
        ),
        case(
            Rule::FailedEventsAreKept,
            [
                function(json!({ "deadLetterConfig": { "targetArn": "${Queue.q.arn}" } })),
                resource("lambda.Permission", "p", permission),
                resource(
                    "lambda.EventSourceMapping",
                    "m",
                    json!({
                        "functionName": "${Function.f.arn}", "startingPosition": "LATEST",
                        "destinationConfig": { "onFailure": { "destinationArn": "${Queue.q.arn}" } },
                    }),
                ),
            ],
            [without("f", "/deadLetterConfig"), without("m", "/destinationConfig")],
        ),
        case(
            Rule::FunctionTracing,
            [function(json!({ "tracingConfig": { "mode": "Active" } }))],
            [set("f", "/tracingConfig/mode", "PassThrough"), without("f", "/tracingConfig")],
        ),
        case(
            Rule::FunctionZones,
            [function(json!({ "vpcConfig": { "subnetIds": ["${Subnet.a.id}", "${Subnet.b.id}"] } }))],
            [
                set("f", "/vpcConfig/subnetIds", json!(["${Subnet.a.id}", "${Subnet.a.id}"])),
                without("f", "/vpcConfig/subnetIds"),
            ],
        ),
        case(
            Rule::FunctionInVpc,
            [function(json!({ "vpcConfig": { "subnetIds": ["${Subnet.a.id}"] } }))],
            [without("f", "/vpcConfig")],
        ),
        case(
            Rule::NoOpenFunctionUrl,
            [resource("lambda.FunctionUrl", "u", json!({ "authorizationType": "AWS_IAM" }))],
            [
                set("u", "/authorizationType", "NONE"),
                added("lambda.Permission", "p", json!({ "functionUrlAuthType": "NONE" })),
            ],
        ),
        case(
            Rule::CodeSigning,
            [function(json!({ "codeSigningConfigArn": "${CodeSigningConfig.c.arn}" }))],
            [without("f", "/codeSigningConfigArn")],
        ),
    ]
}

fn tables() -> Vec<Case> {
    let provisioned = json!({
        "name": "tasks", "billingMode": "PROVISIONED", "writeCapacity": 5,
        "globalSecondaryIndexes": [{ "name": "ByStatus", "writeCapacity": 5 }],
    });
    let target = |name: &str, resource_id: &str, dimension: &str| {
        resource(
            "appautoscaling.Target",
            name,
            json!({ "resourceId": resource_id, "scalableDimension": dimension }),
        )
    };
    vec![
        case(
            Rule::TableRecovery,
            [table(json!({ "pointInTimeRecovery": { "enabled": true } }))],
            [set("t", "/pointInTimeRecovery/enabled", false), without("t", "/pointInTimeRecovery")],
        ),
        case(
            Rule::TableDeletionProtection,
            [table(json!({ "deletionProtectionEnabled": true }))],
            [set("t", "/deletionProtectionEnabled", false), without("t", "/deletionProtectionEnabled")],
        ),
        case(
            Rule::TableScaling,
            [
                table(provisioned.clone()),
                target("tr", "table/tasks", "dynamodb:table:ReadCapacityUnits"),
                target("tw", "table/tasks", "dynamodb:table:WriteCapacityUnits"),
                target("ir", "table/tasks/index/ByStatus", "dynamodb:index:ReadCapacityUnits"),
                target("iw", "table/tasks/index/ByStatus", "dynamodb:index:WriteCapacityUnits"),
            ],
            [gone("tr"), gone("tw"), gone("ir"), gone("iw")],
        ),
        case(
            Rule::TableScaling,
            [table(json!({ "billingMode": "PAY_PER_REQUEST" }))],
            [set("t", "/billingMode", "PROVISIONED"), without("t", "/billingMode")],
        ),
        case(
            Rule::TableKey,
            [table(json!({ "serverSideEncryption": { "enabled": true, "kmsKeyArn": "${Key.k.arn}" } }))],
            [without("t", "/serverSideEncryption/kmsKeyArn"), without("t", "/serverSideEncryption")],
        ),
        case(
            Rule::IndexThroughput,
            [table(provisioned)],
            [set("t", "/globalSecondaryIndexes/0/writeCapacity", 4), set("t", "/writeCapacity", 6)],
        ),
    ]
}

fn caches() -> Vec<Case> {
    vec![
        case(
            Rule::CacheAtRest,
            [cache(json!({ "atRestEncryptionEnabled": true }))],
            [without("c", "/atRestEncryptionEnabled"), added(OLD_CACHE, "old", json!({}))],
        ),
        case(
            Rule::CacheInTransit,
            [cache(json!({ "transitEncryptionEnabled": true }))],
            [
                set("c", "/transitEncryptionEnabled", false),
                set("c", "/transitEncryptionMode", "preferred"),
                added(OLD_CACHE, "old", json!({})),
            ],
        ),
        case(
            Rule::CacheAuthentication,
            [
                cache(json!({ "userGroupIds": ["${UserGroup.u.id}"] })),
                resource("elasticache.ServerlessCache", "s", json!({ "userGroupId": "${UserGroup.u.id}" })),
            ],
            [without("c", "/userGroupIds"), without("s", "/userGroupId"), added(OLD_CACHE, "old", json!({}))],
        ),
        case(
            Rule::CacheFailover,
            [cache(json!({ "automaticFailoverEnabled": true, "multiAzEnabled": true }))],
            [set("c", "/multiAzEnabled", false), without("c", "/automaticFailoverEnabled")],
        ),
        case(
            Rule::CacheUpgrades,
            [cache(json!({ "autoMinorVersionUpgrade": true }))],
            [set("c", "/autoMinorVersionUpgrade", false), without("c", "/autoMinorVersionUpgrade")],
        ),
        case(
            Rule::CacheSubnets,
            [
                cache(json!({ "subnetGroupName": "${SubnetGroup.s.name}" })),
                resource("elasticache.ServerlessCache", "s", json!({ "subnetIds": ["${Subnet.a.id}"] })),
            ],
            [
                set("c", "/subnetGroupName", "default"),
                without("c", "/subnetGroupName"),
                without("s", "/subnetIds"),
            ],
        ),
        case(
            Rule::CacheSnapshots,
            [cache(json!({ "snapshotRetentionLimit": 1 }))],
            [set("c", "/snapshotRetentionLimit", 0), without("c", "/snapshotRetentionLimit")],
        ),
    ]
}

fn queues() -> Vec<Case> {
    let tls_only = json!({ "Statement": [{
        "Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "${Queue.q.arn}",
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    }] });
    vec![
        case(
            Rule::QueueEncryption,
            [resource("sqs.Queue", "q", json!({ "sqsManagedSseEnabled": true }))],
            [set("q", "/sqsManagedSseEnabled", false), without("q", "/sqsManagedSseEnabled")],
        ),
        case(
            Rule::QueueRedrive,
            [
                resource(
                    "sqs.Queue",
                    "q",
                    json!({ "redrivePolicy": { "json": { "deadLetterTargetArn": "${Queue.dead.arn}" } } }),
                ),
                resource("sqs.Queue", "dead", json!({})),
            ],
            [without("q", "/redrivePolicy"), added("sqs.Queue", "other", json!({}))],
        ),
        case(
            Rule::QueuePolicy,
            [
                resource("sqs.Queue", "q", json!({})),
                resource(
                    "sqs.QueuePolicy",
                    "p",
                    json!({ "queueUrl": "${Queue.q.id}", "policy": { "json": tls_only } }),
                ),
            ],
            [
                gone("p"),
                set("p", "/policy/json/Statement/0/Condition/Bool/aws:SecureTransport", "true"),
                set(
                    "p",
                    "/policy/json/Statement/0",
                    json!({ "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage" }),
                ),
            ],
        ),
        case(
            Rule::Visibility,
            [
                resource("sqs.Queue", "q", json!({ "visibilityTimeoutSeconds": 180 })),
                function(json!({ "timeout": 30 })),
                resource(
                    "lambda.EventSourceMapping",
                    "m",
                    json!({
                        "eventSourceArn": "${Queue.q.arn}", "functionName": "${Function.f.arn}",
                    }),
                ),
            ],
            [
                set("q", "/visibilityTimeoutSeconds", 179),
                without("q", "/visibilityTimeoutSeconds"),
                set("f", "/timeout", 31),
                set("m", "/maximumBatchingWindowInSeconds", 1),
            ],
        ),
    ]
}
