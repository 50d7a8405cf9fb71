//! APIs.

use miyabi_infra::rules::Rule;
use serde_json::json;

use super::{Case, added, case, gone, resource, set, without};

pub(super) fn cases() -> Vec<Case> {
    let stage = || {
        resource(
            "apigateway.Stage",
            "s",
            json!({
                "restApi": "${RestApi.a.id}", "stageName": "live", "xrayTracingEnabled": true,
                "accessLogSettings": { "destinationArn": "${LogGroup.g.arn}", "format": "{}" },
            }),
        )
    };
    let settings = || {
        resource(
            "apigateway.MethodSettings",
            "ms",
            json!({
                "restApi": "${RestApi.a.id}", "stageName": "live", "methodPath": "*/*",
                "settings": {
                    "loggingLevel": "ERROR", "dataTraceEnabled": false,
                    "throttlingRateLimit": 1000, "throttlingBurstLimit": 500,
                },
            }),
        )
    };
    let socket = || {
        resource(
            "apigatewayv2.Stage",
            "ws",
            json!({
                "accessLogSettings": { "destinationArn": "${LogGroup.g.arn}", "format": "{}" },
                "defaultRouteSettings": {
                    "loggingLevel": "ERROR", "dataTraceEnabled": false,
                    "throttlingRateLimit": 100, "throttlingBurstLimit": 50,
                },
            }),
        )
    };
    let api = || resource("apigateway.RestApi", "a", json!({ "name": "tasks" }));
    let method = |name: &str, inputs: serde_json::Value| resource("apigateway.Method", name, inputs);
    let route = |name: &str, key: &str, authorization: &str| {
        resource(
            "apigatewayv2.Route",
            name,
            json!({
                "apiId": "${Api.w.id}", "routeKey": key, "authorizationType": authorization, "authorizerId": "x",
            }),
        )
    };
    vec![
        case(
            Rule::ApiExecutionLogs,
            [stage(), settings(), socket()],
            [
                gone("ms"),
                set("ms", "/settings/loggingLevel", "OFF"),
                set("ms", "/methodPath", "tasks/GET"),
                set("ms", "/restApi", "${RestApi.other.id}"),
                set("ws", "/defaultRouteSettings/loggingLevel", "OFF"),
            ],
        ),
        case(
            Rule::ApiAccessLogs,
            [stage(), socket()],
            [without("s", "/accessLogSettings"), without("ws", "/accessLogSettings/destinationArn")],
        ),
        case(
            Rule::ApiAuthorizer,
            [
                resource("apigateway.Resource", "rest", json!({ "pathPart": "{proxy+}" })),
                resource("apigateway.Resource", "health", json!({ "pathPart": "health" })),
                method(
                    "m",
                    json!({ "resourceId": "${Resource.rest.id}", "authorization": "COGNITO_USER_POOLS", "authorizerId": "x" }),
                ),
                method("h", json!({ "resourceId": "${Resource.health.id}", "authorization": "NONE" })),
                route("connect", "$connect", "CUSTOM"),
                route("disconnect", "$disconnect", "NONE"),
                route("ask", "ask", "NONE"),
            ],
            [
                set("m", "/authorization", "NONE"),
                without("m", "/authorizerId"),
                set("h", "/resourceId", "${RestApi.a.rootResourceId}"),
                set("connect", "/authorizationType", "NONE"),
                without("connect", "/authorizerId"),
                gone("connect"),
            ],
        ),
        case(
            Rule::ApiTracing,
            [stage()],
            [set("s", "/xrayTracingEnabled", false), without("s", "/xrayTracingEnabled")],
        ),
        case(
            Rule::Firewall,
            [
                api(),
                stage(),
                resource(
                    "cloudfront.Distribution",
                    "d",
                    json!({
                        "webAclId": "${WebAcl.w.arn}", "origins": [{ "domainName": "${RestApi.a.id}.execute-api.x" }],
                    }),
                ),
            ],
            [
                without("d", "/webAclId"),
                gone("d"),
                set("d", "/origins", json!([{ "domainName": "elsewhere" }])),
            ],
        ),
        case(
            Rule::RequestValidation,
            [
                method("m", json!({ "requestValidatorId": "${RequestValidator.v.id}" })),
                resource("apigateway.RequestValidator", "v", json!({ "validateRequestParameters": true })),
            ],
            [without("m", "/requestValidatorId"), gone("v"), set("v", "/validateRequestParameters", false)],
        ),
        case(
            Rule::NoDataTrace,
            [settings(), socket()],
            [
                set("ms", "/settings/dataTraceEnabled", true),
                set("ws", "/defaultRouteSettings/dataTraceEnabled", true),
            ],
        ),
        case(
            Rule::NoOpenCors,
            [
                resource(
                    "apigatewayv2.Api",
                    "w",
                    json!({ "corsConfiguration": { "allowOrigins": ["https://a.example"] } }),
                ),
                resource(
                    "cloudfront.ResponseHeadersPolicy",
                    "p",
                    json!({
                        "corsConfig": { "accessControlAllowOrigins": { "items": ["https://a.example"] } },
                    }),
                ),
                resource(
                    "apigateway.Response",
                    "r",
                    json!({ "responseParameters": {
                    "gatewayresponse.header.Access-Control-Allow-Origin": "'https://a.example'",
                } }),
                ),
            ],
            [
                set("w", "/corsConfiguration/allowOrigins/0", "*"),
                set("p", "/corsConfig/accessControlAllowOrigins/items/0", "https://*.example"),
                set("r", "/responseParameters/gatewayresponse.header.Access-Control-Allow-Origin", "'*'"),
            ],
        ),
        case(
            Rule::DomainTls,
            [resource("apigateway.DomainName", "d", json!({ "securityPolicy": "TLS_1_2" }))],
            [
                set("d", "/securityPolicy", "TLS_1_0"),
                without("d", "/securityPolicy"),
                added("apigatewayv2.DomainName", "old", json!({ "domainNameConfiguration": {} })),
            ],
        ),
        case(
            Rule::Throttle,
            [
                stage(),
                settings(),
                socket(),
                resource(
                    "apigateway.UsagePlan",
                    "u",
                    json!({ "throttleSettings": { "rateLimit": 10, "burstLimit": 5 } }),
                ),
            ],
            [
                gone("ms"),
                without("ms", "/settings/throttlingBurstLimit"),
                set("ms", "/settings/throttlingRateLimit", 0),
                without("ws", "/defaultRouteSettings/throttlingRateLimit"),
                without("u", "/throttleSettings"),
            ],
        ),
    ]
}
