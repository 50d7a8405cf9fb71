//! The store against a model of it, under schedules made from a seed: many readers and writers, events that are repeated, late
//! and out of order, a cache that dies, hangs, forgets and loses answers, tables that throttle and lose acknowledgements, writers
//! that die between the table and the cache, and indexes that lag.
//!
//! `MIYABI_MODEL_SCHEDULES` says how many (the drill runs many more), and `MIYABI_MODEL_SEED` runs a single one again.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_sdk_dynamodb::config::SharedHttpClient;
use futures::FutureExt as _;
use miyabi_local::Redis;
use miyabi_shared::config::{CacheEndpoint, Environment as _, ProcessEnvironment, StoreConfig};
use miyabi_shared::event::{EventBody, ResultStatus};
use miyabi_shared::task::StatusCounts;
use miyabi_shared::{StepStatus, Task, TaskEvent, TaskStatus};
use miyabi_store::{Filter, StoreError, TaskStore};

use crate::concurrency::{Numbers, check_order};
use crate::embedded::{Embedded, Faults, Way};
use crate::proxy::Proxy;
use crate::rig::{body, connection, ended, id, in_status, of, progress, project, sdk, started, step, walk};

/// How many schedules every run of the tests makes.
const SCHEDULES: u64 = 2000;
/// How many run side by side, each on a Redis of its own.
const WORKERS: u64 = 4;
/// One schedule in so many is a long one, with more tasks. Most errors show in short ones, and many of those are made in the time
/// of one long one.
const LONG_ONE_IN: u64 = 20;
const TOTAL: u64 = 20;

/// Everything that is cached was verified long ago: what the passing of time would do.
const AGE: &str = r"
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  if string.find(key, ':task:', 1, true) then
    local value = redis.call('GET', key)
    local line, json = string.match(value, '^([^\n]*) %d+(\n.*)$')
    redis.call('SET', key, line .. ' 0' .. json, 'KEEPTTL')
  elseif string.find(key, ':list:', 1, true) then
    redis.call('ZADD', key, 'XX', 0, '#u')
  elseif string.find(key, ':absent:', 1, true) then
    redis.call('DEL', key)
  elseif string.find(key, ':projects', 1, true) then
    redis.call('HSET', key, 'verified', 0)
  end
end";

/// What a job says, and what of it was acknowledged.
#[derive(Debug, Default)]
struct Job {
    /// Whether its task is known to be there.
    created: bool,
    attempt: u32,
    sequence: u64,
    current: u64,
    said: Vec<TaskEvent>,
    /// Said, and not acknowledged yet.
    open: Vec<TaskEvent>,
}

impl Job {
    fn says(&mut self, numbers: &mut Numbers) {
        let over = self.said.last().is_some_and(|last| matches!(last.body, EventBody::Result(_)));
        if self.attempt == 0 || (over && numbers.below(2) == 0) {
            (self.attempt, self.sequence, self.current) = (self.attempt + 1, 0, 0);
        } else if over {
            return;
        }
        self.sequence += 1;
        let (attempt, sequence) = (self.attempt, self.sequence);
        let event = match if sequence == 1 { 0 } else { 1 + numbers.below(7) } {
            // A job starts once; a later word of it would outrank the counts before it.
            0 => started(attempt, sequence),
            1 | 2 => {
                let state = [StepStatus::Running, StepStatus::Succeeded, StepStatus::Failed];
                let name = format!("step{}", numbers.below(3));
                step(attempt, sequence, &name, state[numbers.below(3)])
            }
            3 => ended(attempt, sequence, [ResultStatus::Succeeded, ResultStatus::Failed][numbers.below(2)]),
            _ => {
                self.current = (self.current + 1 + numbers.below(4) as u64).min(TOTAL);
                progress(attempt, sequence, self.current, TOTAL)
            }
        };
        self.said.push(event.clone());
        self.open.push(event);
    }

