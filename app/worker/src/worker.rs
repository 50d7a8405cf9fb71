//! The loop: room, a message, its job; and in the end, handing back what is not done.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use miyabi_queue::{QueueError, Queues, Taken};
use miyabi_shared::config::{ProcessEnvironment, WorkerConfig};
use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::job::{Job, JobMessage, JobQueue, JobState, RECEIVES, Size, WorkerSeen, choose_size};
use miyabi_shared::{TaskId, Timestamp};
use miyabi_store::{StoreError, TaskStore};
use miyabi_telemetry::Chain;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use crate::attempt::{self, Shared};
use crate::claim::{self, Claimant, Decision};
use crate::dead::Dead;
use crate::protection::Protection;
use crate::taking::Taking;

/// How often a record that others change is read again.
const TRIES: u32 = 8;
/// How long a message is held that there is no room for, before it is given to who has room.
const HELD: Duration = Duration::from_secs(5);
/// How often dead letters are looked at.
const DEAD_LETTERS: Duration = Duration::from_secs(15);

/// Why a worker cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not be set up.
    #[error("setting up the store")]
    Store(#[source] StoreError),
    /// There are no queues of its size.
    #[error("there are no queues of size {0}: its MIYABI_JOB_SIZES does not name it")]
    NoQueues(Size),
    /// Commands cannot run as somebody else.
    #[error(
        "MIYABI_WORKER_USER is set, and the worker does not run as root: only root can run commands as somebody else"
    )]
    NotRoot,
}

/// A worker.
#[derive(Debug)]
pub struct Worker {
    shared: Arc<Shared>,
    mine: Vec<JobQueue>,
    room: Arc<Semaphore>,
    protection: Arc<Protection>,
    running: Arc<std::sync::Mutex<BTreeMap<String, u32>>>,
}

impl Worker {
    /// A worker with that configuration, and the credentials of the process. `launcher` is the program that puts limits on
    /// commands, this one; without it they have none.
    ///
    /// # Errors
    /// When the configuration cannot work.
    pub async fn connect(config: WorkerConfig, launcher: Option<PathBuf>) -> Result<Self, StartError> {
        let aws = miyabi_aws::load().await;
        if !config.queues.sizes.contains(&config.size) {
            return Err(StartError::NoQueues(config.size));
        }
        if config.user.is_some() && !rustix::process::geteuid().is_root() {
            return Err(StartError::NotRoot);
        }
        let store = TaskStore::connect(&config.store, &aws).map_err(StartError::Store)?;
        let queues = Queues::new(config.queues.clone(), &aws);
        let id = uuid::Uuid::now_v7().simple().to_string();
        let name = format!("{}-{}", config.size, id.get(20..).unwrap_or(&id));
        let (mine, size) = (JobQueue::of(config.size).collect(), config.size);
        Ok(Self {
            shared: Arc::new(Shared { config, name, store, queues, launcher }),
            mine,
            room: Arc::new(Semaphore::new(usize::try_from(size.cpu_units()).unwrap_or(1))),
            protection: Arc::new(Protection::find(&ProcessEnvironment)),
            running: Arc::default(),
        })
    }

    /// Its name, by which the records of jobs know it.
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// Takes jobs and runs them until `stop`; then lets those that run go on for the time that the configuration gives, hands
    /// back what is not done by then, and comes to its end.
    pub async fn work_until(self, stop: impl Future<Output = ()>) {
        let shared = Arc::clone(&self.shared);
        tracing::info!(worker = shared.name, size = shared.config.size.as_str(), "the worker takes jobs");
        let mut taking = Taking::new(shared.queues.clone(), self.mine.clone(), shared.visibility());
        let (drain, drained) = watch::channel(false);
        let (draining, is_draining) = watch::channel(false);
        let duties = tokio::spawn(duties(
            Arc::clone(&shared),
            Arc::clone(&self.protection),
            Arc::clone(&self.running),
            is_draining,
            self.mine.clone(),
        ));
        let mut jobs = JoinSet::new();
        tokio::pin!(stop);
        while self.take_one(&mut taking, &mut jobs, &drained, &mut stop).await {
            while jobs.try_join_next().is_some() {}
        }
        tracing::info!(
            worker = shared.name,
            jobs = jobs.len(),
            "the worker was told to stop and takes no more jobs"
        );
        let _ = draining.send(true);
        self.give_back(taking.take_held()).await;
        let rest = async {
            let rest = taking.rest().await;
            self.give_back(rest).await;
        };
        let patience = Duration::from_secs(u64::from(shared.config.drain_seconds));
        let working = async {
            if tokio::time::timeout(patience, async { while jobs.join_next().await.is_some() {} })
                .await
                .is_err()
            {
                tracing::info!(worker = shared.name, jobs = jobs.len(), "jobs are handed back");
                let _ = drain.send(true);
                while jobs.join_next().await.is_some() {}
            }
        };
        futures::join!(rest, working);
        duties.abort();
        tracing::info!(worker = shared.name, "the worker has ended");
    }

