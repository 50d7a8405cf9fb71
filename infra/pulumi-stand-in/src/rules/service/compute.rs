//! Functions, their event sources, scaling and schedules.

use pulumi::Value;

use super::Problems;
use crate::inputs::Inputs;

/// What Lambda sets itself.
const RESERVED: [&str; 12] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_TASK_ROOT",
];
/// All variables of a function together.
const ENVIRONMENT_BYTES: usize = 4096;

pub(super) fn check(token: &str, inputs: Inputs<'_>, problems: &mut Problems) {
    match token {
        "aws:lambda/function:Function" => function(inputs, problems),
        "aws:lambda/alias:Alias" => alias(inputs, problems),
        "aws:lambda/eventSourceMapping:EventSourceMapping" => event_source(inputs, problems),
        "aws:appautoscaling/target:Target" => {
            if let (Some(least), Some(most)) = (inputs.number("minCapacity"), inputs.number("maxCapacity"))
                && least > most
            {
                problems.add("minCapacity", format!("is {least}, expected at most maxCapacity, {most}"));
            }
        }
        "aws:appautoscaling/policy:Policy" => {
            let tracking = inputs.text("policyType") == Some("TargetTrackingScaling");
            if tracking != inputs.has("targetTrackingScalingPolicyConfiguration")
                && !inputs.unknown("policyType")
            {
                problems.add(
                    "targetTrackingScalingPolicyConfiguration",
                    "expected with policyType TargetTrackingScaling, and only then",
                );
            }
        }
        "aws:scheduler/schedule:Schedule" => {
            let flexible = inputs.text("flexibleTimeWindow.mode") == Some("FLEXIBLE");
            if flexible != inputs.has("flexibleTimeWindow.maximumWindowInMinutes") {
                problems.add(
                    "flexibleTimeWindow.maximumWindowInMinutes",
                    "expected with the mode FLEXIBLE, and only then",
                );
            }
        }
        _ => {}
    }
}

fn function(inputs: Inputs<'_>, problems: &mut Problems) {
    if inputs.text("packageType") == Some("Image") {
        problems.not_with(inputs, &["handler", "runtime", "layers"], "with the package type Image");
    } else {
        problems.required(inputs, &["handler", "runtime"], "with the package type Zip");
    }
    if inputs.text("loggingConfig.logFormat") == Some("Text") {
        let levels = ["loggingConfig.applicationLogLevel", "loggingConfig.systemLogLevel"];
        problems.not_with(inputs, &levels, "with the log format Text");
    }
    for found in inputs.at("environment.variables") {
        let Value::Object(variables) = found.value else { continue };
        for name in variables.keys().filter(|name| RESERVED.contains(&name.as_str())) {
            problems.add(&found.path, format!("has {name}, expected no variable that Lambda sets itself"));
        }
        let size = |value: &Value| if let Value::String(text) = value { text.len() } else { 0 };
        let bytes: usize = variables.iter().map(|(name, value)| name.len() + size(value)).sum();
        if bytes > ENVIRONMENT_BYTES {
            problems.add(&found.path, format!("has {bytes} bytes, expected at most {ENVIRONMENT_BYTES}"));
        }
    }
}

fn alias(inputs: Inputs<'_>, problems: &mut Problems) {
    for found in inputs.at("routingConfig.additionalVersionWeights") {
        let Value::Object(weights) = found.value else { continue };
        if inputs.text("functionVersion") == Some("$LATEST") {
            problems.add(&found.path, "is given, expected none where the alias is of $LATEST");
        }
        if weights.len() > 1 {
            problems.add(&found.path, format!("has {} versions, expected one", weights.len()));
        }
        for (version, weight) in weights {
            if !version.chars().all(|digit| digit.is_ascii_digit())
                || inputs.text("functionVersion") == Some(version)
            {
                problems.add(&found.path, format!("has {version:?}, expected the number of another version"));
            }
            let number = match weight {
                Value::Number(number) => Some(*number),
                Value::String(text) => text.parse().ok(),
                Value::Unknown => continue,
                _ => None,
            };
            if !number.is_some_and(|number| (0.0..=1.0).contains(&number)) {
                problems.add(&found.path, format!("has {weight:?} for {version}, expected 0 to 1"));
            }
        }
    }
}

