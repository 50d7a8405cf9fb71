//! The metrics that functions write about themselves and that somebody is told about.

/// The namespace of every metric of the platform.
pub const NAMESPACE: &str = "Miyabi";

/// The dimension that every metric has: the function's name.
pub const FUNCTION: &str = "Function";

/// The dimension of what is read from logs: the log group.
pub const LOG_GROUP: &str = "LogGroup";

/// How old lines are when they are read, in milliseconds, by [`FUNCTION`] and [`LOG_GROUP`].
pub const LOG_DELAY: &str = "LogDelay";

/// Answers that the cache should have given and did not, by [`FUNCTION`].
pub const CACHE_BYPASSED: &str = "CacheBypassed";

/// How old changes are when viewers are told of them, in milliseconds, by [`FUNCTION`].
pub const PUSH_DELAY: &str = "PushDelay";

/// Changes of a table that a function could not read, by [`FUNCTION`].
pub const UNREADABLE_RECORDS: &str = "UnreadableRecords";
