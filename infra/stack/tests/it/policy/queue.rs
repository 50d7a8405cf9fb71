//! Queues.

use super::model::{Findings, Graph, Resource, denies_plain_text, document, items, lets_anyone_in};

const QUEUE: &str = "sqs.Queue";

/// Whether others put into a queue what they failed on.
pub(super) fn is_dead_letter(graph: &Graph, queue: &Resource) -> bool {
    graph.resources.iter().any(|other| {
        let targets = [
            document(other.at("/redrivePolicy")),
            other.at("/deadLetterConfig"),
            other.at("/deadLetterConfigs"),
            other.at("/destinationConfig/onFailure"),
            other.at("/target/deadLetterConfig"),
        ];
        targets.into_iter().any(|target| queue.is_named_by(target))
    })
}

pub(super) fn encryption(graph: &Graph, found: &mut Findings) {
    for queue in graph.of(QUEUE) {
        let encrypted = queue.is_true("/sqsManagedSseEnabled") || queue.has("/kmsMasterKeyId");
        found.expect(encrypted, queue, "it is kept in the clear");
    }
}

pub(super) fn redrive(graph: &Graph, found: &mut Findings) {
    for queue in graph.of(QUEUE) {
        let redrives = document(queue.at("/redrivePolicy"))["deadLetterTargetArn"].is_string()
            || graph.about("sqs.RedrivePolicy", "queueUrl", queue).is_some();
        found.expect(redrives || is_dead_letter(graph, queue), queue, "a poison message comes back for ever");
    }
}

pub(super) fn policy(graph: &Graph, found: &mut Findings) {
    for queue in graph.of(QUEUE) {
        let policies: Vec<_> = graph
            .of("sqs.QueuePolicy")
            .into_iter()
            .filter(|policy| queue.is_named_by(policy.at("/queueUrl")))
            .map(|policy| policy.at("/policy"))
            .chain(items(queue.at("/policy")))
            .collect();
        found.expect(policies.iter().any(|policy| denies_plain_text(policy)), queue, "it takes plain text");
        found.expect(!policies.iter().any(|policy| lets_anyone_in(policy)), queue, "it is public");
    }
}

pub(super) fn visibility(graph: &Graph, found: &mut Findings) {
    for mapping in graph.of("lambda.EventSourceMapping") {
        let queue =
            graph.of(QUEUE).into_iter().find(|queue| queue.is_named_by(mapping.at("/eventSourceArn")));
        let function = graph
            .of("lambda.Function")
            .into_iter()
            .find(|function| function.is_named_by(mapping.at("/functionName")));
        if let (Some(queue), Some(function)) = (queue, function) {
            // Lambda's own default is 3 s, that of a queue 30 s.
            let timeout = function.at("/timeout").as_f64().unwrap_or(3.0);
            let window = mapping.at("/maximumBatchingWindowInSeconds").as_f64().unwrap_or_default();
            let visibility = queue.at("/visibilityTimeoutSeconds").as_f64().unwrap_or(30.0);
            found.expect(
                visibility >= 6.0 * timeout + window,
                queue,
                format!(
                    "a message is hidden for {visibility} s, {} runs for up to {timeout} s",
                    function.name
                ),
            );
        }
    }
}
