//! One attempt at a job: the lease that is renewed, the command that runs, and what becomes of both.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use miyabi_cli::engine::{Ended, Engine, Finished, Handle, Job as Running, Stop, Told};
use miyabi_queue::{Queues, Taken};
use miyabi_shared::config::{ProcessEnvironment, WorkerConfig};
use miyabi_shared::event::{EventBody, ResultEvent, ResultStatus};
use miyabi_shared::job::{AttemptEnd, Job, JobMessage, JobState};
use miyabi_shared::{TaskEvent, TaskId, TaskStatus, Timestamp, limits};
use miyabi_store::{StoreError, TaskStore};
use miyabi_telemetry::Chain;
use tokio::sync::{oneshot, watch};

use crate::command;
use crate::sink::StoreSink;

/// How often the task is looked at, whether somebody cancelled it.
const LOOK: Duration = Duration::from_secs(1);
/// The pause before the first repetition; each one after it is twice as long…
const FIRST_PAUSE: Duration = Duration::from_secs(2);
/// …up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(900);

/// What attempts share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: WorkerConfig,
    pub(crate) name: String,
    pub(crate) store: TaskStore,
    pub(crate) queues: Queues,
    pub(crate) launcher: Option<PathBuf>,
}

impl Shared {
    pub(crate) fn lease(&self) -> Duration {
        Duration::from_secs(u64::from(self.config.lease_seconds))
    }

    /// A message is hidden a little longer than the lease lasts, so that who gets it next finds the lease over.
    pub(crate) fn visibility(&self) -> Duration {
        self.lease() + Duration::from_secs(2)
    }
}

/// The pause before attempt number `failures + 1`: doubling, with half of it by chance, so that what failed together does not
/// come back together.
pub fn pause(failures: u32, chance: f64) -> Duration {
    let whole = FIRST_PAUSE.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(LONGEST_PAUSE);
    whole.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

/// What the end of a command means for its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// How the attempt ended.
    pub end: AttemptEnd,
    /// Why, for people.
    pub reason: Option<String>,
    /// The pause before the next attempt; `None` where there is none.
    pub again: Option<Duration>,
}

/// Decides what follows on the end of a command.
pub fn verdict(job: &Job, ended: &Ended, chance: f64) -> Verdict {
    let failed = |end, reason: String| {
        let failures = job.failures + 1;
        let again = (failures <= u32::from(job.run.retries)).then(|| pause(failures, chance));
        Verdict { end, reason: Some(reason), again }
    };
    match ended.stopped {
        Some(Stop::Cancelled) => Verdict { end: AttemptEnd::Cancelled, reason: None, again: None },
        Some(Stop::HandedBack) => Verdict {
            end: AttemptEnd::HandedBack,
            reason: Some("the worker was told to stop and gave the job back".to_owned()),
            again: Some(Duration::ZERO),
        },
        Some(Stop::Lost) => Verdict { end: AttemptEnd::Lost, reason: None, again: None },
        Some(Stop::TimedOut) => {
            failed(AttemptEnd::TimedOut, format!("it took longer than {} s", job.run.timeout))
        }
        None if ended.succeeded => Verdict { end: AttemptEnd::Succeeded, reason: None, again: None },
        None => {
            let reason = ended.message.clone().unwrap_or_else(|| format!("exit code {}", ended.code));
            failed(AttemptEnd::Failed, reason)
        }
    }
}

/// What is told of the end to whoever follows the task.
fn told(job: &Job, ended: &Ended, verdict: &Verdict) -> Told {
    let status = match verdict.end {
        AttemptEnd::Succeeded => ResultStatus::Succeeded,
        AttemptEnd::Cancelled => ResultStatus::Cancelled,
        _ => ResultStatus::Failed,
    };
    match verdict.again {
        Some(pause) => {
            let why = verdict.reason.as_deref().unwrap_or("it is over");
            let when =
                if pause.is_zero() { String::new() } else { format!(" in {} s", pause.as_secs().max(1)) };
            Told::Unfinished(format!(
                "attempt {}: {why}; attempt {} follows{when}",
                job.attempt,
                job.attempt + 1
            ))
        }
        None => {
            Told::Result(ResultEvent { status, exit_code: Some(ended.code), message: verdict.reason.clone() })
        }
    }
}

