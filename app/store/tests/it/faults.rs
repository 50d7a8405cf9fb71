//! The cache dies, hangs, forgets, remembers too well; the table throttles and fails. Answers stay right.

use std::time::Duration;

use miyabi_local::Redis;
use miyabi_shared::config::CACHE_TIMEOUT_MILLISECONDS;
use miyabi_shared::{Task, TaskStatus};
use miyabi_store::{Filter, Liveness, Source, StoreError, TaskStore};
use serde_json::json;
use wiremock::matchers::{header, method};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::proxy::Proxy;
use crate::rig::{Cloud, all, body, connection, eventually, id, in_status, of, progress, started, walk};

async fn read(store: &TaskStore, task_id: &str) -> (Task, Source) {
    let answer = store.task(&id(task_id), None).await.unwrap();
    (answer.value.unwrap().parse().unwrap(), answer.source)
}

async fn current(store: &TaskStore, task_id: &str) -> u64 {
    read(store, task_id).await.0.progress.current
}

/// Until reads come from the cache again.
async fn rejoined(store: &TaskStore) {
    eventually(Duration::from_secs(5), async || {
        let source = store.list(&all(9), None).await.unwrap().source;
        if source == Source::Hit { Ok(()) } else { Err(source) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_and_restarted_in_the_middle_shows_nothing_but_the_truth() {
    let cloud = Cloud::new().await;
    let mut redis = Redis::start().await.unwrap();
    let store = cloud.store_with(&redis.url());
    store.create(&body("a", "p")).await.unwrap();
    store.apply_events(&id("a"), &[started(1, 1)]).await.unwrap();
    let mut sequence = 1;
    let mut tick = async |store: &TaskStore| {
        sequence += 1;
        store.apply_events(&id("a"), &[progress(1, sequence, sequence, 1000)]).await.unwrap();
        assert_eq!(current(store, "a").await, sequence);
        let listed = walk(store, &in_status(TaskStatus::Running), 9).await;
        assert_eq!(listed[0].progress.current, sequence);
    };
    tick(&store).await;
    assert_eq!(store.health().await.cache, Liveness::Ok);
    for _ in 0..2 {
        redis.kill().await.unwrap();
        for _ in 0..5 {
            tick(&store).await;
            assert_eq!(read(&store, "a").await.1, Source::Bypass);
        }
        assert_eq!(store.health().await.cache, Liveness::Down);
        redis.restart().await.unwrap();
        for _ in 0..5 {
            tick(&store).await;
        }
        rejoined(&store).await;
        tick(&store).await;
        assert_eq!(read(&store, "a").await.1, Source::Hit);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_that_comes_back_with_what_it_knew_long_ago_is_not_believed() {
    let cloud = Cloud::new().await;
    let mut redis = Redis::start().await.unwrap();
    let store = cloud.store_with(&redis.url());
    let other = cloud.store_with(&redis.url());
    for name in ["a", "b"] {
        store.create(&body(name, "p")).await.unwrap();
    }
    store.apply_events(&id("a"), &[started(1, 1), progress(1, 2, 1, 10)]).await.unwrap();
    for filter in [Filter::default(), in_status(TaskStatus::Queued), in_status(TaskStatus::Running)] {
        store.list(&of(filter), None).await.unwrap();
    }
    store.projects(None).await.unwrap();

    let mut old = connection(&redis.url()).await;
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut old).await.unwrap();
    let mut saved = Vec::new();
    for key in keys {
        let dump: Vec<u8> = redis::cmd("DUMP").arg(&key).query_async(&mut old).await.unwrap();
        saved.push((key, dump));
    }
    assert!(saved.len() >= 8, "{saved:?}");

    // All of this was acknowledged by Redis too, and is lost by it.
    store.apply_events(&id("a"), &[progress(1, 3, 7, 10)]).await.unwrap();
    store.apply_events(&id("b"), &[started(1, 1)]).await.unwrap();
    store.create(&body("c", "q")).await.unwrap();
    assert_eq!(current(&other, "a").await, 7);

    redis.kill().await.unwrap();
    redis.restart().await.unwrap();
    let mut again = connection(&redis.url()).await;
    for (key, dump) in &saved {
        let () =
            redis::cmd("RESTORE").arg(key).arg(0).arg(dump.as_slice()).query_async(&mut again).await.unwrap();
    }
    for store in [&other, &store] {
        assert_eq!(current(store, "a").await, 7);
        assert_eq!(walk(store, &Filter::default(), 9).await.len(), 3);
        assert_eq!(walk(store, &in_status(TaskStatus::Running), 9).await.len(), 2);
        assert_eq!(walk(store, &in_status(TaskStatus::Queued), 9).await.len(), 1);
        assert_eq!(store.projects(None).await.unwrap().value.unwrap().projects().unwrap().len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hung_redis_is_given_up_on_and_changes_no_answer() {
    let cloud = Cloud::new().await;
    let redis = Redis::start().await.unwrap();
    let store = cloud.store_within(&redis.url(), CACHE_TIMEOUT_MILLISECONDS);
    store.create(&body("a", "p")).await.unwrap();
    store.apply_events(&id("a"), &[started(1, 1)]).await.unwrap();
    let mut control = connection(&redis.url()).await;
    let () = redis::cmd("CLIENT").arg("PAUSE").arg(4000).arg("ALL").query_async(&mut control).await.unwrap();
    for sequence in 2..8 {
        store.apply_events(&id("a"), &[progress(1, sequence, sequence, 100)]).await.unwrap();
        let (task, source) = read(&store, "a").await;
        assert_eq!((task.progress.current, source), (sequence, Source::Bypass));
    }
    eventually(Duration::from_secs(10), async || {
        let (task, source) = read(&store, "a").await;
        assert_eq!(task.progress.current, 7);
        if source == Source::Hit { Ok(()) } else { Err(source) }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_got_lost_on_the_way_to_redis_is_made_up_for_before_the_next_read() {
    let cloud = Cloud::new().await;
    let redis = Redis::start().await.unwrap();
    let proxy = Proxy::to(&redis.url()).await;
    let store = cloud.store_with(&proxy.address("redis"));
    store.create(&body("a", "p")).await.unwrap();
    store.apply_events(&id("a"), &[started(1, 1)]).await.unwrap();
    store.list(&all(9), None).await.unwrap();
    let elsewhere = cloud.store_with(&redis.url());
    for sequence in 2..8 {
        // Only this store's connection is broken, and its next one too: the update and its repetition fail.
        proxy.swallow(2);
        store.apply_events(&id("a"), &[progress(1, sequence, sequence, 100)]).await.unwrap();
        proxy.swallow(0);
        eventually(Duration::from_secs(5), async || {
            let (task, source) = read(&store, "a").await;
            assert_eq!(task.progress.current, sequence);
            assert_eq!(walk(&store, &Filter::default(), 9).await[0].progress.current, sequence);
            if source == Source::Bypass { Err(source) } else { Ok(()) }
        })
        .await;
        assert_eq!(current(&elsewhere, "a").await, sequence, "the repair is for all");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_arrives_after_it_was_given_up_on_is_not_believed() {
    let cloud = Cloud::new().await;
    let redis = Redis::start().await.unwrap();
    let proxy = Proxy::to(&redis.url()).await;
    let store = cloud.store_within(&proxy.address("redis"), 300);
    store.create(&body("a", "p")).await.unwrap();
    store.apply_events(&id("a"), &[started(1, 1)]).await.unwrap();
    proxy.hold(true);
    // Two reads without an answer, and the update is the third call: with it the cache counts as out.
    for _ in 0..2 {
        assert_eq!(read(&store, "a").await.1, Source::Bypass);
    }
    store.apply_events(&id("a"), &[progress(1, 2, 2, 100)]).await.unwrap();
    store.apply_events(&id("a"), &[progress(1, 3, 3, 100)]).await.unwrap();
    proxy.hold(false);
    eventually(Duration::from_secs(30), async || match store.health().await.cache {
        Liveness::Ok => Ok(()),
        other => Err(other.as_str()),
    })
    .await;
    assert!(proxy.release().await > 0);
    for _ in 0..20 {
        assert_eq!(current(&store, "a").await, 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_writer_that_died_never_told_the_cache_is_seen_after_a_bounded_time() {
    let cloud = Cloud::new().await;
    let redis = Redis::start().await.unwrap();
    let (store, dying) = (cloud.store_with(&redis.url()), cloud.store_without_cache());
    store.create(&body("a", "p")).await.unwrap();
    store.apply_events(&id("a"), &[started(1, 1)]).await.unwrap();
    let every = store.list(&all(9), None).await.unwrap();
    dying.apply_events(&id("a"), &[progress(1, 2, 5, 10)]).await.unwrap();
    dying.create(&body("b", "p")).await.unwrap();
    assert_eq!(current(&store, "a").await, 0, "not yet");
    assert!(store.list(&all(9), Some(&every.tag)).await.unwrap().value.is_none(), "not yet");

    // Time passes: everything was verified 31 s earlier.
    let mut control = connection(&redis.url()).await;
    let key = |name: &str| format!("{{{}}}:{name}", cloud.tasks_table());
    let value: String = redis::cmd("GET").arg(key("task:a")).query_async(&mut control).await.unwrap();
    let (line, json) = value.split_once('\n').unwrap();
    let (rest, verified) = line.rsplit_once(' ').unwrap();
    let aged = format!("{rest} {}\n{json}", verified.parse::<i64>().unwrap() - 31_000);
    let () = redis::cmd("SET").arg(key("task:a")).arg(aged).query_async(&mut control).await.unwrap();
    let () = redis::cmd("ZINCRBY")
        .arg(key("list:||"))
        .arg(31_000)
        .arg("#u")
        .query_async(&mut control)
        .await
        .unwrap();

    let answer = store.list(&all(9), Some(&every.tag)).await.unwrap();
    let tasks = answer.value.expect("the list has changed").tasks().unwrap();
    assert_eq!((tasks.len(), tasks[1].progress.current), (2, 5));
    assert_eq!(current(&store, "a").await, 5);
    assert_eq!(store.list(&all(9), None).await.unwrap().source, Source::Hit);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flushed_redis_and_one_that_evicts_single_keys_change_no_answer() {
    let cloud = Cloud::new().await;
    let redis = Redis::start().await.unwrap();
    let (store, plain) = (cloud.store_with(&redis.url()), cloud.store_without_cache());
    let mut control = connection(&redis.url()).await;
    for number in 0..6 {
        store.create(&body(&format!("t{number}"), "p")).await.unwrap();
    }
    let expected = walk(&plain, &Filter::default(), 100).await;
    walk(&store, &Filter::default(), 4).await;
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut control).await.unwrap();
    for key in keys {
        let () = redis::cmd("DEL").arg(&key).query_async(&mut control).await.unwrap();
        assert_eq!(walk(&store, &Filter::default(), 4).await, expected, "without {key}");
        assert_eq!(read(&store, "t3").await.0, expected[2], "without {key}");
    }
    let () = redis::cmd("FLUSHALL").query_async(&mut control).await.unwrap();
    assert_eq!(walk(&store, &Filter::default(), 4).await, expected);
    let () = redis::cmd("SCRIPT").arg("FLUSH").query_async(&mut control).await.unwrap();
    assert_eq!(walk(&store, &Filter::default(), 4).await, expected);
    assert_eq!(store.list(&all(4), None).await.unwrap().source, Source::Hit);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_without_memory_refuses_to_learn_and_is_not_believed() {
    let cloud = Cloud::new().await;
    let redis = Redis::start().await.unwrap();
    let store = cloud.store_with(&redis.url());
    store.create(&body("a", "p")).await.unwrap();
    store.apply_events(&id("a"), &[started(1, 1)]).await.unwrap();
    store.list(&all(9), None).await.unwrap();
    let mut control = connection(&redis.url()).await;
    let memory = async |control: &mut redis::aio::MultiplexedConnection, bytes: u64| {
        let () =
            redis::cmd("CONFIG").arg("SET").arg("maxmemory").arg(bytes).query_async(control).await.unwrap();
    };
    memory(&mut control, 1).await;
    for sequence in 2..10 {
        store.apply_events(&id("a"), &[progress(1, sequence, sequence, 100)]).await.unwrap();
        assert_eq!(current(&store, "a").await, sequence);
        assert_eq!(walk(&store, &Filter::default(), 9).await[0].progress.current, sequence);
    }
    memory(&mut control, 0).await;
    rejoined(&store).await;
    assert_eq!(current(&store, "a").await, 9);
}

async fn answer_of_table(status: u16, error: &str, message: &str) -> ResponseTemplate {
    let error = format!("com.amazonaws.dynamodb.v20120810#{error}");
    ResponseTemplate::new(status).set_body_json(json!({ "__type": error, "message": message }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_throttles_or_fails_is_asked_three_times_in_all_and_then_said_to_be_out() {
    let cloud = Cloud::new().await;
    for (status, error, temporary, attempts) in [
        (400, "ProvisionedThroughputExceededException", true, 3),
        (500, "InternalServerError", true, 3),
        (400, "AccessDeniedException", false, 1),
        (400, "ResourceNotFoundException", false, 1),
    ] {
        let server = MockServer::start().await;
        let answer = answer_of_table(status, error, "as the test says").await;
        Mock::given(method("POST")).respond_with(answer).expect(attempts).mount(&server).await;
        let store = cloud.store_at(&server.uri(), false).await;
        let failure = store.task(&id("a"), None).await.unwrap_err();
        assert_eq!(failure.is_temporary(), temporary, "{error}: {failure}");
        let chain = format!("{:?}", std::error::Error::source(&failure).map(ToString::to_string));
        assert!(!failure.to_string().contains(&chain), "an error does not print its source");
        assert!(matches!(failure, StoreError::Unavailable { .. } | StoreError::Refused { .. }));
        assert_eq!(store.health().await.table, Liveness::Down);
        server.reset().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_throttles_once_is_asked_again() {
    let cloud = Cloud::new().await;
    cloud.store_without_cache().create(&body("a", "p")).await.unwrap();
    let proxy = Proxy::to(&cloud.endpoint()).await;
    let store = cloud.store_at(&proxy.address("http"), false).await;
    proxy.swallow(2);
    assert_eq!(read(&store, "a").await.0.version, 1);
    proxy.delay(Duration::from_millis(300));
    assert_eq!(read(&store, "a").await.0.version, 1, "slow is not down");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_a_batch_left_undone_are_asked_for_again() {
    let cloud = Cloud::new().await;
    let store = cloud.store_without_cache();
    for name in ["a", "b"] {
        store.create(&body(name, "p")).await.unwrap();
    }
    let mut items = Vec::new();
    for name in ["a", "b"] {
        let item = cloud
            .client()
            .get_item()
            .table_name(cloud.tasks_table())
            .key("task_id", aws_sdk_dynamodb::types::AttributeValue::S(name.to_owned()))
            .key("timestamp", aws_sdk_dynamodb::types::AttributeValue::N("0".to_owned()))
            .send()
            .await
            .unwrap()
            .item
            .unwrap();
        items.push(wire(&item));
    }
    let table = cloud.tasks_table();
    let keys = |names: &[&str]| -> Vec<serde_json::Value> {
        names.iter().map(|name| json!({"task_id": {"S": name}, "timestamp": {"N": "0"}})).collect()
    };
    let entry =
        |item: &serde_json::Value| json!({"task_id": item["task_id"], "created_at": item["created_at"]});
    let server = MockServer::start().await;
    let respond = async |target: &str, times: u64, body: serde_json::Value| {
        Mock::given(method("POST"))
            .and(header("x-amz-target", format!("DynamoDB_20120810.{target}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .up_to_n_times(times)
            .mount(&server)
            .await;
    };
    respond("Query", 1, json!({"Items": [entry(&items[1]), entry(&items[0])]})).await;
    respond(
        "BatchGetItem",
        1,
        json!({"Responses": {table: [items[0]]}, "UnprocessedKeys": {table: {"Keys": keys(&["b"])}}}),
    )
    .await;
    respond("BatchGetItem", 1, json!({"Responses": {}, "UnprocessedKeys": {table: {"Keys": keys(&["b"])}}}))
        .await;
    respond("BatchGetItem", 1, json!({"Responses": {table: [items[1]]}, "UnprocessedKeys": {}})).await;
    let store = cloud.store_at(&server.uri(), false).await;
    let filter = Filter { project: Some(crate::rig::project("p")), ..Filter::default() };
    let page = store.list(&of(filter), None).await.unwrap().value.unwrap();
    assert_eq!(crate::rig::ids(&page.tasks().unwrap()), ["b", "a"]);
}

fn wire(
    item: &std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>,
) -> serde_json::Value {
    use aws_sdk_dynamodb::types::AttributeValue;
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::M(map) => json!({ "M": wire(map) }),
        other => panic!("{other:?}"),
    };
    item.iter().map(|(name, held)| (name.clone(), value(held))).collect::<serde_json::Map<_, _>>().into()
}
