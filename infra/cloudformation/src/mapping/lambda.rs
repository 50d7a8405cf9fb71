//! Lambda.

use serde_json::json;

use super::TypeMapping;
use crate::fields::Fields;

const ALIAS: &str = "aws:lambda/alias:Alias";

pub(super) const TYPES: &[TypeMapping] = &[
    // Its reference is its ARN.
    TypeMapping::new(ALIAS, "AWS::Lambda::Alias", alias).outputs(&[
        ("arn", "<Ref>"),
        ("name", "<name>"),
        (
            "invokeArn",
            "arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/<Ref>/invocations",
        ),
    ]),
    TypeMapping::new(
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        "AWS::Lambda::Alias",
        provisioned_concurrency,
    )
    .part_of(ALIAS, &[("functionName", "functionName"), ("qualifier", "name")]),
    TypeMapping::new(
        "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        "AWS::Lambda::EventInvokeConfig",
        event_invoke_config,
    ),
    TypeMapping::new("aws:lambda/function:Function", "AWS::Lambda::Function", function).outputs(&[
        ("arn", "<.Arn>"),
        ("name", "<Ref>"),
        ("version", "<+Version.Version>"),
        (
            "invokeArn",
            "arn:<AWS::Partition>:apigateway:<AWS::Region>:lambda:path/2015-03-31/functions/<.Arn>/invocations",
        ),
    ]),
    TypeMapping::new("aws:lambda/permission:Permission", "AWS::Lambda::Permission", permission),
    TypeMapping::new("aws:lambda/eventSourceMapping:EventSourceMapping", "AWS::Lambda::EventSourceMapping", event_source)
        .outputs(&[("uuid", "<Ref>")]),
];

fn function(fields: &mut Fields) {
    fields.text("name", "FunctionName");
    fields.text("description", "Description");
    fields.text("role", "Role");
    fields.archive("code", "Code");
    // The key in the bucket of assets is a hash of the code already.
    fields.made_by_cloudformation("sourceCodeHash");
    fields.made_by_cloudformation("codeSha256");
    if let Some(bucket) = fields.take_text("s3Bucket") {
        let key = fields.take_text("s3Key").unwrap_or_default();
        let mut code = json!({ "S3Bucket": bucket, "S3Key": key });
        if let Some(version) = fields.take_text("s3ObjectVersion") {
            code["S3ObjectVersion"] = version.into();
        }
        fields.put("Code", code);
    }
    if let Some(image) = fields.take_text("imageUri") {
        fields.put("Code", json!({ "ImageUri": image }));
    }
    fields.text("handler", "Handler");
    fields.text("runtime", "Runtime");
    fields.text("packageType", "PackageType");
    fields.texts("architectures", "Architectures");
    fields.number("memorySize", "MemorySize");
    fields.number("timeout", "Timeout");
    fields.number("reservedConcurrentExecutions", "ReservedConcurrentExecutions");
    fields.texts("layers", "Layers");
    fields.text("kmsKeyArn", "KmsKeyArn");
    fields.object("environment", "Environment", |environment| environment.map("variables", "Variables"));
    fields.object("ephemeralStorage", "EphemeralStorage", |storage| storage.number("size", "Size"));
    fields.object("tracingConfig", "TracingConfig", |tracing| tracing.text("mode", "Mode"));
    fields.object("deadLetterConfig", "DeadLetterConfig", |config| config.text("targetArn", "TargetArn"));
    fields.object("snapStart", "SnapStart", |config| config.text("applyOn", "ApplyOn"));
    fields.object("loggingConfig", "LoggingConfig", |config| {
        config.text("logFormat", "LogFormat");
        config.text("logGroup", "LogGroup");
        config.text("applicationLogLevel", "ApplicationLogLevel");
        config.text("systemLogLevel", "SystemLogLevel");
    });
    fields.object("vpcConfig", "VpcConfig", |config| {
        config.texts("securityGroupIds", "SecurityGroupIds");
        config.texts("subnetIds", "SubnetIds");
        config.boolean("ipv6AllowedForDualStack", "Ipv6AllowedForDualStack");
    });
    // A version is a resource of its own, and another one with each change.
    if fields.take_boolean("publish") == Some(true) {
        let whose = serde_json::Map::from_iter([("FunctionName".to_owned(), fields.itself().into())]);
        fields.immutable_companion("Version", "AWS::Lambda::Version", whose);
    }
    fields.retain("skipDestroy");
    fields.tags();
}

