//! A collector for one test, and payloads as CloudWatch Logs sends them.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use miyabi_progress_collector::{Collector, Counts};
use miyabi_shared::config::ProgressCollectorConfig;
use miyabi_shared::{Step, Task, TaskId};
use miyabi_store::{StoreError, TaskStore};
use miyabi_telemetry::Metrics;
use serde_json::{Value, json};

use crate::cloud::Cloud;

/// Midnight of the day that the lines of these tests were printed on.
pub(crate) const MIDNIGHT: i64 = 1_795_305_600_000;
pub(crate) const CDK: &str = "/miyabi/cdk-deploy";

/// A collector, and the store that shows what it did.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) collector: Collector,
    pub(crate) store: TaskStore,
    pub(crate) metrics: Metrics,
    pub(crate) cloud: Cloud,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::on(Cloud::start().await)
    }

    pub(crate) fn on(cloud: Cloud) -> Self {
        let metrics = Metrics::to_memory("progress-collector");
        let config = ProgressCollectorConfig { store: cloud.store.clone(), log_level: "info".to_owned() };
        let collector = Collector::with_aws(&config, &cloud.aws, metrics.clone()).unwrap();
        let store = TaskStore::connect(&cloud.store, &cloud.aws).unwrap();
        Self { collector, store, metrics, cloud }
    }

    pub(crate) async fn send(&self, payload: &Value) -> Counts {
        self.collector.handle(payload).await.expect("the payload is taken")
    }

    /// Sends lines of one stream, which are lines `first`, `first + 1`… of it.
    pub(crate) async fn lines(&self, stream: &str, first: usize, lines: &[&str]) -> Counts {
        self.send(&payload(CDK, stream, first, lines)).await
    }

    pub(crate) async fn task(&self, task_id: &str) -> Option<Task> {
        match self.store.task(&id(task_id), None).await {
            Ok(answer) => Some(answer.value.unwrap().parse().unwrap()),
            Err(StoreError::NotFound(_)) => None,
            Err(error) => panic!("{error:?}"),
        }
    }

    pub(crate) async fn steps(&self, task_id: &str) -> Vec<Step> {
        self.store.task_with_steps(&id(task_id), None).await.unwrap().value.unwrap().steps().unwrap()
    }

    /// The sum of a metric over everything that was handled.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        self.metrics.lines().iter().filter_map(|line| line[name].as_f64()).sum()
    }
}

pub(crate) fn id(task_id: &str) -> TaskId {
    TaskId::new(task_id).unwrap()
}

/// A payload of lines, each with the identifier and the time of its place in the stream.
pub(crate) fn payload(group: &str, stream: &str, first: usize, lines: &[&str]) -> Value {
    let events: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let place = first + index;
            let time = MIDNIGHT + i64::try_from(place).unwrap() * 10;
            json!({"id": format!("{place:056}"), "timestamp": time, "message": line})
        })
        .collect();
    pack(description(group, stream, &json!(events)).as_bytes())
}

/// The JSON of a payload, in the order in which CloudWatch Logs writes it.
pub(crate) fn description(group: &str, stream: &str, events: &Value) -> String {
    format!(
        "{{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"000000000000\",\"logGroup\":{},\"logStream\":{},\
         \"subscriptionFilters\":[\"miyabi-progress-collector\"],\"logEvents\":{events}}}",
        json!(group),
        json!(stream)
    )
}

/// Packs JSON as CloudWatch Logs does.
pub(crate) fn pack(json: &[u8]) -> Value {
    wrap(&gzip(json))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn wrap(packed: &[u8]) -> Value {
    json!({"awslogs": {"data": STANDARD.encode(packed)}})
}
