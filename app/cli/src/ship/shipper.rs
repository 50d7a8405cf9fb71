//! The thread that sends: both roads at once, and what earlier runs left behind.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use miyabi_progress::Sequencer;
use miyabi_shared::event::{ResultEvent, ResultStatus};
use tokio::sync::watch;

use super::{ApiSink, EventSink, api, logs};
use crate::client::tell;
use crate::configuration::Credentials;
use crate::run::interpreter;
use crate::spool::{ALL_UNSENT_BYTES, LogsDestination, Remaining, Spool, make_room, pending};

/// How one road is doing.
#[derive(Debug, Default)]
pub(crate) struct Road {
    succeeded: AtomicBool,
    failing: AtomicBool,
    /// Whether the last attempt found nobody there at all.
    absent: AtomicBool,
    failures: AtomicU32,
    finished: AtomicBool,
    error: Mutex<Option<String>>,
    notes: Mutex<Vec<String>>,
}

impl Road {
    pub(crate) fn succeeded(&self) {
        self.succeeded.store(true, Ordering::Relaxed);
        self.failing.store(false, Ordering::Relaxed);
        self.failures.store(0, Ordering::Relaxed);
    }

    /// Notes a failed attempt; `absent` says that nobody answered.
    pub(crate) fn failed(&self, error: String, absent: bool) {
        *self.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        self.failing.store(true, Ordering::Relaxed);
        self.absent.store(absent, Ordering::Relaxed);
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    /// Keeps something to tell at the end; the first few are enough.
    pub(crate) fn note(&self, note: String) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.len() < 3 {
            notes.push(note);
        }
    }

    /// Whether the last attempt failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Whether the last attempt found nobody there.
    fn is_absent(&self) -> bool {
        self.is_failing() && self.absent.load(Ordering::Relaxed)
    }

    fn has_succeeded(&self) -> bool {
        self.succeeded.load(Ordering::Relaxed)
    }

    fn failures(&self) -> u32 {
        self.failures.load(Ordering::Relaxed)
    }

    /// The last error, while the road is failing.
    pub(crate) fn error(&self) -> Option<String> {
        self.is_failing().then(|| self.error.lock().unwrap_or_else(PoisonError::into_inner).clone()).flatten()
    }

    /// What was refused for good.
    pub(crate) fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How sending is doing.
#[derive(Debug, Default)]
pub(crate) struct Status {
    pub(crate) api: Road,
    pub(crate) logs: Road,
    /// Whether the command has ended, and only what is left is sent.
    pub(crate) finishing: AtomicBool,
}

/// How long to go on against failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// As long as the command runs: someone else decides.
    Endless,
    /// Until so many attempts in a row have failed.
    Attempts(u32),
}

impl Patience {
    pub(crate) fn is_over(self, road: &Road) -> bool {
        match self {
            Self::Endless => false,
            Self::Attempts(most) => road.failures() >= most,
        }
    }
}

