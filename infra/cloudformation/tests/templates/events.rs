//! Rules and their targets.

use pulumi_aws::cloudwatch;

use crate::{pretty, template};

#[tokio::test]
async fn a_rule_has_the_targets_that_name_it() {
    let synthesis = template(|context| {
        let rule = cloudwatch::EventRule::new(
            context,
            "minute",
            cloudwatch::EventRuleArgs::new().schedule_expression("rate(1 minute)"),
        );
        cloudwatch::EventRule::new(
            context,
            "failed",
            cloudwatch::EventRuleArgs::new().name("failed").event_pattern(r#"{"source":["miyabi"]}"#),
        );
        for name in ["one", "two"] {
            cloudwatch::EventTarget::new(
                context,
                name,
                cloudwatch::EventTargetArgs::new()
                    .rule(rule.name())
                    .arn("arn:aws:sqs:us-east-1:000000000000:q"),
            );
        }
        cloudwatch::EventTarget::new(
            context,
            "three",
            cloudwatch::EventTargetArgs::new()
                .rule("failed")
                .arn("arn:aws:sqs:us-east-1:000000000000:q")
                .target_id("itself")
                .retry_policy(cloudwatch::EventTargetRetryPolicyArgs::new().maximum_retry_attempts(2)),
        );
    })
    .await;
    insta::assert_snapshot!(pretty(&synthesis));
}
