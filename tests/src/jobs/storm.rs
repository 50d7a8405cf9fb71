//! Many jobs over a few workers, with everything going wrong that can.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use aws_config::{BehaviorVersion, Region, SdkConfig};
use miyabi_local::cloud::Cloud;
use miyabi_queue::Queues;
use miyabi_shared::job::{JobQueue, Priority};
use miyabi_shared::local;
use serde_json::json;

use super::{WorkerProcess, job_of, post_job, shell_job};
use crate::{Api, wait_until};

const PROJECTS: [&str; 3] = ["one", "two", "three"];
/// How long a job stays with a worker that was killed, in seconds.
const LEASE_SECONDS: u32 = 4;

/// What is to happen.
#[derive(Debug, Clone, Copy)]
pub struct Storm {
    /// How many jobs there are, besides the one that takes every worker with it.
    pub jobs: usize,
    /// How many workers there are; one that is lost is replaced.
    pub workers: usize,
    /// How many of them are killed, spread over the run, besides those that the poison takes.
    pub kills: usize,
    /// How many messages are there twice.
    pub copies: usize,
    /// How long all of it may take.
    pub limit: Duration,
}

/// What happened.
#[derive(Debug)]
pub struct Weathered {
    /// From the first worker's start until the last job had ended.
    pub took: Duration,
    /// How many workers were started in all.
    pub started: usize,
    /// How many jobs ended with their first, second… attempt.
    pub attempts: BTreeMap<u64, usize>,
    /// The priorities of the jobs in the order in which they first began.
    pub order: Vec<Priority>,
}

impl Storm {
    /// Lets it happen on a Miyabi of its own, and checks what must hold: each job ended once, nothing is left in a queue, and
    /// the poison alone was set aside.
    ///
    /// # Errors
    /// With the first thing that does not hold.
    pub async fn weather(self, cloud: &Cloud) -> anyhow::Result<Weathered> {
        let api = Api::new(cloud.api_url())?;
        let ids: Vec<_> = (0..self.jobs).map(|number| format!("storm-{number}")).collect();
        for (number, id) in ids.iter().enumerate() {
            let mut run = shell_job("echo \"$MIYABI_ATTEMPT\"; sleep 0.3");
            run["priority"] = json!(priority(number).as_str());
            post_job(&api, id, PROJECTS[number / 3 % PROJECTS.len()], run).await?;
        }
        let poison = "storm-poison".to_owned();
        post_job(&api, &poison, PROJECTS[0], shell_job("kill -9 $PPID")).await?;
        self.copy_messages(cloud, &api, &ids).await?;
        let begun = Instant::now();
        let all: Vec<_> = ids.iter().chain([&poison]).collect();
        let started = self.wait_for_the_end(cloud, &api, &all).await?;
        let took = begun.elapsed();
        let (attempts, order) = check_each(&api, &ids).await?;
        let given_up = api.task(&poison).await?.context("the poison")?;
        ensure!(given_up["status"] == "failed", "the poison: {given_up}");
        check_queues(&api, self.limit).await;
        Ok(Weathered { took, started, attempts, order })
    }

    async fn copy_messages(self, cloud: &Cloud, api: &Api, ids: &[String]) -> anyhow::Result<()> {
        let queues = Queues::new(cloud.worker_config().queues, &aws_of(cloud).await);
        let step = (ids.len() / self.copies.max(1)).max(1);
        for id in ids.iter().step_by(step).take(self.copies) {
            let kept = job_of(api, id).await?;
            let message = serde_json::from_value(json!({
                "task": kept["task"], "run": kept["run"], "attempt": 1, "queued_at": kept["queued_at"],
            }))?;
            let queue = kept["queue"].as_str().and_then(JobQueue::from_short_name).context("a queue")?;
            queues.send(queue, &message, Duration::ZERO).await?;
        }
        Ok(())
    }

