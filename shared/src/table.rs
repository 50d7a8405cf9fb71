//! The tables: names, keys, indexes and time to live.

/// A table of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Tasks, their steps and their history.
    Tasks,
    /// Projects and the counts of their tasks.
    Projects,
    /// Who follows what over a socket.
    Connections,
    /// What lets callers in: keys and share links.
    Credentials,
}

/// How a table is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableDeclaration {
    /// The table's name.
    pub name: &'static str,
    /// The attribute that items are spread by.
    pub partition_key: Key,
    /// The attribute that items of one partition are ordered by.
    pub sort_key: Option<Key>,
    /// Secondary indexes. All of them project keys only, so that an update of any other attribute costs them nothing.
    pub indexes: &'static [Index],
    /// The attribute with the second since 1970 after which an item may be deleted.
    pub time_to_live_attribute: Option<&'static str>,
    /// Whether changes are sent to a stream, with the old and the new item.
    pub stream: bool,
}

/// A key attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The attribute's name.
    pub name: &'static str,
    /// The attribute's type.
    pub key_type: KeyType,
}

/// The type of a key attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyType {
    /// `S`
    Text,
    /// `N`
    Number,
}

impl KeyType {
    /// The type as DynamoDB spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "S",
            Self::Number => "N",
        }
    }
}

/// A secondary index that projects keys only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    /// The index's name.
    pub name: &'static str,
    /// The attribute that items are spread by. Sparse: only items that carry it are in the index.
    pub partition_key: Key,
    /// The attribute that items of one partition are ordered by.
    pub sort_key: Key,
}

const fn text(name: &'static str) -> Key {
    Key { name, key_type: KeyType::Text }
}

const fn number(name: &'static str) -> Key {
    Key { name, key_type: KeyType::Number }
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 4] = [Self::Tasks, Self::Projects, Self::Connections, Self::Credentials];

    /// How the table is laid out.
    pub const fn declaration(self) -> &'static TableDeclaration {
        match self {
            Self::Tasks => &tasks::DECLARATION,
            Self::Projects => &projects::DECLARATION,
            Self::Connections => &connections::DECLARATION,
            Self::Credentials => &credentials::DECLARATION,
        }
    }
}

/// The table of tasks. One partition a task; what an item is follows from its sort key.
pub mod tasks {
    use super::{Index, TableDeclaration, number, text};

    /// Partition key: the task's identifier.
    pub const TASK_ID: &str = "task_id";
    /// Sort key: 0 is the current state; above 0 is history, by event time in milliseconds; below 0 is
    /// what belongs to the current state: one item a step, and the parser's state.
    pub const TIMESTAMP: &str = "timestamp";
    /// Key of [`PROJECT_INDEX`]; only current-state items carry it.
    pub const PROJECT_ID: &str = "project_id";
    /// Key of [`STATUS_INDEX`]: status and shard, such as `running#5`; only current-state items carry it.
    pub const STATUS_SHARD: &str = "status_shard";
    /// Key of [`TYPE_INDEX`]; only current-state items carry it.
    pub const TASK_TYPE: &str = "task_type";
    /// Sort key of every index: milliseconds since 1970 at which the task became known. It never changes, so a
    /// progress tick writes no index.
    pub const CREATED_AT: &str = "created_at";
    /// Second since 1970 after which an item may be deleted.
    pub const EXPIRES_AT: &str = "expires_at";

    /// The sort key of the current state.
    pub const CURRENT_STATE: i64 = 0;
    /// The sort key of the collector's parser state. Steps are between this and the current state.
    pub const PARSER_STATE: i64 = -9_007_199_254_740_991;
    /// The sort key of what was learnt of how long tasks take. Its partition is no task's: see [`learnt_key`].
    pub const LEARNT: i64 = -9_007_199_254_740_992;

    /// The partition key of what was learnt of the tasks of one type in one project. `#` is in no identifier.
    pub fn learnt_key(project_id: &crate::ProjectId, task_type: &crate::TaskType) -> String {
        format!("#learnt#{project_id}#{task_type}")
    }

    /// The sort key of what a caller's key was used for. Its partition is no task's: see [`call_key`].
    pub const CALL: i64 = -9_007_199_254_740_993;

    /// The partition key of what a caller's key was used for; `hash` is of that key.
    pub fn call_key(hash: &str) -> String {
        format!("#call#{hash}")
    }

    /// The sort key of the note that a life of a task ended. Its partition is no task's: see [`ended_key`].
    pub const ENDED: i64 = -9_007_199_254_740_994;