    /// What the task must be once everything arrived: the newest that was said of the newest attempt.
    fn check(&self, task: &Task) {
        let of_attempt = || self.said.iter().filter(|event| event.attempt == self.attempt);
        assert_eq!(task.attempt, self.attempt.max(1), "{task:?}");
        let result = of_attempt().find_map(|event| match &event.body {
            EventBody::Result(result) => Some(result.status),
            _ => None,
        });
        let expected = match result {
            Some(ResultStatus::Succeeded) => TaskStatus::Succeeded,
            Some(ResultStatus::Failed) => TaskStatus::Failed,
            Some(ResultStatus::Cancelled) => TaskStatus::Cancelled,
            None if self.said.is_empty() => TaskStatus::Queued,
            None => TaskStatus::Running,
        };
        assert_eq!(task.status, expected, "{task:?}");
        let newest = of_attempt().rev().find(|event| !matches!(event.body, EventBody::Step(_)));
        assert_eq!(task.sequence, newest.map_or(0, |event| event.sequence), "{task:?}");
        assert_eq!(task.progress.percentage == Some(100), expected == TaskStatus::Succeeded, "{task:?}");
        if result.is_none() {
            let counted = of_attempt().filter_map(|event| match &event.body {
                EventBody::Progress(progress) => progress.current,
                _ => None,
            });
            assert_eq!(task.progress.current, counted.max().unwrap_or(0), "{task:?}");
        }
    }
}

/// One process that reads and writes, with its own way to both sides.
struct Process {
    store: TaskStore,
    faults: Arc<Faults>,
    proxy: Proxy,
    /// What it showed last of each task.
    shown: HashMap<String, Task>,
}

impl Process {
    fn shows(&mut self, task: Task, seed: u64) {
        check_order(self.shown.get(task.task_id.as_str()), &task, seed);
        self.shown.insert(task.task_id.to_string(), task);
    }
}

struct World {
    seed: u64,
    count: usize,
    config: StoreConfig,
    tables: Arc<Embedded>,
    plain: std::sync::OnceLock<TaskStore>,
}

impl World {
    fn store(&self, cache: CacheEndpoint, milliseconds: u32) -> (TaskStore, Arc<Faults>) {
        let faults = Arc::new(Faults::default());
        let way = Way { tables: Arc::clone(&self.tables), faults: Arc::clone(&faults) };
        let aws = sdk("http://embedded").into_builder().http_client(SharedHttpClient::new(way)).build();
        let config = StoreConfig { cache, cache_timeout_milliseconds: milliseconds, ..self.config.clone() };
        (TaskStore::connect(&config, &aws).unwrap(), faults)
    }

    /// A process that knows the tables alone.
    fn plain(&self) -> &TaskStore {
        self.plain.get_or_init(|| self.store(CacheEndpoint::None, 1).0)
    }

    async fn process(&self, redis: &Redis) -> Process {
        let proxy = Proxy::to(&redis.url()).await;
        let (store, faults) = self.store(CacheEndpoint::Url(proxy.address("redis")), 40);
        Process { store, faults, proxy, shown: HashMap::new() }
    }
}

fn name(task: usize) -> String {
    format!("t{task}")
}

/// An error that a caller may repeat after; any other is a mistake of ours.
#[track_caller]
fn passing<T>(result: Result<T, StoreError>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) if error.is_temporary() => None,
        Err(error) => panic!("{error}"),
    }
}

/// The lists that a schedule looks at. That of a status is read from eight partitions and that of all tasks from forty, and so not
/// in every schedule.
fn filters(seed: u64) -> Vec<Filter> {
    let mut filters = vec![Filter { project: Some(project("p")), ..Filter::default() }];
    if seed.is_multiple_of(3) {
        filters.push(in_status(TaskStatus::ALL[(seed % 5) as usize]));
    }
    if seed.is_multiple_of(LONG_ONE_IN) {
        filters.push(Filter::default());
    }
    filters
}

async fn run(seed: u64, redis: &mut Redis) {
    let mut numbers = Numbers::new(seed);
    let (tasks_table, projects_table) = (format!("tasks-{seed}"), format!("projects-{seed}"));
    let tables = Embedded::new(&tasks_table, &projects_table, numbers.below(12) as u64);
    let config = StoreConfig {
        tasks_table: tasks_table.clone(),
        projects_table,
        cache: CacheEndpoint::None,
        cache_timeout_milliseconds: 40,
        task_retention_days: 7,
    };
    let (count, acts) = if seed.is_multiple_of(LONG_ONE_IN) { (3, 24) } else { (2, 8) };
    let world = World { seed, count, config, tables: Arc::new(tables), plain: std::sync::OnceLock::new() };
    let mut processes = [world.process(redis).await, world.process(redis).await];
    let mut jobs: Vec<Job> = (0..count).map(|_| Job::default()).collect();
    // The last task is created in the middle, when it was asked for already.
    for (task, job) in jobs.iter_mut().enumerate().take(count - 1) {
        processes[0].store.create(&body(&name(task), "p")).await.unwrap();
        job.created = true;
    }
    for _ in 0..acts {
        act(&world, &mut numbers, &mut processes, &mut jobs, redis).await;
    }
    settle(&world, processes, &mut jobs, redis, &tasks_table).await;
}

