//! Many readers, each a process of its own, want the same thing at the same time: the tables are asked once.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use aws_sdk_dynamodb::config::SharedHttpClient;
use futures::future::join_all;
use miyabi_local::Redis;
use miyabi_shared::config::{CacheEndpoint, StoreConfig};
use miyabi_shared::{Task, TaskStatus};
use miyabi_store::{Filter, Source, StoreError, TaskStore};

use crate::embedded::{Embedded, Faults, Way};
use crate::proxy::Proxy;
use crate::rig::{all, body, connection, id, in_status, of, project, sdk, started};

const READERS: usize = 12;

struct World {
    redis: Redis,
    tables: Arc<Embedded>,
    faults: Arc<Faults>,
}

impl World {
    /// Three tasks that no cache knows, in tables that take their time.
    async fn new() -> Self {
        let tables = Arc::new(Embedded::new("tasks", "projects", 0));
        let faults = Arc::new(Faults::default());
        let this = Self { redis: Redis::start().await.unwrap(), tables, faults };
        let plain = this.store(CacheEndpoint::None);
        for name in ["a", "b", "c"] {
            plain.create(&body(name, "p")).await.unwrap();
        }
        this.faults.slow.store(50, Ordering::SeqCst);
        this.tables.take_operations();
        this
    }

    fn store(&self, cache: CacheEndpoint) -> TaskStore {
        let way = Way { tables: Arc::clone(&self.tables), faults: Arc::clone(&self.faults) };
        let aws = sdk("http://embedded").into_builder().http_client(SharedHttpClient::new(way)).build();
        let config = StoreConfig {
            tasks_table: "tasks".to_owned(),
            projects_table: "projects".to_owned(),
            cache,
            // How long readers wait for each other follows from it: no machine is too slow for this.
            cache_timeout_milliseconds: 10_000,
            task_retention_days: 7,
        };
        // What is counted is what readers ask for.
        TaskStore::connect(&config, &aws).unwrap().verifying_one_in(u32::MAX)
    }

    fn readers(&self) -> Vec<TaskStore> {
        (0..READERS).map(|_| self.store(CacheEndpoint::Url(self.redis.url()))).collect()
    }

    /// What the tables were asked for meanwhile.
    fn asked(&self) -> Vec<(String, u64)> {
        self.tables.take_operations().into_iter().collect()
    }

    /// Makes what is cached of a task so much older.
    async fn age(&self, task_id: &str, milliseconds: i64) {
        let mut control = connection(&self.redis.url()).await;
        let key = format!("{{tasks}}:task:{task_id}");
        let value: String = redis::cmd("GET").arg(&key).query_async(&mut control).await.unwrap();
        let (line, json) = value.split_once('\n').unwrap();
        let (rest, verified) = line.rsplit_once(' ').unwrap();
        let value = format!("{rest} {}\n{json}", verified.parse::<i64>().unwrap() - milliseconds);
        let () = redis::cmd("SET").arg(&key).arg(value).query_async(&mut control).await.unwrap();
    }
}

/// Where each reader had the task from.
async fn read(readers: &[TaskStore], task_id: &str) -> Vec<Source> {
    let task_id = &id(task_id);
    join_all(readers.iter().map(async |store| store.task(task_id, None).await.unwrap().source)).await
}

