//! Firewalls.

use serde_json::Value as Json;

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] =
    &[TypeMapping::new("aws:wafv2/webAcl:WebAcl", "AWS::WAFv2::WebACL", web_acl)
        .outputs(&[("arn", "<.Arn>")])];

fn web_acl(fields: &mut Fields) {
    fields.text("name", "Name");
    fields.text("description", "Description");
    fields.text("scope", "Scope");
    fields.leave_out(
        "region",
        "a template is deployed in one region: one with a firewall for CloudFront, in us-east-1",
    );
    fields.object("defaultAction", "DefaultAction", |action| {
        action.object("allow", "Allow", |_| {});
        action.object("block", "Block", |_| {});
    });
    // The rules are spelled as in the API, which CloudFormation does as well.
    if let Some(text) = fields.take_text("ruleJson") {
        match serde_json::from_str::<Json>(&text) {
            Ok(rules @ Json::Array(_)) => fields.put("Rules", rules),
            Ok(_) => fields.problem("ruleJson", "expected the text of a JSON list, found other JSON"),
            Err(error) => fields.problem("ruleJson", format!("expected the text of a JSON list: {error}")),
        }
    }
    fields.object("visibilityConfig", "VisibilityConfig", |visibility| {
        visibility.boolean("cloudwatchMetricsEnabled", "CloudWatchMetricsEnabled");
        visibility.text("metricName", "MetricName");
        visibility.boolean("sampledRequestsEnabled", "SampledRequestsEnabled");
    });
    fields.tags();
}