async fn act(
    world: &World,
    numbers: &mut Numbers,
    processes: &mut [Process; 2],
    jobs: &mut [Job],
    redis: &mut Redis,
) {
    let task = numbers.below(world.count);
    let process = &mut processes[numbers.below(2)];
    if !jobs[task].created {
        return create(world, numbers, process, &mut jobs[task], task).await;
    }
    match numbers.below(40) {
        0..=15 => write(world, numbers, process, &mut jobs[task], task).await,
        16..=22 => {
            read(world, process, task).await;
        }
        23..=29 => {
            let mut filters = filters(world.seed);
            let filter = filters.swap_remove(numbers.below(filters.len()));
            if let Some(answer) = passing(process.store.list(&of(filter.clone()), None).await) {
                let listed = answer.value.unwrap().tasks().unwrap();
                let once: HashSet<_> = listed.iter().map(|task| task.task_id.clone()).collect();
                assert_eq!(once.len(), listed.len(), "{listed:?}");
                assert!(listed.iter().all(|task| filter.matches(task)), "{filter:?}: {listed:?}");
                for task in listed {
                    process.shows(task, world.seed);
                }
            }
        }
        30 | 31 => process.faults.throttled.store(1 + numbers.below(4) as u32, Ordering::SeqCst),
        32 | 33 => process.faults.unanswered.store(1 + numbers.below(2) as u32, Ordering::SeqCst),
        34 | 35 => process.proxy.swallow(1 + numbers.below(3) as u32),
        36 => {
            let () = redis::cmd("FLUSHALL").query_async(&mut connection(&redis.url()).await).await.unwrap();
        }
        37 => {
            // A process that knows the table alone, as one that died before it told the cache.
            jobs[task].says(numbers);
            let open = std::mem::take(&mut jobs[task].open);
            world.plain().apply_events(&id(&name(task)), &open).await.unwrap();
        }
        38 => {
            let mut pause = redis::cmd("CLIENT");
            pause.arg("PAUSE").arg(60).arg("ALL");
            let () = pause.query_async(&mut connection(&redis.url()).await).await.unwrap();
        }
        // Starting a server takes longer than the rest of a schedule.
        _ if numbers.below(10) == 0 => {
            redis.kill().await.unwrap();
            write(world, numbers, process, &mut jobs[task], task).await;
            redis.restart().await.unwrap();
        }
        _ => *process = world.process(redis).await,
    }
}

/// A task that may not be there yet is created, or asked for.
async fn create(world: &World, numbers: &mut Numbers, process: &mut Process, job: &mut Job, task: usize) {
    match numbers.below(4) {
        0 => {
            if let Some(created) = passing(process.store.create(&body(&name(task), "p")).await) {
                process.shows(created.task, world.seed);
                job.created = true;
            }
        }
        // By a process that dies before it tells the cache: others may believe for a moment that there is none.
        1 if numbers.below(3) == 0 => {
            world.plain().create(&body(&name(task), "p")).await.unwrap();
            job.created = true;
        }
        _ => read(world, process, task).await,
    }
}

async fn read(world: &World, process: &mut Process, task: usize) {
    match process.store.task(&id(&name(task)), None).await {
        Err(StoreError::NotFound(task_id)) => {
            assert!(!process.shown.contains_key(task_id.as_str()), "{task_id} was there and is not");
        }
        answer => {
            if let Some(answer) = passing(answer) {
                process.shows(answer.value.unwrap().parse().unwrap(), world.seed);
            }
        }
    }
}

/// Sends some of what was said, in any order, with repetitions; some is kept for later.
async fn write(world: &World, numbers: &mut Numbers, process: &mut Process, job: &mut Job, task: usize) {
    for _ in 0..=numbers.below(3) {
        job.says(numbers);
    }
    let mut later = Vec::new();
    let mut batch = std::mem::take(&mut job.open);
    if batch.len() > 1 && numbers.below(3) == 0 {
        later.push(batch.swap_remove(numbers.below(batch.len())));
    }
    let sent = batch.clone();
    if !job.said.is_empty() {
        batch.push(job.said[numbers.below(job.said.len())].clone());
    }
    numbers.shuffle(&mut batch);
    match passing(process.store.apply_events(&id(&name(task)), &batch).await) {
        Some(applied) => {
            let task = applied.task;
            for event in sent.iter().filter(|event| !matches!(event.body, EventBody::Step(_))) {
                let known = (task.attempt, task.sequence) >= (event.attempt, event.sequence);
                assert!(known || task.status.is_terminal(), "acknowledged {event:?} and has {task:?}");
            }
            process.shows(task, world.seed);
        }
        // Whether it was taken is unknown: it is sent again.
        None => later.extend(sent),
    }
    job.open = later;
}

