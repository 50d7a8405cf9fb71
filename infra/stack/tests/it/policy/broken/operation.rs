//! Identities, the network, containers, logs and alarms.

use miyabi_infra::rules::Rule;
use serde_json::{Value as Json, json};

use super::{Case, added, case, gone, resource, set, without};
use crate::policy::model::Resource;

pub(super) fn cases() -> Vec<Case> {
    [identities(), networks(), containers(), alarms()].into_iter().flatten().collect()
}

fn policy(statement: Json) -> Resource {
    resource("iam.RolePolicy", "p", json!({ "policy": { "json": { "Statement": [statement] } } }))
}

fn identities() -> Vec<Case> {
    let read = || {
        policy(json!({ "Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": ["${Table.t.arn}"] }))
    };
    let role = || {
        resource(
            "iam.Role",
            "r",
            json!({ "assumeRolePolicy": { "json": { "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": "backup.amazonaws.com" },
            "Condition": { "StringEquals": { "aws:SourceAccount": "${accountId}" } },
        }] } } }),
        )
    };
    const STATEMENT: &str = "/assumeRolePolicy/json/Statement/0/Principal";
    vec![
        case(
            Rule::NoWildcardActions,
            [read()],
            [
                set("p", "/policy/json/Statement/0/Action", "*"),
                set("p", "/policy/json/Statement/0/Action/0", "dynamodb:*"),
                set(
                    "p",
                    "/policy/json/Statement/0",
                    json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": "x" }),
                ),
                added(
                    "iam.Role",
                    "r",
                    json!({ "inlinePolicies": [{ "policy": { "json": {
                    "Statement": { "Effect": "Allow", "Action": "s3:*", "Resource": "x" },
                } } }] }),
                ),
            ],
        ),
        case(
            Rule::NoWildcardResources,
            [
                policy(json!({ "Effect": "Allow", "Action": "ec2:DescribeSubnets", "Resource": "*" })),
                resource(
                    "iam.Policy",
                    "pass",
                    json!({ "policy": { "json": { "Statement": [{
                    "Effect": "Allow", "Action": "iam:PassRole", "Resource": "${Role.r.arn}",
                    "Condition": { "StringEquals": { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
                }] } } }),
                ),
            ],
            [
                set("p", "/policy/json/Statement/0/Action", "dynamodb:PutItem"),
                set(
                    "p",
                    "/policy/json/Statement/0",
                    json!({ "Effect": "Allow", "Action": "s3:PutObject", "NotResource": "x" }),
                ),
                set("pass", "/policy/json/Statement/0/Resource", "arn:aws:iam::1:role/*"),
                without("pass", "/policy/json/Statement/0/Condition"),
            ],
        ),
        case(
            Rule::TrustedService,
            [role()],
            [
                set("r", STATEMENT, "*"),
                set("r", STATEMENT, json!({ "AWS": "*" })),
                set("r", STATEMENT, json!({ "AWS": "arn:aws:iam::1:root" })),
                set("r", STATEMENT, json!({ "Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"] })),
                set("r", STATEMENT, json!({ "Service": "*.amazonaws.com" })),
                without("r", "/assumeRolePolicy"),
            ],
        ),
        case(
            Rule::TrustedAccount,
            [role()],
            [
                without("r", "/assumeRolePolicy/json/Statement/0/Condition"),
                set("r", "/assumeRolePolicy/json/Statement/0/Condition/StringEquals/aws:SourceAccount", "*"),
            ],
        ),
        case(
            Rule::ManagedPolicies,
            [resource("iam.RolePolicyAttachment", "a", json!({ "policyArn": "${Policy.own.arn}" }))],
            [
                set("a", "/policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"),
                added(
                    "iam.Role",
                    "r",
                    json!({ "managedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"] }),
                ),
            ],
        ),
        case(
            Rule::KeyRotation,
            [resource(
                "kms.Key",
                "k",
                json!({
                    "enableKeyRotation": true,
                    "policy": { "json": { "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::1:root" } }] } },
                }),
            )],
            [
                set("k", "/enableKeyRotation", false),
                without("k", "/enableKeyRotation"),
                set("k", "/policy/json/Statement/0/Principal", "*"),
                set("k", "/policy/json/Statement/0/Principal", json!({ "AWS": ["*"] })),
            ],
        ),
        case(
            Rule::SecretRotation,
            [
                resource("secretsmanager.Secret", "s", json!({})),
                resource(
                    "secretsmanager.SecretRotation",
                    "rotation",
                    json!({ "secretId": "${Secret.s.id}" }),
                ),
            ],
            [gone("rotation"), set("rotation", "/secretId", "${Secret.other.id}")],
        ),
    ]
}

