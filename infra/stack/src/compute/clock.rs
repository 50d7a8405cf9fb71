//! What calls a function once a minute.

use miyabi_shared::Function;
use pulumi::Context;
use pulumi_aws::{cloudwatch, lambda};

use super::Callable;
use crate::tags::ComponentTags;

pub(super) fn declare(context: &Context, function: Function, callable: &Callable, tags: &ComponentTags) {
    let name = format!("{}-clock", function.name());
    let rule = cloudwatch::EventRule::new(
        context,
        name.as_str(),
        cloudwatch::EventRuleArgs::new()
            .name(format!("{}-clock", function.binary()))
            .description("Once a minute")
            .schedule_expression("rate(1 minute)")
            .tags(tags),
    );
    lambda::Permission::new(
        context,
        name.as_str(),
        callable.permission("events.amazonaws.com").source_arn(rule.arn()),
    );
    cloudwatch::EventTarget::new(
        context,
        name,
        cloudwatch::EventTargetArgs::new().rule(rule.name()).target_id("function").arn(&callable.arn),
    );
}
