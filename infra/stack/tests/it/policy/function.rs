//! Functions.

use serde_json::Value as Json;

use super::model::{Findings, Graph, Resource, items, texts};

const FUNCTION: &str = "lambda.Function";
/// Services that call a function and do not wait for its answer.
const ASYNCHRONOUS: [&str; 5] = [
    "events.amazonaws.com",
    "iot.amazonaws.com",
    "logs.amazonaws.com",
    "s3.amazonaws.com",
    "sns.amazonaws.com",
];

pub(super) fn callers(graph: &Graph, found: &mut Findings) {
    for permission in graph.of("lambda.Permission") {
        let principal = permission.text("/principal");
        found.expect(
            !principal.is_empty() && !principal.contains('*'),
            permission,
            format!("{principal:?} may call it"),
        );
        if principal.ends_with(".amazonaws.com") {
            let named = |path| !matches!(permission.text(path), "" | "*");
            found.expect(
                named("/sourceArn") || named("/sourceAccount"),
                permission,
                "a service may call it for anyone",
            );
        }
        found.expect(
            permission.text("/action") == "lambda:InvokeFunction",
            permission,
            "more than calls are allowed",
        );
    }
}

pub(super) fn runtime(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        if function.text("/packageType") != "Image" {
            found.expect(
                function.text("/runtime") == "provided.al2023",
                function,
                format!("the runtime is {}", function.at("/runtime")),
            );
        }
        found.expect(
            texts(function.at("/architectures")) == ["arm64"],
            function,
            format!("the architecture is {}", function.at("/architectures")),
        );
    }
}

/// What is wrong with a variable, if it looks like a secret.
fn secret(name: &str, value: &str) -> Option<String> {
    let is_reference = value.contains("${") || value.starts_with("arn:");
    let upper = name.to_ascii_uppercase();
    let named = ["SECRET", "PASSWORD", "TOKEN", "API_KEY", "PRIVATE_KEY", "CREDENTIAL"]
        .iter()
        .any(|word| upper.contains(word) && !upper.ends_with("_ARN") && !upper.ends_with("_NAME"));
    let key = ["AKIA", "ASIA"].iter().any(|start| value.starts_with(start) && value.len() == 20);
    let in_address = value
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('@'))
        .is_some_and(|(user, _)| user.contains(':') && !user.contains("${"));
    ((named && !is_reference && !value.is_empty()) || key || in_address)
        .then(|| format!("the variable {name} holds a secret as text"))
}

pub(super) fn no_secrets(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        for (name, value) in function.at("/environment/variables").as_object().into_iter().flatten() {
            if let Some(problem) = value.as_str().and_then(|value| secret(name, value)) {
                found.add(function, problem);
            }
        }
    }
    for task in graph.of("ecs.TaskDefinition") {
        for container in super::containers::definitions(task) {
            for variable in items(&container["environment"]) {
                let (name, value) = (variable["name"].as_str(), variable["value"].as_str());
                if let (Some(name), Some(value)) = (name, value)
                    && let Some(problem) = secret(name, value)
                {
                    found.add(task, problem);
                }
            }
        }
    }
}

pub(super) fn environment_key(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        let covered = !function.has("/environment") || function.has("/kmsKeyArn");
        found.expect(covered, function, "its environment is encrypted with a key of AWS's");
    }
}

pub(super) fn reserved_concurrency(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        let reserved = function.at("/reservedConcurrentExecutions").as_f64();
        found.expect(reserved.is_some_and(|reserved| reserved >= 1.0), function, "none is reserved");
    }
}

/// What of a function's failures goes where, if it is called without someone who waits.
pub(super) fn failed_events(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        let is_asynchronous = graph.of("lambda.Permission").iter().any(|permission| {
            function.is_named_by(permission.at("/function"))
                && ASYNCHRONOUS.contains(&permission.text("/principal"))
        });
        let has_destination = graph.of("lambda.FunctionEventInvokeConfig").iter().any(|config| {
            function.is_named_by(config.at("/functionName"))
                && config.has("/destinationConfig/onFailure/destination")
        });
        let kept = function.has("/deadLetterConfig/targetArn") || has_destination;
        found.expect(!is_asynchronous || kept, function, "what it fails on is lost");
    }
    for mapping in streams(graph) {
        found.expect(
            mapping.has("/destinationConfig/onFailure/destinationArn"),
            mapping,
            "what the function fails on is lost",
        );
    }
}

/// Event sources that are streams.
pub(super) fn streams(graph: &Graph) -> Vec<&Resource> {
    let is_stream = |mapping: &&Resource| {
        let source = mapping.text("/eventSourceArn");
        mapping.has("/startingPosition") || source.contains("streamArn") || source.contains(":kinesis:")
    };
    graph.of("lambda.EventSourceMapping").into_iter().filter(is_stream).collect()
}

pub(super) fn tracing(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        found.expect(function.text("/tracingConfig/mode") == "Active", function, "it is not traced");
    }
}

/// The subnets of a function, where it has some.
pub(super) fn subnets(function: &Resource) -> Vec<&Json> {
    items(function.at("/vpcConfig/subnetIds"))
}

pub(super) fn zones(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        let mut subnets: Vec<_> = subnets(function).iter().map(ToString::to_string).collect();
        subnets.sort_unstable();
        subnets.dedup();
        found.expect(
            !function.has("/vpcConfig") || subnets.len() >= 2,
            function,
            format!("it is in {} subnets", subnets.len()),
        );
    }
}

pub(super) fn in_vpc(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        found.expect(!subnets(function).is_empty(), function, "it is outside the VPC");
    }
}

pub(super) fn no_open_url(graph: &Graph, found: &mut Findings) {
    for url in graph.of("lambda.FunctionUrl") {
        found.expect(url.text("/authorizationType") == "AWS_IAM", url, "anyone may call it");
    }
    for permission in graph.of("lambda.Permission") {
        found.expect(permission.text("/functionUrlAuthType") != "NONE", permission, "anyone may call it");
    }
}

pub(super) fn code_signing(graph: &Graph, found: &mut Findings) {
    for function in graph.of(FUNCTION) {
        found.expect(function.has("/codeSigningConfigArn"), function, "its code is not signed");
    }
}