fn networks() -> Vec<Case> {
    vec![
        case(
            Rule::SecurityGroups,
            [
                resource("ec2.Vpc", "v", json!({})),
                resource("ec2.DefaultSecurityGroup", "default", json!({ "vpcId": "${Vpc.v.id}" })),
                resource("ec2.SecurityGroup", "g", json!({ "description": "the cache" })),
                resource(
                    "vpc.SecurityGroupIngressRule",
                    "in",
                    json!({
                        "description": "functions", "fromPort": 6379, "toPort": 6379,
                        "referencedSecurityGroupId": "${SecurityGroup.f.id}",
                    }),
                ),
            ],
            [
                gone("default"),
                set("default", "/ingress", json!([{ "protocol": "-1" }])),
                set("default", "/egress", json!([{ "protocol": "-1" }])),
                set(
                    "g",
                    "/ingress",
                    json!([{ "fromPort": 443, "toPort": 443, "cidrBlocks": ["0.0.0.0/0"] }]),
                ),
                set("in", "/cidrIpv6", "::/0"),
                set("in", "/referencedSecurityGroupId", Json::Null),
                without("g", "/description"),
                without("in", "/description"),
            ],
        ),
        case(
            Rule::NetworkLogs,
            [
                resource("ec2.Vpc", "v", json!({})),
                resource("ec2.FlowLog", "log", json!({ "vpcId": "${Vpc.v.id}" })),
                resource("ec2.Subnet", "s", json!({ "mapPublicIpOnLaunch": false })),
            ],
            [gone("log"), set("log", "/vpcId", "${Vpc.other.id}"), set("s", "/mapPublicIpOnLaunch", true)],
        ),
        case(
            Rule::DynamoDbEndpoint,
            [
                resource("lambda.Function", "f", json!({ "vpcConfig": { "subnetIds": ["a"] } })),
                resource(
                    "ec2.VpcEndpoint",
                    "e",
                    json!({
                        "serviceName": "com.amazonaws.${region}.dynamodb", "vpcEndpointType": "Gateway", "routeTableIds": ["r"],
                    }),
                ),
            ],
            [gone("e"), set("e", "/serviceName", "com.amazonaws.x.s3"), without("e", "/routeTableIds")],
        ),
    ]
}

fn containers() -> Vec<Case> {
    let container = json!([{
        "name": "worker", "user": "1000:1000", "readonlyRootFilesystem": true, "logConfiguration": { "logDriver": "awslogs" },
    }]);
    let with = |key: &str, value: Json| {
        let mut container = container.clone();
        container[0][key] = value;
        set("t", "/containerDefinitions", container.to_string())
    };
    vec![
        case(
            Rule::Containers,
            [
                resource("ecs.Service", "s", json!({ "networkConfiguration": { "assignPublicIp": false } })),
                resource(
                    "ecs.TaskDefinition",
                    "t",
                    json!({
                        "taskRoleArn": "${Role.own.arn}", "executionRoleArn": "${Role.pull.arn}",
                        "containerDefinitions": container.to_string(),
                    }),
                ),
            ],
            [
                set("s", "/networkConfiguration/assignPublicIp", true),
                set("s", "/platformVersion", "1.3.0"),
                set("t", "/executionRoleArn", "${Role.own.arn}"),
                without("t", "/taskRoleArn"),
                with("user", json!("root")),
                with("user", json!("0:0")),
                with("privileged", json!(true)),
                with("readonlyRootFilesystem", json!(false)),
                with("logConfiguration", Json::Null),
                set("t", "/containerDefinitions", "[]"),
            ],
        ),
        case(
            Rule::ContainerInsights,
            [resource(
                "ecs.Cluster",
                "c",
                json!({ "settings": [{ "name": "containerInsights", "value": "enhanced" }] }),
            )],
            [without("c", "/settings"), set("c", "/settings/0/value", "disabled")],
        ),
    ]
}

