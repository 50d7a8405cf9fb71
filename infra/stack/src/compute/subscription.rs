//! What sends every line of a log group to a function.

use miyabi_shared::function::Function;
use miyabi_shared::log_group::LogGroup;
use pulumi::{Context, ResourceOptions, interpolate};
use pulumi_aws::{GetCallerIdentityArgs, cloudwatch, get_caller_identity, lambda};

use crate::logs::{LogGroups, resource_name};

pub(super) fn declare(
    context: &Context,
    function: Function,
    resource: &lambda::Function,
    groups: &[LogGroup],
    log_groups: &LogGroups,
) {
    let account =
        get_caller_identity(context, GetCallerIdentityArgs::new()).map(|identity| identity.account_id);
    for group in groups {
        let log_group = log_groups.group(*group);
        let name = format!("{}-{}", function.name(), resource_name(*group));
        // Of this account alone: another account's log group of the same name is not let in.
        let permission = lambda::Permission::new(
            context,
            name.as_str(),
            lambda::PermissionArgs::new()
                .action("lambda:InvokeFunction")
                .function(resource.name())
                .principal("logs.amazonaws.com")
                .source_arn(interpolate!("{}:*", log_group.arn()))
                .source_account(&account),
        );
        // CloudWatch Logs tries the function when the filter is made, so the permission comes first.
        let options = ResourceOptions::new().depends_on(&permission);
        let args = cloudwatch::LogSubscriptionFilterArgs::new()
            .name(function.binary())
            .log_group(log_group.name())
            .destination_arn(resource.arn())
            .filter_pattern("");
        cloudwatch::LogSubscriptionFilter::with_options(context, name, args, options);
    }
}
