//! What is drilled: real functions, Redis and an emulated DynamoDB behind ways that can fail.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use base64::Engine as _;
use miyabi_local::{MiniStack, Redis};
use miyabi_shared::{Function as Name, Table, local};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::client::Load;
use crate::function::{Function, Request};
use crate::proxy::{TableWay, Wire};
use crate::tables::DynamoDb;

/// How long the system may take to be as before.
const RECOVERY: Duration = Duration::from_secs(60);
pub(super) const PROJECT: &str = "drill";

pub(super) struct World {
    pub(super) redis: Redis,
    pub(super) wire: Wire,
    pub(super) way: TableWay,
    emulator: Option<MiniStack>,
    state: tempfile::TempDir,
    /// The writer's, and one for each reader: an environment serves one request at a time.
    pub(super) apis: Vec<Arc<Function>>,
    collector: Function,
}

impl World {
    pub(super) async fn start(programs: &Path) -> anyhow::Result<Self> {
        let state = tempfile::tempdir()?;
        let (redis, emulator) =
            tokio::try_join!(Redis::start(), MiniStack::options().state(state.path()).start())?;
        DynamoDb::new(emulator.endpoint())?.create_tables().await?;
        let (wire, way) = (Wire::to(redis.port()).await?, TableWay::to(emulator.endpoint()).await?);
        let variables = variables(wire.port(), &way.endpoint());
        let mut apis = Vec::new();
        for _ in 0..4 {
            let api = Function::start(&programs.join(Name::TaskApi.binary()), &variables).await?;
            apis.push(Arc::new(api));
        }
        let collector = Function::start(&programs.join(Name::ProgressCollector.binary()), &variables).await?;
        Ok(Self { redis, wire, way, emulator: Some(emulator), state, apis, collector })
    }

    /// A command for Redis, past the wire.
    pub(super) async fn tell_redis(&self, words: &[&str]) -> anyhow::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.redis.port())).await?;
        stream.write_all(format!("{}\r\n", words.join(" ")).as_bytes()).await?;
        let mut answer = [0; 64];
        let count = stream.read(&mut answer).await?;
        ensure!(answer.starts_with(b"+OK"), "{words:?}: {}", String::from_utf8_lossy(&answer[..count]));
        Ok(())
    }

    pub(super) async fn restart_emulator(&mut self) -> anyhow::Result<()> {
        if let Some(emulator) = self.emulator.take() {
            emulator.stop().await?;
        }
        let emulator = MiniStack::options().state(self.state.path()).start().await?;
        self.way.lead_to(emulator.endpoint());
        self.emulator = Some(emulator);
        Ok(())
    }

    /// How long after `healed` all environments answered all reads again, and from the cache.
    pub(super) async fn recovered(&self, healed: Instant) -> anyhow::Result<Duration> {
        let list = Request {
            path: "/api/tasks",
            query: &[("project", PROJECT), ("limit", "100")],
            ..Request::default()
        };
        for api in &self.apis {
            loop {
                let answer = api.request(&list).await?;
                if answer.status == 200 && answer.cache.as_deref() == Some("hit") {
                    break;
                }
                ensure!(healed.elapsed() < RECOVERY, "not as before: {} {:?}", answer.status, answer.cache);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Ok(healed.elapsed())
    }

    /// Gives the collector one batch of lines again and again; what it makes of it may not change.
    pub(super) async fn repeat_batch(&self, times: usize, load: &Load) -> anyhow::Result<()> {
        let stream = format!("batch-{}", uuid::Uuid::now_v7());
        let lines: Vec<Value> = (1..=20)
            .map(|number| {
                json!({
                    "id": format!("{number:056}"), "timestamp": 1_795_322_000_000_i64 + number,
                    "message": format!("Demo | {number}/29 | 4:30:07 AM | CREATE_COMPLETE | AWS::SQS::Queue | Q{number} (Q{number}AB)")
                })
            })
            .collect();
        let batch = json!({
            "messageType": "DATA_MESSAGE", "owner": "000000000000", "logGroup": "/miyabi/cdk-deploy", "logStream": stream,
            "subscriptionFilters": ["all"], "logEvents": lines
        });
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(batch.to_string().as_bytes())?;
        let data = base64::engine::general_purpose::STANDARD.encode(packer.finish()?);
        let event = json!({"awslogs": {"data": data}}).to_string().into_bytes();
        let path = format!("/api/tasks/{stream}");
        let mut first = None;
        for _ in 0..times {
            self.collector.call(event.clone()).await?;
            let answer = self.apis[0].request(&Request { path: &path, ..Request::default() }).await?;
            let task = answer.json()?;
            let state = json!([task["version"], task["progress"]["current"], task["progress"]["percentage"]]);
            load.expect(task["progress"]["current"] == 20, || format!("the batch of {stream} gave {task}"));
            let first = first.get_or_insert_with(|| state.clone());
            load.expect(*first == state, || format!("the batch of {stream} again: {first} became {state}"));
        }
        first.context("no batch was given").map(drop)
    }
}

pub(crate) fn variables(redis_port: u16, endpoint: &str) -> Vec<(&'static str, String)> {
    vec![
        (local::AWS_ENDPOINT_URL, endpoint.to_owned()),
        (local::REDIS_URL, format!("redis://127.0.0.1:{redis_port}")),
        ("MIYABI_TASKS_TABLE", Table::Tasks.declaration().name.to_owned()),
        ("MIYABI_PROJECTS_TABLE", Table::Projects.declaration().name.to_owned()),
        ("MIYABI_LOG_LEVEL", "error".to_owned()),
    ]
}
