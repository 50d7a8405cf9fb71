//! Whether the job that a message brings is to be run now, and as which attempt. Pure: the record and the task in, a decision out.
//!
//! A message may be delivered twice, sent twice, and outlive the worker that had it. The record in the table decides: it
//! names the worker, the message that this worker holds, and until when. Whoever wants the job changes the record by
//! compare-and-set, so of two that decide the same, one gets it.

use std::time::Duration;

use miyabi_shared::job::{AttemptEnd, Idempotency, Job, JobMessage, JobState, RECEIVES, choose_size};
use miyabi_shared::{Task, TaskStatus, Timestamp};

/// Where a job is with another worker, its copy looks again no sooner than this.
const LATER: Duration = Duration::from_secs(1);

/// What is to be done about a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Run it: this is the record to keep first.
    Run(Box<Job>),
    /// There is nothing left to do: delete the message. Where there is a record, it is to be kept first.
    Done(Option<Box<Job>>, &'static str),
    /// Somebody is at work on it: hide the message for so long.
    Later(Duration),
    /// It must not run again: keep the record, end the task as failed for this reason, delete the message.
    GiveUp(Box<Job>, String),
}

/// Who wants the job, and when.
#[derive(Debug, Clone, Copy)]
pub struct Claimant<'claim> {
    /// The worker.
    pub worker: &'claim str,
    /// The message that it holds.
    pub message_id: &'claim str,
    /// The time.
    pub now: Timestamp,
    /// For how long it is given the job.
    pub lease: Duration,
}

/// The record of a job that has none yet.
pub fn new_record(message: &JobMessage) -> Job {
    Job {
        task: message.task.clone(),
        run: message.run.clone(),
        size: choose_size(message.run.size, &message.task.labels),
        attempt: message.attempt,
        state: JobState::Waiting {},
        queued_at: message.queued_at,
        not_before: None,
        failures: 0,
        losses: 0,
        attempts: Vec::new(),
        version: 0,
    }
}

/// Decides.
pub fn decide(
    kept: Option<Job>,
    task: Option<&Task>,
    message: &JobMessage,
    claimant: Claimant<'_>,
) -> Decision {
    let job = kept.unwrap_or_else(|| new_record(message));
    let (now, attempt) = (claimant.now, job.attempt);
    // Of a task that goes on with a later attempt, an earlier end says nothing.
    let over = |attempt: u32| task.filter(|task| task.status.is_terminal() && task.attempt >= attempt);
    match job.state.clone() {
        JobState::Ended {} if message.attempt <= attempt => Decision::Done(None, "it has ended"),
        JobState::Waiting {} if message.attempt < attempt => Decision::Done(None, "a later attempt waits"),
        JobState::Ended {} | JobState::Waiting {} => {
            let attempt = message.attempt.max(attempt);
            if over(attempt).is_some_and(|task| task.status == TaskStatus::Cancelled) {
                return cancelled(job);
            }
            if let Some(left) =
                job.not_before.map(|earliest| earliest.since(now)).filter(|left| !left.is_zero())
            {
                return Decision::Later(left.max(LATER));
            }
            // A person had it run again: what failed before counts no more.
            let again = matches!(job.state, JobState::Ended {});
            let job = if again { Job { failures: 0, losses: 0, ..job } } else { job };
            run(job, attempt, message, claimant)
        }
        // Its message was sent again by a person.
        JobState::Dead {} => {
            let mut job = Job { losses: 0, failures: 0, ..job };
            job.queued_at = now;
            run(job, attempt.saturating_add(1).max(message.attempt), message, claimant)
        }
        JobState::Leased { message_id, until, .. } => {
            let same = message_id == claimant.message_id;
            if until > now {
                return if same || message.attempt > attempt {
                    Decision::Later(until.since(now).max(LATER))
                } else {
                    Decision::Done(None, "it is a copy of one that a worker has")
                };
            }
            if !same && message.attempt <= attempt {
                return Decision::Done(None, "it is a copy of one that a worker had");
            }
            lost(job, over(attempt).map(|task| task.status), message, claimant)
        }
    }
}

