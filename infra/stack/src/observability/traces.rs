//! Traces: which requests are traced from the beginning, and which of them belong together.

use pulumi::Context;
use pulumi_aws::xray;

use super::ObservabilityArgs;
use crate::tags::ComponentTags;

/// The API's name in traces: its name and its stage.
const API: &str = "miyabi/live";
const API_TYPE: &str = "AWS::ApiGateway::Stage";
/// Rules are tried from the smallest number; the one that traces without any of ours has 10,000.
const HEALTH_PRIORITY: u32 = 1000;
const API_PRIORITY: u32 = 1001;

/// Declares them, where calls are traced.
///
/// API Gateway decides for a whole request, and functions follow. What functions are called for without it, Lambda
/// decides by itself: one a second, and one in twenty of the rest.
pub(super) fn declare(context: &Context, args: &ObservabilityArgs<'_>, tags: &ComponentTags) {
    if !args.settings.compute.tracing {
        return;
    }
    let rule = |name: &str, priority: u32, path: &str, (reservoir, share): (u32, f64)| {
        xray::SamplingRule::new(
            context,
            name,
            xray::SamplingRuleArgs::new()
                .rule_name(format!("miyabi-{name}"))
                .priority(priority)
                .version(1)
                .reservoir_size(reservoir)
                .fixed_rate(share)
                .service_name(API)
                .service_type(API_TYPE)
                .host("*")
                .http_method("*")
                .url_path(path)
                .resource_arn("*")
                .tags(tags),
        );
    };
    // What asks every few seconds whether the API is there would fill the list of traces.
    rule("api-health", HEALTH_PRIORITY, "*/api/health", (0, 0.0));
    let share = f64::from(args.settings.operation.traced_percent) / 100.0;
    rule("api-requests", API_PRIORITY, "*", (1, share));
    let mut services = vec![API.to_owned()];
    services.extend(args.settings.functions().map(|function| function.binary()));
    let services: Vec<_> = services.iter().map(|service| format!("service({service:?})")).collect();
    xray::Group::new(
        context,
        "traces",
        xray::GroupArgs::new()
            .group_name(format!("miyabi-{}", args.settings.stage))
            .filter_expression(services.join(" OR "))
            .insights_configuration(xray::GroupInsightsConfigurationArgs::new().insights_enabled(false))
            .tags(tags),
    );
}
