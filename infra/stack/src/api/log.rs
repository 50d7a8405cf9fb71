//! The logs of the API: every request as JSON, and what went wrong within API Gateway.

use pulumi::{Context, Input, Json, ResourceOptions, interpolate, json};
use pulumi_aws::{apigateway, cloudwatch, iam};

use crate::logs::{self, Kept};
use crate::tags::ComponentTags;

use super::{ApiArgs, STAGE};

/// What is known of a request, under the names that the function's own lines use. No value is quoted that may hold a
/// quote: API Gateway escapes none.
const ACCESS_FORMAT: &str = concat!(
    r#"{"request_id":"$context.requestId","time":"$context.requestTimeEpoch","ip":"$context.identity.sourceIp","#,
    r#""method":"$context.httpMethod","path":"$context.path","status":"$context.status","#,
    r#""latency":"$context.responseLatency","function_latency":"$context.integrationLatency","#,
    r#""bytes":"$context.responseLength","caller":"$context.authorizer.claims.sub","#,
    r#""key":"$context.identity.apiKeyId","error":"$context.error.responseType","#,
    r#""trace":"$context.xrayTraceId"}"#
);

/// The policy that AWS documents for the role.
const LOG_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs";

/// The logs.
#[derive(Debug)]
pub(super) struct Logs {
    access: cloudwatch::LogGroup,
    /// API Gateway would make it by itself, to be kept for ever.
    pub(super) execution: Option<cloudwatch::LogGroup>,
    /// Without it a stage that logs is refused.
    pub(super) account: Option<apigateway::Account>,
}

impl Logs {
    pub(super) fn access_settings(&self) -> apigateway::StageAccessLogSettingsArgs {
        apigateway::StageAccessLogSettingsArgs::new().destination_arn(self.access.arn()).format(ACCESS_FORMAT)
    }
}

pub(super) fn declare(
    context: &Context,
    api: &apigateway::RestApi,
    args: &ApiArgs<'_>,
    tags: &ComponentTags,
) -> Logs {
    let settings = args.settings;
    let group = |resource_name: &str, name: Input<String>| {
        let kept = Kept { name, retention: settings.logs.access, key: args.logs_key, tags };
        logs::declare(context, resource_name, kept, ResourceOptions::new())
    };
    let access = group("api-access", "/miyabi/api-access".into());
    let execution =
        group("api-execution", interpolate!("API-Gateway-Execution-Logs_{}/{}", api.id(), STAGE).into());
    let account = settings.api.log_role.then(|| account(context, tags));
    Logs { access, execution: Some(execution), account }
}

/// The role by which API Gateway writes logs. There is one for an account and region, whichever stack sets it.
fn account(context: &Context, tags: &ComponentTags) -> apigateway::Account {
    let role = iam::Role::new(
        context,
        "api-log",
        iam::RoleArgs::new()
            .description("API Gateway writes its logs by it")
            .assume_role_policy(trust())
            .tags(tags),
    );
    let attachment = iam::RolePolicyAttachment::new(
        context,
        "api-log",
        iam::RolePolicyAttachmentArgs::new().role(role.name()).policy_arn(LOG_POLICY),
    );
    apigateway::Account::with_options(
        context,
        "account",
        apigateway::AccountArgs::new().cloudwatch_role_arn(role.arn()),
        // It is tried at once.
        ResourceOptions::new().depends_on(&attachment),
    )
}

fn trust() -> Json {
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": { "Service": "apigateway.amazonaws.com" },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::ACCESS_FORMAT;

    #[test]
    fn a_line_of_the_access_log_is_json_once_it_is_filled_in() {
        let filled = ACCESS_FORMAT.replace('$', "");
        let line: serde_json::Value = serde_json::from_str(&filled).unwrap();
        assert_eq!(line["request_id"], "context.requestId");
        assert!(!ACCESS_FORMAT.contains('\n'));
    }
}
