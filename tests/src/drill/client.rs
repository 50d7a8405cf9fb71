//! The load: a writer and three readers, each with an environment of its own, who check every answer.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::ledger::{Ledger, Viewer};
use super::world::{PROJECT, World};
use crate::function::{Function, HttpAnswer, Request};

/// Between two requests of one client: two cores serve all of this.
const THINK: Duration = Duration::from_millis(8);
/// How many tasks run at a time, and how many steps each takes.
const RUNNING: usize = 6;
const TOTAL: u64 = 60;
/// What answers may lag behind in the end.
const SETTLED: Duration = Duration::from_secs(90);

/// One request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    pub(super) is_read: bool,
    pub(super) took: Duration,
    pub(super) succeeded: bool,
}

#[derive(Debug, Default)]
struct Shared {
    ledger: Mutex<Ledger>,
    samples: Mutex<Vec<Sample>>,
    wrong: Mutex<Vec<String>>,
    skewed: AtomicBool,
    number: AtomicU64,
}

/// The load, until it is dropped.
#[derive(Debug)]
pub(super) struct Load {
    shared: Arc<Shared>,
    clients: Vec<JoinHandle<()>>,
}

fn held<T>(place: &Mutex<T>) -> MutexGuard<'_, T> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn start_load(world: &World) -> Load {
    let shared = Arc::new(Shared::default());
    let mut clients = Vec::new();
    for (index, api) in world.apis.iter().enumerate() {
        let client = Client {
            api: Arc::clone(api),
            shared: Arc::clone(&shared),
            viewer: Viewer { is_writers: index == 0, ..Viewer::default() },
        };
        clients.push(if index == 0 {
            tokio::spawn(client.write())
        } else {
            tokio::spawn(client.read(index))
        });
    }
    Load { shared, clients }
}

impl Load {
    pub(super) fn take_samples(&self) -> Vec<Sample> {
        std::mem::take(&mut *held(&self.shared.samples))
    }

    /// What was answered wrongly since the last call of this.
    pub(super) fn take_wrong(&self) -> Vec<String> {
        std::mem::take(&mut *held(&self.shared.wrong))
    }

    pub(super) fn expect(&self, right: bool, what: impl FnOnce() -> String) {
        if !right {
            held(&self.shared.wrong).push(what());
        }
    }

    pub(super) fn skew_clocks(&self, skewed: bool) {
        self.shared.skewed.store(skewed, Ordering::SeqCst);
    }

