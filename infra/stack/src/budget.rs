//! What a month may cost, and who is told before it does.

use pulumi::{Context, ResourceOptions};
use pulumi_aws::budgets;

use crate::observability::AlarmTopic;
use crate::settings::Settings;
use crate::stack::PROJECT;
use crate::tags::{STAGE_TAG, Tags};

/// The budget of a stage that has one. It counts what carries the stage's tag, once the tag is one for costs:
/// https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/activating-tags.html
pub(crate) fn declare(context: &Context, settings: &Settings, tags: &Tags, topic: &AlarmTopic) {
    let Some(limit) = settings.operation.monthly_budget else { return };
    let notify = |kind: &str, percent: u32| {
        budgets::BudgetNotificationArgs::new()
            .comparison_operator("GREATER_THAN")
            .notification_type(kind)
            .threshold(percent)
            .threshold_type("PERCENTAGE")
            .subscriber_sns_topic_arns([topic.arn.clone()])
    };
    let of_stage = budgets::BudgetCostFilterArgs::new()
        .name("TagKeyValue")
        .values([format!("user:{STAGE_TAG}${}", settings.stage)]);
    budgets::Budget::with_options(
        context,
        "monthly",
        budgets::BudgetArgs::new()
            .name(format!("{PROJECT}-{}", settings.stage))
            .budget_type("COST")
            .time_unit("MONTHLY")
            .limit_amount(limit.to_string())
            .limit_unit("USD")
            .cost_filters([of_stage])
            // While something can still be done about it, and when it has happened.
            .notifications([notify("FORECASTED", 100), notify("ACTUAL", 80), notify("ACTUAL", 100)])
            .tags(&tags.of("budget")),
        ResourceOptions::new().depends_on(&topic.policy),
    );
}
