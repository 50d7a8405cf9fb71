//! Where events go that a function could not handle, for a person to look at and send again.

use miyabi_shared::{Function, Stage};
use pulumi::{Args as _, Context};
use pulumi_aws::{kms, lambda, sqs};

use super::Callable;
use crate::encrypted_queue;
use crate::tags::ComponentTags;

/// The longest that SQS keeps anything.
const KEPT_SECONDS: u32 = 14 * 24 * 60 * 60;
/// How often Lambda calls again, by itself and with growing pauses.
const RETRIES: u32 = 2;
/// Progress that is later than this is worth less than what is there by then.
const LONGEST_WAIT_SECONDS: u32 = 60 * 60;

pub(super) fn queue(
    context: &Context,
    function: Function,
    stage: Stage,
    key: Option<&kms::Key>,
    tags: &ComponentTags,
) -> sqs::Queue {
    encrypted_queue::declare(context, &format!("{}-dead-letters", function.name()), stage, key, |args| {
        args.message_retention_seconds(KEPT_SECONDS).tags(tags)
    })
}

/// Sends there what the function could not handle.
pub(super) fn send(context: &Context, function: Function, callable: &Callable, queue: &sqs::Queue) {
    let failure =
        lambda::FunctionEventInvokeConfigDestinationConfigOnFailureArgs::new().destination(queue.arn());
    let args = lambda::FunctionEventInvokeConfigArgs::new()
        .function_name(&callable.name)
        .optional(callable.qualifier.as_ref(), |args, qualifier| args.qualifier(qualifier))
        .maximum_retry_attempts(RETRIES)
        .maximum_event_age_in_seconds(LONGEST_WAIT_SECONDS)
        .destination_config(
            lambda::FunctionEventInvokeConfigDestinationConfigArgs::new().on_failure(failure),
        );
    lambda::FunctionEventInvokeConfig::new(context, function.name(), args);
}
