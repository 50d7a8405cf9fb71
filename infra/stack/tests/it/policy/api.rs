//! APIs: REST, and the WebSocket one.

use serde_json::Value as Json;

use super::model::{Findings, Graph, Resource, items, texts};

const STAGE: &str = "apigateway.Stage";
const STAGE_V2: &str = "apigatewayv2.Stage";
/// Paths that anyone may ask for: what watches an API from outside has no name there.
const OPEN_PATHS: [&str; 1] = ["health"];
/// What API Gateway calls by itself, when a connection has ended.
const OPEN_ROUTES: [&str; 1] = ["$disconnect"];

/// The settings of a stage that hold for all of its methods.
fn settings<'graph>(graph: &'graph Graph, stage: &Resource) -> Option<&'graph Resource> {
    graph.of("apigateway.MethodSettings").into_iter().find(|settings| {
        settings.text("/methodPath") == "*/*"
            && stage.is_named_by(settings.at("/stageName"))
            && settings.at("/restApi") == stage.at("/restApi")
    })
}

pub(super) fn execution_logs(graph: &Graph, found: &mut Findings) {
    let logs = |level: &str| matches!(level, "INFO" | "ERROR");
    for stage in graph.of(STAGE) {
        let level = settings(graph, stage).map_or("", |settings| settings.text("/settings/loggingLevel"));
        found.expect(logs(level), stage, "its executions are not logged");
    }
    for stage in graph.of(STAGE_V2) {
        found.expect(
            logs(stage.text("/defaultRouteSettings/loggingLevel")),
            stage,
            "its executions are not logged",
        );
    }
}

pub(super) fn access_logs(graph: &Graph, found: &mut Findings) {
    for stage in graph.of_any(&[STAGE, STAGE_V2]) {
        let set = stage.has("/accessLogSettings/destinationArn") && stage.has("/accessLogSettings/format");
        found.expect(set, stage, "its requests are not logged");
    }
}

pub(super) fn authorizer(graph: &Graph, found: &mut Findings) {
    for method in graph.of("apigateway.Method") {
        let path = graph
            .of("apigateway.Resource")
            .into_iter()
            .find(|resource| resource.is_named_by(method.at("/resourceId")))
            .map_or("", |resource| resource.text("/pathPart"));
        let authorization = method.text("/authorization");
        let asks = match authorization {
            "AWS_IAM" => true,
            "COGNITO_USER_POOLS" | "CUSTOM" => method.has("/authorizerId"),
            _ => OPEN_PATHS.contains(&path),
        };
        found.expect(asks, method, format!("the authorization is {authorization:?}"));
    }
    for route in graph.of("apigatewayv2.Route") {
        let authorization = route.text("/authorizationType");
        let asks = match authorization {
            "AWS_IAM" => true,
            "JWT" | "CUSTOM" => route.has("/authorizerId"),
            // A WebSocket API asks once, when a connection is made.
            _ => OPEN_ROUTES.contains(&route.text("/routeKey")) || asks_at_connect(graph, route),
        };
        found.expect(asks, route, format!("the authorization is {authorization:?}"));
    }
}

/// Whether a route belongs to a WebSocket API whose `$connect` asks who is there.
fn asks_at_connect(graph: &Graph, route: &Resource) -> bool {
    route.text("/routeKey") != "$connect"
        && graph.of("apigatewayv2.Route").iter().any(|connect| {
            connect.text("/routeKey") == "$connect"
                && connect.at("/apiId") == route.at("/apiId")
                && matches!(connect.text("/authorizationType"), "AWS_IAM" | "CUSTOM")
        })
}

pub(super) fn tracing(graph: &Graph, found: &mut Findings) {
    for stage in graph.of(STAGE) {
        found.expect(stage.is_true("/xrayTracingEnabled"), stage, "it is not traced");
    }
}

