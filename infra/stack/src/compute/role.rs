//! A function's role: what it declares that it needs, and nothing else.

use miyabi_shared::access::Access;
use miyabi_shared::function::Function;
use pulumi::{Context, Json, Output, Property, ToInput as _, interpolate, json};
use pulumi_aws::{cloudwatch, iam};

use super::ComputeArgs;

/// A function's role with its permissions.
#[derive(Debug)]
pub(super) struct Role {
    pub(super) role: iam::Role,
    pub(super) policy: iam::RolePolicy,
}

impl Role {
    pub(super) fn new(
        context: &Context,
        function: Function,
        own_log: &cloudwatch::LogGroup,
        args: &ComputeArgs<'_>,
    ) -> Self {
        let name = function.name();
        let role = iam::Role::new(
            context,
            format!("{name}-role"),
            iam::RoleArgs::new()
                .description(format!("What the function {} may do", function.binary()))
                .assume_role_policy(json!({
                    "Version": "2012-10-17",
                    "Statement": [{
                        "Effect": "Allow",
                        "Action": "sts:AssumeRole",
                        "Principal": { "Service": "lambda.amazonaws.com" },
                    }],
                })),
        );
        let policy = iam::RolePolicy::new(
            context,
            format!("{name}-access"),
            iam::RolePolicyArgs::new().role(role.name()).policy(policy(function, own_log, args)),
        );
        Self { role, policy }
    }
}

fn policy(function: Function, own_log: &cloudwatch::LogGroup, args: &ComputeArgs<'_>) -> Json {
    let mut statements: Vec<Property> = Vec::new();
    for access in function.declaration().access {
        let resources = match *access {
            Access::Read(table) => args.tables.arns(table),
            // Indexes are written by their table.
            Access::Write(table) => vec![args.tables.table(table).arn()],
            Access::ReadLogs(group) => group_and_streams(&args.log_groups.group(group).arn()),
            Access::Cache => continue,
        };
        statements.push(statement(&identifier(*access), access.actions(), &resources));
    }
    let own_log = group_and_streams(&own_log.arn());
    statements.push(statement("OwnLog", &["logs:CreateLogStream", "logs:PutLogEvents"], &own_log));
    if args.settings.compute.tracing {
        // X-Ray's segments belong to no resource, so AWS takes no other resource here than all of them:
        // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
        let everything = vec![Output::known(ALL_RESOURCES.to_owned())];
        statements.push(statement("Trace", TRACE_ACTIONS, &everything));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The one place where a policy names all resources, with its reason beside its use.
const ALL_RESOURCES: &str = "*";
const TRACE_ACTIONS: &[&str] = &["xray:PutTelemetryRecords", "xray:PutTraceSegments"];

fn statement(identifier: &str, actions: &[&str], resources: &[Output<String>]) -> Property {
    json!({ "Sid": identifier, "Effect": "Allow", "Action": actions.to_vec(), "Resource": resources.to_vec() })
        .to_input()
}

/// A log group and its streams. Which of the two an action is checked against differs from action to action, and
/// streams have no names before they are written.
fn group_and_streams(group_arn: &Output<String>) -> Vec<Output<String>> {
    vec![group_arn.clone(), interpolate!("{}:log-stream:*", group_arn)]
}

/// A statement's identifier, in which IAM takes letters and digits alone.
fn identifier(access: Access) -> String {
    format!("{access:?}").chars().filter(char::is_ascii_alphanumeric).collect()
}
