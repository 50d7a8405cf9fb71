//! Ways to Redis and to DynamoDB on which things go wrong when they are told to. On loopback only.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What happens on a wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WireFault {
    /// Nothing.
    #[default]
    None,
    /// What is sent never arrives, in either direction; connections stay.
    Hung,
    /// Every answer takes so long.
    Slow(Duration),
    /// Connections are cut, and new ones too as soon as something is said.
    Reset,
}

/// A wire to a server that speaks over TCP.
#[derive(Debug)]
pub struct Wire {
    port: u16,
    fault: watch::Sender<WireFault>,
    accepting: JoinHandle<()>,
}

impl Wire {
    /// A wire to that port of this machine.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn to(server: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (fault, state) = watch::channel(WireFault::None);
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                client.set_nodelay(true).ok();
                let state = state.clone();
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await {
                        server.set_nodelay(true).ok();
                        join(client, server, state).await;
                    }
                });
            }
        });
        Ok(Self { port, fault, accepting })
    }

    /// The port of the wire's own end.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What happens on it from now on.
    pub fn set(&self, fault: WireFault) {
        self.fault.send_replace(fault);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Carries bytes until one side ends, or the wire is cut.
async fn join(client: TcpStream, server: TcpStream, state: watch::Receiver<WireFault>) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        _ = carry(from_client, to_server, state.clone(), false) => {}
        _ = carry(from_server, to_client, state, true) => {}
    }
}

async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut state: watch::Receiver<WireFault>,
    answers: bool,
) -> Option<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = tokio::select! {
            count = from.read(&mut buffer) => count.ok().filter(|count| *count > 0)?,
            // Whoever is connected when the wire is cut notices at once.
            cut = state.wait_for(|fault| *fault == WireFault::Reset) => { cut.ok()?; return None; }
        };
        let fault = *state.borrow();
        match fault {
            WireFault::None => {}
            WireFault::Reset => return None,
            WireFault::Hung => {
                state.wait_for(|fault| *fault != WireFault::Hung).await.ok()?;
                // What was sent meanwhile is lost, and the connection with it, as after a partition.
                return None;
            }
            WireFault::Slow(delay) => {
                if answers {
                    tokio::time::sleep(delay).await;
                }
            }
        }
        to.write_all(buffer.get(..count)?).await.ok()?;
    }
}

/// What happens on the way to DynamoDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableFault {
    /// Nothing.
    #[default]
    None,
    /// Every second request is refused for want of capacity.
    Throttled,
    /// Every second request fails, half of those after it was carried out.
    Failing,
    /// Every answer takes so long.
    Slow(Duration),
    /// No request is answered.
    Unreachable,
}

struct Way {
    endpoint: Mutex<String>,
    fault: Mutex<TableFault>,
    client: reqwest::Client,
    number: AtomicU64,
    asked: Mutex<BTreeMap<String, u64>>,
}

fn held<T: Clone>(place: &Mutex<T>) -> T {
    place.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The way to a DynamoDB.
#[derive(Debug)]
pub struct TableWay {
    port: u16,
    way: Arc<Way>,
    serving: JoinHandle<()>,
}

impl std::fmt::Debug for Way {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Way").field("fault", &self.fault).finish_non_exhaustive()
    }
}

impl TableWay {
    /// The way to the DynamoDB at that address.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn to(endpoint: String) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let way = Arc::new(Way {
            endpoint: Mutex::new(endpoint),
            fault: Mutex::default(),
            client: reqwest::Client::builder().no_proxy().build()?,
            number: AtomicU64::new(0),
            asked: Mutex::default(),
        });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&way));
        let serving = tokio::spawn(async move {
            let listener = axum::serve::ListenerExt::tap_io(listener, |socket| {
                socket.set_nodelay(true).ok();
            });
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { port, way, serving })
    }

    /// Its own address.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What happens on it from now on.
    pub fn set(&self, fault: TableFault) {
        *self.way.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Where it leads from now on.
    pub fn lead_to(&self, endpoint: String) {
        *self.way.endpoint.lock().unwrap_or_else(PoisonError::into_inner) = endpoint;
    }

    /// How often each operation was asked for since the last call of this.
    pub fn take_asked(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut *self.way.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for TableWay {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn pass(State(way): State<Arc<Way>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
    *way.asked.lock().unwrap_or_else(PoisonError::into_inner).entry(operation).or_default() += 1;
    let number = way.number.fetch_add(1, Ordering::Relaxed);
    match held(&way.fault) {
        TableFault::None => {}
        TableFault::Slow(delay) => tokio::time::sleep(delay).await,
        TableFault::Throttled if number.is_multiple_of(2) => {
            return refusal(StatusCode::BAD_REQUEST, "ProvisionedThroughputExceededException");
        }
        TableFault::Failing if number.is_multiple_of(2) => {
            if number.is_multiple_of(4) {
                forward(&way, &headers, body).await;
            }
            return refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError");
        }
        TableFault::Throttled | TableFault::Failing => {}
        TableFault::Unreachable => {
            // Until it is reachable again, or nobody waits any more.
            while held(&way.fault) == TableFault::Unreachable {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            return StatusCode::BAD_GATEWAY.into_response();
        }
    }
    forward(&way, &headers, body).await
}

fn refusal(status: StatusCode, word: &str) -> Response {
    let body =
        format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{word}","message":"as the drill says"}}"#);
    (status, [("content-type", "application/x-amz-json-1.0")], body).into_response()
}

async fn forward(way: &Way, headers: &HeaderMap, body: Bytes) -> Response {
    let mut request = way.client.post(held(&way.endpoint)).body(body);
    for name in ["x-amz-target", "content-type", "authorization", "x-amz-date", "x-amz-security-token"] {
        if let Some(value) = headers.get(name) {
            request = request.header(name, value);
        }
    }
    let Ok(answer) = request.send().await else { return StatusCode::BAD_GATEWAY.into_response() };
    let status = answer.status();
    match answer.bytes().await {
        Ok(body) => (status, [("content-type", "application/x-amz-json-1.0")], body).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