    /// Takes one message and starts its job; `false` when it is time to stop.
    async fn take_one(
        &self,
        taking: &mut Taking,
        jobs: &mut JoinSet<()>,
        drained: &watch::Receiver<bool>,
        stop: &mut (impl Future<Output = ()> + Unpin),
    ) -> bool {
        let least = Size::Light.cpu_units();
        let Some(permit) = self.wait_for_room(least, None, taking, stop).await else { return false };
        let Some(taken) = taking.there().await else {
            taking.ask_for_long();
            return tokio::select! { biased; () = stop => false, () = taking.answer() => true };
        };
        let (task_id, message) = match JobMessage::parse(&taken.body) {
            Ok(parsed) => parsed,
            Err(error) => {
                // Shown again at once, until it has been delivered too often and is a dead letter.
                tracing::error!(error = %Chain(&error), message_id = taken.message_id, "a message is no job");
                self.give_back_one(&taken).await;
                return true;
            }
        };
        let size = choose_size(message.run.size, &message.task.labels).size.min(self.shared.config.size);
        let alone = self.is_suspect(&task_id, &message, &taken).await;
        let units = if alone { self.shared.config.size.cpu_units() } else { size.cpu_units() };
        let permit = if units > least {
            drop(permit);
            match self.wait_for_room(units, Some(&taken), taking, stop).await {
                Some(permit) => permit,
                None => {
                    self.give_back(vec![taken]).await;
                    return false;
                }
            }
        } else {
            permit
        };
        if alone {
            // What is on its way here would be lost with this worker too.
            let rest = taking.rest().await;
            self.give_back(rest).await;
            if let Err(error) = self.shared.queues.hold(&taken, self.shared.visibility()).await {
                tracing::warn!(error = %Chain(&error), %task_id, "a message is not this worker's any more");
                return true;
            }
        }
        jobs.spawn(self.clone_for_job().run(task_id, message, taken, size, permit, drained.clone()));
        true
    }

    /// Whether a worker was lost with the job before. It may have been the job's doing, so it runs alone: else a job that takes
    /// its worker with it would make dead letters of those beside it.
    async fn is_suspect(&self, task_id: &TaskId, message: &JobMessage, taken: &Taken) -> bool {
        if taken.receives <= 1 && message.attempt <= 1 {
            return false;
        }
        match self.shared.store.job(task_id).await {
            Ok(job) => job.is_some_and(|job| {
                job.losses > 0
                    || matches!(&job.state, JobState::Leased { until, .. } if *until <= Timestamp::now())
            }),
            // Nobody knows.
            Err(_) => true,
        }
    }

    /// Waits until so much is free. Meanwhile keeps what was taken; what there is no room for for a while is given back to who
    /// has room. `None` when it is time to stop.
    async fn wait_for_room(
        &self,
        units: u32,
        taken: Option<&Taken>,
        taking: &mut Taking,
        stop: &mut (impl Future<Output = ()> + Unpin),
    ) -> Option<OwnedSemaphorePermit> {
        let room = Arc::clone(&self.room).acquire_many_owned(units);
        tokio::pin!(room);
        let mut ticks =
            tokio::time::interval_at(tokio::time::Instant::now() + HELD, HELD.min(self.shared.lease() / 3));
        loop {
            tokio::select! {
                biased;
                () = &mut *stop => return None,
                permit = &mut room => return permit.ok(),
                () = taking.answer() => {}
                _ = ticks.tick() => {
                    let held = taking.take_held();
                    self.give_back(held).await;
                    if let Some(taken) = taken
                        && let Err(error) = self.shared.queues.hold(taken, self.shared.visibility()).await
                    {
                        tracing::warn!(error = %Chain(&error), "a message that waits for room was not held");
                    }
                }
            }
        }
    }

    async fn give_back(&self, taken: Vec<Taken>) {
        for taken in taken {
            self.give_back_one(&taken).await;
        }
    }

    /// Gives a message back that was not begun. One that was delivered often is sent anew, for it did nothing to become a dead letter.
    async fn give_back_one(&self, taken: &Taken) {
        let queues = &self.shared.queues;
        let given: Result<(), QueueError> = async {
            if taken.receives + 1 >= RECEIVES
                && let Ok((task_id, message)) = JobMessage::parse(&taken.body)
                && let Ok(kept) = self.shared.store.job(&task_id).await
                && let Some(renewed) =
                    claim::renewed(kept.as_ref(), message, &taken.message_id, Timestamp::now())
            {
                queues.send(taken.queue, &renewed, Duration::ZERO).await?;
                return queues.delete(taken).await;
            }
            queues.hold(taken, Duration::ZERO).await
        }
        .await;
        // It comes back by itself when its time is over.
        if let Err(error) = given {
            tracing::warn!(error = %Chain(&error), "a message was not given back");
        }
    }

