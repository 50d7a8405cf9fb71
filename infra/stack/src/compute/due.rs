//! The queue by which a function calls itself again, later.

use miyabi_shared::{Queue, Stage};
use pulumi::{Args as _, Context, json};
use pulumi_aws::{kms, lambda, sqs};

use super::Callable;
use crate::encrypted_queue;
use crate::tags::ComponentTags;

/// Messages that go into one call at most.
const BATCH: u32 = 10;

/// How its messages are kept.
pub(super) struct Kept<'parts> {
    pub(super) stage: Stage,
    /// Where messages go that the function fails on again and again.
    pub(super) dead_letters: Option<&'parts sqs::Queue>,
    pub(super) key: Option<&'parts kms::Key>,
    pub(super) tags: &'parts ComponentTags,
}

/// The queue.
pub(super) fn queue(context: &Context, queue: Queue, kept: Kept<'_>) -> sqs::Queue {
    let declaration = queue.declaration();
    let name = declaration.name.trim_start_matches("miyabi-");
    let redrive = kept.dead_letters.map(|queue| {
        json!({ "deadLetterTargetArn": queue.arn(), "maxReceiveCount": f64::from(declaration.receives) })
    });
    encrypted_queue::declare(context, name, kept.stage, kept.key, |args| {
        args.visibility_timeout_seconds(declaration.visibility_seconds)
            .message_retention_seconds(declaration.retention_seconds)
            .optional(redrive, |args, redrive| args.redrive_policy(redrive))
            .tags(kept.tags)
    })
}

/// Calls the function with what is in the queue.
pub(super) fn arguments(callable: &Callable, queue: &sqs::Queue) -> lambda::EventSourceMappingArgs {
    lambda::EventSourceMappingArgs::new()
        .function_name(&callable.arn)
        .event_source_arn(queue.arn())
        .batch_size(BATCH)
        .function_response_types(["ReportBatchItemFailures"])
}
