//! What sends every line of a log group to a function.

use miyabi_shared::function::Function;
use miyabi_shared::log_group::LogGroup;
use pulumi::{Context, ResourceOptions, interpolate};
use pulumi_aws::{cloudwatch, lambda};

use super::{Callable, ComputeArgs};
use crate::logs::resource_name;

pub(super) fn declare(
    context: &Context,
    function: Function,
    callable: &Callable,
    groups: &[LogGroup],
    args: &ComputeArgs<'_>,
) {
    for group in groups {
        let log_group = args.log_groups.group(*group);
        let name = format!("{}-{}", function.name(), resource_name(*group));
        // Of this account alone: another account's log group of the same name is not let in.
        let permission = lambda::Permission::new(
            context,
            name.as_str(),
            callable
                .permission("logs.amazonaws.com")
                .source_arn(interpolate!("{}:*", log_group.arn()))
                .source_account(&args.place.account),
        );
        // CloudWatch Logs tries the function when the filter is made, so the permission comes first.
        let options = ResourceOptions::new().depends_on(&permission);
        let args = cloudwatch::LogSubscriptionFilterArgs::new()
            .name(function.binary())
            .log_group(log_group.name())
            .destination_arn(&callable.arn)
            .filter_pattern("");
        cloudwatch::LogSubscriptionFilter::with_options(context, name, args, options);
    }
}