/// Runs a job that is this worker's, and does what follows. `drained` turns true when jobs are to be handed back.
pub(crate) async fn run(
    shared: Arc<Shared>,
    task_id: TaskId,
    message: JobMessage,
    taken: Taken,
    job: Job,
    drained: watch::Receiver<bool>,
) {
    let attempt = job.attempt;
    match try_run(&shared, &task_id, &message, &taken, job, drained).await {
        Ok(()) => {}
        // The message comes again when its time is over, and whoever gets it goes on from the record.
        Err(error) => {
            tracing::error!(error = %Chain(&*error), %task_id, attempt, "an attempt could not be brought to its end");
        }
    }
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn try_run(
    shared: &Shared,
    task_id: &TaskId,
    message: &JobMessage,
    taken: &Taken,
    job: Job,
    drained: watch::Receiver<bool>,
) -> Result<(), Failure> {
    let started = tokio::time::Instant::now();
    let (handle, finished) = start(shared, task_id, job.clone())?;
    let mut holding = Holding { shared, task_id, taken, job, renewed: started };
    let finished = holding.hold_until(finished, &handle, started, drained).await?;
    let job = holding.job;
    let Some((finished, verdict)) = finished else {
        return Err("the thread of a job ended without a word".into());
    };
    if verdict.end == AttemptEnd::Lost {
        tracing::warn!(%task_id, attempt = job.attempt, "the job is another worker's by now; its command was ended");
        return Ok(());
    }
    finish(shared, task_id, message, taken, job, &finished, verdict).await
}

type Outcome = oneshot::Receiver<std::io::Result<(Finished, Verdict)>>;

/// Starts the command on a thread of its own, which lives as long as it does.
fn start(shared: &Shared, task_id: &TaskId, job: Job) -> Result<(Handle, Outcome), Failure> {
    let environment = ProcessEnvironment;
    let launcher: Option<&Path> = shared.launcher.as_deref();
    let prepared = command::prepare(&shared.config, launcher, &environment, task_id.as_str(), &job);
    let (tell, finished) = oneshot::channel();
    let grace = u64::from(shared.config.grace_seconds);
    let sink = Arc::new(StoreSink::new(shared.store.clone(), task_id.clone()));
    let (give_handle, handle) = std::sync::mpsc::channel();
    std::thread::Builder::new().name("job".to_owned()).spawn(move || {
        let (command, variables, folder, broken) = match prepared {
            Ok(prepared) => (prepared.command, prepared.variables, Some(prepared.folder), None),
            // Told as the end of a command that could not be started.
            Err(error) => (std::process::Command::new(""), Vec::new(), None, Some(Chain(&error).to_string())),
        };
        let nowhere = PathBuf::from("/nonexistent");
        let root = folder.as_ref().map_or(nowhere, |folder| folder.path().join("unsent"));
        let running = Running {
            task: job.task.clone(),
            attempt: job.attempt,
            command,
            sink,
            environment: &environment,
            variables,
            folder: &root,
            grace: Duration::from_secs(grace),
        };
        let (engine, handle) = Engine::new(running);
        let _ = give_handle.send(handle);
        let mut decided = None;
        let finished = engine.run(|ended| {
            let mut ended = ended.clone();
            if let Some(broken) = broken {
                ended.message = Some(broken);
            }
            let verdict = verdict(&job, &ended, fastrand::f64());
            let told = told(&job, &ended, &verdict);
            decided = Some(verdict);
            told
        });
        let finished = finished.and_then(|finished| {
            decided
                .map(|verdict| (finished, verdict))
                .ok_or_else(|| std::io::Error::other("nothing was decided"))
        });
        drop(folder);
        // Nobody waits where the worker ends.
        let _ = tell.send(finished);
    })?;
    Ok((handle.recv()?, finished))
}

/// Keeps the job while it runs.
struct Holding<'run> {
    shared: &'run Shared,
    task_id: &'run TaskId,
    taken: &'run Taken,
    job: Job,
    renewed: tokio::time::Instant,
}

