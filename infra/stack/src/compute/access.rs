//! What a function may do: what it declares that it needs, what Lambda needs to run it, and nothing else.

use miyabi_shared::access::Access;
use miyabi_shared::function::Function;
use miyabi_shared::queue::Queue;
use pulumi::{Context, Output, interpolate};
use pulumi_aws::{cloudwatch, iam, sqs};

use super::ComputeArgs;
use crate::keys;
use crate::logs::group_and_streams;
use crate::policy::{Statement, document};

/// Writing lines into a group that is there.
const LOG_ACTIONS: &[&str] = &["logs:CreateLogStream", "logs:PutLogEvents"];
const TRACE_ACTIONS: &[&str] = &["xray:PutTelemetryRecords", "xray:PutTraceSegments"];
/// Reading the environment, and putting an event into the queue of what was not handled.
const FUNCTIONS_KEY_ACTIONS: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey"];

/// Queues that come with a function.
#[derive(Clone, Copy)]
pub(super) struct Queues<'queues> {
    /// Of what it could not handle.
    pub(super) dead_letters: Option<&'queues sqs::Queue>,
    /// Of what it sends to itself.
    pub(super) due: Option<&'queues sqs::Queue>,
}

pub(super) fn declare(
    context: &Context,
    function: Function,
    own_log: &cloudwatch::LogGroup,
    queues: Queues<'_>,
    args: &ComputeArgs<'_>,
) -> iam::RolePolicy {
    let declared = function.declaration().access;
    let mut statements: Vec<Statement> =
        declared.iter().filter_map(|access| declared_statement(*access, queues, args)).collect();
    statements.push(
        Statement::allow("OwnLog").actions(LOG_ACTIONS.iter().copied()).on(group_and_streams(&own_log.arn())),
    );
    if args.settings.compute.tracing {
        // X-Ray's segments belong to no resource, so AWS takes no other resource here than all of them:
        // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
        statements.push(Statement::allow("Trace").actions(TRACE_ACTIONS.iter().copied()).on_everything());
    }
    if let Some(queue) = queues.dead_letters {
        statements.push(Statement::allow("DeadLetters").actions(["sqs:SendMessage"]).on([queue.arn()]));
    }
    if let Some(key) = &args.keys.data
        && declared
            .iter()
            .any(|access| matches!(access, Access::Read(_) | Access::Write(_) | Access::ReadChanges(_)))
    {
        let dynamodb = interpolate!("dynamodb.{}.amazonaws.com", &args.place.region);
        statements.push(Statement::allow("DataKey").actions(keys::USE.iter().copied()).on([key.arn()]).when(
            "StringEquals",
            "kms:ViaService",
            &dynamodb,
        ));
    }
    if let Some(key) = &args.keys.functions {
        statements.push(
            Statement::allow("FunctionsKey").actions(FUNCTIONS_KEY_ACTIONS.iter().copied()).on([key.arn()]),
        );
    }
    iam::RolePolicy::new(
        context,
        format!("{}-access", function.name()),
        iam::RolePolicyArgs::new().role(args.roles.role(function).name()).policy(document(statements)),
    )
}

/// What is declared, on the resources that it stands for; nothing, where this stack has none.
fn declared_statement(access: Access, queues: Queues<'_>, args: &ComputeArgs<'_>) -> Option<Statement> {
    let resources: Vec<Output<String>> = match access {
        Access::Read(table) => args.tables.arns(table),
        // Indexes are written by their table.
        Access::Write(table) | Access::Delete(table) => vec![args.tables.table(table).arn()],
        Access::ReadChanges(table) => vec![args.tables.table(table).stream_arn()],
        Access::SendJobs => {
            args.queues?.all().flat_map(|(_, pair)| [pair.jobs.arn(), pair.dead_letters.arn()]).collect()
        }
        Access::RedriveJobs => args.queues?.all().map(|(_, pair)| pair.dead_letters.arn()).collect(),
        Access::PostToViewers => vec![args.socket?.connections_arn()],
        Access::Send(Queue::PushDue) | Access::Receive(Queue::PushDue) => vec![queues.due?.arn()],
        Access::ReadLogs(group) => group_and_streams(&args.log_groups.group(group).arn()),
        Access::Cache => {
            let cache = args.cache?;
            vec![cache.group.arn(), cache.user.arn()]
        }
    };
    Some(Statement::allow(identifier(access)).actions(access.actions().iter().copied()).on(resources))
}

/// A statement's identifier, in which IAM takes letters and digits alone.
fn identifier(access: Access) -> String {
    format!("{access:?}").chars().filter(char::is_ascii_alphanumeric).collect()
}
