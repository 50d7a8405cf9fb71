//! Who waits for a value, and what therefore stands still.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{CURRENT, Tracker, lock};

tokio::task_local! {
    /// In what counts as being under way outside of the run: how often it waits for a value of the run itself.
    static OUTSIDE: Arc<AtomicUsize>;
}

impl Tracker {
    /// Marks a future that counts as being under way outside of the run, so that it does not while it waits for a
    /// value of the run itself.
    pub(crate) fn mark_outside<F: Future>(future: F) -> impl Future<Output = F::Output> {
        OUTSIDE.scope(Arc::default(), future)
    }

    /// Notes that the engine is registering a resource, until the guard is dropped.
    pub(crate) fn registering(&self, token: &str, name: &str) -> Registering {
        let id = self.next_id();
        lock(&self.0.registering).insert(id, (token.to_owned(), name.to_owned()));
        Registering { tracker: self.clone(), id }
    }

    /// Whether the engine is registering such a resource for this program.
    pub(crate) fn is_registering(&self, token: &str, name: &str) -> bool {
        lock(&self.0.registering).values().any(|known| known.0 == token && known.1 == name)
    }

    /// Notes that this code waits for a value of the run, until the guard is dropped.
    pub(crate) fn awaiting(&self) -> Awaiting {
        let who = match OUTSIDE.try_with(Arc::clone) {
            Ok(waits) => Who::Outside(waits),
            Err(_) if CURRENT.try_with(|_| ()).is_ok() => Who::Program,
            Err(_) => Who::Elsewhere,
        };
        match &who {
            Who::Outside(waits) => {
                if waits.fetch_add(1, Ordering::SeqCst) == 0 {
                    self.0.outside.fetch_sub(1, Ordering::SeqCst);
                }
            }
            Who::Program => drop(self.0.awaiting.fetch_add(1, Ordering::SeqCst)),
            Who::Elsewhere => drop(self.0.awaiting_elsewhere.fetch_add(1, Ordering::SeqCst)),
        }
        Awaiting { tracker: self.clone(), who }
    }
}

enum Who {
    /// A future of the program, or a callback that a call to the engine waits for.
    Outside(Arc<AtomicUsize>),
    /// The program itself.
    Program,
    /// A task that the program spawned by itself.
    Elsewhere,
}

/// Something that waits for a value.
pub(crate) struct Awaiting {
    tracker: Tracker,
    who: Who,
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        let state = &self.tracker.0;
        match &self.who {
            Who::Outside(waits) => {
                if waits.fetch_sub(1, Ordering::SeqCst) == 1 {
                    state.outside.fetch_add(1, Ordering::SeqCst);
                }
            }
            Who::Program => drop(state.awaiting.fetch_sub(1, Ordering::SeqCst)),
            Who::Elsewhere => drop(state.awaiting_elsewhere.fetch_sub(1, Ordering::SeqCst)),
        }
    }
}

/// A resource that the engine is registering.
pub(crate) struct Registering {
    tracker: Tracker,
    id: u64,
}

impl Drop for Registering {
    fn drop(&mut self) {
        lock(&self.tracker.0.registering).remove(&self.id);
    }
}