/// The message to send in the place of one that was delivered often and could not be begun, so that its deliveries count from
/// the start; `None` where it has to stay.
pub fn renewed(
    kept: Option<&Job>,
    message: JobMessage,
    message_id: &str,
    now: Timestamp,
) -> Option<JobMessage> {
    let Some(job) = kept else { return Some(message) };
    match &job.state {
        JobState::Waiting {} if message.attempt >= job.attempt => Some(message),
        // The lease of a lost worker names the old message: a new one about the same attempt would be its copy. Who was lost
        // with many workers counts on.
        JobState::Leased { message_id: leased, until, .. }
            if leased == message_id && *until <= now && job.losses + 1 < RECEIVES =>
        {
            Some(JobMessage { attempt: job.attempt.saturating_add(1), ..message })
        }
        _ => None,
    }
}

fn run(mut job: Job, attempt: u32, message: &JobMessage, claimant: Claimant<'_>) -> Decision {
    if message.attempt > job.attempt {
        job.queued_at = message.queued_at;
    }
    job.attempt = attempt;
    job.state = JobState::Leased {
        worker: claimant.worker.to_owned(),
        message_id: claimant.message_id.to_owned(),
        until: claimant.now.plus(claimant.lease),
    };
    job.begin(claimant.worker, claimant.now);
    Decision::Run(Box::new(job))
}

fn cancelled(mut job: Job) -> Decision {
    job.state = JobState::Ended {};
    Decision::Done(Some(Box::new(job)), "its task was cancelled")
}

/// The worker that had it says nothing any more.
fn lost(mut job: Job, over: Option<TaskStatus>, message: &JobMessage, claimant: Claimant<'_>) -> Decision {
    if let Some(status) = over {
        // It was lost after it had told of the end.
        let end = match status {
            TaskStatus::Succeeded => AttemptEnd::Succeeded,
            TaskStatus::Cancelled => AttemptEnd::Cancelled,
            _ => AttemptEnd::Failed,
        };
        job.end(end, None, claimant.now);
        job.state = JobState::Ended {};
        return Decision::Done(Some(Box::new(job)), "it had ended");
    }
    let reason = "the worker was lost: it gave no sign of life until its time was over".to_owned();
    job.end(AttemptEnd::Lost, Some(reason), claimant.now);
    job.losses += 1;
    if job.run.idempotency == Idempotency::Once {
        job.state = JobState::Ended {};
        let reason = "the worker was lost in the middle, and the job must not run twice".to_owned();
        return Decision::GiveUp(Box::new(job), reason);
    }
    job.queued_at = claimant.now;
    let attempt = job.attempt.saturating_add(1).max(message.attempt);
    run(job, attempt, message, claimant)
}

#[cfg(test)]
mod tests {
    use miyabi_shared::event::CreateTask;
    use miyabi_shared::job::Run;

    use super::*;