    fn clone_for_job(&self) -> ForJob {
        ForJob {
            shared: Arc::clone(&self.shared),
            protection: Arc::clone(&self.protection),
            running: Arc::clone(&self.running),
        }
    }
}

/// What one job needs of the worker.
struct ForJob {
    shared: Arc<Shared>,
    protection: Arc<Protection>,
    running: Arc<std::sync::Mutex<BTreeMap<String, u32>>>,
}

impl ForJob {
    async fn run(
        self,
        task_id: TaskId,
        message: JobMessage,
        taken: Taken,
        size: Size,
        _room: OwnedSemaphorePermit,
        drained: watch::Receiver<bool>,
    ) {
        let job = match self.claim(&task_id, &message, &taken).await {
            Ok(Some(job)) => job,
            Ok(None) => return,
            Err(error) => {
                // It comes again when its time is over.
                tracing::warn!(error = %Chain(&*error), %task_id, "a job could not be taken");
                return;
            }
        };
        self.count(size, 1);
        self.protection.begin().await;
        attempt::run(Arc::clone(&self.shared), task_id, message, taken, job, drained).await;
        self.protection.end().await;
        self.count(size, -1);
    }

    fn count(&self, size: Size, by: i32) {
        let mut running = self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let count = running.entry(size.as_str().to_owned()).or_default();
        *count = count.saturating_add_signed(by);
    }

    /// Makes the job this worker's; `None` where it is not to be run now, and the message was dealt with.
    async fn claim(
        &self,
        task_id: &TaskId,
        message: &JobMessage,
        taken: &Taken,
    ) -> Result<Option<Job>, Box<dyn std::error::Error + Send + Sync>> {
        let Shared { store, queues, name, .. } = &*self.shared;
        for _ in 0..TRIES {
            let (kept, task) = futures::try_join!(store.job(task_id), store.current_task(task_id))?;
            if task.is_none() {
                // The message came before the API had written the task, or the API was lost in between.
                match store.create(&message.task).await {
                    Ok(_) => {}
                    Err(StoreError::Conflict { .. }) => {
                        tracing::error!(%task_id, "a message is about a task that another call made with other content");
                        queues.delete(taken).await?;
                        return Ok(None);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            let claimant = Claimant {
                worker: name,
                message_id: &taken.message_id,
                now: Timestamp::now(),
                lease: self.shared.lease(),
            };
            match claim::decide(kept, task.as_ref(), message, claimant) {
                Decision::Run(job) => {
                    if let Some(job) = store.save_job(task_id, *job).await? {
                        return Ok(Some(job));
                    }
                }
                Decision::Later(pause) => {
                    queues.hold(taken, pause).await?;
                    return Ok(None);
                }
                Decision::Done(job, why) => {
                    if let Some(job) = job
                        && store.save_job(task_id, *job).await?.is_none()
                    {
                        continue;
                    }
                    tracing::info!(%task_id, why, "a message was dropped");
                    queues.delete(taken).await?;
                    return Ok(None);
                }
                Decision::GiveUp(job, why) => {
                    let attempt = job.attempt;
                    if store.save_job(task_id, *job).await?.is_none() {
                        continue;
                    }
                    let result =
                        ResultEvent { status: ResultStatus::Failed, exit_code: None, message: Some(why) };
                    attempt::end_task(store, task_id, attempt, result).await?;
                    queues.delete(taken).await?;
                    return Ok(None);
                }
            }
        }
        Err("others change the record of the job all the time".into())
    }
}

/// What a worker does besides: it says that it is there, looks after dead letters, and keeps its protection.
async fn duties(
    shared: Arc<Shared>,
    protection: Arc<Protection>,
    running: Arc<std::sync::Mutex<BTreeMap<String, u32>>>,
    mut draining: watch::Receiver<bool>,
    queues: Vec<JobQueue>,
) {
    let mut dead = Dead::default();
    let mut words = tokio::time::interval(WorkerSeen::EVERY);
    let mut looks = tokio::time::interval(DEAD_LETTERS.min(shared.lease()));
    loop {
        let mut say = false;
        tokio::select! {
            _ = words.tick() => say = true,
            changed = draining.changed() => {
                if changed.is_err() {
                    return;
                }
                say = true;
            }
            _ = looks.tick() => {
                dead.look(&shared, &queues).await;
                protection.renew().await;
            }
        }
        if say {
            let running = running.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
            let seen = WorkerSeen {
                worker: shared.name.clone(),
                size: shared.config.size,
                running: running.into_iter().filter(|(_, count)| *count > 0).collect(),
                draining: *draining.borrow(),
                seen_at: Timestamp::now(),
            };
            if let Err(error) = shared.store.worker_is_there(&seen).await {
                tracing::warn!(error = %Chain(&error), "the worker could not say that it is there");
            }
        }
    }
}
