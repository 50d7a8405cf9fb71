//! What calls a function with the changes of a table.

use pulumi::Args as _;
use pulumi_aws::{dynamodb, lambda, sqs};

use super::Callable;

/// Changes that go into one call at most.
const BATCH: u32 = 100;
/// How often a batch is tried again. By default Lambda would try for a day, and the shard would stand still for it.
const RETRIES: i64 = 3;
/// Nobody wants to be told what changed longer ago than this.
const OLDEST_SECONDS: i64 = 300;

/// Calls the function with every change of the table. `dead_letters`: where it is noted which changes could not be handled.
pub(super) fn arguments(
    callable: &Callable,
    table: &dynamodb::Table,
    dead_letters: Option<&sqs::Queue>,
) -> lambda::EventSourceMappingArgs {
    lambda::EventSourceMappingArgs::new()
        .function_name(&callable.arn)
        .event_source_arn(table.stream_arn())
        // What changed before anyone could be told is there to be read.
        .starting_position("LATEST")
        .batch_size(BATCH)
        .maximum_retry_attempts(RETRIES)
        .maximum_record_age_in_seconds(OLDEST_SECONDS)
        .bisect_batch_on_function_error(true)
        .function_response_types(["ReportBatchItemFailures"])
        .optional(dead_letters, |args, queue| {
            let failure =
                lambda::EventSourceMappingDestinationConfigOnFailureArgs::new().destination_arn(queue.arn());
            args.destination_config(
                lambda::EventSourceMappingDestinationConfigArgs::new().on_failure(failure),
            )
        })
}
