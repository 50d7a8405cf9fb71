//! A server that takes everything, and counts the numbered lines that it is sent.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;

/// What came so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    /// Numbered lines.
    pub(crate) lines: u64,
    /// Numbered lines that came a second time, or after a later one.
    pub(crate) repeated: u64,
    /// Lines that a line says gave way.
    pub(crate) left_out: u64,
    /// Batches.
    pub(crate) batches: u64,
    /// When the last one came.
    pub(crate) last: Option<Instant>,
    next: u64,
}

#[derive(serde::Deserialize)]
struct Put<'body> {
    #[serde(borrow, rename = "logEvents")]
    events: Vec<Event<'body>>,
}

#[derive(serde::Deserialize)]
struct Event<'body> {
    #[serde(borrow)]
    message: Cow<'body, str>,
}

impl Counted {
    fn take(&mut self, body: &[u8]) {
        let put: Put<'_> = serde_json::from_slice(body).expect("a request of PutLogEvents");
        self.batches += 1;
        self.last = Some(Instant::now());
        for Event { message } in put.events {
            if let Some(rest) = message.strip_prefix("[miyabi] output left out: ") {
                // Where even reading falls behind, bytes are told instead, and no sum is to be had.
                let count = rest.split_once(" lines").and_then(|(count, _)| count.parse::<u64>().ok());
                self.left_out += count.unwrap_or(0);
            } else if let Some(number) = message.get(..9).and_then(|number| number.parse::<u64>().ok()) {
                self.lines += 1;
                self.repeated += u64::from(number < self.next);
                self.next = number + 1;
            }
        }
    }
}

/// The server, for as long as it is kept.
pub(crate) struct Server {
    pub(crate) address: String,
    counted: Arc<Mutex<Counted>>,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let counted = Arc::<Mutex<Counted>>::default();
        let count = Arc::clone(&counted);
        let logs = move |headers: HeaderMap, body: Bytes| async move {
            if headers.get("x-amz-target").is_some_and(|target| target.as_bytes().ends_with(b".PutLogEvents"))
            {
                lock(&count).take(&body);
            }
            ([("content-type", "application/x-amz-json-1.1")], "{}")
        };
        let router = Router::new()
            .route("/", post(logs))
            .route("/api/tasks", post(|| async { "{}" }))
            .route("/api/tasks/{id}/events", post(|| async { "{}" }))
            .layer(axum::extract::DefaultBodyLimit::disable());
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("its address").to_string();
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, counted, _runtime: runtime }
    }

    /// What came since the last time that somebody asked.
    pub(crate) fn take(&self) -> Counted {
        std::mem::take(&mut lock(&self.counted))
    }
}

fn lock(counted: &Mutex<Counted>) -> MutexGuard<'_, Counted> {
    counted.lock().unwrap_or_else(PoisonError::into_inner)
}
