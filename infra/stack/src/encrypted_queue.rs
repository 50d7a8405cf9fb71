//! A queue as every one of ours is: under a name of its own, encrypted, and for TLS alone.

use miyabi_shared::Stage;
use pulumi::{Context, Output};
use pulumi_aws::{kms, sqs};

use crate::policy::{Statement, document};

/// Declares the queue of that name, with the project's name before it; `more` adds what is its own.
pub(crate) fn declare(
    context: &Context,
    name: &str,
    stage: Stage,
    key: Option<&kms::Key>,
    more: impl FnOnce(sqs::QueueArgs) -> sqs::QueueArgs,
) -> sqs::Queue {
    let args = sqs::QueueArgs::new().name(format!("miyabi-{name}"));
    let args = match key {
        Some(key) => args.kms_master_key_id(key.arn()),
        None => args.sqs_managed_sse_enabled(true),
    };
    let queue = sqs::Queue::new(context, name, more(args));
    // The emulator takes no other connections than those that this refuses, and they stay on the laptop.
    if stage != Stage::Local {
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