    /// Waits until there is something to read, and reads come from the cache.
    pub(super) async fn is_under_way(&self, world: &World) -> anyhow::Result<()> {
        let start = Instant::now();
        while held(&self.shared.ledger).ids().len() < RUNNING {
            ensure!(start.elapsed() < SETTLED, "the load does not begin");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        world.recovered(Instant::now()).await.map(drop)
    }

    /// Ends the load, and compares everything that was acknowledged with what each environment shows. Gives what is wrong.
    pub(super) async fn settle(&self, world: &World) -> anyhow::Result<Vec<String>> {
        for client in &self.clients {
            client.abort();
        }
        let ids = held(&self.shared.ledger).ids();
        let start = Instant::now();
        loop {
            let mut wrong = Vec::new();
            for api in &world.apis {
                let mut listed = 0;
                let mut cursor: Option<String> = None;
                loop {
                    let mut query = vec![("project", PROJECT), ("limit", "100")];
                    query.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
                    let request = Request { path: "/api/tasks", query: &query, ..Request::default() };
                    let page = api.request(&request).await?.json()?;
                    listed += page["tasks"].as_array().map_or(0, Vec::len);
                    cursor = page["next_cursor"].as_str().map(str::to_owned);
                    if cursor.is_none() {
                        break;
                    }
                }
                // A creation whose acknowledgement was lost made a task, too.
                if listed < ids.len() {
                    wrong.push(format!("a list has {listed} of {} tasks", ids.len()));
                }
                for task_id in &ids {
                    let path = format!("/api/tasks/{task_id}");
                    let answer = api.request(&Request { path: &path, ..Request::default() }).await?;
                    let shown = answer.json()?["sequence"].as_u64().unwrap_or(0);
                    let last = held(&self.shared.ledger).last_of(task_id);
                    if shown < last {
                        wrong.push(format!("{task_id} ends at {shown}, though {last} was acknowledged"));
                    }
                }
            }
            if wrong.is_empty() || start.elapsed() > SETTLED {
                wrong.extend(self.take_wrong());
                return Ok(wrong);
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        for client in &self.clients {
            client.abort();
        }
    }
}

struct Client {
    api: Arc<Function>,
    shared: Arc<Shared>,
    viewer: Viewer,
}

/// A job that reports by the API.
struct Job {
    task_id: String,
    created: bool,
    sequence: u64,
    current: u64,
    /// Said, and not acknowledged yet.
    open: Vec<Value>,
}

impl Client {
    async fn ask(&self, request: &Request<'_>) -> Option<HttpAnswer> {
        let start = Instant::now();
        let answer = self.api.request(request).await.ok();
        let sample = Sample {
            is_read: request.body.is_none(),
            took: start.elapsed(),
            succeeded: answer.as_ref().is_some_and(|answer| answer.status < 500),
        };
        held(&self.shared.samples).push(sample);
        tokio::time::sleep(THINK).await;
        answer
    }

    fn verdict(&self, verdict: Result<(), String>) {
        if let Err(wrong) = verdict {
            held(&self.shared.wrong).push(wrong);
        }
    }

    async fn write(mut self) {
        let mut jobs: Vec<Job> = Vec::new();
        let mut turn = 0_usize;
        loop {
            turn += 1;
            while jobs.len() < RUNNING {
                let number = self.shared.number.fetch_add(1, Ordering::Relaxed);
                let task_id = format!("job-{number:04}");
                jobs.push(Job { task_id, created: false, sequence: 0, current: 0, open: Vec::new() });
            }
            let index = turn % RUNNING;
            let Some(job) = jobs.get_mut(index) else { continue };
            self.report(job).await;
            let (task_id, over) = (job.task_id.clone(), job.current == TOTAL && job.open.is_empty());
            if turn.is_multiple_of(3) {
                self.look(&task_id).await;
            }
            if over {
                jobs.remove(index);
            }
        }
    }

    /// Says the next thing, with everything that was not acknowledged.
    async fn report(&self, job: &mut Job) {
        if !job.created {
            let body = json!({
                "task_id": job.task_id, "project_id": PROJECT, "task_type": "command", "name": "a job of the drill"
            });
            let request = Request {
                method: "POST",
                path: "/api/tasks",
                body: Some(&body.to_string()),
                ..Request::default()
            };
            if self.ask(&request).await.is_some_and(|answer| answer.status < 300) {
                job.created = true;
                held(&self.shared.ledger).created(&job.task_id);
            }
            return;
        }
        if job.current < TOTAL {
            job.sequence += 1;
            let mut event = json!({"attempt": 1, "sequence": job.sequence, "time": self.now()});
            if job.sequence == 1 {
                event["type"] = "started".into();
            } else {
                job.current += 1;
                if job.current == TOTAL {
                    event["type"] = "result".into();
                    event["status"] = "succeeded".into();
                    event["exit_code"] = 0.into();
                } else {
                    event["type"] = "progress".into();
                    event["current"] = job.current.into();
                    event["total"] = TOTAL.into();
                }
            }
            job.open.push(event);
        }
        let path = format!("/api/tasks/{}/events", job.task_id);
        let body = json!({"events": job.open}).to_string();
        let request = Request { method: "POST", path: &path, body: Some(&body), ..Request::default() };
        match self.ask(&request).await {
            Some(answer) if answer.status < 300 => {
                job.open.clear();
                held(&self.shared.ledger).applied(&job.task_id, job.sequence);
            }
            Some(answer) if answer.status < 500 => {
                held(&self.shared.wrong)
                    .push(format!("events of {}: {} {}", job.task_id, answer.status, answer.body));
            }
            // Whether they were taken is unknown: they are sent again.
            _ => {}
        }
    }

    /// The time by the clock of a job.
    fn now(&self) -> String {
        let now = miyabi_shared::Timestamp::now();
        let ahead = self.shared.number.load(Ordering::Relaxed).is_multiple_of(2);
        let skew = match (self.shared.skewed.load(Ordering::SeqCst), ahead) {
            (false, _) => 0,
            (true, true) => 3_600_000,
            (true, false) => -3_600_000,
        };
        miyabi_shared::Timestamp::from_millis(now.as_millis() + skew).to_string()
    }

    async fn look(&mut self, task_id: &str) {
        let path = format!("/api/tasks/{task_id}");
        let asked = Instant::now();
        let Some(answer) = self.ask(&Request { path: &path, ..Request::default() }).await else { return };
        let verdict = match answer.status {
            200 => match answer.json() {
                Ok(task) => held(&self.shared.ledger).check(&task, &mut self.viewer, asked),
                Err(error) => Err(format!("{error:#}")),
            },
            404 => held(&self.shared.ledger).check_missing(task_id, &self.viewer, asked),
            status if status >= 500 => Ok(()),
            status => Err(format!("{path}: {status} {}", answer.body)),
        };
        self.verdict(verdict);
    }

    async fn look_at_list(&mut self, tag: &mut Option<String>, with_tag: bool) {
        let asked = Instant::now();
        let held_tag = tag.clone().filter(|_| with_tag);
        let request = Request {
            path: "/api/tasks",
            query: &[("project", PROJECT), ("limit", "100")],
            if_none_match: held_tag.as_deref(),
            ..Request::default()
        };
        let Some(answer) = self.ask(&request).await else { return };
        let verdict = match answer.status {
            200 => match answer.json() {
                Ok(list) => held(&self.shared.ledger).check_list(&list, &mut self.viewer, asked),
                Err(error) => Err(format!("{error:#}")),
            },
            304 if held_tag.is_some() => Ok(()),
            status if status >= 500 => Ok(()),
            status => Err(format!("the list: {status} {}", answer.body)),
        };
        *tag = answer.etag.or(tag.take());
        self.verdict(verdict);
    }

    async fn read(mut self, index: usize) {
        let mut tag = None;
        let mut turn = index;
        loop {
            turn += 1;
            let ids = held(&self.shared.ledger).ids();
            // The newest are those at work.
            let newest = ids.len().saturating_sub(2 * RUNNING);
            let chosen = ids.get(newest + turn % (ids.len() - newest).max(1)).cloned();
            match (index, chosen) {
                (_, None) => tokio::time::sleep(THINK).await,
                (1, Some(task_id)) => self.look(&task_id).await,
                (2, _) => self.look_at_list(&mut tag, false).await,
                (_, Some(task_id)) if turn.is_multiple_of(2) => self.look(&task_id).await,
                _ => self.look_at_list(&mut tag, true).await,
            }
        }
    }
}