/// Waits, but no longer than until the command has ended.
pub(crate) async fn pause(duration: Duration, spool: &Spool, changes: &mut watch::Receiver<u64>) {
    if spool.is_finished() {
        return tokio::time::sleep(duration.min(Duration::from_millis(500))).await;
    }
    let finished = async {
        while !spool.is_finished() {
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    // Either way it is time to go on.
    let _ = tokio::time::timeout(duration, finished).await;
}

/// Sends everything that `spool` holds and will hold: its events to `sink`, or where there is none to the API.
pub(crate) async fn deliver(
    spool: &Spool,
    sink: Option<&dyn EventSink>,
    credentials: &Credentials,
    status: &Status,
    patience: Patience,
) {
    let direct = async {
        let meta = spool.meta();
        match (sink, &meta.api_url) {
            (Some(sink), _) => api::send(spool, sink, &status.api, patience).await,
            (None, Some(url)) => match credentials.api.patient_client(url) {
                Ok(client) => {
                    let sink = ApiSink::new(client, &meta.task, meta.task_id());
                    api::send(spool, &sink, &status.api, patience).await;
                }
                Err(error) => status.api.failed(tell(&error), true),
            },
            (None, None) => {}
        }
        status.api.finished.store(true, Ordering::Release);
    };
    let by_logs = async {
        if let Some(destination) = &spool.meta().logs {
            let client = logs_client(destination, credentials).await;
            logs::send(spool, &client, destination, &status.logs, patience).await;
        }
        status.logs.finished.store(true, Ordering::Release);
    };
    tokio::join!(direct, by_logs);
}

/// A client of CloudWatch Logs for `destination`, with timeouts and without retries of its own.
pub(crate) async fn logs_client(
    destination: &LogsDestination,
    credentials: &Credentials,
) -> aws_sdk_cloudwatchlogs::Client {
    use aws_config::retry::RetryConfig;
    use aws_config::timeout::TimeoutConfig;
    use aws_sdk_cloudwatchlogs::config::{BehaviorVersion, Region};
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(15))
        .operation_timeout(Duration::from_secs(20))
        .build();
    let region = destination.region.clone().map(Region::new);
    let builder = match credentials.keys_for(destination.endpoint.as_deref()) {
        // Everything is known: no look at profiles or at the metadata service.
        Some(keys) => aws_sdk_cloudwatchlogs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(keys)
            .region(region),
        None => {
            let mut loader = aws_config::defaults(BehaviorVersion::latest());
            if let Some(region) = region {
                loader = loader.region(region);
            }
            aws_sdk_cloudwatchlogs::config::Builder::from(&loader.load().await)
        }
    };
    let builder = builder.timeout_config(timeouts).retry_config(RetryConfig::disabled());
    let builder = match &destination.endpoint {
        Some(endpoint) if endpoint.starts_with("http://") => {
            // An emulator: to read the system's certificates takes longer than `miyabi run` may.
            builder.endpoint_url(endpoint).http_client(aws_smithy_http_client::Builder::new().build_http())
        }
        Some(endpoint) => builder.endpoint_url(endpoint),
        None => builder,
    };
    aws_sdk_cloudwatchlogs::Client::from_conf(builder.build())
}

/// Where a spool's content goes: the API and the logs' endpoint and region.
type Place = (Option<String>, Option<(Option<String>, Option<String>)>);

fn place(spool: &Spool) -> Place {
    let meta = spool.meta();
    (meta.api_url.clone(), meta.logs.as_ref().map(|logs| (logs.endpoint.clone(), logs.region.clone())))
}

/// Ends a spool whose run ended without doing so: it was killed, or the machine went down.
pub(crate) fn adopt(spool: &Spool) {
    if let Some((sequence, time, false)) = spool.last_event() {
        let mut sequencer = Sequencer::after(spool.meta().attempt, sequence);
        let message =
            "miyabi run was ended before the command was; how the command ended is not known".to_owned();
        let result = ResultEvent { status: ResultStatus::Failed, exit_code: None, message: Some(message) };
        interpreter::append(spool, sequencer.result(result, time));
        spool.flush();
    }
    spool.finish();
}

/// Sends the spools of earlier runs, oldest first, until one cannot be sent. Gives what is left of how many.
pub(crate) async fn deliver_earlier(
    root: &Path,
    except: Option<&Path>,
    wanted: &dyn Fn(&Spool) -> bool,
    credentials: &Credentials,
    mut report: impl FnMut(&Spool, &Status, bool),
) -> io::Result<()> {
    // Where nobody is for one, nobody is for the next.
    let mut absent: Vec<(Place, Status)> = Vec::new();
    for path in pending(root) {
        if Some(path.as_path()) == except {
            continue;
        }
        let spool = match Spool::open(&path) {
            Ok(Some(spool)) => spool,
            // Its own run is still at work on it.
            Ok(None) => continue,
            // Someone else removed it meanwhile, or it cannot be read: not ours to judge.
            Err(_) => continue,
        };
        if !wanted(&spool) {
            continue;
        }
        let place = place(&spool);
        if let Some((_, status)) = absent.iter().find(|(absent, _)| *absent == place) {
            report(&spool, status, false);
            continue;
        }
        adopt(&spool);
        let status = Status::default();
        deliver(&spool, None, credentials, &status, Patience::Attempts(3)).await;
        let sent = spool.remove_if_sent();
        report(&spool, &status, sent);
        if !sent && (status.api.is_absent() || status.logs.is_absent()) {
            absent.push((place, status));
        }
    }
    Ok(())
}

/// How long to wait for the rest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wait {
    /// At most.
    pub(crate) longest: Duration,
    /// At most, once all events are sent and megabytes of output are left.
    pub(crate) flood: Duration,
}

