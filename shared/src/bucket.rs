//! The buckets.

/// A bucket of the platform. Bucket names are unique in the world, so the real name is made by the provider from this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// The dashboard's files.
    Dashboard,
    /// Who asked for what.
    Logs,
}

impl Bucket {
    /// What the bucket's name starts with.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dashboard => "miyabi-dashboard",
            Self::Logs => "miyabi-logs",
        }
    }
}
