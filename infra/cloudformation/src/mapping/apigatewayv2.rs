//! WebSocket and HTTP APIs.

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:apigatewayv2/api:Api", "AWS::ApiGatewayV2::Api", api).outputs(&[
        ("apiEndpoint", "<.ApiEndpoint>"),
        ("executionArn", "arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<Ref>"),
        ("arn", "arn:<AWS::Partition>:apigateway:<AWS::Region>::/apis/<Ref>"),
    ]),
    TypeMapping::new("aws:apigatewayv2/stage:Stage", "AWS::ApiGatewayV2::Stage", stage).outputs(&[
        ("name", "<Ref>"),
        ("invokeUrl", "wss://<apiId>.execute-api.<AWS::Region>.<AWS::URLSuffix>/<Ref>"),
        ("executionArn", "arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<apiId>/<Ref>"),
        ("arn", "arn:<AWS::Partition>:apigateway:<AWS::Region>::/apis/<apiId>/stages/<Ref>"),
    ]),
    TypeMapping::new(
        "aws:apigatewayv2/integration:Integration",
        "AWS::ApiGatewayV2::Integration",
        integration,
    ),
    TypeMapping::new("aws:apigatewayv2/route:Route", "AWS::ApiGatewayV2::Route", route),
];

fn api(fields: &mut Fields) {
    fields.text("name", "Name");
    fields.text("description", "Description");
    fields.text("protocolType", "ProtocolType");
    fields.text("routeSelectionExpression", "RouteSelectionExpression");
    fields.text("apiKeySelectionExpression", "ApiKeySelectionExpression");
    fields.boolean("disableExecuteApiEndpoint", "DisableExecuteApiEndpoint");
    fields.text("version", "Version");
    fields.map("tags", "Tags");
}

fn stage(fields: &mut Fields) {
    fields.text("apiId", "ApiId");
    fields.text("name", "StageName");
    fields.text("description", "Description");
    fields.boolean("autoDeploy", "AutoDeploy");
    fields.text("deploymentId", "DeploymentId");
    fields.map("stageVariables", "StageVariables");
    fields.object("accessLogSettings", "AccessLogSettings", |log| {
        log.text("destinationArn", "DestinationArn");
        log.text("format", "Format");
    });
    fields.object("defaultRouteSettings", "DefaultRouteSettings", |settings| {
        settings.number("throttlingRateLimit", "ThrottlingRateLimit");
        settings.number("throttlingBurstLimit", "ThrottlingBurstLimit");
        settings.boolean("dataTraceEnabled", "DataTraceEnabled");
        settings.boolean("detailedMetricsEnabled", "DetailedMetricsEnabled");
        settings.text("loggingLevel", "LoggingLevel");
    });
    fields.map("tags", "Tags");
}

fn integration(fields: &mut Fields) {
    fields.text("apiId", "ApiId");
    fields.text("integrationType", "IntegrationType");
    fields.text("integrationMethod", "IntegrationMethod");
    fields.text("integrationUri", "IntegrationUri");
    fields.text("description", "Description");
    fields.text("credentialsArn", "CredentialsArn");
    fields.text("payloadFormatVersion", "PayloadFormatVersion");
    fields.text("passthroughBehavior", "PassthroughBehavior");
    fields.text("contentHandlingStrategy", "ContentHandlingStrategy");
    fields.number("timeoutMilliseconds", "TimeoutInMillis");
}

fn route(fields: &mut Fields) {
    fields.text("apiId", "ApiId");
    fields.text("routeKey", "RouteKey");
    fields.text("target", "Target");
    fields.text("authorizationType", "AuthorizationType");
    fields.text("authorizerId", "AuthorizerId");
    fields.texts("authorizationScopes", "AuthorizationScopes");
    fields.boolean("apiKeyRequired", "ApiKeyRequired");
    fields.text("operationName", "OperationName");
    fields.text("modelSelectionExpression", "ModelSelectionExpression");
    fields.text("routeResponseSelectionExpression", "RouteResponseSelectionExpression");
}
