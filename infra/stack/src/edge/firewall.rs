//! The firewall: AWS's managed rules, and a limit for each address.

use pulumi::Output;
use pulumi_aws::wafv2;
use serde_json::{Value as Json, json};

use super::Parts;
use crate::certificate::CLOUDFRONT_REGION;

/// The name of its metrics.
pub(super) const METRIC: &str = "miyabi";

/// AWS's own rules, each with what it is for. All together take 925 of the 1,500 units that cost nothing further.
const MANAGED: [&str; 3] = [
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
];

/// Rules of the common set that would refuse what belongs here: an event may be larger than 8 kB, and what a job prints
/// may look like anything. They count instead.
const ONLY_COUNTED: [&str; 2] = ["SizeRestrictions_BODY", "CrossSiteScripting_BODY"];

/// Declares it, and returns its ARN.
pub(super) fn declare(parts: &Parts<'_>, requests: u32) -> Output<String> {
    let rules = rules(requests);
    wafv2::WebAcl::new(
        parts.context,
        "firewall",
        wafv2::WebAclArgs::new()
            .name(format!("miyabi-{}", parts.args.settings.stage))
            .description("Before the page and the API of Miyabi")
            // One for CloudFront is made there, wherever the stack is.
            .region(CLOUDFRONT_REGION)
            .scope("CLOUDFRONT")
            .default_action(
                wafv2::WebAclDefaultActionArgs::new().allow(wafv2::WebAclDefaultActionAllowArgs::new()),
            )
            .rule_json(rules.to_string())
            .visibility_config(
                wafv2::WebAclVisibilityConfigArgs::new()
                    .cloudwatch_metrics_enabled(true)
                    .metric_name(METRIC)
                    .sampled_requests_enabled(true),
            )
            .tags(&parts.tags),
    )
    .arn()
}

/// The rules as the API of the firewall spells them.
pub(super) fn rules(requests: u32) -> Json {
    let visibility = |name: &str| json!({ "CloudWatchMetricsEnabled": true, "MetricName": name, "SampledRequestsEnabled": true });
    let limit = json!({
        "Name": "TooManyFromOneAddress",
        "Priority": 0,
        "Action": { "Block": { "CustomResponse": { "ResponseCode": 429 } } },
        "Statement": { "RateBasedStatement": {
            "AggregateKeyType": "IP", "EvaluationWindowSec": 300, "Limit": requests,
        } },
        "VisibilityConfig": visibility("TooManyFromOneAddress"),
    });
    let managed = MANAGED.iter().zip(1..).map(|(name, priority)| {
        let mut group = json!({ "VendorName": "AWS", "Name": name });
        if name.ends_with("CommonRuleSet") {
            let counted = ONLY_COUNTED.map(|rule| json!({ "Name": rule, "ActionToUse": { "Count": {} } }));
            group["RuleActionOverrides"] = json!(counted);
        }
        json!({
            "Name": name,
            "Priority": priority,
            "OverrideAction": { "None": {} },
            "Statement": { "ManagedRuleGroupStatement": group },
            "VisibilityConfig": visibility(name),
        })
    });
    Json::Array(std::iter::once(limit).chain(managed).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_place_of_its_own_and_is_measured() {
        let rules = rules(20_000);
        let rules = rules.as_array().unwrap();
        let priorities: Vec<_> = rules.iter().map(|rule| rule["Priority"].as_u64().unwrap()).collect();
        assert_eq!(priorities, [0, 1, 2, 3]);
        for rule in rules {
            assert_eq!(rule["VisibilityConfig"]["MetricName"], rule["Name"]);
            assert!(rule.get("Action").is_some() != rule.get("OverrideAction").is_some());
        }
        // Under this CloudFront's firewall takes no limit.
        assert!(rules[0]["Statement"]["RateBasedStatement"]["Limit"].as_u64().unwrap() >= 10);
    }
}
