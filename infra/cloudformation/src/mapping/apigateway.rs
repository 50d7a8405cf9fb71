//! REST APIs. An integration is a part of its method, method settings are a part of their stage.

use serde_json::Value as Json;

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:apigateway/account:Account", "AWS::ApiGateway::Account", account),
    TypeMapping::new("aws:apigateway/restApi:RestApi", "AWS::ApiGateway::RestApi", rest_api).outputs(&[
        ("rootResourceId", "<.RootResourceId>"),
        ("executionArn", "arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<Ref>"),
        ("arn", "arn:<AWS::Partition>:apigateway:<AWS::Region>::/restapis/<Ref>"),
        ("name", "<name>"),
    ]),
    TypeMapping::new("aws:apigateway/authorizer:Authorizer", "AWS::ApiGateway::Authorizer", authorizer),
    TypeMapping::new("aws:apigateway/usagePlan:UsagePlan", "AWS::ApiGateway::UsagePlan", usage_plan),
    TypeMapping::new(
        "aws:apigateway/usagePlanKey:UsagePlanKey",
        "AWS::ApiGateway::UsagePlanKey",
        usage_plan_key,
    ),
    TypeMapping::new("aws:apigateway/apiKey:ApiKey", "AWS::ApiGateway::ApiKey", api_key),
    TypeMapping::new("aws:apigateway/resource:Resource", "AWS::ApiGateway::Resource", resource),
    TypeMapping::new("aws:apigateway/method:Method", "AWS::ApiGateway::Method", method),
    TypeMapping::new("aws:apigateway/integration:Integration", "AWS::ApiGateway::Method", integration)
        .part_of(
            "aws:apigateway/method:Method",
            &[("restApi", "restApi"), ("resourceId", "resourceId"), ("httpMethod", "httpMethod")],
        ),
    TypeMapping::new(
        "aws:apigateway/requestValidator:RequestValidator",
        "AWS::ApiGateway::RequestValidator",
        validator,
    ),
    TypeMapping::new(
        "aws:apigateway/response:Response",
        "AWS::ApiGateway::GatewayResponse",
        gateway_response,
    ),
    TypeMapping::new("aws:apigateway/deployment:Deployment", "AWS::ApiGateway::Deployment", deployment),
    TypeMapping::new("aws:apigateway/stage:Stage", "AWS::ApiGateway::Stage", stage).outputs(&[
        ("stageName", "<Ref>"),
        ("invokeUrl", "https://<restApi>.execute-api.<AWS::Region>.<AWS::URLSuffix>/<Ref>"),
        ("executionArn", "arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<restApi>/<Ref>"),
        ("arn", "arn:<AWS::Partition>:apigateway:<AWS::Region>::/restapis/<restApi>/stages/<Ref>"),
    ]),
    TypeMapping::new(
        "aws:apigateway/methodSettings:MethodSettings",
        "AWS::ApiGateway::Stage",
        method_settings,
    )
    .part_of("aws:apigateway/stage:Stage", &[("restApi", "restApi"), ("stageName", "stageName")]),
];

fn account(fields: &mut Fields) {
    fields.text("cloudwatchRoleArn", "CloudWatchRoleArn");
}

fn rest_api(fields: &mut Fields) {
    fields.text("name", "Name");
    fields.text("description", "Description");
    fields.text("apiKeySource", "ApiKeySourceType");
    fields.texts("binaryMediaTypes", "BinaryMediaTypes");
    fields.document("body", "Body");
    fields.boolean("disableExecuteApiEndpoint", "DisableExecuteApiEndpoint");
    fields.object("endpointConfiguration", "EndpointConfiguration", |endpoint| {
        endpoint.text_as_list("types", "Types");
        endpoint.text("ipAddressType", "IpAddressType");
        endpoint.texts("vpcEndpointIds", "VpcEndpointIds");
    });
    fields.boolean("failOnWarnings", "FailOnWarnings");
    fields.number_in_text("minimumCompressionSize", "MinimumCompressionSize");
    fields.map("parameters", "Parameters");
    fields.text("securityPolicy", "SecurityPolicy");
    fields.text("endpointAccessMode", "EndpointAccessMode");
    fields.document("policy", "Policy");
    fields.text("putRestApiMode", "Mode");
    fields.tags();
}

fn resource(fields: &mut Fields) {
    fields.text("restApi", "RestApiId");
    fields.text("parentId", "ParentId");
    fields.text("pathPart", "PathPart");
}

fn method(fields: &mut Fields) {
    fields.text("restApi", "RestApiId");
    fields.text("resourceId", "ResourceId");
    fields.text("httpMethod", "HttpMethod");
    fields.text("authorization", "AuthorizationType");
    fields.text("authorizerId", "AuthorizerId");
    fields.texts("authorizationScopes", "AuthorizationScopes");
    fields.boolean("apiKeyRequired", "ApiKeyRequired");
    fields.text("operationName", "OperationName");
    fields.map("requestModels", "RequestModels");
    fields.map("requestParameters", "RequestParameters");
    fields.text("requestValidatorId", "RequestValidatorId");
}

