//! One emulator for all tests, tables of its own for each, and a Redis of its own for who wants to break it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType,
};
use miyabi_local::{MiniStack, Redis};
use miyabi_shared::config::{CacheEndpoint, Environment as _, ProcessEnvironment, StoreConfig};
use miyabi_shared::event::{
    CreateTask, EventBody, ProgressEvent, ResultEvent, ResultStatus, StepEvent, TaskEvent,
};
use miyabi_shared::table::{Key, TableDeclaration};
use miyabi_shared::{
    ProjectId, StepId, StepStatus, Table, Task, TaskId, TaskStatus, TaskType, Timestamp, local,
};
use miyabi_store::{Filter, ListQuery, TaskStore};
use tokio::sync::OnceCell;

/// Where another DynamoDB is, to be put under these tests instead of the emulator that they start.
const DYNAMODB_URL: &str = "MIYABI_TEST_DYNAMODB_URL";
/// Where another Redis is, for all tests but those that kill theirs.
const REDIS_URL: &str = "MIYABI_TEST_REDIS_URL";

static CLOUD: OnceCell<MiniStack> = OnceCell::const_new();
static REDIS: OnceCell<Redis> = OnceCell::const_new();
static TABLES: AtomicU32 = AtomicU32::new(0);

pub(crate) fn sdk(endpoint: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(local::REGION))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "test", "test", None, None, "test",
        )))
        .build()
}

/// A pair of tables of one test's own.
pub(crate) struct Cloud {
    endpoint: String,
    tasks: String,
    projects: String,
}

impl Cloud {
    pub(crate) async fn new() -> Self {
        let endpoint = match ProcessEnvironment.get(DYNAMODB_URL) {
            Some(url) => url,
            None => CLOUD.get_or_init(|| async { MiniStack::start().await.unwrap() }).await.endpoint(),
        };
        // A database that is there for longer has tables of other runs.
        let name = format!("{}-{}", std::process::id(), TABLES.fetch_add(1, Ordering::Relaxed));
        let (tasks, projects) = (format!("tasks-{name}"), format!("projects-{name}"));
        let this = Self { endpoint, tasks, projects };
        let client = this.client();
        create_table(&client, &this.tasks, Table::Tasks.declaration()).await;
        create_table(&client, &this.projects, Table::Projects.declaration()).await;
        this
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(&sdk(&self.endpoint))
    }

    pub(crate) fn endpoint(&self) -> String {
        self.endpoint.clone()
    }

    pub(crate) fn tasks_table(&self) -> &str {
        &self.tasks
    }

    pub(crate) fn config(&self, cache: CacheEndpoint) -> StoreConfig {
        StoreConfig {
            tasks_table: self.tasks.clone(),
            projects_table: self.projects.clone(),
            cache,
            // What is tested is what is answered, not how quickly a busy machine schedules Redis.
            cache_timeout_milliseconds: 1_000,
            task_retention_days: 7,
        }
    }

    /// A store with the Redis that all tests share; the tables' names keep them apart.
    pub(crate) async fn store(&self) -> TaskStore {
        self.store_with(&shared_redis().await)
    }

    pub(crate) fn store_with(&self, redis: &str) -> TaskStore {
        let config = self.config(CacheEndpoint::Url(redis.to_owned()));
        TaskStore::connect(&config, &sdk(&self.endpoint)).unwrap()
    }

    /// A store that gives up on its cache after so many milliseconds.
    pub(crate) fn store_within(&self, redis: &str, milliseconds: u32) -> TaskStore {
        let config = StoreConfig {
            cache_timeout_milliseconds: milliseconds,
            ..self.config(CacheEndpoint::Url(redis.to_owned()))
        };
        TaskStore::connect(&config, &sdk(&self.endpoint)).unwrap()
    }

    pub(crate) fn store_without_cache(&self) -> TaskStore {
        TaskStore::connect(&self.config(CacheEndpoint::None), &sdk(&self.endpoint)).unwrap()
    }

    /// A store whose table is somewhere else.
    pub(crate) async fn store_at(&self, endpoint: &str, cached: bool) -> TaskStore {
        let cache = if cached { CacheEndpoint::Url(shared_redis().await) } else { CacheEndpoint::None };
        TaskStore::connect(&self.config(cache), &sdk(endpoint)).unwrap()
    }

    /// A raw connection to the Redis that all tests share.
    pub(crate) async fn redis() -> redis::aio::MultiplexedConnection {
        connection(&shared_redis().await).await
    }
}

async fn shared_redis() -> String {
    match ProcessEnvironment.get(REDIS_URL) {
        Some(url) => url,
        None => REDIS.get_or_init(|| async { Redis::start().await.unwrap() }).await.url(),
    }
}

pub(crate) async fn connection(url: &str) -> redis::aio::MultiplexedConnection {
    redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap()
}