fn alias(fields: &mut Fields) {
    fields.text("name", "Name");
    fields.text("description", "Description");
    fields.text("functionName", "FunctionName");
    fields.text("functionVersion", "FunctionVersion");
    fields.object("routingConfig", "RoutingConfig", |routing| {
        let weights = routing.take_map("additionalVersionWeights").unwrap_or_default();
        let weights: Vec<_> = weights
            .into_iter()
            .map(|(version, weight)| json!({ "FunctionVersion": version, "FunctionWeight": weight }))
            .collect();
        routing.put("AdditionalVersionWeights", weights);
    });
}

fn provisioned_concurrency(fields: &mut Fields) {
    let mut config = fields.part();
    config.number("provisionedConcurrentExecutions", "ProvisionedConcurrentExecutions");
    config.leave_out("skipDestroy", "it goes with its alias");
    let config = fields.end_part(config);
    fields.put("ProvisionedConcurrencyConfig", config);
}

fn event_invoke_config(fields: &mut Fields) {
    fields.text("functionName", "FunctionName");
    // CloudFormation wants to be told what Pulumi means where nothing is said.
    let qualifier = fields.take_text("qualifier").unwrap_or_else(|| "$LATEST".to_owned());
    fields.put("Qualifier", qualifier);
    fields.number("maximumEventAgeInSeconds", "MaximumEventAgeInSeconds");
    fields.number("maximumRetryAttempts", "MaximumRetryAttempts");
    fields.object("destinationConfig", "DestinationConfig", |config| {
        config.object("onFailure", "OnFailure", |failure| failure.text("destination", "Destination"));
        config.object("onSuccess", "OnSuccess", |success| success.text("destination", "Destination"));
    });
}

fn permission(fields: &mut Fields) {
    fields.text("action", "Action");
    if let Some(function) = fields.take_text("function") {
        let qualifier = fields.take_text("qualifier");
        fields.put(
            "FunctionName",
            qualifier.map_or(function.clone(), |qualifier| format!("{function}:{qualifier}")),
        );
    }
    fields.text("principal", "Principal");
    fields.text("principalOrgId", "PrincipalOrgID");
    fields.text("sourceArn", "SourceArn");
    fields.text("sourceAccount", "SourceAccount");
    fields.text("eventSourceToken", "EventSourceToken");
    fields.text("functionUrlAuthType", "FunctionUrlAuthType");
    fields.boolean("invokedViaFunctionUrl", "InvokedViaFunctionUrl");
    fields.made_by_cloudformation("statementId");
    fields.made_by_cloudformation("statementIdPrefix");
}

fn event_source(fields: &mut Fields) {
    fields.text("functionName", "FunctionName");
    fields.text("eventSourceArn", "EventSourceArn");
    fields.boolean("enabled", "Enabled");
    fields.number("batchSize", "BatchSize");
    fields.number("maximumBatchingWindowInSeconds", "MaximumBatchingWindowInSeconds");
    fields.number("maximumRecordAgeInSeconds", "MaximumRecordAgeInSeconds");
    fields.number("maximumRetryAttempts", "MaximumRetryAttempts");
    fields.number("parallelizationFactor", "ParallelizationFactor");
    fields.number("tumblingWindowInSeconds", "TumblingWindowInSeconds");
    fields.boolean("bisectBatchOnFunctionError", "BisectBatchOnFunctionError");
    fields.text("startingPosition", "StartingPosition");
    fields.texts("functionResponseTypes", "FunctionResponseTypes");
    fields.object("filterCriteria", "FilterCriteria", |criteria| {
        criteria.objects("filters", "Filters", |filter| filter.text("pattern", "Pattern"));
    });
    fields.object("destinationConfig", "DestinationConfig", |config| {
        config.object("onFailure", "OnFailure", |failure| failure.text("destinationArn", "Destination"));
    });
    fields.object("scalingConfig", "ScalingConfig", |config| {
        config.number("maximumConcurrency", "MaximumConcurrency");
    });
    fields.object("metricsConfig", "MetricsConfig", |config| config.texts("metrics", "Metrics"));
    fields.text("kmsKeyArn", "KmsKeyArn");
    fields.tags();
}
