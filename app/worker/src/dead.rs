//! Dead letters, as far as tasks depend on them: a job whose every worker was lost leaves a task that would run for ever.

use std::collections::HashSet;
use std::time::Duration;

use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::job::{AttemptEnd, Job, JobMessage, JobQueue, JobState, RECEIVES};
use miyabi_shared::{TaskId, Timestamp};
use miyabi_telemetry::Chain;

use crate::attempt::{Shared, end_task};
use crate::claim;

/// For how long a dead letter that is looked at is hidden from a person who looks for it too.
const LOOKED_AT: Duration = Duration::from_secs(2);
/// How many letters are remembered as seen.
const SEEN: usize = 10_000;

/// Looks after dead letters.
#[derive(Debug, Default)]
pub(crate) struct Dead {
    seen: HashSet<String>,
}

impl Dead {
    /// Ends the tasks of the dead letters that were not seen before.
    pub(crate) async fn look(&mut self, shared: &Shared, queues: &[JobQueue]) {
        for queue in queues {
            if let Err(error) = self.look_at(shared, *queue).await {
                tracing::warn!(error = %Chain(&*error), queue = queue.short_name(), "dead letters were not looked at");
            }
        }
    }

    async fn look_at(
        &mut self,
        shared: &Shared,
        queue: JobQueue,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        // Counting touches nothing; only letters that are there are taken to be read.
        let (_, dead) = shared.queues.depth(queue).await?;
        if dead.waiting == 0 {
            return Ok(());
        }
        for letter in shared.queues.dead_letters(queue, LOOKED_AT).await? {
            if self.seen.contains(&letter.message_id) {
                continue;
            }
            match JobMessage::parse(&letter.body) {
                Ok((task_id, message)) => match settle(shared, queue, &task_id, message).await? {
                    Fate::Buried => {}
                    Fate::Needless => shared.queues.delete_dead_letter(&letter).await?,
                    Fate::Open => continue,
                },
                Err(error) => {
                    tracing::error!(error = %Chain(&error), message_id = letter.message_id, "a dead letter is no job");
                }
            }
            if self.seen.len() >= SEEN {
                self.seen.clear();
            }
            self.seen.insert(letter.message_id);
        }
        Ok(())
    }
}

/// What a dead letter means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Its job is given up; the letter is for a person.
    Buried,
    /// Its job went on without it, and is over or waits by a later message: the letter would do nothing.
    Needless,
    /// Another message brought its job to a worker, which is at work: to be seen later.
    Open,
}

fn fate(state: &JobState, message: &JobMessage, attempt: u32, now: Timestamp) -> Option<Fate> {
    match state {
        JobState::Dead {} => Some(Fate::Buried),
        JobState::Ended {} if message.attempt <= attempt => Some(Fate::Needless),
        JobState::Waiting {} if message.attempt < attempt => Some(Fate::Needless),
        JobState::Leased { until, .. } if *until > now => Some(Fate::Open),
        JobState::Ended {} | JobState::Waiting {} | JobState::Leased { .. } => None,
    }
}

/// What becomes of a job whose message is a dead letter and whom nobody has.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    /// It took too many workers with it.
    GiveUp,
    /// A message is a dead letter when it was received often, whatever for: a worker that falls takes along what it had just
    /// received. Few workers were lost with this job, so that it has another message, and this record to be kept first.
    Again(JobMessage, Option<Box<Job>>),
}

fn verdict(job: &Job, message: JobMessage) -> Verdict {
    if job.losses + 1 >= RECEIVES {
        return Verdict::GiveUp;
    }
    match job.state {
        // Whoever takes the later message finds that the worker is lost, and counts it.
        JobState::Leased { .. } => {
            Verdict::Again(JobMessage { attempt: job.attempt.saturating_add(1), ..message }, None)
        }
        // It never began: what counts it is this, or a message that ends every worker at once would go round for ever.
        _ => Verdict::Again(message, Some(Box::new(Job { losses: job.losses + 1, ..job.clone() }))),
    }
}

