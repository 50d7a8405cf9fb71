//! Callers that are counted one by one: a key each, and a plan that limits them.
//!
//! A key counts and limits; who is there is the authorizer's business.

use pulumi::Context;
use pulumi_aws::apigateway;

use crate::tags::ComponentTags;

use crate::settings::ApiSettings;

pub(super) fn declare(
    context: &Context,
    api: &apigateway::RestApi,
    stage: &apigateway::Stage,
    settings: &ApiSettings,
    tags: &ComponentTags,
) {
    if settings.keys.is_empty() {
        return;
    }
    let plan = apigateway::UsagePlan::new(
        context,
        "callers",
        apigateway::UsagePlanArgs::new()
            .name("miyabi-callers")
            .description("What each caller with a key may ask for")
            .api_stages([apigateway::UsagePlanApiStageArgs::new().api_id(api.id()).stage(stage.stage_name())])
            .quota_settings(
                apigateway::UsagePlanQuotaSettingsArgs::new()
                    .limit(settings.requests_per_day_and_key)
                    .period("DAY"),
            )
            // One caller leaves room for the others.
            .throttle_settings(
                apigateway::UsagePlanThrottleSettingsArgs::new()
                    .rate_limit(settings.requests_per_second / 2)
                    .burst_limit(settings.burst / 2),
            )
            .tags(tags),
    );
    for name in &settings.keys {
        let key = apigateway::ApiKey::new(
            context,
            format!("key-{name}"),
            apigateway::ApiKeyArgs::new()
                .name(name.as_str())
                .description("A caller of Miyabi's API")
                .tags(tags),
        );
        apigateway::UsagePlanKey::new(
            context,
            format!("key-{name}"),
            apigateway::UsagePlanKeyArgs::new().key_id(key.id()).key_type("API_KEY").usage_plan_id(plan.id()),
        );
    }
}
