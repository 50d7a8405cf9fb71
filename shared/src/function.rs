//! The functions: what each is called, how large it is, what starts it and what it may do.

use crate::access::Access;
use crate::config::{self, Variable};
use crate::log_group::LogGroup;
use crate::queue::Queue;
use crate::table::Table;

/// A function of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// The HTTP API.
    TaskApi,
    /// Log lines in, progress out.
    ProgressCollector,
    /// The public keys of an issuer, kept where the API finds them.
    IssuerKeys,
    /// Changes of tasks in, messages to viewers out.
    Push,
    /// Changes of tasks in, cache and counts brought up to date.
    StreamProcessor,
}

/// How a function is deployed.
#[derive(Debug, Clone, Copy)]
pub struct FunctionDeclaration {
    /// The function's name; also the name of its binary's package after `miyabi-`, and of its folder in `app`.
    pub name: &'static str,
    /// What it does, in a line.
    pub description: &'static str,
    /// Memory in MB. 1,769 MB are one vCPU.
    pub memory_megabytes: u32,
    /// After how many seconds a call is ended.
    pub timeout_seconds: u32,
    /// What starts it.
    pub trigger: Trigger,
    /// What it may do, besides writing its own log.
    pub access: &'static [Access],
    /// The variables that it reads.
    pub variables: fn() -> Vec<Variable>,
}

/// What starts a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// Every request to the HTTP API.
    Http,
    /// Every line written to these log groups.
    LogLines(&'static [LogGroup]),
    /// Every change of a table, in order for each item; every message on the socket; and what it sends to itself by a queue,
    /// to be called again later.
    ChangesAndSocket(Table, Queue),
    /// Every change of a table, in order for each item.
    Changes(Table),
    /// The clock, once a minute.
    EveryMinute,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 5] =
        [Self::TaskApi, Self::ProgressCollector, Self::IssuerKeys, Self::Push, Self::StreamProcessor];

    /// How the function is deployed.
    pub const fn declaration(self) -> &'static FunctionDeclaration {
        match self {
            Self::TaskApi => &TASK_API,
            Self::ProgressCollector => &PROGRESS_COLLECTOR,
            Self::IssuerKeys => &ISSUER_KEYS,
            Self::Push => &PUSH,
            Self::StreamProcessor => &STREAM_PROCESSOR,
        }
    }

    /// The function's name.
    pub const fn name(self) -> &'static str {
        self.declaration().name
    }

    /// The name of its binary.
    pub fn binary(self) -> String {
        format!("miyabi-{}", self.name())
    }

    /// Where its built bootstrap lies, below the folder of built functions.
    pub fn bootstrap_path(self) -> String {
        format!("{}/bootstrap", self.name())
    }

    /// The log group of its own output. Never one that it subscribes to, or it would feed on itself.
    pub fn own_log_group(self) -> String {
        format!("/aws/lambda/miyabi-{}", self.name())
    }
}

static TASK_API: FunctionDeclaration = FunctionDeclaration {
    name: "task-api",
    description: "The HTTP API of Miyabi",
    memory_megabytes: 512,
    timeout_seconds: 10,
    trigger: Trigger::Http,
    access: &[
        Access::Read(Table::Tasks),
        Access::Write(Table::Tasks),
        Access::Read(Table::Projects),
        Access::Write(Table::Projects),
        Access::Cache,
        Access::ReadLogs(LogGroup::CdkDeploy),
        Access::ReadLogs(LogGroup::Agents),
        Access::ReadLogs(LogGroup::System),
        Access::Read(Table::Credentials),
        Access::Write(Table::Credentials),
        Access::Delete(Table::Credentials),
        Access::SendJobs,
        Access::RedriveJobs,
    ],
    variables: config::TaskApiConfig::variables,
};

static PROGRESS_COLLECTOR: FunctionDeclaration = FunctionDeclaration {
    name: "progress-collector",
    description: "Turns log lines into the progress of tasks",
    memory_megabytes: 512,
    timeout_seconds: 30,
    trigger: Trigger::LogLines(&LogGroup::ALL),
    access: &[
        Access::Read(Table::Tasks),
        Access::Write(Table::Tasks),
        Access::Read(Table::Projects),
        Access::Write(Table::Projects),
        Access::Cache,
    ],
    variables: config::ProgressCollectorConfig::variables,
};

/// Outside the network: from within, an issuer could only be reached through a NAT gateway.
static ISSUER_KEYS: FunctionDeclaration = FunctionDeclaration {
    name: "issuer-keys",
    description: "Keeps the public keys by which the API checks tokens",
    memory_megabytes: 256,
    timeout_seconds: 10,
    trigger: Trigger::EveryMinute,
    access: &[Access::Write(Table::Credentials)],
    variables: config::IssuerKeysConfig::variables,
};

/// How long a call of the function that pushes may take.
pub(crate) const PUSH_SECONDS: u32 = 30;

/// Outside the network: from within, the socket's addresses could only be reached through a NAT gateway.
static PUSH: FunctionDeclaration = FunctionDeclaration {
    name: "push",
    description: "Tells whoever watches what changed",
    memory_megabytes: 512,
    timeout_seconds: PUSH_SECONDS,
    trigger: Trigger::ChangesAndSocket(Table::Tasks, Queue::PushDue),
    access: &[
        Access::ReadChanges(Table::Tasks),
        Access::Read(Table::Tasks),
        Access::Read(Table::Connections),
        Access::Write(Table::Connections),
        Access::Delete(Table::Connections),
        Access::PostToViewers,
        Access::Send(Queue::PushDue),
        Access::Receive(Queue::PushDue),
    ],
    variables: config::PushConfig::variables,
};

/// Inside the network, where the cache is.
static STREAM_PROCESSOR: FunctionDeclaration = FunctionDeclaration {
    name: "stream-processor",
    description: "Brings the cache and the counts up to date",
    memory_megabytes: 512,
    timeout_seconds: 30,
    trigger: Trigger::Changes(Table::Tasks),
    access: &[
        Access::ReadChanges(Table::Tasks),
        Access::Read(Table::Tasks),
        Access::Write(Table::Tasks),
        Access::Read(Table::Projects),
        Access::Write(Table::Projects),
        Access::Cache,
    ],
    variables: config::StreamProcessorConfig::variables,
};
