//! What a function may do. `infra` makes its role from these declarations and from nothing else.

use crate::log_group::LogGroup;
use crate::queue::Queue;
use crate::table::Table;

/// One thing that a function needs to be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Get items by key, and query the table and its indexes. Never scan.
    Read(Table),
    /// Put and update items, singly and in transactions. Never delete.
    Write(Table),
    /// Delete items, one at a time.
    Delete(Table),
    /// Be called with the changes of a table.
    ReadChanges(Table),
    /// Read the lines of one log stream at a time.
    ReadLogs(LogGroup),
    /// Sign in to the cache, as the user that [`crate::cache`] describes. Who does so runs within the network.
    Cache,
    /// Send messages to whoever is connected to the socket.
    PostToViewers,
    /// Put messages into a queue.
    Send(Queue),
    /// Take messages out of a queue, or be called with them.
    Receive(Queue),
    /// Put jobs into the queues, and count what is in them and in those of their dead letters.
    SendJobs,
    /// Take dead letters, to send them again.
    RedriveJobs,
}

impl Access {
    /// The IAM actions that it stands for, each of them exact.
    pub const fn actions(self) -> &'static [&'static str] {
        match self {
            Self::Read(_) => &["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
            Self::Write(_) => &["dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            Self::Delete(_) => &["dynamodb:DeleteItem"],
            Self::ReadChanges(_) => &[
                "dynamodb:DescribeStream",
                "dynamodb:GetRecords",
                "dynamodb:GetShardIterator",
                "dynamodb:ListStreams",
            ],
            Self::ReadLogs(_) => &["logs:GetLogEvents"],
            Self::Cache => &["elasticache:Connect"],
            Self::SendJobs => &["sqs:GetQueueAttributes", "sqs:SendMessage"],
            Self::RedriveJobs => &["sqs:DeleteMessage", "sqs:ReceiveMessage"],
            Self::PostToViewers => &["execute-api:ManageConnections"],
            Self::Send(_) => &["sqs:SendMessage"],
            Self::Receive(_) => &["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        }
    }
}
