//! Everything that a run still has to wait for, and everything that failed in it.
//!
//! Registrations and outputs run as tasks of their own. A program is complete when all of them are: a run counts
//! them, keeps what failed, and notices when those that are left wait for each other.

mod awaiting;

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt as _;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::context::Shared;
use crate::error::{Error, Failure, panic_message};

/// How often a run looks whether anything moves.
const LOOK: Duration = Duration::from_secs(1);
/// After how many looks at which nothing had moved, and nothing could, what is left counts as a cycle. A busy machine
/// may keep a task from running for a while; nothing but a cycle keeps all of them from it.
const STILL_LOOKS: u32 = 2;
/// The same while the program itself waits for a value: code that nobody tracks might still move something.
const STILL_LOOKS_OF_PROGRAM: u32 = 5;
/// The same while only a task that the program spawned by itself waits for a value: the program may be doing
/// something else that takes its time.
const STILL_LOOKS_OF_TASKS: u32 = 60;

tokio::task_local! {
    static CURRENT: Tracker;
}

/// A handle on what a run still has to wait for.
#[derive(Debug, Clone)]
pub(crate) struct Tracker(Arc<State>);

#[derive(Debug)]
struct State {
    runtime: Handle,
    /// What values that are resources are asked of.
    shared: OnceLock<Weak<Shared>>,
    outstanding: AtomicUsize,
    /// Calls to the engine and futures of the program: while there is one, a standstill is none. Those that wait for
    /// a value do not count meanwhile.
    outside: AtomicUsize,
    /// How often the program itself waits for a value.
    awaiting: AtomicUsize,
    /// How often tasks that the program spawned by itself wait for a value.
    awaiting_elsewhere: AtomicUsize,
    polls: AtomicU64,
    /// Tasks that run at this moment, such as a callback that takes long.
    running: AtomicUsize,
    next_id: AtomicU64,
    engine_gone: AtomicBool,
    ended: Notify,
    failures: Mutex<Vec<Error>>,
    /// What the program has dealt with by itself.
    handled: Mutex<Vec<Error>>,
    waiting: Mutex<BTreeMap<u64, String>>,
    /// The types and names of what the engine is registering for this program.
    registering: Mutex<BTreeMap<u64, (String, String)>>,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tracker {
    /// A tracker whose tasks run on the current runtime.
    pub(crate) fn new() -> Self {
        Self(Arc::new(State {
            runtime: Handle::current(),
            shared: OnceLock::new(),
            outstanding: AtomicUsize::new(0),
            outside: AtomicUsize::new(0),
            awaiting: AtomicUsize::new(0),
            awaiting_elsewhere: AtomicUsize::new(0),
            polls: AtomicU64::new(0),
            running: AtomicUsize::new(0),
            next_id: AtomicU64::new(0),
            engine_gone: AtomicBool::new(false),
            ended: Notify::new(),
            failures: Mutex::default(),
            handled: Mutex::default(),
            waiting: Mutex::default(),
            registering: Mutex::default(),
        }))
    }

    /// The tracker of the run that this code is part of.
    pub(crate) fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Lets values that are read in this run ask for the resources that they refer to.
    pub(crate) fn hold(&self, shared: &Arc<Shared>) {
        // A run has one context; a second one would be another view of the same.
        let _ = self.0.shared.set(Arc::downgrade(shared));
    }

    /// What the run's contexts share.
    pub(crate) fn shared(&self) -> Option<Arc<Shared>> {
        self.0.shared.get()?.upgrade()
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

    /// Notes that the program has dealt with this error.
    pub(crate) fn handled(&self, error: &Error) {
        lock(&self.0.handled).push(error.clone());
    }

    pub(crate) fn engine_gone(&self) -> bool {
        self.0.engine_gone.load(Ordering::SeqCst)
    }

    /// Everything that failed: one error for each cause, the shortest that names its subject.
    pub(crate) fn failures(&self) -> Vec<Error> {
        let mut distinct: Vec<Error> = Vec::new();
        let rank = |error: &Error| (!error.names_its_subject(), error.depth());
        let handled = lock(&self.0.handled);
        let is_handled = |error: &Error| {
            !error.has_registration() && handled.iter().any(|handled| handled.root().same_as(error.root()))
        };
        for error in lock(&self.0.failures).iter().filter(|error| !is_handled(error)) {
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
            still = if state.moves(&mut polls) { 0 } else { still + 1 };
            if still >= STILL_LOOKS && state.outstanding.load(Ordering::SeqCst) > 0 {
                return Err(Failure::Cycle(state.names_of_waiting()).into());
            }
        }
    }

    /// Runs the program itself.
    ///
    /// # Errors
    /// Its own; and when it waits for a value that never comes, because what the value needs waits for the program or
    /// for itself.
    pub(crate) async fn run_program(
        &self,
        program: impl Future<Output = Result<(), Error>> + Send,
    ) -> Result<(), Error> {
        // Its polls are not counted: it is polled at every look as well.
        tokio::select! {
            biased;
            result = program => result,
            names = self.stuck() => Err(Failure::Stuck(names).into()),
        }
    }

    /// Waits until the program waits for a value that never comes, and says what waits with it.
    async fn stuck(&self) -> String {
        let state = &self.0;
        let mut polls = state.polls.load(Ordering::SeqCst);
        let (mut still, mut elsewhere) = (0, 0);
        loop {
            tokio::time::sleep(LOOK).await;
            let moves = state.moves(&mut polls);
            let count =
                |looks: u32, awaiting: &AtomicUsize| match moves || awaiting.load(Ordering::SeqCst) == 0 {
                    true => 0,
                    false => looks + 1,
                };
            still = count(still, &state.awaiting);
            elsewhere = count(elsewhere, &state.awaiting_elsewhere);
            if still >= STILL_LOOKS_OF_PROGRAM || elsewhere >= STILL_LOOKS_OF_TASKS {
                return state.names_of_waiting();
            }
        }
    }

    /// Counts the polls of what the engine has called.
    pub(crate) async fn called_back<T>(&self, future: impl Future<Output = T> + Send) -> T {
        Counted { tracker: self.clone(), future: Box::pin(future) }.await
    }
}

impl State {
    /// Whether anything has moved since `polls`, or can.
    fn moves(&self, polls: &mut u64) -> bool {
        let now = self.polls.load(Ordering::SeqCst);
        let before = std::mem::replace(polls, now);
        now != before || self.outside.load(Ordering::SeqCst) > 0 || self.running.load(Ordering::SeqCst) > 0
    }

    fn names_of_waiting(&self) -> String {
        let names: Vec<_> = lock(&self.waiting).values().cloned().collect();
        if names.is_empty() { "outputs that no resource takes".to_owned() } else { names.join(", ") }
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
struct Counted<'future, T> {
    tracker: Tracker,
    future: Pin<Box<dyn Future<Output = T> + Send + 'future>>,
}

impl<T> Future for Counted<'_, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
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