    /// The partition key of the note that the life of a task that began at `created_at` ended.
    pub fn ended_key(task_id: &crate::TaskId, created_at: crate::Timestamp) -> String {
        format!("#ended#{task_id}#{}", created_at.as_millis())
    }

    /// The sort key of a job's record. Its partition is no task's: see [`job_key`].
    pub const JOB: i64 = -9_007_199_254_740_995;

    /// The partition key of what is kept of a task's job.
    pub fn job_key(task_id: &crate::TaskId) -> String {
        format!("#job#{task_id}")
    }

    /// The partition of what workers say of themselves: one item a worker, by a number of its own.
    pub const WORKERS: &str = "#workers";

    /// Tasks of a project, by age.
    pub const PROJECT_INDEX: &str = "ProjectIndex";
    /// Tasks in a status, by age.
    pub const STATUS_INDEX: &str = "StatusIndex";
    /// Tasks of a type, by age.
    pub const TYPE_INDEX: &str = "TypeIndex";

    /// Over how many partitions a status is spread: one partition takes 1,000 writes a second, and a status is a hot key.
    pub const STATUS_SHARDS: u32 = 8;
    /// How long a task is kept after its last change.
    pub const RETENTION_DAYS: u32 = 90;

    pub(super) const DECLARATION: TableDeclaration = TableDeclaration {
        name: "miyabi-tasks",
        partition_key: text(TASK_ID),
        sort_key: Some(number(TIMESTAMP)),
        indexes: &[
            Index { name: PROJECT_INDEX, partition_key: text(PROJECT_ID), sort_key: number(CREATED_AT) },
            Index { name: STATUS_INDEX, partition_key: text(STATUS_SHARD), sort_key: number(CREATED_AT) },
            Index { name: TYPE_INDEX, partition_key: text(TASK_TYPE), sort_key: number(CREATED_AT) },
        ],
        time_to_live_attribute: Some(EXPIRES_AT),
        stream: true,
    };
}

/// The table of projects. One item a project.
pub mod projects {
    use super::{TableDeclaration, text};

    /// Partition key: the project's identifier.
    pub const PROJECT_ID: &str = "project_id";

    pub(super) const DECLARATION: TableDeclaration = TableDeclaration {
        name: "miyabi-projects",
        partition_key: text(PROJECT_ID),
        sort_key: None,
        indexes: &[],
        time_to_live_attribute: None,
        stream: false,
    };
}

/// The table of connections. One item for each channel that a connection follows.
pub mod connections {
    use super::{Index, TableDeclaration, text};

    /// Partition key: what is followed, as text.
    pub const CHANNEL: &str = "channel";
    /// Sort key: the connection's identifier, as API Gateway gave it.
    pub const CONNECTION_ID: &str = "connection_id";
    /// Second since 1970 after which the connection is gone, whether or not anyone was told.
    pub const EXPIRES_AT: &str = "expires_at";

    /// What a connection follows.
    pub const CONNECTION_INDEX: &str = "ConnectionIndex";

    pub(super) const DECLARATION: TableDeclaration = TableDeclaration {
        name: "miyabi-connections",
        partition_key: text(CHANNEL),
        sort_key: Some(text(CONNECTION_ID)),
        indexes: &[Index {
            name: CONNECTION_INDEX,
            partition_key: text(CONNECTION_ID),
            sort_key: text(CHANNEL),
        }],
        time_to_live_attribute: Some(EXPIRES_AT),
        stream: false,
    };
}

/// The table of credentials. One item a key or a task's share links.
pub mod credentials {
    use super::{TableDeclaration, text};

    /// Partition key: [`KEY`], [`SHARE`] or [`ISSUER`].
    pub const KIND: &str = "kind";
    /// Sort key: the key's identifier, the task's, or where the issuer's keys are.
    pub const ID: &str = "id";
    /// Second since 1970 after which the item lets nobody in.
    pub const EXPIRES_AT: &str = "expires_at";

    /// API keys. There are few, and who uses one is remembered for a while, so one partition holds them all.
    pub const KEY: &str = "key";
    /// What a task's share links are signed with.
    pub const SHARE: &str = "share";
    /// The public keys of an issuer, as they were seen last.
    pub const ISSUER: &str = "issuer";
    /// The issuer's document of keys (JWKS).
    pub const DOCUMENT: &str = "document";
    /// Millisecond since 1970 at which it was seen.
    pub const LEARNT_AT: &str = "learnt_at";

    pub(super) const DECLARATION: TableDeclaration = TableDeclaration {
        name: "miyabi-credentials",
        partition_key: text(KIND),
        sort_key: Some(text(ID)),
        indexes: &[],
        time_to_live_attribute: Some(EXPIRES_AT),
        stream: false,
    };
}