fn once(operation: &str) -> Vec<(String, u64)> {
    vec![(operation.to_owned(), 1)]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_no_cache_knows_is_read_from_the_table_by_one_reader() {
    let world = World::new().await;
    let readers = world.readers();
    let answers = read(&readers, "a").await;
    assert_eq!(world.asked(), once("GetItem"));
    assert_eq!(answers.iter().filter(|source| **source == Source::Miss).count(), 1, "{answers:?}");

    // The same with its steps: that it never had one is known of the task itself.
    join_all(readers.iter().map(async |store| store.task_with_steps(&id("a"), None).await.unwrap())).await;
    assert_eq!(world.asked(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_no_cache_knows_is_built_by_one_reader() {
    let world = World::new().await;
    let filter = Filter { project: Some(project("p")), ..Filter::default() };
    let pages = join_all(world.readers().iter().map(|store| {
        let query = of(filter.clone());
        async move { store.list(&query, None).await.unwrap().value.unwrap().len() }
    }))
    .await;
    assert_eq!(pages, [3; READERS]);
    assert_eq!(world.asked(), [("BatchGetItem".to_owned(), 1), ("Query".to_owned(), 1)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_all_the_time_is_renewed_by_one_reader_before_it_runs_out() {
    let world = World::new().await;
    let readers = world.readers();
    readers[0].task(&id("a"), None).await.unwrap();
    readers[0].list(&all(9), None).await.unwrap();
    world.asked();
    // It is believed for 10 s, and looked up again in the last two of them.
    world.age("a", 9_000).await;
    let sources = read(&readers, "a").await;
    assert_eq!(world.asked(), once("GetItem"));
    assert_eq!(sources.iter().filter(|source| **source == Source::Miss).count(), 1, "{sources:?}");
    // So is each task of a list.
    world.age("b", 9_000).await;
    world.age("c", 9_000).await;
    join_all(readers.iter().map(async |store| store.list(&all(9), None).await.unwrap())).await;
    let asked = world.asked();
    assert!(asked.iter().all(|(operation, times)| operation == "BatchGetItem" && *times <= 2), "{asked:?}");
    assert!(!asked.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_not_there_is_asked_for_once_and_seen_as_soon_as_it_is() {
    let world = World::new().await;
    let readers = world.readers();
    for _ in 0..2 {
        let new = &id("new");
        let answers =
            join_all(readers.iter().map(async |store| store.task_with_steps(new, None).await)).await;
        assert!(answers.iter().all(|answer| matches!(answer, Err(StoreError::NotFound(_)))));
    }
    assert_eq!(world.asked(), once("Query"));
    readers[0].create(&body("new", "p")).await.unwrap();
    for store in &readers {
        let detail = store.task_with_steps(&id("new"), None).await.unwrap().value.unwrap();
        assert_eq!(detail.task().unwrap().status, TaskStatus::Queued);
    }
    // It is the cache that says so, in this epoch alone: one that was begun anew knows nothing.
    assert!(readers[0].task(&id("other"), None).await.is_err());
    world.store(CacheEndpoint::None).create(&body("other", "p")).await.unwrap();
    assert!(readers[1].task(&id("other"), None).await.is_err(), "believed for five seconds");
    let mut control = connection(&world.redis.url()).await;
    let () = redis::cmd("DEL").arg("{tasks}:epoch").query_async(&mut control).await.unwrap();
    let task: Task = readers[1].task(&id("other"), None).await.unwrap().value.unwrap().parse().unwrap();
    assert_eq!(task.version, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_dies_with_the_claim_holds_up_nobody_for_long() {
    let world = World::new().await;
    let mut control = connection(&world.redis.url()).await;
    let lease = "{tasks}:lease-task:a";
    let () =
        redis::cmd("SET").arg(lease).arg("1").arg("PX").arg(600_000).query_async(&mut control).await.unwrap();
    let proxy = Proxy::to(&world.redis.url()).await;
    let way = Way { tables: Arc::clone(&world.tables), faults: Arc::clone(&world.faults) };
    let aws = sdk("http://embedded").into_builder().http_client(SharedHttpClient::new(way)).build();
    let config = StoreConfig {
        tasks_table: "tasks".to_owned(),
        projects_table: "projects".to_owned(),
        cache: CacheEndpoint::Url(proxy.address("redis")),
        cache_timeout_milliseconds: 50,
        task_retention_days: 7,
    };
    let store = TaskStore::connect(&config, &aws).unwrap();
    store.apply_events(&id("b"), &[started(1, 1)]).await.unwrap();
    let task: Task = store.task(&id("a"), None).await.unwrap().value.unwrap().parse().unwrap();
    assert_eq!(task.version, 1);
    assert_eq!(store.list(&of(in_status(TaskStatus::Running)), None).await.unwrap().value.unwrap().len(), 1);
}
