//! One connection to Redis, shared by all calls, made anew when it is lost; and the budget of every call.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, ServerErrorKind};

use super::breaker::{Breaker, Passage};
use super::script::{self, Call};
use super::sign_in::SignIn;

/// A connection within the same zone takes under 1 ms, with TLS some 10 ms; longer means that nobody is there. Who waits
/// longer than this for an answer waits as long for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(100);
/// A managed cache cuts a connection 12 hours after it was signed in to; a new one is made before, between two calls.
const CONNECTION_LIFE: Duration = Duration::from_secs(11 * 3600);
/// A connection that was silent for longer is made anew rather than tried: a function that was frozen finds its sockets dead, and
/// a dead socket often looks like a slow one.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);
/// One repetition, and only where the connection turned out to be dead, as after a function was frozen.
const ATTEMPTS: u32 = 2;

/// The cache gave no answer, for whatever reason. Never a caller's error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Out;

/// Where the cache is.
#[derive(Debug)]
pub(super) enum Target {
    /// At an address that asks for nothing, or for what the address says.
    Address(Client),
    /// In a replication group that has to be signed in to.
    Managed(SignIn),
}

#[derive(Debug)]
pub(super) struct Connection {
    target: Target,
    response_timeout: Duration,
    epoch_key: String,
    run_key: String,
    connection: tokio::sync::Mutex<Option<Connected>>,
    state: Mutex<State>,
}

#[derive(Debug, Clone)]
struct Connected {
    connection: MultiplexedConnection,
    since: Instant,
    used: Instant,
}

#[derive(Debug)]
struct State {
    breaker: Breaker,
    /// How often writes may have been lost on the way, after which nothing that was cached before is trusted.
    losses: u64,
    /// Up to which of them the cache was told so.
    losses_told: u64,
    /// The epoch that was last heard of.
    epoch: u64,
}

impl Connection {
    pub(super) fn new(target: Target, prefix: &str, response_timeout: Duration) -> Self {
        Self {
            target,
            response_timeout,
            epoch_key: format!("{prefix}epoch"),
            run_key: format!("{prefix}run"),
            connection: tokio::sync::Mutex::new(None),
            state: Mutex::new(State { breaker: Breaker::new(), losses: 0, losses_told: 0, epoch: 0 }),
        }
    }

    fn state<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn response_timeout(&self) -> Duration {
        self.response_timeout
    }

    /// The epoch that was last heard of; 0 before there was a connection.
    pub(super) fn epoch(&self) -> u64 {
        self.state(|state| state.epoch)
    }

    pub(super) fn note_epoch(&self, epoch: u64) {
        self.state(|state| state.epoch = epoch);
    }

    /// Whether the cache is skipped at present.
    pub(super) fn is_out(&self) -> bool {
        self.state(|state| state.breaker.is_open())
    }

    /// Nothing that is cached may be trusted any more; takes effect before the next answer.
    pub(super) fn distrust(&self) {
        self.state(|state| state.losses += 1);
    }

    pub(super) async fn run<T: FromRedisValue>(self: &Arc<Self>, call: &Call) -> Result<T, Out> {
        match self.state(|state| state.breaker.passage(Instant::now())) {
            Passage::Open => {}
            Passage::Blocked => return Err(Out),
            Passage::Probe => {
                // Nobody waits for a cache that is out: while it is probed, this call goes on without it.
                let this = Arc::clone(self);
                tokio::spawn(async move { this.probe().await });
                return Err(Out);
            }
        }
        for attempt in 1..=ATTEMPTS {
            let failure = match self.attempt(call).await {
                Ok(value) => {
                    self.state(|state| state.breaker.succeeded());
                    return Ok(value);
                }
                Err(failure) => failure,
            };
            if failure.is_dead_connection() && attempt < ATTEMPTS {
                continue;
            }
            self.failed(&failure);
            break;
        }
        Err(Out)
    }

    /// Whether the cache is back: then there is a connection, and whatever was cached before it went is not trusted.
    async fn probe(&self) {
        match self.connected(Passage::Probe).await {
            Ok(_) => self.state(|state| state.breaker.succeeded()),
            Err(failure) => self.failed(&failure),
        }
    }

    fn failed(&self, failure: &Failure) {
        let Some((error, outage)) = failure.reason() else { return };
        let open = self.state(|state| {
            let open = state.breaker.failed(Instant::now(), outage);
            state.losses += u64::from(open);
            open
        });
        tracing::warn!(error = error as &dyn std::error::Error, open, "the cache gave no answer");
    }

