//! The queue by which a function calls itself again, later.

use miyabi_shared::{Queue, Stage};
use pulumi::{Args as _, Context, Output, json};
use pulumi_aws::{kms, lambda, sqs};

use super::Callable;
use crate::policy::{Statement, document};
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
    let args = sqs::QueueArgs::new()
        .name(declaration.name)
        .visibility_timeout_seconds(declaration.visibility_seconds)
        .message_retention_seconds(declaration.retention_seconds)
        .when(kept.key.is_none(), |args| args.sqs_managed_sse_enabled(true))
        .optional(kept.key, |args, key| args.kms_master_key_id(key.arn()))
        .optional(redrive, |args, redrive| args.redrive_policy(redrive))
        .tags(kept.tags);
    let queue = sqs::Queue::new(context, name, args);
    // The emulator takes no other connections than those that this refuses, and they stay on the laptop.
    if kept.stage != Stage::Local {
        let encrypted = Output::known("false".to_owned());
        let only_encrypted = Statement::deny("OnlyEncrypted")
            .anyone()
            .actions(["sqs:*"])
            .on([queue.arn()])
            .when("Bool", "aws:SecureTransport", &encrypted);
        let policy = document([only_encrypted]);
        let args = sqs::QueuePolicyArgs::new().queue_url(queue.url()).policy(policy);
        sqs::QueuePolicy::new(context, name, args);
    }
    queue
}

/// Calls the function with what is in the queue.
pub(super) fn arguments(callable: &Callable, queue: &sqs::Queue) -> lambda::EventSourceMappingArgs {
    lambda::EventSourceMappingArgs::new()
        .function_name(&callable.arn)
        .event_source_arn(queue.arn())
        .batch_size(BATCH)
        .function_response_types(["ReportBatchItemFailures"])
}
