//! What follows from the table is what the table says, whatever way its changes come.

use aws_sdk_dynamodb::Client;
use miyabi_shared::config::{CacheEndpoint, StoreConfig, StreamProcessorConfig};
use miyabi_shared::event::{CreateTask, EventBody, ProgressEvent, ResultEvent, ResultStatus};
use miyabi_shared::{TaskEvent, TaskId, Timestamp};
use miyabi_store::{Source, TaskStore};
use miyabi_stream_processor::Processor;
use miyabi_telemetry::Metrics;
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::records::{Item, key, record};

/// A table that is written by somebody who never reaches the cache, and every change of it.
struct Writer {
    client: Client,
    table: String,
    store: TaskStore,
    records: Vec<Value>,
}

impl Writer {
    fn new(cloud: &Cloud) -> Self {
        let store = StoreConfig { cache: CacheEndpoint::None, ..cloud.store.clone() };
        Self {
            client: Client::new(&cloud.aws),
            table: store.tasks_table.clone(),
            store: TaskStore::connect(&store, &cloud.aws).unwrap(),
            records: Vec::new(),
        }
    }

    async fn item(&self, id: &TaskId) -> Option<Item> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key(id))).consistent_read(true);
        get.send().await.unwrap().item
    }

    async fn note(&mut self, id: &TaskId, before: Option<Item>) {
        let after = self.item(id).await;
        if before != after {
            self.records.push(record(self.records.len(), before.as_ref(), after.as_ref()));
        }
    }

    async fn create(&mut self, id: &TaskId) {
        let before = self.item(id).await;
        let body = CreateTask {
            task_id: Some(id.clone()),
            project_id: "web".parse().unwrap(),
            task_type: "build".parse().unwrap(),
            name: id.to_string(),
            labels: Default::default(),
            run: None,
        };
        self.store.create(&body).await.unwrap();
        self.note(id, before).await;
    }

    async fn send(&mut self, id: &TaskId, sequence: u64, body: EventBody) {
        let before = self.item(id).await;
        let event = TaskEvent { attempt: 1, sequence, time: Timestamp::now(), body };
        self.store.apply_events(id, &[event]).await.unwrap();
        self.note(id, before).await;
    }

    /// As DynamoDB does when an item's time is over.
    async fn forget(&mut self, id: &TaskId) {
        let before = self.item(id).await;
        self.client.delete_item().table_name(&self.table).set_key(Some(key(id))).send().await.unwrap();
        self.note(id, before).await;
    }
}

fn processor(cloud: &Cloud) -> (Processor, Metrics) {
    let metrics = Metrics::to_memory("stream-processor");
    let config = StreamProcessorConfig { store: cloud.store.clone(), log_level: "info".to_owned() };
    (Processor::with_aws(&config, &cloud.aws, metrics.clone()).unwrap(), metrics)
}

async fn handle(processor: &Processor, records: &[Value]) {
    let answer = processor.handle(json!({ "Records": records })).await.unwrap();
    assert_eq!(answer, json!({ "batchItemFailures": [] }));
}

async fn counts(store: &TaskStore) -> [u64; 5] {
    let projects = store.projects(None).await.unwrap().value.unwrap().projects().unwrap();
    let counts = projects.iter().find(|project| project.project_id.as_str() == "web").unwrap().counts;
    [counts.queued, counts.running, counts.succeeded, counts.failed, counts.cancelled]
}

fn id(name: &str) -> TaskId {
    name.parse().unwrap()
}

fn result(status: ResultStatus) -> EventBody {
    EventBody::Result(ResultEvent { status, exit_code: None, message: None })
}

#[tokio::test]
async fn what_never_reached_the_cache_is_there_once_its_change_is_told() {
    let cloud = Cloud::start().await;
    let (mut writer, reader) = (Writer::new(&cloud), TaskStore::connect(&cloud.store, &cloud.aws).unwrap());
    let (processor, metrics) = processor(&cloud);
    let task = id("t-1");
    writer.create(&task).await;
    // The cache holds the task as it is new, and is trusted for seconds.
    assert_eq!(reader.task(&task, None).await.unwrap().source, Source::Miss);
    writer.send(&task, 1, EventBody::Started {}).await;
    let known = reader.task(&task, None).await.unwrap();
    assert_eq!((known.source, known.tag.ends_with(".1\"")), (Source::Hit, true), "{}", known.tag);

    handle(&processor, &writer.records).await;
    let known = reader.task(&task, None).await.unwrap();
    assert_eq!((known.source, known.tag.ends_with(".2\"")), (Source::Hit, true), "{}", known.tag);
    let line = &metrics.lines()[0];
    assert_eq!((&line["CacheRepairs"], &line["UnreadableRecords"]), (&json!(1.0), &json!(0.0)));
}

