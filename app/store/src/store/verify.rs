//! About one read in a hundred compares what the cache gave with the table, and counts what differs: so an error in the cache, or
//! in what keeps it right, shows in a metric rather than on somebody's screen.

use std::sync::atomic::{AtomicU64, Ordering};

use miyabi_shared::TaskId;

use super::{TaskStore, entry};
use crate::answer::Verified;
use crate::cache::{Header, Steps};
use crate::table::Current;

/// One read in so many is verified.
pub(super) const ONE_IN: u32 = 128;

/// What was compared, and what came of it.
#[derive(Debug)]
pub(super) struct Verification {
    one_in: u32,
    reads: AtomicU64,
    differences: AtomicU64,
}

impl Verification {
    pub(super) fn one_in(one_in: u32) -> Self {
        Self { one_in: one_in.max(1), reads: AtomicU64::new(0), differences: AtomicU64::new(0) }
    }
}

impl TaskStore {
    /// The same store, which verifies one read of the cache in `one_in` (about one in a hundred where this is not called).
    #[must_use]
    pub fn verifying_one_in(mut self, one_in: u32) -> Self {
        self.verification = Verification::one_in(one_in).into();
        self
    }

    /// What was verified since the last call of this.
    pub fn take_verified(&self) -> Verified {
        Verified {
            reads: self.verification.reads.swap(0, Ordering::Relaxed),
            differences: self.verification.differences.swap(0, Ordering::Relaxed),
        }
    }

    pub(super) fn is_to_be_verified(&self) -> bool {
        fastrand::u32(0..self.verification.one_in) == 0
    }

    /// Compares what the cache shows of some tasks with the table. Gives whether it may be shown; else it was wrong, and is mended.
    pub(super) async fn is_verified(&self, shown: &[(TaskId, Header)]) -> bool {
        let ids: Vec<TaskId> = shown.iter().map(|(task_id, _)| task_id.clone()).collect();
        // A read that cannot be verified is as good as one that is not to be.
        let Ok(held) = self.tables.current_of(&ids).await else { return true };
        self.verification.reads.fetch_add(1, Ordering::Relaxed);
        let mut right = true;
        for (task_id, header) in shown {
            let current = held.get(task_id);
            if current.is_some_and(|current| !is_behind(header, current)) {
                continue;
            }
            // It may have changed between the two reads. Then the cache knows by now: whoever writes tells it after the table.
            let again = self.cache.task(task_id, false, None).await;
            let Ok(again) = again else { return right };
            if again.header.is_none_or(|header| current.is_some_and(|current| !is_behind(&header, current))) {
                continue;
            }
            right = false;
            self.verification.differences.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(
                task_id = task_id.as_str(),
                cached = again.header.map(|header| header.version),
                held = current.map(|current| current.task.version),
                "the cache differs from the table"
            );
            self.mend(task_id, current, header).await;
        }
        right
    }

    async fn mend(&self, task_id: &TaskId, current: Option<&Current>, header: &Header) {
        match current {
            Some(current) => {
                let update = self.cache.update(task_id);
                if self.cache.put(&entry(current, Steps::Untouched), None).await.is_ok() {
                    update.arrived();
                }
            }
            None => {
                // What is in no table goes from its lists when they are read.
                let gone = [(task_id.clone(), header.version)];
                let _ = self.cache.drop_from_list(&crate::Filter::default(), &gone).await;
            }
        }
    }
}

fn is_behind(header: &Header, current: &Current) -> bool {
    (header.created_at, header.version) < (current.task.created_at.as_millis(), current.task.version)
}
