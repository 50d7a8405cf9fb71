//! The queues of jobs: sending, taking, holding, handing back, and dead letters.
//!
//! A message is a whole job ([`miyabi_shared::job::JobMessage`]). It carries the project as its message group, so that SQS
//! shares a standard queue fairly among projects; who takes it still has to be able to run it twice.

mod dead_letters;

use std::collections::BTreeSet;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use miyabi_aws::Limits;
use miyabi_shared::config::JobQueues;
use miyabi_shared::job::{JobMessage, JobQueue};

pub use dead_letters::Redriven;

/// SQS answers within tens of milliseconds; the emulator of a busy laptop takes longer.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(1),
    attempt: Duration::from_secs(3),
    operation: Duration::from_secs(7),
    ..Limits::WAITED_FOR
};
/// The longest that SQS waits for a message, and that it holds one back.
pub const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// See [`LONGEST_WAIT`].
pub const LONGEST_DELAY: Duration = Duration::from_secs(900);

/// Why a queue did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// It cannot be reached, or has too much to do: the same call may succeed later.
    #[error("{act}: the queue cannot be reached")]
    Unavailable {
        /// What was tried.
        act: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It was refused.
    #[error("{act}: the queue refused")]
    Refused {
        /// What was tried.
        act: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A message, as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Where from.
    pub queue: JobQueue,
    /// Which message it is, however often it is delivered.
    pub message_id: String,
    /// What it is held by.
    pub handle: String,
    /// How often it was delivered, this time included.
    pub receives: u32,
    /// What it says.
    pub body: String,
}

/// How many messages a queue has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Depth {
    /// Those that wait.
    pub waiting: u64,
    /// Those that somebody holds.
    pub held: u64,
    /// Those that may not be taken yet.
    pub delayed: u64,
}

/// The queues. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Queues {
    client: Client,
    queues: JobQueues,
}

impl Queues {
    /// The queues that `queues` names.
    pub fn new(queues: JobQueues, aws: &SdkConfig) -> Self {
        Self { client: Client::new(&LIMITS.of(aws)), queues }
    }

    /// Where they are.
    pub const fn config(&self) -> &JobQueues {
        &self.queues
    }

    /// Puts a job into a queue, not to be taken before `delay` (15 minutes at most) has passed. Gives the message's identifier.
    ///
    /// # Errors
    /// When the queue cannot be reached or refuses. It may have the message all the same.
    pub async fn send(
        &self,
        queue: JobQueue,
        message: &JobMessage,
        delay: Duration,
    ) -> Result<String, QueueError> {
        let body = serde_json::to_string(message)
            .map_err(|error| QueueError::Refused { act: "writing JSON", source: error.into() })?;
        let group = message.task.project_id.as_str();
        self.send_text(&self.queues.url(queue), &body, Some(group), delay).await
    }

    async fn send_text(
        &self,
        url: &str,
        body: &str,
        group: Option<&str>,
        delay: Duration,
    ) -> Result<String, QueueError> {
        let delay = i32::try_from(delay.min(LONGEST_DELAY).as_secs()).unwrap_or(0);
        let request = self
            .client
            .send_message()
            .queue_url(url)
            .message_body(body)
            .set_message_group_id(group.map(str::to_owned))
            .set_delay_seconds((delay > 0).then_some(delay));
        let output = request.send().await.map_err(|error| failure("sending a job", error))?;
        Ok(output.message_id.unwrap_or_default())
    }

    /// Takes up to `most` messages (1 to 10), which are then hidden for `visibility`. Waits for one where there is none.
    ///
    /// # Errors
    /// When the queue cannot be reached or refuses.
    pub async fn take(
        &self,
        queue: JobQueue,
        most: i32,
        wait: Duration,
        visibility: Duration,
    ) -> Result<Vec<Taken>, QueueError> {
        self.take_from(&self.queues.url(queue), queue, most, wait, visibility).await
    }