#[tokio::test]
async fn a_task_that_is_gone_is_counted_out_once_however_often_that_is_told() {
    let cloud = Cloud::start().await;
    let mut writer = Writer::new(&cloud);
    let (processor, metrics) = processor(&cloud);
    for name in ["t-1", "t-2"] {
        writer.create(&id(name)).await;
        writer.send(&id(name), 1, EventBody::Started {}).await;
    }
    writer.send(&id("t-1"), 2, result(ResultStatus::Failed)).await;
    assert_eq!(counts(&writer.store).await, [0, 1, 0, 1, 0]);
    writer.forget(&id("t-1")).await;
    for _ in 0..3 {
        handle(&processor, &writer.records).await;
        assert_eq!(counts(&writer.store).await, [0, 1, 0, 0, 0]);
    }
    // The same name again is another life, and ends once more.
    let told = writer.records.len();
    writer.create(&id("t-1")).await;
    handle(&processor, &writer.records).await;
    assert_eq!(counts(&writer.store).await, [1, 1, 0, 0, 0]);
    writer.forget(&id("t-1")).await;
    handle(&processor, &writer.records).await;
    handle(&processor, &writer.records[told..]).await;
    assert_eq!(counts(&writer.store).await, [0, 1, 0, 0, 0]);
    let forgotten: f64 = metrics.lines().iter().filter_map(|line| line["TasksForgotten"].as_f64()).sum();
    assert!((forgotten - 2.0).abs() < f64::EPSILON, "{forgotten}");
}

#[tokio::test]
async fn changes_in_any_order_and_number_leave_the_cache_and_the_counts_as_the_table_is() {
    let cloud = Cloud::start().await;
    let reader = TaskStore::connect(&cloud.store, &cloud.aws).unwrap();
    let (processor, _) = processor(&cloud);
    let mut writer = Writer::new(&cloud);
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let ids: Vec<TaskId> = (0..4).map(|number| id(&format!("t-{number}"))).collect();
    for task in &ids {
        writer.create(task).await;
        // So that there is something to be out of date.
        reader.task(task, None).await.unwrap();
    }
    for round in 1..=12 {
        for task in &ids {
            let known = writer.item(task).await;
            match random.u8(0..8) {
                0 if known.is_some() => writer.forget(task).await,
                1 if known.is_some() => writer.send(task, round * 10, result(ResultStatus::Succeeded)).await,
                _ if known.is_some() => {
                    let progress = ProgressEvent { current: Some(round), ..ProgressEvent::default() };
                    writer.send(task, round * 10, EventBody::Progress(progress)).await;
                }
                _ => writer.create(task).await,
            }
        }
        // All that was ever told comes again, in any order and in any parts.
        let mut told = writer.records.clone();
        random.shuffle(&mut told);
        while !told.is_empty() {
            let part = told.split_off(told.len() - random.usize(1..=told.len().min(9)));
            handle(&processor, &part).await;
        }
        let mut expected = [0; 5];
        for task in &ids {
            let truth = writer.store.task(task, None).await.ok().map(|answer| answer.value.unwrap());
            let seen = reader.task(task, None).await.ok().map(|answer| answer.value.unwrap());
            assert_eq!(seen, truth, "{task} in round {round} of seed {seed}");
            if let Some(task) = truth {
                let task: miyabi_shared::Task = task.parse().unwrap();
                let place = miyabi_shared::TaskStatus::ALL.iter().position(|status| *status == task.status);
                expected[place.unwrap()] += 1;
            }
        }
        assert_eq!(counts(&writer.store).await, expected, "in round {round} of seed {seed}");
    }
}

#[tokio::test]
async fn a_change_that_cannot_be_read_is_counted_and_those_behind_it_go_on() {
    let cloud = Cloud::start().await;
    let (mut writer, reader) = (Writer::new(&cloud), TaskStore::connect(&cloud.store, &cloud.aws).unwrap());
    let (processor, metrics) = processor(&cloud);
    writer.create(&id("t-1")).await;
    reader.task(&id("t-1"), None).await.unwrap();
    writer.send(&id("t-1"), 1, EventBody::Started {}).await;
    let mut poison = writer.records[0].clone();
    poison["dynamodb"]["NewImage"]["version"] = json!({ "S": "seven" });
    handle(&processor, &[poison, json!("no record"), writer.records[1].clone()]).await;
    assert!(reader.task(&id("t-1"), None).await.unwrap().tag.ends_with(".2\""));
    assert_eq!(metrics.lines()[0]["UnreadableRecords"], 2.0);
}

#[tokio::test]
async fn without_its_cache_the_counts_are_right_all_the_same() {
    let mut cloud = Cloud::start().await;
    let mut writer = Writer::new(&cloud);
    let (processor, metrics) = processor(&cloud);
    cloud.redis.kill().await.unwrap();
    writer.create(&id("t-1")).await;
    writer.forget(&id("t-1")).await;
    handle(&processor, &writer.records).await;
    assert_eq!(counts(&writer.store).await, [0; 5]);
    assert_eq!(metrics.lines()[0]["CacheRepairsLost"], 1.0);
}
