//! Where a task stands in a list: newest first, and by identifier where two became known in the same millisecond.

use std::cmp::Ordering;

use miyabi_shared::TaskId;

/// A place in a list. Smaller comes first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Position {
    pub(crate) created_at: i64,
    pub(crate) task_id: TaskId,
}

impl Ord for Position {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.created_at, &other.task_id).cmp(&(self.created_at, &self.task_id))
    }
}

impl PartialOrd for Position {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