/// The thread that sends for one run.
#[derive(Debug)]
pub(crate) struct Shipper {
    spool: Arc<Spool>,
    status: Arc<Status>,
    done: mpsc::Receiver<()>,
}

impl Shipper {
    /// Starts sending what `spool` holds and will hold. Once that works, spools of earlier runs under `root` that
    /// go to the same place are sent too. Events go to `sink`, or where there is none to the API.
    pub(crate) fn start(
        spool: Arc<Spool>,
        status: Arc<Status>,
        sink: Option<Arc<dyn EventSink>>,
        credentials: Credentials,
        root: Option<PathBuf>,
    ) -> io::Result<Self> {
        let (tell, done) = mpsc::channel();
        let (own, own_status) = (Arc::clone(&spool), Arc::clone(&status));
        thread::Builder::new().name("ship".to_owned()).spawn(move || {
            // The command goes first.
            let _ = rustix::process::nice(5);
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
                return;
            };
            runtime.block_on(async {
                let this = async {
                    deliver(&own, sink.as_deref(), &credentials, &own_status, Patience::Endless).await;
                    let _ = tell.send(());
                };
                let earlier = async {
                    if let Some(root) = &root {
                        make_room(root, own.path().as_deref(), ALL_UNSENT_BYTES);
                        earlier(root, &own, &own_status, &credentials).await;
                    }
                    std::future::pending::<()>().await;
                };
                tokio::select! { biased; () = this => {}, () = earlier => {} }
            });
        })?;
        Ok(Self { spool, status, done })
    }

    /// Waits until everything is sent, as long as that makes sense and is allowed. Gives what is left.
    pub(crate) fn wait(self, wait: Wait, given_up: &AtomicBool) -> Remaining {
        const LOOK: Duration = Duration::from_millis(2);
        /// A road that worked, and at whose end nobody was before, gets one more attempt of this length.
        const LAST_ATTEMPT: Duration = Duration::from_millis(250);
        /// One that never worked gets one too; where nobody is there, that is known at once.
        const LAST_CHANCE: Duration = Duration::from_millis(10);
        const FLOOD_BYTES: u64 = 4 << 20;
        let begun = Instant::now();
        let roads = [&self.status.api, &self.status.logs];
        let before = roads.map(|road| (road.is_absent(), road.failures()));
        loop {
            match self.done.recv_timeout(LOOK) {
                Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            let waited = begun.elapsed();
            let hopeless = |index: usize| {
                let (road, (absent, failures)) = (roads[index], before[index]);
                let more = road.failures().saturating_sub(failures);
                road.finished.load(Ordering::Acquire)
                    || (absent && road.is_failing() && (more >= 1 || waited >= LAST_ATTEMPT))
                    || (!road.has_succeeded() && road.is_absent() && (more >= 1 || waited >= LAST_CHANCE))
            };
            let flood = hopeless(0) && self.spool.remaining().bytes > FLOOD_BYTES && waited >= wait.flood;
            if (hopeless(0) && hopeless(1))
                || flood
                || waited >= wait.longest
                || given_up.load(Ordering::Acquire)
            {
                break;
            }
        }
        self.spool.remaining()
    }
}

/// Sends what earlier runs left for the same place, once that place is known to answer.
async fn earlier(root: &Path, own: &Spool, status: &Status, credentials: &Credentials) {
    while !(status.api.has_succeeded() || status.logs.has_succeeded()) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let own_place = place(own);
    let wanted = |spool: &Spool| place(spool) == own_place;
    let _ = deliver_earlier(root, own.path().as_deref(), &wanted, credentials, |_, _, _| {}).await;
}