fn alarms() -> Vec<Case> {
    let alarm = |metric: &str, dimension: &str, value: &str| {
        let dimensions = json!({ dimension: value });
        resource(
            "cloudwatch.MetricAlarm",
            "a",
            json!({
                "metricName": metric, "dimensions": dimensions, "alarmActions": ["${Topic.alarms.arn}"],
            }),
        )
    };
    let stream = || {
        resource(
            "lambda.EventSourceMapping",
            "m",
            json!({
                "functionName": "${Function.f.arn}", "eventSourceArn": "${Table.t.streamArn}", "startingPosition": "LATEST",
                "bisectBatchOnFunctionError": true, "maximumRetryAttempts": 3,
                "destinationConfig": { "onFailure": { "destinationArn": "${Queue.dead.arn}" } },
            }),
        )
    };
    let function = || resource("lambda.Function", "f", json!({ "name": "miyabi-f" }));
    vec![
        case(
            Rule::LogRetention,
            [resource("cloudwatch.LogGroup", "g", json!({ "retentionInDays": 30 }))],
            [
                without("g", "/retentionInDays"),
                set("g", "/retentionInDays", 0),
                set("g", "/retentionInDays", 31),
            ],
        ),
        case(
            Rule::LogKey,
            [resource("cloudwatch.LogGroup", "g", json!({ "kmsKeyId": "${Key.k.arn}" }))],
            [without("g", "/kmsKeyId")],
        ),
        case(
            Rule::StreamFailures,
            [stream()],
            [
                set("m", "/bisectBatchOnFunctionError", false),
                set("m", "/maximumRetryAttempts", -1),
                without("m", "/maximumRetryAttempts"),
                without("m", "/destinationConfig"),
            ],
        ),
        case(
            Rule::DeadLetterAlarm,
            [
                resource("sqs.Queue", "dead", json!({ "name": "miyabi-dead" })),
                stream(),
                alarm("ApproximateNumberOfMessagesVisible", "QueueName", "miyabi-dead"),
            ],
            [
                gone("a"),
                set("a", "/alarmActions", json!([])),
                set("a", "/dimensions/QueueName", "miyabi-other"),
            ],
        ),
        case(
            Rule::IteratorAgeAlarm,
            [function(), stream(), alarm("IteratorAge", "FunctionName", "miyabi-f")],
            [gone("a"), set("a", "/metricName", "Errors"), without("a", "/alarmActions")],
        ),
        case(
            Rule::ThrottleAlarm,
            [function(), alarm("Throttles", "FunctionName", "miyabi-f")],
            [gone("a"), set("a", "/dimensions", json!({}))],
        ),
        case(
            Rule::Tags,
            [
                resource("sqs.Queue", "q", json!({ "tags": tags() })),
                resource("sqs.QueuePolicy", "takes-no-tags", json!({})),
            ],
            [
                without("q", "/tags"),
                without("q", "/tags/miyabi:cost-owner"),
                set("q", "/tags/miyabi:component", ""),
                added("iam.Role", "r", json!({ "tags": { "Name": "r" } })),
            ],
        ),
        case(
            Rule::Watched,
            [function(), alarm("Errors", "FunctionName", "miyabi-f")],
            [
                gone("a"),
                set("a", "/dimensions/FunctionName", "miyabi-other"),
                // An alarm over others that does not name it tells of others.
                without("a", "/alarmActions"),
                added("ec2.NatGateway", "nat", json!({})),
            ],
        ),
    ]
}

fn tags() -> Json {
    json!({
        "miyabi:project": "miyabi", "miyabi:stage": "dev", "miyabi:component": "queues",
        "miyabi:managed-by": "pulumi", "miyabi:cost-owner": "team",
    })
}