async fn settle(world: &World, processes: [Process; 2], jobs: &mut [Job], redis: &Redis, tasks_table: &str) {
    let plain = world.plain();
    for (task, job) in jobs.iter_mut().enumerate() {
        plain.create(&body(&name(task), "p")).await.unwrap();
        let all = std::mem::take(&mut job.said);
        for part in all.chunks(90) {
            plain.apply_events(&id(&name(task)), part).await.unwrap();
        }
        job.said = all;
    }
    world.tables.settle();
    let mut truth = BTreeMap::new();
    for (task, job) in jobs.iter().enumerate() {
        let answer = plain.task(&id(&name(task)), None).await.unwrap();
        let current: Task = answer.value.unwrap().parse().unwrap();
        job.check(&current);
        for process in &processes {
            check_order(process.shown.get(&name(task)), &current, world.seed);
        }
        truth.insert(name(task), current);
    }
    drop(processes);

    let mut control = connection(&redis.url()).await;
    let mut age = redis::cmd("EVAL");
    age.arg(AGE).arg(0).arg(format!("{{{tasks_table}}}:*"));
    let () = age.query_async(&mut control).await.unwrap();
    let (cached, _) = world.store(CacheEndpoint::Url(redis.url()), 2000);
    let mut steps = HashMap::new();
    for task in truth.keys() {
        steps.insert(task, plain.task_with_steps(&id(task), None).await.unwrap().value.unwrap());
    }
    // First what the cache holds is verified, then it is believed: both must be the table.
    for _ in 0..2 {
        for (task, current) in &truth {
            let answer = cached.task_with_steps(&id(task), None).await.unwrap();
            let detail = answer.value.unwrap();
            assert_eq!(detail.task().unwrap(), *current);
            assert_eq!(detail, steps[task]);
        }
        for filter in filters(world.seed) {
            let expected: Vec<&Task> = truth.values().filter(|task| filter.matches(task)).collect();
            let mut listed = walk(&cached, &filter, 2).await;
            assert!(listed.is_sorted_by_key(|task| std::cmp::Reverse(task.created_at)), "{listed:?}");
            listed.sort_by(|left, right| left.task_id.cmp(&right.task_id));
            assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{filter:?}");
        }
        let mut counts = StatusCounts::default();
        for task in truth.values() {
            match task.status {
                TaskStatus::Queued => counts.queued += 1,
                TaskStatus::Running => counts.running += 1,
                TaskStatus::Succeeded => counts.succeeded += 1,
                TaskStatus::Failed => counts.failed += 1,
                TaskStatus::Cancelled => counts.cancelled += 1,
            }
        }
        let projects = cached.projects(None).await.unwrap().value.unwrap().projects().unwrap();
        assert_eq!(projects.iter().map(|project| &project.counts).collect::<Vec<_>>(), [&counts]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happens_no_update_is_lost_no_reader_goes_back_and_the_cache_is_the_table() {
    let number = |name: &str| ProcessEnvironment.get(name).map(|text| text.parse::<u64>().unwrap());
    let seeds = match number("MIYABI_MODEL_SEED") {
        Some(seed) => seed..seed + 1,
        None => 1..number("MIYABI_MODEL_SCHEDULES").unwrap_or(SCHEDULES) + 1,
    };
    let next = Arc::new(AtomicU64::new(seeds.start));
    let workers: Vec<_> = (0..WORKERS.min(seeds.end - seeds.start))
        .map(|_| {
            let (next, end) = (Arc::clone(&next), seeds.end);
            tokio::spawn(async move {
                let mut redis = Redis::start().await.unwrap();
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= end {
                        return;
                    }
                    let outcome = tokio::time::timeout(
                        Duration::from_secs(60),
                        AssertUnwindSafe(run(seed, &mut redis)).catch_unwind(),
                    )
                    .await;
                    assert!(
                        matches!(outcome, Ok(Ok(()))),
                        "schedule {seed} failed, as said above; MIYABI_MODEL_SEED={seed} runs it again"
                    );
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
}
