//! Traces.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:xray/group:Group", "AWS::XRay::Group", group).outputs(&[("arn", "<.GroupARN>")]),
    TypeMapping::new("aws:xray/samplingRule:SamplingRule", "AWS::XRay::SamplingRule", sampling_rule),
];

fn group(fields: &mut Fields) {
    fields.text("groupName", "GroupName");
    fields.text("filterExpression", "FilterExpression");
    fields.object("insightsConfiguration", "InsightsConfiguration", |insights| {
        insights.boolean("insightsEnabled", "InsightsEnabled");
        insights.boolean("notificationsEnabled", "NotificationsEnabled");
    });
    fields.tags();
}

fn sampling_rule(fields: &mut Fields) {
    fields.tags();
    let mut rule = fields.part();
    rule.text("ruleName", "RuleName");
    rule.number("priority", "Priority");
    rule.number("fixedRate", "FixedRate");
    rule.number("reservoirSize", "ReservoirSize");
    rule.number("version", "Version");
    rule.text("host", "Host");
    rule.text("httpMethod", "HTTPMethod");
    rule.text("resourceArn", "ResourceARN");
    rule.text("serviceName", "ServiceName");
    rule.text("serviceType", "ServiceType");
    rule.text("urlPath", "URLPath");
    rule.map("attributes", "Attributes");
    let rule = fields.end_part(rule);
    fields.put("SamplingRule", rule);
}
