//! EventBridge.

use serde_json::Value as Json;

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:cloudwatch/eventRule:EventRule", "AWS::Events::Rule", rule)
        .outputs(&[("arn", "<.Arn>"), ("name", "<Ref>")]),
    TypeMapping::new("aws:cloudwatch/eventTarget:EventTarget", "AWS::Events::Rule", target)
        .part_of("aws:cloudwatch/eventRule:EventRule", &[("rule", "name")]),
];

fn rule(fields: &mut Fields) {
    fields.text("name", "Name");
    fields.made_by_cloudformation("namePrefix");
    fields.text("description", "Description");
    fields.text("eventBusName", "EventBusName");
    fields.document("eventPattern", "EventPattern");
    fields.text("scheduleExpression", "ScheduleExpression");
    fields.text("state", "State");
    fields.text("roleArn", "RoleArn");
    fields.tags();
}

fn target(fields: &mut Fields) {
    let name = fields.resource().to_owned();
    let mut target = serde_json::Map::new();
    let mut take = |fields: &mut Fields, from: &str, to: &str| {
        if let Some(text) = fields.take_text(from) {
            target.insert(to.to_owned(), text.into());
        }
    };
    take(fields, "targetId", "Id");
    take(fields, "arn", "Arn");
    take(fields, "roleArn", "RoleArn");
    take(fields, "input", "Input");
    take(fields, "inputPath", "InputPath");
    // It goes with the rule.
    fields.made_by_cloudformation("eventBusName");
    target.entry("Id").or_insert_with(|| name.into());
    let queue = fields.take_mapped("deadLetterConfig", |config| config.text("arn", "Arn"));
    target.extend(queue.map(|queue| ("DeadLetterConfig".to_owned(), Json::Object(queue))));
    let retry = fields.take_mapped("retryPolicy", |policy| {
        policy.number("maximumEventAgeInSeconds", "MaximumEventAgeInSeconds");
        policy.number("maximumRetryAttempts", "MaximumRetryAttempts");
    });
    target.extend(retry.map(|retry| ("RetryPolicy".to_owned(), Json::Object(retry))));
    fields.put("Targets", vec![Json::Object(target)]);
}
