//! Where events go: the API, or whatever else takes them.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use miyabi_client::{Client, ClientError, chain};
use miyabi_shared::TaskEvent;
use miyabi_shared::event::CreateTask;
use reqwest::StatusCode;

use crate::client::tell;

/// Why events were not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is there; later there may be.
    Absent(String),
    /// Not now; the same events may be taken later.
    Temporary(String),
    /// The task was there and is not any more.
    Missing(String),
    /// Never.
    Permanent(String),
}

/// The answer of a sink, once it is there.
pub type Answer<'sink> = Pin<Box<dyn Future<Output = Result<(), Refusal>> + Send + 'sink>>;

/// What takes the events of one task. A sink may be given the same events twice.
pub trait EventSink: std::fmt::Debug + Send + Sync {
    /// Takes events, which are in order.
    fn take(&self, events: Vec<TaskEvent>) -> Answer<'_>;
}

/// The API: makes the task, then takes its events.
#[derive(Debug)]
pub(crate) struct ApiSink<'spool> {
    client: Client,
    task: &'spool CreateTask,
    task_id: &'spool str,
    created: AtomicBool,
}

impl<'spool> ApiSink<'spool> {
    pub(crate) fn new(client: Client, task: &'spool CreateTask, task_id: &'spool str) -> Self {
        Self { client, task, task_id, created: AtomicBool::new(false) }
    }

    async fn create(&self) -> Result<(), ClientError> {
        match self.client.create(self.task).await {
            Ok(()) => Ok(()),
            // Someone made the task in another way; its events are welcome all the same.
            Err(error) if error.status() == Some(StatusCode::CONFLICT) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl EventSink for ApiSink<'_> {
    fn take(&self, events: Vec<TaskEvent>) -> Answer<'_> {
        Box::pin(async move {
            if !self.created.load(Ordering::Relaxed) {
                self.create().await.map_err(|error| refusal(&error, false))?;
                self.created.store(true, Ordering::Relaxed);
            }
            let posted = self.client.post_events(self.task_id, events).await;
            posted.map_err(|error| {
                let refusal = refusal(&error, true);
                if matches!(refusal, Refusal::Missing(_)) {
                    self.created.store(false, Ordering::Relaxed);
                }
                refusal
            })
        })
    }
}

fn refusal(error: &ClientError, created: bool) -> Refusal {
    match error {
        // Nobody is there, or nobody knows us.
        ClientError::Unreachable { .. } | ClientError::Credential(_) => Refusal::Absent(tell(error)),
        _ if error.status() == Some(StatusCode::UNAUTHORIZED) => Refusal::Absent(tell(error)),
        _ if error.is_temporary() => Refusal::Temporary(tell(error)),
        _ if created && error.status() == Some(StatusCode::NOT_FOUND) => Refusal::Missing(chain(error)),
        _ => Refusal::Permanent(chain(error)),
    }
}