fn event_source(inputs: Inputs<'_>, problems: &mut Problems) {
    let Some(source) = inputs.text("eventSourceArn") else { return };
    let stream = source.contains(":dynamodb:") || source.contains(":kinesis:");
    let queue = source.contains(":sqs:");
    if stream {
        problems.required(inputs, &["startingPosition"], "for a stream");
        problems.not_with(inputs, &["scalingConfig"], "for a stream");
        if source.contains(":dynamodb:") && inputs.text("startingPosition") == Some("AT_TIMESTAMP") {
            problems.add(
                "startingPosition",
                "is \"AT_TIMESTAMP\", expected TRIM_HORIZON or LATEST for a table's stream",
            );
        }
    }
    if queue {
        let of_streams = [
            "startingPosition",
            "bisectBatchOnFunctionError",
            "maximumRecordAgeInSeconds",
            "maximumRetryAttempts",
            "parallelizationFactor",
            "tumblingWindowInSeconds",
            "destinationConfig",
        ];
        problems.not_with(inputs, &of_streams, "for a queue");
    }
    let batch = inputs.number("batchSize").unwrap_or(if stream { 100.0 } else { 10.0 });
    if queue
        && batch > 10.0
        && !inputs.number("maximumBatchingWindowInSeconds").is_some_and(|window| window >= 1.0)
    {
        problems.add(
            "maximumBatchingWindowInSeconds",
            format!("is required for batches of {batch} messages, expected 1 to 300"),
        );
    }
    if let Some(age) = inputs.number("maximumRecordAgeInSeconds").filter(|age| (0.0..60.0).contains(age)) {
        problems.add("maximumRecordAgeInSeconds", format!("is {age}, expected -1 or 60 to 604800"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::reasons;
    use serde_json::json;

    const FUNCTION: &str = "aws:lambda/function:Function";
    const SOURCE: &str = "aws:lambda/eventSourceMapping:EventSourceMapping";

    #[test]
    fn functions() {
        assert_eq!(
            reasons(
                FUNCTION,
                json!({ "runtime": "provided.al2023", "environment": { "variables": { "AWS_REGION": "x", "A": "b" } } })
            ),
            [
                "handler is required with the package type Zip",
                "environment.variables has AWS_REGION, expected no variable that Lambda sets itself",
            ]
        );
        let big = json!({ "handler": "h", "runtime": "r", "environment": { "variables": { "AA": "x".repeat(4096) } },
            "loggingConfig": { "logFormat": "Text", "systemLogLevel": "INFO" } });
        assert_eq!(
            reasons(FUNCTION, big),
            [
                "loggingConfig.systemLogLevel is given, expected none with the log format Text",
                "environment.variables has 4098 bytes, expected at most 4096",
            ]
        );
        assert_eq!(
            reasons(FUNCTION, json!({ "packageType": "Image", "handler": "h" })),
            ["handler is given, expected none with the package type Image"]
        );
    }

    #[test]
    fn aliases_shift_to_one_other_version() {
        let alias = |version: &str, weights| json!({ "functionVersion": version, "routingConfig": { "additionalVersionWeights": weights } });
        let token = "aws:lambda/alias:Alias";
        assert!(reasons(token, alias("2", json!({ "3": 0.1 }))).is_empty());
        assert_eq!(reasons(token, alias("2", json!({ "2": 0.1 }))).len(), 1);
        assert_eq!(reasons(token, alias("2", json!({ "3": 1.5 }))).len(), 1);
        assert_eq!(reasons(token, alias("2", json!({ "3": 0.1, "4": 0.1 }))).len(), 1);
        assert_eq!(reasons(token, alias("$LATEST", json!({ "3": 0.1 }))).len(), 1);
    }

    #[test]
    fn event_sources() {
        let stream = "arn:aws:dynamodb:eu-west-1:123456789012:table/t/stream/x";
        let queue = "arn:aws:sqs:eu-west-1:123456789012:q";
        assert!(
            reasons(SOURCE, json!({ "eventSourceArn": stream, "startingPosition": "LATEST" })).is_empty()
        );
        assert_eq!(
            reasons(SOURCE, json!({ "eventSourceArn": stream })),
            ["startingPosition is required for a stream"]
        );
        assert_eq!(
            reasons(SOURCE, json!({ "eventSourceArn": stream, "startingPosition": "AT_TIMESTAMP" })).len(),
            1
        );
        assert_eq!(
            reasons(SOURCE, json!({ "eventSourceArn": queue, "startingPosition": "LATEST", "batchSize": 100, "maximumRecordAgeInSeconds": 5 })).len(),
            4
        );
        assert!(reasons(SOURCE, json!({ "eventSourceArn": queue, "batchSize": 10 })).is_empty());
    }

    #[test]
    fn scaling_and_schedules() {
        assert_eq!(
            reasons("aws:appautoscaling/target:Target", json!({ "minCapacity": 5, "maxCapacity": 2 })),
            ["minCapacity is 5, expected at most maxCapacity, 2"]
        );
        assert_eq!(
            reasons("aws:appautoscaling/policy:Policy", json!({ "policyType": "TargetTrackingScaling" }))
                .len(),
            1
        );
        assert_eq!(
            reasons(
                "aws:scheduler/schedule:Schedule",
                json!({ "flexibleTimeWindow": { "mode": "FLEXIBLE" } })
            )
            .len(),
            1
        );
        assert!(
            reasons("aws:scheduler/schedule:Schedule", json!({ "flexibleTimeWindow": { "mode": "OFF" } }))
                .is_empty()
        );
    }
}
