//! Dead letters: looking at them, and sending them again at a rate.
//!
//! SQS can move messages back by itself (`StartMessageMoveTask`), one task at a time for a queue. This does it message by
//! message instead, because a message that is sent again must keep its group, on which fairness depends, and because an
//! emulator does no more.

use std::time::{Duration, Instant};

use miyabi_shared::job::{JobMessage, JobQueue};

use super::{QueueError, Queues, Taken};

/// For how long a message is hidden from others while it is moved.
const MOVING: Duration = Duration::from_secs(30);

/// What became of dead letters that were sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Redriven {
    /// How many went back to their queue.
    pub moved: u32,
    /// Whether there may be more of them.
    pub more: bool,
}

impl Queues {
    /// Takes up to ten dead letters to look at. They are hidden for `visibility`, and then there again.
    ///
    /// # Errors
    /// When the queue cannot be reached or refuses.
    pub async fn dead_letters(
        &self,
        queue: JobQueue,
        visibility: Duration,
    ) -> Result<Vec<Taken>, QueueError> {
        let url = self.queues.dead_letters_url(queue);
        self.take_from(&url, queue, 10, Duration::ZERO, visibility).await
    }

    /// Takes a dead letter out for good.
    ///
    /// # Errors
    /// When the queue cannot be reached or refuses.
    pub async fn delete_dead_letter(&self, letter: &Taken) -> Result<(), QueueError> {
        self.delete_from(&self.queues.dead_letters_url(letter.queue), &letter.handle).await
    }

    /// Sends dead letters to the queue that they came from: `most` of them, at `per_second`, for at most `time`. Each is sent
    /// before it is deleted, so that none is lost; who takes a copy finds out by its record.
    ///
    /// # Errors
    /// When a queue cannot be reached or refuses. What was moved by then stays so.
    pub async fn redrive(
        &self,
        queue: JobQueue,
        most: u32,
        per_second: u32,
        time: Duration,
    ) -> Result<Redriven, QueueError> {
        let (from, to) = (self.queues.dead_letters_url(queue), self.queues.url(queue));
        let (begun, pause) = (Instant::now(), Duration::from_secs(1) / per_second.max(1));
        let mut redriven = Redriven::default();
        loop {
            let wanted = most.saturating_sub(redriven.moved).min(10);
            if wanted == 0 {
                redriven.more = self.depth_of(&from).await?.waiting > 0;
                return Ok(redriven);
            }
            // No more than can be moved within the time: what is hidden is nobody's.
            let left = time.saturating_sub(begun.elapsed());
            let possible = u32::try_from(left.as_nanos() / pause.as_nanos().max(1)).unwrap_or(u32::MAX);
            if possible == 0 {
                redriven.more = true;
                return Ok(redriven);
            }
            let count = i32::try_from(wanted.min(possible)).unwrap_or(1);
            let taken = self.take_from(&from, queue, count, Duration::ZERO, MOVING).await?;
            if taken.is_empty() {
                return Ok(redriven);
            }
            for letter in taken {
                let group = JobMessage::parse(&letter.body)
                    .ok()
                    .map(|(_, message)| message.task.project_id.as_str().to_owned());
                self.send_text(&to, &letter.body, group.as_deref(), Duration::ZERO).await?;
                self.delete_from(&from, &letter.handle).await?;
                redriven.moved += 1;
                tokio::time::sleep(pause).await;
            }
        }
    }
}
