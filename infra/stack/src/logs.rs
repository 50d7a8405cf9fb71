//! The log groups that jobs write to.

use std::collections::BTreeMap;

use miyabi_shared::log_group::LogGroup;
use pulumi::{Args as _, Component, Context, Input, Output, ResourceOptions, ToInput as _, interpolate};
use pulumi_aws::{cloudwatch, kms};

use crate::data::protection;
use crate::rules::{NOT_PRODUCTION, Rule, Waiver};
use crate::settings::{Retention, Settings};
use crate::tags::{ComponentTags, Tags};

/// What the log groups need.
#[derive(Debug)]
pub struct LogsArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// What encrypts them, where that is a key of this stack.
    pub key: Option<&'args kms::Key>,
}

/// The log groups that jobs write to.
#[derive(Debug)]
pub struct Logs {
    /// Each of them.
    pub groups: LogGroups,
    _component: Component,
}

impl Logs {
    /// Declares them.
    pub fn new(context: &Context, name: &str, args: LogsArgs<'_>) -> Self {
        let component = context.component("miyabi:logs:Logs", name, ResourceOptions::new());
        let tags = args.tags.of(name);
        let declare = |group: LogGroup| {
            let retention = args.settings.logs.of_group(group);
            let options = protection(args.settings);
            let name = resource_name(group);
            (
                group,
                declare(
                    component.context(),
                    name,
                    Kept { name: group.name().into(), retention, key: args.key, tags: &tags },
                    options,
                ),
            )
        };
        let groups = LogGroups(LogGroup::ALL.into_iter().map(declare).collect());
        component.register_outputs(
            groups.0.iter().map(|(group, resource)| (resource_name(*group), resource.name().to_input())),
        );
        Self { groups, _component: component }
    }
}

/// Every log group that jobs write to.
#[derive(Debug)]
pub struct LogGroups(BTreeMap<LogGroup, cloudwatch::LogGroup>);

impl LogGroups {
    /// The resource of a log group.
    pub fn group(&self, group: LogGroup) -> &cloudwatch::LogGroup {
        // `Logs::new` declares every group.
        &self.0[&group]
    }
}

/// What a log group is called, and how its lines are kept.
#[derive(Debug)]
pub(crate) struct Kept<'args> {
    /// The name of the group.
    pub(crate) name: Input<String>,
    pub(crate) retention: Retention,
    /// What encrypts the lines, where that is a key of this stack.
    pub(crate) key: Option<&'args kms::Key>,
    pub(crate) tags: &'args ComponentTags,
}

/// A log group with its retention.
pub(crate) fn declare(
    context: &Context,
    resource_name: &str,
    kept: Kept<'_>,
    options: ResourceOptions,
) -> cloudwatch::LogGroup {
    let args = cloudwatch::LogGroupArgs::new()
        .name(kept.name)
        .retention_in_days(kept.retention.days())
        .optional(kept.key, |args, key| args.kms_key_id(key.arn()))
        .tags(kept.tags);
    cloudwatch::LogGroup::with_options(context, resource_name, args, options)
}

/// A log group and its streams. Which of the two an action is checked against differs from action to action, and
/// streams have no names before they are written.
pub(crate) fn group_and_streams(group_arn: &Output<String>) -> Vec<Output<String>> {
    vec![group_arn.clone(), interpolate!("{}:log-stream:*", group_arn)]
}

/// The last part of a group's name: what resources about it are called.
pub(crate) fn resource_name(group: LogGroup) -> &'static str {
    let name = group.name();
    name.rsplit('/').next().unwrap_or(name)
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[Waiver::of(
    Rule::LogKey,
    "cloudwatch.LogGroup",
    &["agents", "cdk-deploy", "system"],
    NOT_PRODUCTION,
    "CloudWatch encrypts them with a key that costs nothing; a key of our own is asked for by every line that is written.",
)];