async fn settle(
    shared: &Shared,
    queue: JobQueue,
    task_id: &TaskId,
    message: JobMessage,
) -> Result<Fate, Box<dyn std::error::Error + Send + Sync>> {
    let now = Timestamp::now();
    let job = shared.store.job(task_id).await?.unwrap_or_else(|| claim::new_record(&message));
    if let Some(fate) = fate(&job.state, &message, job.attempt, now) {
        return Ok(fate);
    }
    match verdict(&job, message.clone()) {
        Verdict::GiveUp => give_up(shared, task_id, &message, job, now).await,
        Verdict::Again(message, kept) => {
            if let Some(kept) = kept
                && shared.store.save_job(task_id, *kept).await?.is_none()
            {
                return Ok(Fate::Open);
            }
            // The letter goes after its successor has come: of two messages one does nothing, of none the job would be lost.
            shared.queues.send(queue, &message, Duration::ZERO).await?;
            tracing::warn!(%task_id, attempt = message.attempt, "a job whose message was lost with its workers has another");
            Ok(Fate::Needless)
        }
    }
}

async fn give_up(
    shared: &Shared,
    task_id: &TaskId,
    message: &JobMessage,
    mut job: Job,
    now: Timestamp,
) -> Result<Fate, Box<dyn std::error::Error + Send + Sync>> {
    job.losses += 1;
    let reason = format!("given up: {} workers were lost with it; its message is a dead letter", job.losses);
    job.end(AttemptEnd::Lost, Some(reason.clone()), now);
    job.attempt = job.attempt.max(message.attempt);
    job.state = JobState::Dead {};
    let attempt = job.attempt;
    if shared.store.current_task(task_id).await?.is_none() {
        shared.store.create(&message.task).await?;
    }
    if shared.store.save_job(task_id, job).await?.is_none() {
        return Ok(Fate::Open);
    }
    let result = ResultEvent { status: ResultStatus::Failed, exit_code: None, message: Some(reason) };
    end_task(&shared.store, task_id, attempt, result).await?;
    tracing::error!(%task_id, attempt, "a job was given up");
    Ok(Fate::Buried)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(attempt: u32) -> JobMessage {
        let text = format!(
            r#"{{"task": {{"task_id": "t", "project_id": "p", "task_type": "command", "name": "n"}},
            "run": {{"command": ["true"]}}, "attempt": {attempt}, "queued_at": "2026-11-22T04:00:00Z"}}"#
        );
        JobMessage::parse(&text).unwrap().1
    }

    #[test]
    fn a_job_is_given_up_for_the_workers_that_were_lost_with_it_and_not_for_the_deliveries_of_its_message() {
        let waiting = claim::new_record(&message(1));
        let counted = Job { losses: 1, ..waiting.clone() };
        assert_eq!(verdict(&waiting, message(1)), Verdict::Again(message(1), Some(Box::new(counted))));
        let until = Timestamp::from_millis(1);
        let state = JobState::Leased { worker: "w".to_owned(), message_id: "m".to_owned(), until };
        let lost = Job { state, attempt: 2, losses: 1, ..waiting.clone() };
        assert_eq!(verdict(&lost, message(1)), Verdict::Again(message(3), None));
        for job in [lost, waiting] {
            assert_eq!(verdict(&Job { losses: RECEIVES - 1, ..job }, message(1)), Verdict::GiveUp);
        }
    }

    #[test]
    fn a_letter_whose_job_went_on_is_needless_and_one_whose_job_is_nobodys_is_given_up() {
        let text = r#"{"task": {"task_id": "t", "project_id": "p", "task_type": "command", "name": "n"},
            "run": {"command": ["true"]}, "attempt": 2, "queued_at": "2026-11-22T04:00:00Z"}"#;
        let (_, message) = JobMessage::parse(text).unwrap();
        let now = Timestamp::from_millis(10_000);
        let leased = |until| JobState::Leased {
            worker: "w".to_owned(),
            message_id: "m".to_owned(),
            until: Timestamp::from_millis(until),
        };
        for (state, attempt, expected) in [
            (JobState::Ended {}, 2, Some(Fate::Needless)),
            (JobState::Ended {}, 1, None),
            (JobState::Waiting {}, 3, Some(Fate::Needless)),
            (JobState::Waiting {}, 2, None),
            (leased(10_001), 2, Some(Fate::Open)),
            (leased(10_000), 2, None),
            (JobState::Dead {}, 2, Some(Fate::Buried)),
        ] {
            assert_eq!(fate(&state, &message, attempt, now), expected, "{state:?} {attempt}");
        }
    }
}
