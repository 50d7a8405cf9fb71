//! Everything that a run still has to wait for, and everything that failed in it.
//!
//! Registrations and outputs run as tasks of their own. A program is complete when all of them are: a run counts
//! them, keeps what failed, and notices when those that are left wait for each other.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt as _;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::error::{Error, Failure, panic_message};

/// How often a run looks whether anything moves.
const LOOK: Duration = Duration::from_secs(1);
/// After how many looks at which nothing had moved, and nothing could, what is left counts as a cycle. A busy machine
/// may keep a task from running for a while; nothing but a cycle keeps all of them from it.
const STILL_LOOKS: u32 = 2;

tokio::task_local! {
    static CURRENT: Tracker;
}

/// A handle on what a run still has to wait for.
#[derive(Debug, Clone)]
pub(crate) struct Tracker(Arc<State>);

#[derive(Debug)]
struct State {
    runtime: Handle,
    outstanding: AtomicUsize,
    /// Calls to the engine and futures of the program: while there is one, a standstill is none.
    outside: AtomicUsize,
    polls: AtomicU64,
    /// Tasks that run at this moment, such as a callback that takes long.
    running: AtomicUsize,
    next_id: AtomicU64,
    engine_gone: AtomicBool,
    ended: Notify,
    failures: Mutex<Vec<Error>>,
    waiting: Mutex<BTreeMap<u64, String>>,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tracker {
    /// A tracker whose tasks run on the current runtime.
    pub(crate) fn new() -> Self {
        Self(Arc::new(State {
            runtime: Handle::current(),
            outstanding: AtomicUsize::new(0),
            outside: AtomicUsize::new(0),
            polls: AtomicU64::new(0),
            running: AtomicUsize::new(0),
            next_id: AtomicU64::new(0),
            engine_gone: AtomicBool::new(false),
            ended: Notify::new(),
            failures: Mutex::default(),
            waiting: Mutex::default(),
        }))
    }

    /// The tracker of the run that this code is part of.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.0.next_id.fetch_add(1, Ordering::Relaxed)
    }

    /// Runs a task that the run waits for; its error fails the run.
    pub(crate) fn spawn(&self, task: impl Future<Output = Result<(), Error>> + Send + 'static) {
        self.0.outstanding.fetch_add(1, Ordering::SeqCst);
        let mut guard = TaskGuard { tracker: self.clone(), finished: false };
        let counted = Counted { tracker: self.clone(), future: Box::pin(task) };
        drop(self.0.runtime.spawn(CURRENT.scope(self.clone(), async move {
            let result = AssertUnwindSafe(counted).catch_unwind().await.unwrap_or_else(|payload| {
                let message = panic_message(payload.as_ref());
                Err(Failure::Panic { what: "a task of the program", message }.into())
            });
            guard.finish(result);
        })));
    }

    pub(crate) fn fail(&self, error: Error) {
        if matches!(error.root().failure(), Failure::EngineGone) {
            self.0.engine_gone.store(true, Ordering::SeqCst);
        }
        lock(&self.0.failures).push(error);
    }

    pub(crate) fn engine_gone(&self) -> bool {
        self.0.engine_gone.load(Ordering::SeqCst)
    }

    /// Everything that failed: one error for each cause, the shortest that names its subject.
    pub(crate) fn failures(&self) -> Vec<Error> {
        let mut distinct: Vec<Error> = Vec::new();
        let rank = |error: &Error| (!error.names_its_subject(), error.depth());
        for error in lock(&self.0.failures).iter() {
            match distinct.iter_mut().find(|known| known.root().same_as(error.root())) {
                None => distinct.push(error.clone()),
                Some(known) if rank(error) < rank(known) => *known = error.clone(),
                Some(_) => {}
            }
        }
        distinct
    }

    /// Counts a call to the engine, or a future of the program, as under way until it ends.
    pub(crate) async fn outside<T>(&self, future: impl Future<Output = T>) -> T {
        let _outside = Up::new(&self.0.outside);
        future.await
    }

    /// Notes that `what` waits until the guard is dropped, for the message about a cycle.
    pub(crate) fn waiting(&self, what: String) -> WaitingGuard {
        let id = self.next_id();
        lock(&self.0.waiting).insert(id, what);
        WaitingGuard { tracker: self.clone(), id }
    }

    /// Waits until no task is left.
    ///
    /// # Errors
    /// When those that are left wait for each other.
    pub(crate) async fn drained(&self) -> Result<(), Error> {
        let state = &self.0;
        let mut polls = state.polls.load(Ordering::SeqCst);
        let mut still = 0;
        loop {
            let ended = state.ended.notified();
            if state.outstanding.load(Ordering::SeqCst) == 0 {
                return Ok(());
            }
            if tokio::time::timeout(LOOK, ended).await.is_ok() {
                still = 0;
                continue;
            }
            let now = state.polls.load(Ordering::SeqCst);
            let moves = now != polls
                || state.outside.load(Ordering::SeqCst) > 0
                || state.running.load(Ordering::SeqCst) > 0;
            polls = now;
            still = if moves { 0 } else { still + 1 };
            if still >= STILL_LOOKS && state.outstanding.load(Ordering::SeqCst) > 0 {
                let names: Vec<_> = lock(&state.waiting).values().cloned().collect();
                return Err(Failure::Cycle(names.join(", ")).into());
            }
        }
    }
}

/// Makes `tracker` the current one of `future`.
pub(crate) fn scope<F: Future>(tracker: Tracker, future: F) -> impl Future<Output = F::Output> {
    CURRENT.scope(tracker, future)
}

pub(crate) struct WaitingGuard {
    tracker: Tracker,
    id: u64,
}

impl Drop for WaitingGuard {
    fn drop(&mut self) {
        lock(&self.tracker.0.waiting).remove(&self.id);
    }
}

/// Counts a task down when it ends, also when the runtime drops it halfway.
struct TaskGuard {
    tracker: Tracker,
    finished: bool,
}

impl TaskGuard {
    fn finish(&mut self, result: Result<(), Error>) {
        self.finished = true;
        if let Err(error) = result {
            self.tracker.fail(error);
        }
    }
}

impl Drop for TaskGuard {
    fn drop(&mut self) {
        if !self.finished {
            self.tracker.fail(Failure::LostTask.into());
        }
        self.tracker.0.outstanding.fetch_sub(1, Ordering::SeqCst);
        // One permit is kept where nobody waits yet, so that no end goes unnoticed.
        self.tracker.0.ended.notify_one();
    }
}

/// Counts how often a task was woken, which tells a standstill from work.
struct Counted {
    tracker: Tracker,
    future: Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>,
}

impl Future for Counted {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let state = Arc::clone(&self.tracker.0);
        state.polls.fetch_add(1, Ordering::SeqCst);
        let _running = Up::new(&state.running);
        self.future.as_mut().poll(context)
    }
}

/// Counts up while it lives, also through a panic.
struct Up<'counter>(&'counter AtomicUsize);

impl<'counter> Up<'counter> {
    fn new(counter: &'counter AtomicUsize) -> Self {
        counter.fetch_add(1, Ordering::SeqCst);
        Self(counter)
    }
}

impl Drop for Up<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
