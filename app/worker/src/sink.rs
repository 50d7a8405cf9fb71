//! Where a job's events go: into the store, which the worker has anyway. It needs no key for the API, and a job that runs
//! does not depend on it.

use miyabi_cli::engine::{Answer, EventSink, Refusal};
use miyabi_shared::{TaskEvent, TaskId};
use miyabi_store::{StoreError, TaskStore};
use miyabi_telemetry::Chain;
use tokio::runtime::Handle;

/// The store, for the events of one task.
#[derive(Debug)]
pub(crate) struct StoreSink {
    store: TaskStore,
    task_id: TaskId,
    /// Where the store's connections live: who calls has a runtime of its own, which ends with its job.
    runtime: Handle,
}

impl StoreSink {
    /// A sink for a task that is there; called within the runtime that the store is used from.
    pub(crate) fn new(store: TaskStore, task_id: TaskId) -> Self {
        Self { store, task_id, runtime: Handle::current() }
    }
}

impl EventSink for StoreSink {
    fn take(&self, events: Vec<TaskEvent>) -> Answer<'_> {
        let (store, task_id) = (self.store.clone(), self.task_id.clone());
        let applied = self.runtime.spawn(async move { store.apply_events(&task_id, &events).await });
        Box::pin(async move {
            match applied.await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(refusal(&error)),
                // The worker comes to its end.
                Err(error) => Err(Refusal::Absent(error.to_string())),
            }
        })
    }
}

fn refusal(error: &StoreError) -> Refusal {
    let text = Chain(error).to_string();
    match error {
        StoreError::NotFound(_) => Refusal::Missing(text),
        error if error.is_temporary() => Refusal::Temporary(text),
        _ => Refusal::Permanent(text),
    }
}