    const LEASE: Duration = Duration::from_secs(60);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + seconds * 1000)
    }

    fn message(attempt: u32) -> JobMessage {
        let run: Run = serde_json::from_str(r#"{"command": ["true"], "retries": 2}"#).unwrap();
        let task: CreateTask = serde_json::from_str(
            r#"{"task_id": "t", "project_id": "p", "task_type": "command", "name": "n"}"#,
        )
        .unwrap();
        JobMessage { task, run, attempt, queued_at: at(0) }
    }

    fn claimant<'a>(worker: &'a str, message_id: &'a str, seconds: i64) -> Claimant<'a> {
        Claimant { worker, message_id, now: at(seconds), lease: LEASE }
    }

    fn claimed(decision: Decision) -> Job {
        match decision {
            Decision::Run(job) => *job,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_first_message_is_run_and_a_copy_of_it_is_not() {
        let job = claimed(decide(None, None, &message(1), claimant("a", "m1", 5)));
        assert_eq!((job.attempt, job.attempts[0].queue_wait_milliseconds), (1, 5000));
        let copy = decide(Some(job.clone()), None, &message(1), claimant("b", "m2", 6));
        assert!(matches!(copy, Decision::Done(None, _)), "{copy:?}");
        // The same message, delivered twice: it must not be deleted, for it brings the job back if the worker is lost.
        let twice = decide(Some(job), None, &message(1), claimant("b", "m1", 6));
        assert_eq!(twice, Decision::Later(Duration::from_secs(59)));
    }

    #[test]
    fn a_lost_worker_costs_an_attempt_and_its_message_brings_the_next_ones_too() {
        let mut job = claimed(decide(None, None, &message(1), claimant("a", "m1", 0)));
        for (attempt, seconds) in [(2, 61), (3, 122)] {
            job = claimed(decide(Some(job), None, &message(1), claimant("b", "m1", seconds)));
            assert_eq!((job.attempt, job.losses), (attempt, attempt - 1));
        }
        assert_eq!(job.attempts[0].end, Some(AttemptEnd::Lost));
        assert_eq!(job.attempts.len(), 3);
    }

    #[test]
    fn a_job_that_must_not_run_twice_is_given_up_when_its_worker_is_lost() {
        let mut message = message(1);
        message.run.idempotency = Idempotency::Once;
        let job = claimed(decide(None, None, &message, claimant("a", "m1", 0)));
        let decision = decide(Some(job), None, &message, claimant("b", "m1", 61));
        assert!(matches!(decision, Decision::GiveUp(job, _) if job.state == JobState::Ended {}));
    }

    #[test]
    fn what_waits_again_is_run_by_the_later_message_alone_and_not_too_early() {
        let mut job = claimed(decide(None, None, &message(1), claimant("a", "m1", 0)));
        job.end(AttemptEnd::Failed, None, at(3));
        job.state = JobState::Waiting {};
        job.attempt = 2;
        job.not_before = Some(at(20));
        let early = decide(Some(job.clone()), None, &message(2), claimant("b", "m2", 10));
        assert_eq!(early, Decision::Later(Duration::from_secs(10)));
        let old = decide(Some(job.clone()), None, &message(1), claimant("b", "m1", 10));
        assert!(matches!(old, Decision::Done(None, _)));
        let job = claimed(decide(Some(job), None, &message(2), claimant("b", "m2", 21)));
        assert_eq!((job.attempt, job.attempts[1].queue_wait_milliseconds), (2, 1000));
    }

    #[test]
    fn a_message_that_could_not_be_begun_is_renewed_and_takes_over_from_a_lost_worker() {
        assert_eq!(renewed(None, message(1), "m1", at(0)), Some(message(1)));
        let job = claimed(decide(None, None, &message(1), claimant("a", "m1", 0)));
        assert_eq!(renewed(Some(&job), message(1), "m1", at(59)), None, "somebody is at work on it");
        let new = renewed(Some(&job), message(1), "m1", at(61)).unwrap();
        assert_eq!(new.attempt, 2);
        let job = claimed(decide(Some(job), None, &new, claimant("b", "m2", 62)));
        assert_eq!((job.attempt, job.losses), (2, 1));
        let old = decide(Some(job.clone()), None, &message(1), claimant("c", "m1", 63));
        assert!(matches!(old, Decision::Done(None, _)), "the message that was renewed does nothing any more");
        let often = Job { losses: RECEIVES - 1, ..job };
        assert_eq!(renewed(Some(&often), new, "m2", at(500)), None);
    }

    #[test]
    fn a_dead_letter_that_is_sent_again_begins_a_new_attempt() {
        let mut job = claimed(decide(None, None, &message(1), claimant("a", "m1", 0)));
        job.attempt = 3;
        job.losses = 3;
        job.state = JobState::Dead {};
        let job = claimed(decide(Some(job), None, &message(1), claimant("b", "m9", 500)));
        assert_eq!((job.attempt, job.losses), (4, 0));
    }
}
