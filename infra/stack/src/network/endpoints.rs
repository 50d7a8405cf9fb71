//! The ways from the network to services of AWS that do not lead over the internet.
//!
//! Each has a policy. Through DynamoDB's, which like S3's is free and always there, passes only what functions declare;
//! through S3's, only this account's own files; through the others, only what the platform calls of that service.

use std::collections::BTreeSet;

use miyabi_shared::{Access, Function, Table};
use pulumi::{Context, Json, Output, interpolate};
use pulumi_aws::{ec2, vpc};

use super::{HTTPS, NetworkArgs, ids};
use crate::place::Place;
use crate::policy::{Statement, document};
use crate::settings::{Choice as _, InterfaceEndpoint};
use crate::tags::ComponentTags;

/// What the ways lead from.
#[derive(Debug)]
pub(super) struct Reached<'network> {
    pub(super) vpc: &'network ec2::Vpc,
    pub(super) subnets: &'network [ec2::Subnet],
    pub(super) tables: &'network [ec2::RouteTable],
    /// What functions in the network carry.
    pub(super) functions: &'network ec2::SecurityGroup,
}

pub(super) fn declare(
    context: &Context,
    args: &NetworkArgs<'_>,
    tags: &ComponentTags,
    network: &Reached<'_>,
) {
    let endpoint = |service: &str, policy: Json| {
        ec2::VpcEndpointArgs::new()
            .vpc_id(network.vpc.id())
            .service_name(interpolate!("com.amazonaws.{}.{}", &args.place.region, service))
            .policy(policy)
            .tags(tags.named(format!("miyabi-{service}")))
    };
    for (service, policy) in [("dynamodb", tables_policy(args.place)), ("s3", files_policy(args.place))] {
        let routes: Vec<Output<String>> = network.tables.iter().map(ec2::RouteTable::id).collect();
        ec2::VpcEndpoint::new(
            context,
            service,
            endpoint(service, policy).vpc_endpoint_type("Gateway").route_table_ids(routes),
        );
    }
    let wanted = &args.settings.interface_endpoints;
    if wanted.is_empty() {
        return;
    }
    let group = ec2::SecurityGroup::new(
        context,
        "endpoints",
        ec2::SecurityGroupArgs::new()
            .description("Endpoints of services; functions come in")
            .vpc_id(network.vpc.id())
            .tags(tags.named("miyabi-endpoints")),
    );
    vpc::SecurityGroupIngressRule::new(
        context,
        "functions-to-endpoints",
        vpc::SecurityGroupIngressRuleArgs::new()
            .security_group_id(group.id())
            .description("Functions that use the cache")
            .ip_protocol("tcp")
            .from_port(HTTPS)
            .to_port(HTTPS)
            .referenced_security_group_id(network.functions.id())
            .tags(tags),
    );
    for service in wanted {
        let name = service.word();
        ec2::VpcEndpoint::new(
            context,
            name,
            endpoint(name, service_policy(*service, args.place))
                .vpc_endpoint_type("Interface")
                .private_dns_enabled(true)
                .subnet_ids(ids(network.subnets))
                .security_group_ids([group.id()]),
        );
    }
}

/// Only from this account, only to its tables, and only what some function declares.
fn tables_policy(place: &Place) -> Json {
    let mut actions = BTreeSet::new();
    let mut tables: BTreeSet<Table> = BTreeSet::new();
    let within =
        Function::ALL.iter().filter(|function| function.declaration().access.contains(&Access::Cache));
    for access in within.flat_map(|function| function.declaration().access) {
        if let Access::Read(table) | Access::Write(table) = access {
            actions.extend(access.actions().iter().copied());
            tables.insert(*table);
        }
    }
    let resources = tables.into_iter().flat_map(|table| {
        let name = table.declaration().name;
        [
            place.arn("dynamodb", format!("table/{name}")),
            place.arn("dynamodb", format!("table/{name}/index/*")),
        ]
    });
    document([Statement::allow("Tables").anyone().actions(actions).on(resources).when(
        "StringEquals",
        "aws:PrincipalAccount",
        &place.account,
    )])
}

/// Only from this account, and only to its own files: nothing can be carried out into somebody else's bucket.
fn files_policy(place: &Place) -> Json {
    document([Statement::allow("OwnFiles")
        .anyone()
        .actions(["s3:GetObject", "s3:PutObject"])
        .on_everything()
        .when("StringEquals", "aws:PrincipalAccount", &place.account)
        .when("StringEquals", "aws:ResourceAccount", &place.account)])
}

/// Only from this account, and only what the platform calls of a service.
fn service_policy(service: InterfaceEndpoint, place: &Place) -> Json {
    document([Statement::allow("Platform")
        .anyone()
        .actions(actions(service).iter().copied())
        .on_everything()
        .when("StringEquals", "aws:PrincipalAccount", &place.account)])
}

const fn actions(service: InterfaceEndpoint) -> &'static [&'static str] {
    match service {
        InterfaceEndpoint::EcrApi | InterfaceEndpoint::EcrDkr => &[
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:GetAuthorizationToken",
            "ecr:GetDownloadUrlForLayer",
        ],
        InterfaceEndpoint::Kms => &["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        InterfaceEndpoint::Logs => &[
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:PutLogEvents",
        ],
        InterfaceEndpoint::Monitoring => &["cloudwatch:PutMetricData"],
        InterfaceEndpoint::SecretsManager => {
            &["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
        }
        InterfaceEndpoint::Sns => &["sns:Publish"],
        InterfaceEndpoint::Sqs => &[
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
            "sqs:SendMessage",
        ],
        InterfaceEndpoint::Xray => &["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    }
}
