//! Taking the next message. Where there is work, one short question to the queue whose turn it is; where there is none, one
//! long question to each, which the queue answers as soon as something comes.

use std::collections::VecDeque;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt as _};
use miyabi_queue::{QueueError, Queues, Taken};
use miyabi_shared::job::JobQueue;
use miyabi_telemetry::Chain;

use crate::order::Order;

/// How long a queue is asked to wait for a message. A question that is given up may cost the message that it was about to
/// bring a minute, so it is never given up, and this is how long a worker that stops waits for it.
const WAIT: Duration = Duration::from_secs(5);
/// How long a queue that cannot be reached is left alone.
const PAUSE: Duration = Duration::from_secs(1);

type Question = BoxFuture<'static, (JobQueue, Result<Vec<Taken>, QueueError>)>;

/// Where messages come from.
pub(crate) struct Taking {
    queues: Queues,
    mine: Vec<JobQueue>,
    order: Order,
    visibility: Duration,
    /// Long questions that are on the way.
    asked: FuturesUnordered<Question>,
    open: Vec<JobQueue>,
    /// What came while there was no room for it.
    held: VecDeque<Taken>,
}

impl Taking {
    pub(crate) fn new(queues: Queues, mine: Vec<JobQueue>, visibility: Duration) -> Self {
        Self {
            queues,
            mine,
            order: Order::default(),
            visibility,
            asked: FuturesUnordered::new(),
            open: Vec::new(),
            held: VecDeque::new(),
        }
    }

    /// A message that is there. It must not be given up in the middle, which would cost a message a minute.
    pub(crate) async fn there(&mut self) -> Option<Taken> {
        match self.held.pop_front() {
            Some(taken) => Some(taken),
            None => self.ask_shortly().await,
        }
    }

    /// Asks the queues in turn, those that no long question is open to.
    async fn ask_shortly(&mut self) -> Option<Taken> {
        let mut empty = Vec::new();
        for queue in self.order.next(&self.mine) {
            if self.open.contains(&queue) {
                empty.push(queue);
                continue;
            }
            match self.queues.take(queue, 1, Duration::ZERO, self.visibility).await {
                Ok(taken) => {
                    if let Some(taken) = taken.into_iter().next() {
                        self.order.came_from(queue, &empty);
                        return Some(taken);
                    }
                }
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), queue = queue.short_name(), "a queue does not answer");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            empty.push(queue);
        }
        None
    }

    /// Asks every queue to say when something comes.
    pub(crate) fn ask_for_long(&mut self) {
        for queue in self.mine.iter().copied().filter(|queue| !self.open.contains(queue)) {
            let (queues, visibility) = (self.queues.clone(), self.visibility);
            self.asked.push(Box::pin(async move {
                let answer = queues.take(queue, 1, WAIT, visibility).await;
                if answer.is_err() {
                    tokio::time::sleep(PAUSE).await;
                }
                (queue, answer)
            }));
        }
        self.open = self.mine.clone();
    }

    /// Waits for the answer to one long question; for ever, where none is open. It may be given up.
    pub(crate) async fn answer(&mut self) {
        let Some((queue, answer)) = self.asked.next().await else { return std::future::pending().await };
        self.open.retain(|open| *open != queue);
        match answer {
            Ok(taken) => self.held.extend(taken),
            Err(error) => {
                tracing::warn!(error = %Chain(&error), queue = queue.short_name(), "a queue does not answer");
            }
        }
        self.held.make_contiguous().sort_by_key(|taken| taken.queue.priority);
    }

    /// Everything that came or still comes, once no more is asked for.
    pub(crate) async fn rest(&mut self) -> Vec<Taken> {
        while !self.asked.is_empty() {
            self.answer().await;
        }
        self.held.drain(..).collect()
    }

    /// What came and waits for room, no longer.
    pub(crate) fn take_held(&mut self) -> Vec<Taken> {
        self.held.drain(..).collect()
    }
}
