//! A cloud for one test: tables of its own in an emulator that the tests share, log groups, and a Redis of its own.

use std::sync::atomic::{AtomicU32, Ordering};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use miyabi_local::{MiniStack, Redis};
use miyabi_shared::config::{Authentication, AuthenticationConfig, CacheEndpoint, StoreConfig};
use miyabi_shared::table::{Key, Table};
use miyabi_shared::{LogGroup, local};
use tokio::sync::OnceCell;

static EMULATOR: OnceCell<MiniStack> = OnceCell::const_new();
static TESTS: AtomicU32 = AtomicU32::new(0);

/// What a function finds when it starts.
#[derive(Debug)]
pub(crate) struct Cloud {
    pub(crate) aws: SdkConfig,
    pub(crate) store: StoreConfig,
    /// Everybody is let in; a test that wants to be asked changes that.
    pub(crate) authentication: AuthenticationConfig,
    pub(crate) redis: Redis,
}

impl Cloud {
    /// A cloud with empty tables and an empty cache. The log groups are shared: streams need names of their own.
    pub(crate) async fn start() -> Self {
        let emulator =
            EMULATOR.get_or_init(|| async { MiniStack::start().await.expect("MiniStack starts") }).await;
        let redis = Redis::start().await.expect("Redis starts");
        let aws = aws_at(&emulator.endpoint()).await;
        let test = TESTS.fetch_add(1, Ordering::Relaxed);
        let store = StoreConfig {
            tasks_table: format!("tasks-{test}"),
            projects_table: format!("projects-{test}"),
            cache: CacheEndpoint::Url(redis.url()),
            // What is tested is what is answered, not how quickly a busy machine schedules Redis.
            cache_timeout_milliseconds: 1_000,
            task_retention_days: 90,
        };
        create_table(&aws, Table::Tasks, &store.tasks_table).await;
        create_table(&aws, Table::Projects, &store.projects_table).await;
        let authentication = AuthenticationConfig {
            authentication: Authentication::Open,
            credentials_table: format!("credentials-{test}"),
            tokens: None,
        };
        create_table(&aws, Table::Credentials, &authentication.credentials_table).await;
        let logs = aws_sdk_cloudwatchlogs::Client::new(&aws);
        for group in LogGroup::ALL {
            // It is there already for every test but the first.
            let _ = logs.create_log_group().log_group_name(group.name()).send().await;
        }
        Self { aws, store, authentication, redis }
    }
}

/// AWS at `endpoint`, with test credentials.
pub(crate) async fn aws_at(endpoint: &str) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::new(local::REGION))
        .credentials_provider(aws_sdk_dynamodb::config::Credentials::new("test", "test", None, None, "test"))
        .load()
        .await
}

async fn create_table(aws: &SdkConfig, table: Table, name: &str) {
    let declaration = table.declaration();
    let mut attributes = vec![declaration.partition_key];
    attributes.extend(declaration.sort_key);
    let mut request = aws_sdk_dynamodb::Client::new(aws)
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(schema(declaration.partition_key, KeyType::Hash));
    if let Some(key) = declaration.sort_key {
        request = request.key_schema(schema(key, KeyType::Range));
    }
    for index in declaration.indexes {
        attributes.extend([index.partition_key, index.sort_key]);
        let index = GlobalSecondaryIndex::builder()
            .index_name(index.name)
            .key_schema(schema(index.partition_key, KeyType::Hash))
            .key_schema(schema(index.sort_key, KeyType::Range))
            .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
            .build()
            .expect("the index is complete");
        request = request.global_secondary_indexes(index);
    }
    attributes.sort_by_key(|key| key.name);
    attributes.dedup();
    for key in attributes {
        let definition = AttributeDefinition::builder()
            .attribute_name(key.name)
            .attribute_type(ScalarAttributeType::from(key.key_type.as_str()))
            .build()
            .expect("the attribute is complete");
        request = request.attribute_definitions(definition);
    }
    request.send().await.expect("the table is created");
}

fn schema(key: Key, key_type: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder()
        .attribute_name(key.name)
        .key_type(key_type)
        .build()
        .expect("the key is complete")
}