    /// Keeps so many workers at work, kills some of them, and gives how many were started.
    async fn wait_for_the_end(self, cloud: &Cloud, api: &Api, ids: &[&String]) -> anyhow::Result<usize> {
        let start = || WorkerProcess::start(cloud, |config| config.lease_seconds = LEASE_SECONDS);
        let workers = (0..self.workers).map(|_| start()).collect::<anyhow::Result<Vec<_>>>()?;
        // What is at work, how many were started and killed, and how many jobs had ended before, which nothing undoes.
        let state = RefCell::new((workers, self.workers, 0_usize, 0_usize));
        let started = wait_until("every job has ended", self.limit, || async {
            let mut ended = state.borrow().3;
            while let Some(id) = ids.get(ended) {
                let task = api.task(id).await.map_err(|error| format!("{error:#}"))?.unwrap_or_default();
                if !matches!(task["status"].as_str(), Some("succeeded" | "failed" | "cancelled")) {
                    break;
                }
                ended += 1;
            }
            let mut state = state.borrow_mut();
            let (workers, started, killed, seen) = &mut *state;
            *seen = ended;
            workers.retain_mut(WorkerProcess::is_running);
            if *killed < self.kills && ended * (self.kills + 1) >= (*killed + 1) * ids.len() / 2 {
                *killed += 1;
                if let Some(worker) = workers.first_mut() {
                    worker.kill().map_err(|error| format!("{error:#}"))?;
                    workers.remove(0);
                }
            }
            while workers.len() < self.workers {
                workers.push(start().map_err(|error| format!("{error:#}"))?);
                *started += 1;
            }
            if ended == ids.len() && *killed == self.kills {
                Ok(*started)
            } else {
                Err(format!("{ended} of {} have ended, {killed} workers were killed", ids.len()))
            }
        })
        .await;
        Ok(started)
    }
}

fn priority(number: usize) -> Priority {
    Priority::ALL[number % Priority::ALL.len()]
}

/// Every job has succeeded, by one attempt.
async fn check_each(api: &Api, ids: &[String]) -> anyhow::Result<(BTreeMap<u64, usize>, Vec<Priority>)> {
    let (mut attempts, mut begun) = (BTreeMap::new(), Vec::new());
    for (number, id) in ids.iter().enumerate() {
        let task = api.task(id).await?.context("the task")?;
        ensure!(task["status"] == "succeeded", "{id}: {task}");
        let job = job_of(api, id).await?;
        let list = job["attempts"].as_array().context("attempts")?;
        let succeeded = list.iter().filter(|attempt| attempt["end"] == "succeeded").count();
        ensure!(succeeded == 1 && job["state"]["state"] == "ended", "{id} ended {succeeded} times: {job}");
        *attempts.entry(task["attempt"].as_u64().unwrap_or(0)).or_default() += 1;
        begun.push((list[0]["started_at"].to_string(), priority(number)));
    }
    begun.sort();
    Ok((attempts, begun.into_iter().map(|(_, priority)| priority).collect()))
}

/// Nothing is left in any queue, and the poison alone was set aside.
async fn check_queues(api: &Api, limit: Duration) {
    wait_until("the queues are empty but for the poison", limit, || async {
        let queues = api.get("/api/queues", None).await.map_err(|error| format!("{error:#}"))?.body;
        let total = |field: &str| -> u64 {
            let list = queues["queues"].as_array().into_iter().flatten();
            list.filter_map(|queue| queue[field].as_u64()).sum()
        };
        let left = (total("waiting"), total("running"), total("delayed"), total("dead_letters"));
        if left == (0, 0, 0, 1) { Ok(()) } else { Err(queues["queues"].to_string()) }
    })
    .await;
}

async fn aws_of(cloud: &Cloud) -> SdkConfig {
    let credentials = aws_sdk_dynamodb::config::Credentials::new("test", "test", None, None, "test");
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(cloud.ministack().endpoint())
        .region(Region::new(local::REGION))
        .credentials_provider(credentials)
        .load()
        .await
}
