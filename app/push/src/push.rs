//! One call: the table's changes, or something on the socket.

use aws_config::SdkConfig;
use lambda_runtime::Diagnostic;
use miyabi_shared::Function;
use miyabi_shared::Timestamp;
use miyabi_shared::config::PushConfig;
use miyabi_shared::metric;
use miyabi_shared::push::Channel;
use miyabi_telemetry::{Chain, Metric, Metrics, Unit};
use serde_json::{Value, json};

use crate::changes::Batch;
use crate::messages::messages;
use crate::post::{Post, Told};
use crate::socket::Socket;
use crate::viewers::{Viewers, ViewersError};

/// Tells viewers what changed. Built once, in the function's init phase.
#[derive(Debug)]
pub struct Push {
    viewers: Viewers,
    post: Post,
    metrics: Metrics,
}

/// Why a call should come again.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// Nobody can be told while it is not known who watches.
    #[error("finding out who watches")]
    Viewers(#[from] ViewersError),
    /// The call is none that this function knows.
    #[error("a call that is neither changes of a table nor an event of the socket")]
    UnknownCall,
}

impl From<PushError> for Diagnostic {
    /// The error's type is what alarms and retries key on: a word of ours that never changes.
    fn from(error: PushError) -> Self {
        let error_type = match error {
            PushError::Viewers(_) => "ViewersUnavailable",
            PushError::UnknownCall => "UnknownCall",
        };
        Self { error_type: error_type.to_owned(), error_message: Chain(&error).to_string() }
    }
}

impl Push {
    /// Connects to everything that `config` names, with the credentials and the region of the process.
    pub async fn connect(config: &PushConfig) -> Self {
        let aws = aws_config::load_from_env().await;
        Self::with_aws(config, &aws, Metrics::to_standard_output(Function::Push.name()))
    }

    /// Like [`connect`](Self::connect), on an AWS and with metrics that the caller chose.
    pub fn with_aws(config: &PushConfig, aws: &SdkConfig, metrics: Metrics) -> Self {
        Self {
            viewers: Viewers::new(&config.connections_table, aws),
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
            self.tell(Batch::read(std::mem::take(records))).await?;
            return Ok(json!({ "batchItemFailures": [] }));
        }
        let Some(context) =
            event.get("requestContext").filter(|context| context.get("connectionId").is_some())
        else {
            return Err(PushError::UnknownCall);
        };
        let socket = Socket { viewers: &self.viewers, post: &self.post };
        let body = event.get("body").and_then(Value::as_str).unwrap_or_default();
        socket.handle(context, body).await?;
        Ok(json!({ "statusCode": 200 }))
    }

    /// Tells whoever follows one of the batch's channels.
    async fn tell(&self, batch: Batch) -> Result<(), PushError> {
        let channels = batch.channels();
        let followers =
            futures::future::try_join_all(channels.iter().map(|channel| self.viewers.of(channel)));
        let followers = followers.await?;
        let now = Timestamp::now();
        let mut letters = Vec::new();
        for (channel, connections) in channels.iter().zip(followers) {
            if connections.is_empty() {
                continue;
            }
            let texts = messages(channel, &batch, now);
            letters.extend(connections.into_iter().map(|connection| (connection, channel, texts.clone())));
        }
        let viewers = letters.len();
        let told = self.post.all(letters).await;
        for connection in &told.gone {
            self.viewers.leave(connection).await?;
        }
        self.count(&batch, viewers, &told);
        Ok(())
    }

    fn count(&self, batch: &Batch, viewers: usize, told: &Told) {
        let mut points = vec![
            Metric::count("Changes", batch.len()),
            Metric::count("UnreadableRecords", batch.unreadable),
            Metric::count("ViewersTold", as_count(viewers)),
            Metric::count("MessagesSent", told.sent),
            Metric::count("MessagesDropped", told.dropped),
            Metric::count("ConnectionsGone", as_count(told.gone.len())),
        ];
        if let (Some(stored_at), true) = (batch.oldest, told.sent > 0) {
            let delay = Timestamp::now().since(stored_at).as_millis();
            let delay = Metric::count(metric::PUSH_DELAY, u64::try_from(delay).unwrap_or(u64::MAX));
            points.push(Metric { unit: Unit::Milliseconds, ..delay });
        }
        self.metrics.record(&[], &points, &[]);
    }
}

fn as_count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The channels on which `batch` has something to say.
impl Batch {
    fn channels(&self) -> Vec<Channel> {
        let mut channels = std::collections::BTreeSet::new();
        for task in self.tasks.values() {
            channels.insert(Channel::Tasks);
            channels.insert(Channel::Project(task.project_id.clone()));
            channels.insert(Channel::Task(task.task_id.clone()));
        }
        for (task_id, _) in self.steps.keys() {
            channels.insert(Channel::Task(task_id.clone()));
        }
        for task_id in &self.removed {
            channels.insert(Channel::Tasks);
            channels.insert(Channel::Task(task_id.clone()));
        }
        channels.into_iter().collect()
    }
}