impl Holding<'_> {
    async fn hold_until(
        &mut self,
        mut finished: Outcome,
        handle: &Handle,
        started: tokio::time::Instant,
        mut drained: watch::Receiver<bool>,
    ) -> Result<Option<(Finished, Verdict)>, Failure> {
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let over = tokio::time::sleep_until(started + Duration::from_secs(u64::from(self.job.run.timeout)));
        tokio::pin!(over);
        let (mut timed_out, mut handed_back, mut stopped) = (false, false, false);
        loop {
            tokio::select! {
                biased;
                finished = &mut finished => {
                    return match finished {
                        Ok(finished) => Ok(Some(finished?)),
                        Err(_) => Ok(None),
                    };
                }
                () = &mut over, if !timed_out => {
                    timed_out = true;
                    handle.stop(Stop::TimedOut);
                }
                () = async { let _ = drained.wait_for(|drained| *drained).await; }, if !handed_back => {
                    handed_back = true;
                    handle.stop(Stop::HandedBack);
                }
                _ = looks.tick() => {
                    if let Some(stop) = self.look().await
                        && (!stopped || stop == Stop::Lost)
                    {
                        stopped = true;
                        handle.stop(stop);
                    }
                }
            }
        }
    }

    /// Renews what is due, and looks whether somebody wants the job to end.
    async fn look(&mut self) -> Option<Stop> {
        let lease = self.shared.lease();
        if self.renewed.elapsed() >= lease / 3 {
            match self.renew().await {
                Ok(true) => self.renewed = tokio::time::Instant::now(),
                Ok(false) => return Some(Stop::Lost),
                Err(error) => {
                    tracing::warn!(error = %Chain(&error), task_id = %self.task_id, "a lease was not renewed");
                    // Before somebody else may begin, this one has to have ended.
                    if self.renewed.elapsed() >= lease.mul_f64(0.8) {
                        return Some(Stop::Lost);
                    }
                }
            }
        }
        match self.shared.store.current_task(self.task_id).await {
            Ok(Some(task)) if task.attempt == self.job.attempt && task.status == TaskStatus::Cancelled => {
                Some(Stop::Cancelled)
            }
            // A task that cannot be looked at may be cancelled a little later.
            _ => None,
        }
    }

    /// Whether the job is still this worker's.
    async fn renew(&mut self) -> Result<bool, StoreError> {
        let store = &self.shared.store;
        let JobState::Leased { message_id, .. } = &self.job.state else { return Ok(false) };
        let mut next = self.job.clone();
        next.state = JobState::Leased {
            worker: self.shared.name.clone(),
            message_id: message_id.clone(),
            until: Timestamp::now().plus(self.shared.lease()),
        };
        match store.save_job(self.task_id, next).await? {
            Some(kept) => self.job = kept,
            None => return Ok(false),
        }
        // The record decides who has the job; a message that shows too early is put off by it.
        if let Err(error) = self.shared.queues.hold(self.taken, self.shared.visibility()).await {
            tracing::warn!(error = %Chain(&error), task_id = %self.task_id, "a message was not held");
        }
        Ok(true)
    }
}