    async fn attempt<T: FromRedisValue>(&self, call: &Call) -> Result<T, Failure> {
        let mut connection = self.connected(Passage::Open).await?;
        let answer = match within(self.response_timeout, connection_query(call.command(), &mut connection))
            .await
        {
            Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                let mut load = redis::cmd("SCRIPT");
                load.arg("LOAD").arg(call.code());
                let loaded =
                    within(self.response_timeout, connection_query::<()>(&load, &mut connection)).await;
                match loaded {
                    Ok(()) => {
                        within(self.response_timeout, connection_query(call.command(), &mut connection)).await
                    }
                    Err(error) => Err(error),
                }
            }
            answer => answer,
        };
        if let Err(error) = &answer
            && (error.is_timeout() || error.is_io_error() || error.is_unrecoverable_error())
        {
            // Also after a timeout: the socket may be one of those that a frozen function finds dead.
            *self.connection.lock().await = None;
        }
        answer.map_err(Failure::Answer)
    }

    /// The connection, made where there is none. Those who wait for it while it fails do not try again one after the other.
    async fn connected(&self, passage: Passage) -> Result<MultiplexedConnection, Failure> {
        let mut slot = self.connection.lock().await;
        let (losses, told) = self.state(|state| (state.losses, state.losses_told));
        let distrusted = losses > told;
        let held = slot
            .take()
            .filter(|held| held.since.elapsed() < CONNECTION_LIFE && held.used.elapsed() < LONGEST_SILENCE);
        let held = match held {
            Some(held) if !distrusted => {
                let held = slot.insert(Connected { used: Instant::now(), ..held });
                return Ok(held.connection.clone());
            }
            held => held,
        };
        if passage != Passage::Probe && self.is_out() {
            return Err(Failure::Skipped);
        }
        let joined = self.join(held, distrusted).await.map_err(Failure::Connection)?;
        self.state(|state| state.losses_told = losses);
        Ok(slot.insert(joined).connection.clone())
    }

    /// Before anything is read over a new connection: is this still the server that we knew?
    async fn join(&self, held: Option<Connected>, distrusted: bool) -> Result<Connected, RedisError> {
        let mut connected = match held {
            Some(held) => held,
            None => {
                let connect_timeout = CONNECT_TIMEOUT.max(self.response_timeout);
                Connected {
                    connection: within(connect_timeout, self.connect(connect_timeout)).await?,
                    since: Instant::now(),
                    used: Instant::now(),
                }
            }
        };
        let mut join = redis::cmd("EVAL");
        join.arg(script::JOIN.code())
            .arg(2)
            .arg(&self.epoch_key)
            .arg(&self.run_key)
            .arg(u8::from(distrusted));
        let joined = connection_query::<u64>(&join, &mut connected.connection);
        self.note_epoch(within(self.response_timeout, joined).await?);
        Ok(connected)
    }

    async fn connect(&self, timeout: Duration) -> Result<MultiplexedConnection, RedisError> {
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(timeout))
            .set_response_timeout(Some(self.response_timeout));
        match &self.target {
            Target::Address(client) => client.get_multiplexed_async_connection_with_config(&config).await,
            Target::Managed(sign_in) => {
                let client = Client::open(sign_in.connection_info().await?)?;
                client.get_multiplexed_async_connection_with_config(&config).await
            }
        }
    }
}

/// Why an attempt gave nothing.
enum Failure {
    /// There is no connection to be had: no further proof is needed.
    Connection(RedisError),
    /// There was one, and it gave no answer.
    Answer(RedisError),
    /// Someone else has just found out that there is none.
    Skipped,
}

impl Failure {
    /// A connection that worked once and is dead now, as after a function was frozen.
    fn is_dead_connection(&self) -> bool {
        matches!(self, Self::Answer(error) if error.is_connection_dropped() && !error.is_timeout())
    }

    fn reason(&self) -> Option<(&RedisError, bool)> {
        match self {
            Self::Connection(error) => Some((error, true)),
            Self::Answer(error) => Some((error, false)),
            Self::Skipped => None,
        }
    }
}

async fn connection_query<T: FromRedisValue>(
    command: &Cmd,
    connection: &mut MultiplexedConnection,
) -> Result<T, RedisError> {
    command.query_async(connection).await
}

async fn within<T>(
    limit: Duration,
    act: impl Future<Output = Result<T, RedisError>>,
) -> Result<T, RedisError> {
    match tokio::time::timeout(limit, act).await {
        Ok(answer) => answer,
        Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}