    async fn take_from(
        &self,
        url: &str,
        queue: JobQueue,
        most: i32,
        wait: Duration,
        visibility: Duration,
    ) -> Result<Vec<Taken>, QueueError> {
        let wait = wait.min(LONGEST_WAIT);
        // The answer comes when the wait is over, and not within the usual time.
        let timeouts = TimeoutConfig::builder()
            .read_timeout(LIMITS.attempt + wait)
            .operation_attempt_timeout(LIMITS.attempt + wait)
            .operation_timeout(LIMITS.operation + wait)
            .build();
        let output = self
            .client
            .receive_message()
            .queue_url(url)
            .max_number_of_messages(most.clamp(1, 10))
            .wait_time_seconds(seconds(wait))
            .visibility_timeout(seconds(visibility))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .customize()
            .config_override(aws_sdk_sqs::Config::builder().timeout_config(timeouts))
            .send()
            .await
            .map_err(|error| failure("taking a job", error))?;
        let taken = output.messages.unwrap_or_default().into_iter().map(|message| {
            let receives = message
                .attributes
                .as_ref()
                .and_then(|attributes| attributes.get(&MessageSystemAttributeName::ApproximateReceiveCount))
                .and_then(|count| count.parse().ok())
                .unwrap_or(1);
            Taken {
                queue,
                message_id: message.message_id.unwrap_or_default(),
                handle: message.receipt_handle.unwrap_or_default(),
                receives,
                body: message.body.unwrap_or_default(),
            }
        });
        Ok(taken.collect())
    }

    /// Hides a message for `visibility` from now on; with zero, gives it back at once.
    ///
    /// # Errors
    /// When the queue cannot be reached, or the message is held no longer.
    pub async fn hold(&self, taken: &Taken, visibility: Duration) -> Result<(), QueueError> {
        self.client
            .change_message_visibility()
            .queue_url(self.queues.url(taken.queue))
            .receipt_handle(&taken.handle)
            .visibility_timeout(seconds(visibility))
            .send()
            .await
            .map(drop)
            .map_err(|error| failure("holding a job", error))
    }

    /// Takes a message out of its queue for good.
    ///
    /// # Errors
    /// When the queue cannot be reached or refuses.
    pub async fn delete(&self, taken: &Taken) -> Result<(), QueueError> {
        self.delete_from(&self.queues.url(taken.queue), &taken.handle).await
    }

    async fn delete_from(&self, url: &str, handle: &str) -> Result<(), QueueError> {
        self.client
            .delete_message()
            .queue_url(url)
            .receipt_handle(handle)
            .send()
            .await
            .map(drop)
            .map_err(|error| failure("deleting a message", error))
    }

    /// How many messages a queue has, and how many its dead letters are. SQS counts roughly, and some seconds late.
    ///
    /// # Errors
    /// When a queue cannot be reached or refuses.
    pub async fn depth(&self, queue: JobQueue) -> Result<(Depth, Depth), QueueError> {
        let (queue, dead) = (self.queues.url(queue), self.queues.dead_letters_url(queue));
        futures::try_join!(self.depth_of(&queue), self.depth_of(&dead))
    }

    async fn depth_of(&self, url: &str) -> Result<Depth, QueueError> {
        use QueueAttributeName as Name;
        let output = self
            .client
            .get_queue_attributes()
            .queue_url(url)
            .attribute_names(Name::ApproximateNumberOfMessages)
            .attribute_names(Name::ApproximateNumberOfMessagesNotVisible)
            .attribute_names(Name::ApproximateNumberOfMessagesDelayed)
            .send()
            .await
            .map_err(|error| failure("counting jobs", error))?;
        let count = |name: Name| {
            let attributes = output.attributes.as_ref();
            attributes.and_then(|attributes| attributes.get(&name)?.parse().ok()).unwrap_or(0)
        };
        Ok(Depth {
            waiting: count(Name::ApproximateNumberOfMessages),
            held: count(Name::ApproximateNumberOfMessagesNotVisible),
            delayed: count(Name::ApproximateNumberOfMessagesDelayed),
        })
    }

    /// Every queue of the sizes that there are.
    pub fn all(&self) -> BTreeSet<JobQueue> {
        self.queues.all().collect()
    }
}

fn seconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_secs()).unwrap_or(i32::MAX)
}

fn failure<E>(act: &'static str, error: SdkError<E>) -> QueueError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let refused = match &error {
        SdkError::ServiceError(service) => {
            service.raw().status().as_u16() < 500
                && !service.err().code().is_some_and(|code| code.contains("Throttl"))
        }
        SdkError::ConstructionFailure(_) => true,
        _ => false,
    };
    let source = error.into();
    if refused { QueueError::Refused { act, source } } else { QueueError::Unavailable { act, source } }
}
