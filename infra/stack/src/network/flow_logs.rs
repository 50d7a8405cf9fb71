//! Which connections the network has seen.

use pulumi::{Context, ResourceOptions};
use pulumi_aws::{ec2, iam};

use super::NetworkArgs;
use crate::logs::{self, Kept, group_and_streams};
use crate::policy::{Statement, document, trust};
use crate::settings::FlowLogs;
use crate::tags::ComponentTags;

/// Where they are written.
const GROUP: &str = "/aws/vpc/miyabi";
/// Writing, and finding the stream to write to. Not making the group: it would come back when the stack has gone.
const ACTIONS: [&str; 3] = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"];

pub(super) fn declare(context: &Context, args: &NetworkArgs<'_>, vpc: &ec2::Vpc, tags: &ComponentTags) {
    let traffic = match args.settings.flow_logs {
        FlowLogs::Off => return,
        FlowLogs::Rejected => "REJECT",
        FlowLogs::All => "ALL",
    };
    let kept = Kept { name: GROUP.into(), retention: args.logs.access, key: args.logs_key, tags };
    let group = logs::declare(context, "flow-logs", kept, ResourceOptions::new());
    let own_flow_logs = args.place.arn("ec2", "vpc-flow-log/*");
    let trust = trust("vpc-flow-logs.amazonaws.com")
        .when("StringEquals", "aws:SourceAccount", &args.place.account)
        .when("ArnLike", "aws:SourceArn", &own_flow_logs);
    let role = iam::Role::new(
        context,
        "flow-logs-role",
        iam::RoleArgs::new()
            .description("Writes which connections the network has seen")
            .assume_role_policy(document([trust]))
            .tags(tags),
    );
    let write = Statement::allow("Write").actions(ACTIONS).on(group_and_streams(&group.arn()));
    let policy = iam::RolePolicy::new(
        context,
        "flow-logs-access",
        iam::RolePolicyArgs::new().role(role.name()).policy(document([write])),
    );
    ec2::FlowLog::with_options(
        context,
        "flow-logs",
        ec2::FlowLogArgs::new()
            .vpc_id(vpc.id())
            .traffic_type(traffic)
            .log_destination_type("cloud-watch-logs")
            .log_destination(group.arn())
            .iam_role_arn(role.arn())
            .max_aggregation_interval(600)
            .tags(tags.named("miyabi")),
        // Without its permissions it would begin by failing.
        ResourceOptions::new().depends_on(&policy),
    );
}