pub(super) fn firewall(graph: &Graph, found: &mut Findings) {
    let guarded: Vec<_> = graph
        .of("cloudfront.Distribution")
        .into_iter()
        .filter(|distribution| distribution.has("/webAclId"))
        .collect();
    for distribution in graph.of("cloudfront.Distribution") {
        found.expect(distribution.has("/webAclId"), distribution, "nothing stands before it");
    }
    for stage in graph.of(STAGE) {
        let own = graph.about("wafv2.WebAclAssociation", "resourceArn", stage).is_some();
        let api =
            graph.of("apigateway.RestApi").into_iter().find(|api| api.is_named_by(stage.at("/restApi")));
        let before = |distribution: &&Resource| {
            let origins = distribution.at("/origins");
            stage.is_named_by(origins) || api.is_some_and(|api| api.is_named_by(origins))
        };
        found.expect(own || guarded.iter().any(before), stage, "nothing stands before it");
    }
}

pub(super) fn request_validation(graph: &Graph, found: &mut Findings) {
    for method in graph.of("apigateway.Method") {
        let validates = graph.of("apigateway.RequestValidator").into_iter().any(|validator| {
            validator.is_named_by(method.at("/requestValidatorId"))
                && (validator.is_true("/validateRequestBody")
                    || validator.is_true("/validateRequestParameters"))
        });
        found.expect(validates, method, "nothing is validated");
    }
}

pub(super) fn no_data_trace(graph: &Graph, found: &mut Findings) {
    for settings in graph.of("apigateway.MethodSettings") {
        found.expect(!settings.is_true("/settings/dataTraceEnabled"), settings, "bodies are logged");
    }
    for stage in graph.of(STAGE_V2) {
        found.expect(!stage.is_true("/defaultRouteSettings/dataTraceEnabled"), stage, "bodies are logged");
    }
}

pub(super) fn no_open_cors(graph: &Graph, found: &mut Findings) {
    for api in graph.of("apigatewayv2.Api") {
        let open = texts(api.at("/corsConfiguration/allowOrigins")).iter().any(|origin| origin.contains('*'));
        found.expect(!open, api, "every origin is let in");
    }
    for policy in graph.of("cloudfront.ResponseHeadersPolicy") {
        let origins = texts(policy.at("/corsConfig/accessControlAllowOrigins/items"));
        found.expect(!origins.iter().any(|origin| origin.contains('*')), policy, "every origin is let in");
    }
    for response in graph.of_any(&["apigateway.Response", "apigateway.IntegrationResponse"]) {
        for (header, value) in response.at("/responseParameters").as_object().into_iter().flatten() {
            let open = header.to_ascii_lowercase().ends_with("access-control-allow-origin")
                && value.as_str().is_some_and(|value| value.contains('*'));
            found.expect(!open, response, "every origin is let in");
        }
    }
}

pub(super) fn domain_tls(graph: &Graph, found: &mut Findings) {
    for domain in graph.of("apigateway.DomainName") {
        let policy = domain.text("/securityPolicy");
        let strong = policy == "TLS_1_2" || policy.starts_with("SecurityPolicy_TLS1");
        found.expect(strong && !policy.contains("TLS_1_0"), domain, format!("the policy is {policy:?}"));
    }
    for domain in graph.of("apigatewayv2.DomainName") {
        let policy = domain.text("/domainNameConfiguration/securityPolicy");
        found.expect(policy == "TLS_1_2", domain, format!("the policy is {policy:?}"));
    }
}

pub(super) fn throttle(graph: &Graph, found: &mut Findings) {
    let limited = |settings: &Json| {
        ["throttlingRateLimit", "throttlingBurstLimit"]
            .iter()
            .all(|key| settings[*key].as_f64().is_some_and(|limit| limit >= 1.0))
    };
    for stage in graph.of(STAGE) {
        let holds = settings(graph, stage).is_some_and(|settings| limited(settings.at("/settings")));
        found.expect(holds, stage, "it takes whatever comes");
    }
    for stage in graph.of(STAGE_V2) {
        found.expect(limited(stage.at("/defaultRouteSettings")), stage, "it takes whatever comes");
    }
    for plan in graph.of("apigateway.UsagePlan") {
        let limits = items(plan.at("/throttleSettings"));
        found.expect(!limits.is_empty(), plan, "its keys take whatever comes");
    }
}