async fn create_table(client: &Client, name: &str, declaration: &TableDeclaration) {
    let schema = |key: Key, key_type: KeyType| {
        KeySchemaElement::builder().attribute_name(key.name).key_type(key_type).build().unwrap()
    };
    let mut attributes = vec![declaration.partition_key];
    attributes.extend(declaration.sort_key);
    let mut create = client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(schema(declaration.partition_key, KeyType::Hash));
    if let Some(sort_key) = declaration.sort_key {
        create = create.key_schema(schema(sort_key, KeyType::Range));
    }
    for index in declaration.indexes {
        attributes.extend([index.partition_key, index.sort_key]);
        create = create.global_secondary_indexes(
            GlobalSecondaryIndex::builder()
                .index_name(index.name)
                .key_schema(schema(index.partition_key, KeyType::Hash))
                .key_schema(schema(index.sort_key, KeyType::Range))
                .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
                .build()
                .unwrap(),
        );
    }
    attributes.sort_unstable_by_key(|key| key.name);
    attributes.dedup_by_key(|key| key.name);
    for key in attributes {
        create = create.attribute_definitions(
            AttributeDefinition::builder()
                .attribute_name(key.name)
                .attribute_type(key.key_type.as_str().into())
                .build()
                .unwrap(),
        );
    }
    create.send().await.unwrap();
}

pub(crate) fn id(text: &str) -> TaskId {
    TaskId::new(text).unwrap()
}

pub(crate) fn project(text: &str) -> ProjectId {
    ProjectId::new(text).unwrap()
}

pub(crate) fn body(task_id: &str, project_id: &str) -> CreateTask {
    typed_body(task_id, project_id, TaskType::COMMAND)
}

pub(crate) fn typed_body(task_id: &str, project_id: &str, task_type: &str) -> CreateTask {
    CreateTask {
        task_id: Some(id(task_id)),
        project_id: project(project_id),
        task_type: TaskType::new(task_type).unwrap(),
        name: format!("the task {task_id}"),
        labels: [("team".to_owned(), "web".to_owned())].into(),
        run: None,
    }
}

/// Events happen one millisecond after the other, by their number.
pub(crate) fn event(attempt: u32, sequence: u64, body: EventBody) -> TaskEvent {
    let millis = 1_795_322_000_000 + i64::from(attempt) * 1_000_000 + i64::try_from(sequence).unwrap();
    TaskEvent { attempt, sequence, time: Timestamp::from_millis(millis), body }
}

pub(crate) fn started(attempt: u32, sequence: u64) -> TaskEvent {
    event(attempt, sequence, EventBody::Started {})
}

pub(crate) fn progress(attempt: u32, sequence: u64, current: u64, total: u64) -> TaskEvent {
    let progress = ProgressEvent { current: Some(current), total: Some(total), ..ProgressEvent::default() };
    event(attempt, sequence, EventBody::Progress(progress))
}

pub(crate) fn step(attempt: u32, sequence: u64, step_id: &str, status: StepStatus) -> TaskEvent {
    let body = StepEvent {
        step_id: StepId::new(step_id).unwrap(),
        parent_id: None,
        name: step_id.to_owned(),
        kind: "stack".to_owned(),
        status,
        message: None,
    };
    event(attempt, sequence, EventBody::Step(body))
}

pub(crate) fn ended(attempt: u32, sequence: u64, status: ResultStatus) -> TaskEvent {
    event(attempt, sequence, EventBody::Result(ResultEvent { status, exit_code: Some(0), message: None }))
}

pub(crate) fn all(limit: u32) -> ListQuery {
    ListQuery { limit, ..ListQuery::default() }
}

pub(crate) fn of(filter: Filter) -> ListQuery {
    ListQuery { filter, ..ListQuery::default() }
}

pub(crate) fn in_status(status: TaskStatus) -> Filter {
    Filter { status: Some(status), ..Filter::default() }
}

pub(crate) fn ids(tasks: &[Task]) -> Vec<String> {
    tasks.iter().map(|task| task.task_id.to_string()).collect()
}

/// A whole list, page by page.
pub(crate) async fn walk(store: &TaskStore, filter: &Filter, limit: u32) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut query = ListQuery { filter: filter.clone(), limit, ..ListQuery::default() };
    loop {
        let page = store.list(&query, None).await.unwrap().value.unwrap();
        tasks.extend(page.tasks().unwrap());
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return tasks;
        }
    }
}

/// Asks until `check` has nothing to object; its last objection is what the test fails with.
pub(crate) async fn eventually<T, E: std::fmt::Display>(
    limit: Duration,
    mut check: impl AsyncFnMut() -> Result<T, E>,
) -> T {
    let end = Instant::now() + limit;
    loop {
        match check().await {
            Ok(value) => return value,
            Err(objection) if Instant::now() > end => panic!("after {limit:?}: {objection}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
