//! Reads of the cache that are compared with the tables: what differs is counted, mended and not shown.

use miyabi_shared::Task;
use miyabi_store::{Filter, Verified};

use crate::rig::{Cloud, all, body, id, progress, started, walk};

#[tokio::test(flavor = "multi_thread")]
async fn a_cache_that_is_wrong_is_found_out_counted_and_mended() {
    let cloud = Cloud::new().await;
    let store = cloud.store().await.verifying_one_in(1);
    for name in ["a", "b"] {
        store.create(&body(name, "p")).await.unwrap();
        store.apply_events(&id(name), &[started(1, 1), progress(1, 2, 1, 10)]).await.unwrap();
    }
    store.list(&all(9), None).await.unwrap();
    let mut control = Cloud::redis().await;
    let key = format!("{{{}}}:task:a", cloud.tasks_table());
    let old: Vec<u8> = redis::cmd("GET").arg(&key).query_async(&mut control).await.unwrap();
    store.apply_events(&id("a"), &[progress(1, 3, 7, 10)]).await.unwrap();
    let shown =
        async || -> Task { store.task(&id("a"), None).await.unwrap().value.unwrap().parse().unwrap() };
    assert_eq!(shown().await.progress.current, 7);
    let right = store.take_verified();
    assert!(right.reads > 0 && right.differences == 0, "{right:?}");

    for round in 1..=2 {
        // What no writer does: an old state comes back.
        let () = redis::cmd("SET").arg(&key).arg(&old).query_async(&mut control).await.unwrap();
        if round == 1 {
            assert_eq!(shown().await.progress.current, 7);
        } else {
            let tasks = walk(&store, &Filter::default(), 9).await;
            assert_eq!(tasks.iter().map(|task| task.progress.current).max(), Some(7));
        }
        assert_eq!(store.take_verified().differences, 1, "round {round}");
        let plain = cloud.store().await.verifying_one_in(u32::MAX);
        let mended: Task = plain.task(&id("a"), None).await.unwrap().value.unwrap().parse().unwrap();
        assert_eq!(mended.progress.current, 7, "for all readers");
    }
    assert_eq!(store.take_verified(), Verified::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_is_in_no_table_is_not_shown_though_the_cache_has_it() {
    let cloud = Cloud::new().await;
    let store = cloud.store().await;
    store.create(&body("a", "p")).await.unwrap();
    store.list(&all(9), None).await.unwrap();
    cloud
        .client()
        .delete_item()
        .table_name(cloud.tasks_table())
        .key("task_id", aws_sdk_dynamodb::types::AttributeValue::S("a".to_owned()))
        .key("timestamp", aws_sdk_dynamodb::types::AttributeValue::N("0".to_owned()))
        .send()
        .await
        .unwrap();
    let store = store.verifying_one_in(1);
    store.task(&id("a"), None).await.unwrap_err();
    assert_eq!(store.take_verified().differences, 1);
    assert_eq!(walk(&store, &Filter::default(), 9).await, []);
}