/// Notes how the attempt ended, puts the job back where another follows, and deletes the message: in that order, so that
/// whoever goes on after a crash in between finds what was done.
async fn finish(
    shared: &Shared,
    task_id: &TaskId,
    message: &JobMessage,
    taken: &Taken,
    mut job: Job,
    finished: &Finished,
    verdict: Verdict,
) -> Result<(), Failure> {
    let now = Timestamp::now();
    if let (Told::Result(result), true) = (&finished.told, finished.unsent_events > 0) {
        // It was not taken in time, and the worker may not live until it is.
        end_task(&shared.store, task_id, job.attempt, result.clone()).await?;
    }
    let Verdict { end, reason, again } = verdict;
    job.end(end, reason, now);
    match again {
        None => {
            job.failures += u32::from(matches!(end, AttemptEnd::Failed | AttemptEnd::TimedOut));
            job.state = JobState::Ended {};
            keep(shared, task_id, job).await?;
        }
        Some(pause) => {
            let attempt = job.attempt;
            job.failures += u32::from(end != AttemptEnd::HandedBack);
            job.attempt += 1;
            job.queued_at = now;
            // The queue counts in whole seconds.
            let pause = Duration::from_secs(pause.as_millis().div_ceil(1000).try_into().unwrap_or(0));
            job.not_before = (!pause.is_zero()).then(|| now.plus(pause));
            job.state = JobState::Waiting {};
            let next = JobMessage { attempt: job.attempt, queued_at: now, ..message.clone() };
            shared.queues.send(taken.queue, &next, pause).await?;
            keep(shared, task_id, job).await?;
            shared.store.requeue(task_id, attempt).await?;
        }
    }
    shared.queues.delete(taken).await?;
    Ok(())
}

async fn keep(shared: &Shared, task_id: &TaskId, job: Job) -> Result<(), Failure> {
    match shared.store.save_job(task_id, job).await? {
        Some(_) => Ok(()),
        None => Err("the record of the job was changed by somebody else".into()),
    }
}

/// Ends a task by the tables alone.
pub(crate) async fn end_task(
    store: &TaskStore,
    task_id: &TaskId,
    attempt: u32,
    result: ResultEvent,
) -> Result<(), StoreError> {
    // The highest number: what the command said before is not after this.
    let event = TaskEvent {
        attempt,
        sequence: limits::COUNT,
        time: Timestamp::now(),
        body: EventBody::Result(result),
    };
    store.apply_events(task_id, &[event]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::new_record;

    fn job(retries: u8, failures: u32) -> Job {
        let text = format!(
            r#"{{"task": {{"task_id": "t", "project_id": "p", "task_type": "command", "name": "n"}},
                "run": {{"command": ["false"], "retries": {retries}}}, "attempt": 1, "queued_at": "2026-11-22T04:00:00Z"}}"#
        );
        let (_, message) = JobMessage::parse(&text).unwrap();
        Job { failures, ..new_record(&message) }
    }

    fn ended(code: i32, stopped: Option<Stop>) -> Ended {
        Ended { code, succeeded: code == 0, stopped, message: None }
    }

    #[test]
    fn pauses_double_with_chance_and_have_an_end() {
        assert_eq!(pause(1, 0.0), Duration::from_secs(1));
        assert_eq!(pause(1, 1.0), Duration::from_secs(2));
        assert_eq!(pause(4, 1.0), Duration::from_secs(16));
        assert_eq!(pause(400, 1.0), LONGEST_PAUSE);
    }

    #[test]
    fn a_failure_is_repeated_as_often_as_the_job_says() {
        assert!(verdict(&job(1, 0), &ended(3, None), 0.5).again.is_some());
        assert_eq!(verdict(&job(1, 1), &ended(3, None), 0.5).again, None);
        assert_eq!(verdict(&job(9, 0), &ended(0, None), 0.5).again, None);
        let timed_out = verdict(&job(0, 0), &ended(143, Some(Stop::TimedOut)), 0.5);
        assert_eq!(timed_out.reason.as_deref(), Some("it took longer than 3600 s"));
        assert_eq!(verdict(&job(9, 0), &ended(143, Some(Stop::Cancelled)), 0.5).again, None);
    }

    #[test]
    fn what_is_handed_back_begins_again_at_once_and_costs_no_retry() {
        let verdict = verdict(&job(0, 0), &ended(143, Some(Stop::HandedBack)), 0.5);
        assert_eq!((verdict.end, verdict.again), (AttemptEnd::HandedBack, Some(Duration::ZERO)));
    }
}