fn integration(fields: &mut Fields) {
    let mut integration = fields.part();
    integration.text("type", "Type");
    integration.text("uri", "Uri");
    integration.text("integrationHttpMethod", "IntegrationHttpMethod");
    integration.text("credentials", "Credentials");
    integration.text("connectionId", "ConnectionId");
    integration.text("connectionType", "ConnectionType");
    integration.text("contentHandling", "ContentHandling");
    integration.text("passthroughBehavior", "PassthroughBehavior");
    integration.texts("cacheKeyParameters", "CacheKeyParameters");
    integration.text("cacheNamespace", "CacheNamespace");
    integration.map("requestParameters", "RequestParameters");
    integration.map("requestTemplates", "RequestTemplates");
    integration.number("timeoutMilliseconds", "TimeoutInMillis");
    let integration = fields.end_part(integration);
    fields.put("Integration", integration);
}

fn authorizer(fields: &mut Fields) {
    fields.text("restApi", "RestApiId");
    fields.text("name", "Name");
    fields.text("type", "Type");
    fields.text("identitySource", "IdentitySource");
    fields.text("identityValidationExpression", "IdentityValidationExpression");
    fields.texts("providerArns", "ProviderARNs");
    fields.text("authorizerUri", "AuthorizerUri");
    fields.text("authorizerCredentials", "AuthorizerCredentials");
    fields.number("authorizerResultTtlInSeconds", "AuthorizerResultTtlInSeconds");
}

fn usage_plan(fields: &mut Fields) {
    fields.text("name", "UsagePlanName");
    fields.text("description", "Description");
    fields.objects("apiStages", "ApiStages", |stage| {
        stage.text("apiId", "ApiId");
        stage.text("stage", "Stage");
    });
    fields.object("quotaSettings", "Quota", |quota| {
        quota.number("limit", "Limit");
        quota.number("offset", "Offset");
        quota.text("period", "Period");
    });
    fields.object("throttleSettings", "Throttle", |throttle| {
        throttle.number("burstLimit", "BurstLimit");
        throttle.number("rateLimit", "RateLimit");
    });
    fields.tags();
}

fn usage_plan_key(fields: &mut Fields) {
    fields.text("keyId", "KeyId");
    fields.text("keyType", "KeyType");
    fields.text("usagePlanId", "UsagePlanId");
}

fn api_key(fields: &mut Fields) {
    fields.text("name", "Name");
    fields.text("description", "Description");
    fields.text("value", "Value");
    fields.text("customerId", "CustomerId");
    // Pulumi's keys work unless it is said otherwise, CloudFormation's do not.
    let enabled = fields.take_boolean("enabled").unwrap_or(true);
    fields.put("Enabled", enabled);
    fields.tags();
}

fn validator(fields: &mut Fields) {
    fields.text("restApi", "RestApiId");
    fields.text("name", "Name");
    fields.boolean("validateRequestBody", "ValidateRequestBody");
    fields.boolean("validateRequestParameters", "ValidateRequestParameters");
}

fn gateway_response(fields: &mut Fields) {
    fields.text("restApiId", "RestApiId");
    fields.text("responseType", "ResponseType");
    fields.text("statusCode", "StatusCode");
    fields.map("responseParameters", "ResponseParameters");
    fields.map("responseTemplates", "ResponseTemplates");
}

fn deployment(fields: &mut Fields) {
    fields.text("restApi", "RestApiId");
    fields.text("description", "Description");
    // They make a new deployment when they change. In a template the API itself does that: see `logical_id`.
    fields.made_by_cloudformation("triggers");
}

fn stage(fields: &mut Fields) {
    fields.text("restApi", "RestApiId");
    fields.text("deployment", "DeploymentId");
    fields.text("stageName", "StageName");
    fields.text("description", "Description");
    fields.map("variables", "Variables");
    fields.boolean("xrayTracingEnabled", "TracingEnabled");
    fields.boolean("cacheClusterEnabled", "CacheClusterEnabled");
    fields.text("cacheClusterSize", "CacheClusterSize");
    fields.text("clientCertificateId", "ClientCertificateId");
    fields.text("documentationVersion", "DocumentationVersion");
    fields.object("accessLogSettings", "AccessLogSetting", |log| {
        log.text("destinationArn", "DestinationArn");
        log.text("format", "Format");
    });
    fields.tags();
}

fn method_settings(fields: &mut Fields) {
    let path = fields.take_text("methodPath").unwrap_or_default();
    let settings = fields.take_mapped("settings", |settings| {
        // `*/*` is every method; `path/METHOD` one, whose path's slashes CloudFormation wants escaped.
        let (resource, method) = path.rsplit_once('/').unwrap_or((&path, "*"));
        let resource = match resource {
            "*" => "/*".to_owned(),
            resource => format!("/{}", resource.trim_start_matches('/').replace('/', "~1")),
        };
        settings.put("ResourcePath", resource);
        settings.put("HttpMethod", method);
        settings.boolean("cacheDataEncrypted", "CacheDataEncrypted");
        settings.number("cacheTtlInSeconds", "CacheTtlInSeconds");
        settings.boolean("cachingEnabled", "CachingEnabled");
        settings.boolean("dataTraceEnabled", "DataTraceEnabled");
        settings.text("loggingLevel", "LoggingLevel");
        settings.boolean("metricsEnabled", "MetricsEnabled");
        settings.number("throttlingBurstLimit", "ThrottlingBurstLimit");
        settings.number("throttlingRateLimit", "ThrottlingRateLimit");
    });
    if let Some(settings) = settings {
        fields.put("MethodSettings", vec![Json::Object(settings)]);
    }
}
