//! One call: the table's changes, something on the socket, or what was to be told later.

use aws_config::SdkConfig;
use lambda_runtime::Diagnostic;
use miyabi_shared::Function;
use miyabi_shared::Timestamp;
use miyabi_shared::config::PushConfig;
use miyabi_shared::metric;
use miyabi_shared::push::Channel;
use miyabi_store::{StoreError, TaskReader};
use miyabi_telemetry::{Chain, Metric, Metrics, Unit};
use serde_json::{Value, json};

use crate::changes::Batch;
use crate::due::{Due, DueError, DueQueue};
use crate::messages::{MOST_MESSAGES, messages};
use crate::post::{Post, Told};
use crate::viewers::{Viewers, ViewersError};

/// Tells viewers what changed. Built once, in the function's init phase.
#[derive(Debug)]
pub struct Push {
    pub(crate) viewers: Viewers,
    pub(crate) tasks: TaskReader,
    pub(crate) due: DueQueue,
    pub(crate) post: Post,
    metrics: Metrics,
}

/// Why a call should come again.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// Nobody can be told while it is not known who watches.
    #[error("finding out who watches")]
    Viewers(#[from] ViewersError),
    /// Nobody can be told what cannot be read.
    #[error("reading what changed")]
    Tasks(#[from] StoreError),
    /// What is to be told later would be forgotten.
    #[error("telling later")]
    Due(#[from] DueError),
    /// The call is none that this function knows.
    #[error(
        "a call that is neither changes of a table, nor an event of the socket, nor what this function told itself"
    )]
    UnknownCall,
}

impl From<PushError> for Diagnostic {
    /// The error's type is what alarms and retries key on: a word of ours that never changes.
    fn from(error: PushError) -> Self {
        let error_type = match error {
            PushError::Viewers(_) => "ViewersUnavailable",
            PushError::Tasks(_) => "TasksUnavailable",
            PushError::Due(_) => "QueueUnavailable",
            PushError::UnknownCall => "UnknownCall",
        };
        Self { error_type: error_type.to_owned(), error_message: Chain(&error).to_string() }
    }
}

impl Push {
    /// Connects to everything that `config` names, with the credentials and the region of the process.
    pub async fn connect(config: &PushConfig) -> Self {
        let aws = miyabi_aws::load().await;
        Self::with_aws(config, &aws, Metrics::to_standard_output(Function::Push.name()))
    }

    /// Like [`connect`](Self::connect), on an AWS and with metrics that the caller chose.
    pub fn with_aws(config: &PushConfig, aws: &SdkConfig, metrics: Metrics) -> Self {
        Self {
            viewers: Viewers::new(&config.connections_table, aws),
            tasks: TaskReader::new(&config.tasks_table, aws),
            due: DueQueue::new(&config.due_queue_url, aws),
            post: Post::new(&config.socket_endpoint, aws),
            metrics,
        }
    }

    /// Takes one call, and gives what Lambda or API Gateway expects of it.
    ///
    /// # Errors
    /// Only when calling again can help, or nobody meant to call.
    pub async fn handle(&self, mut event: Value) -> Result<Value, PushError> {
        if let Some(records) = event.get_mut("Records").and_then(Value::as_array_mut) {
            let records = std::mem::take(records);
            let is_queue = records.iter().any(|record| record["eventSource"] == "aws:sqs");
            let failed = if is_queue {
                self.later_all(&records).await
            } else {
                Box::pin(self.tell(Batch::read(records))).await?;
                Vec::new()
            };
            return Ok(json!({ "batchItemFailures": failed }));
        }
        if event.pointer("/requestContext/connectionId").is_none() {
            return Err(PushError::UnknownCall);
        }
        let body = event.get("body").and_then(Value::as_str).unwrap_or_default();
        Box::pin(self.on_socket(&event["requestContext"], body)).await?;
        Ok(json!({ "statusCode": 200 }))
    }

    /// Handles messages of the queue, and gives those that have to come again.
    async fn later_all(&self, records: &[Value]) -> Vec<Value> {
        let outcomes = records.iter().map(async |record| {
            // In a box: the compiler gives up on futures that are nested deeper.
            let error = Box::pin(self.later(&record["body"])).await.err()?;
            tracing::error!(error = %Chain(&error), message_id = %record["messageId"], "nobody was told");
            Some(json!({ "itemIdentifier": record["messageId"] }))
        });
        futures::future::join_all(outcomes).await.into_iter().flatten().collect()
    }

    /// Tells whoever follows one of the batch's tasks at once, and sees to it that those who follow many are told soon.
    async fn tell(&self, batch: Batch) -> Result<(), PushError> {
        let now = Timestamp::now();
        let (close, lists) = futures::join!(self.tell_close(&batch, now), self.announce_lists(&batch, now));
        self.count("task", batch.len(), batch.oldest, batch.unreadable, &close?);
        lists
    }

    async fn tell_close(&self, batch: &Batch, now: Timestamp) -> Result<Told, PushError> {
        let channels = batch.close_channels();
        let followers =
            futures::future::try_join_all(channels.iter().map(|channel| self.viewers.of(channel))).await?;
        let mut letters = Vec::new();
        for (channel, connections) in channels.iter().zip(followers) {
            if connections.is_empty() {
                continue;
            }
            let texts = messages(channel, batch, MOST_MESSAGES, now);
            letters.extend(connections.into_iter().map(|connection| (connection, channel, texts.clone())));
        }
        self.deliver(letters).await
    }

    async fn announce_lists(&self, batch: &Batch, now: Timestamp) -> Result<(), PushError> {
        // First: who comes after this finds it, and who came before is seen below.
        self.viewers.note(batch, now).await?;
        let channels = batch.list_channels();
        futures::future::try_join_all(channels.iter().map(|channel| self.announce_list(channel))).await?;
        Ok(())
    }

    async fn announce_list(&self, channel: &Channel) -> Result<(), PushError> {
        if !self.viewers.are_there(channel).await? {
            return Ok(());
        }
        let Some(seconds) = self.viewers.announce(channel, Timestamp::now()).await? else { return Ok(()) };
        if let Err(error) = self.due.send(&Due::Turn { channel: channel.clone() }, seconds).await {
            self.viewers.retract(channel).await?;
            return Err(error.into());
        }
        Ok(())
    }

    pub(crate) fn count(
        &self,
        kind: &str,
        changes: usize,
        oldest: Option<Timestamp>,
        unreadable: u64,
        told: &Told,
    ) {
        let mut points = vec![
            Metric::count("Changes", as_count(changes)),
            Metric::count(metric::UNREADABLE_RECORDS, unreadable),
            Metric::count("MessagesSent", told.sent),
            Metric::count("MessagesDropped", told.dropped),
            Metric::count("ConnectionsGone", as_count(told.gone.len())),
        ];
        if let (Some(stored_at), true) = (oldest, told.sent > 0) {
            let delay = Timestamp::now().since(stored_at).as_millis();
            let delay = Metric::count(metric::PUSH_DELAY, u64::try_from(delay).unwrap_or(u64::MAX));
            points.push(Metric { unit: Unit::Milliseconds, ..delay });
        }
        self.metrics.record(&[], &points, &[("channels", kind.into())]);
    }
}

fn as_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
