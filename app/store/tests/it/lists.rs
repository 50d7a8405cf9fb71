//! Lists: the same with and without a cache, whole, in order, and stable while tasks come and go.

use std::time::Duration;

use miyabi_shared::event::ResultStatus;
use miyabi_shared::{TaskStatus, TaskType};
use miyabi_store::{Filter, ListQuery, Source, StoreError, TaskStore};

use crate::rig::{
    Cloud, all, body, ended, eventually, id, ids, in_status, of, progress, project, started, typed_body, walk,
};

fn by_type(name: &str) -> Filter {
    Filter { task_type: Some(TaskType::new(name).unwrap()), ..Filter::default() }
}

fn every_filter() -> Vec<Filter> {
    let mut filters = Vec::new();
    for project_id in [None, Some(project("p")), Some(project("q")), Some(project("nobody"))] {
        for task_type in [None, Some(TaskType::new("build").unwrap()), Some(TaskType::new("test").unwrap())] {
            for status in
                [None, Some(TaskStatus::Queued), Some(TaskStatus::Running), Some(TaskStatus::Failed)]
            {
                filters.push(Filter { project: project_id.clone(), status, task_type: task_type.clone() });
            }
        }
    }
    filters
}

/// Tasks `t00`, `t01`… of two projects and two types; every third has started, every sixth has failed.
async fn fill(store: &TaskStore, count: usize) {
    for number in 0..count {
        let name = format!("t{number:02}");
        let project_id = if number % 2 == 0 { "p" } else { "q" };
        let task_type = if number % 5 == 0 { "build" } else { "test" };
        store.create(&typed_body(&name, project_id, task_type)).await.unwrap();
        if number % 3 == 0 {
            store.apply_events(&id(&name), &[started(1, 1), progress(1, 2, 1, 2)]).await.unwrap();
        }
        if number % 6 == 0 {
            store.apply_events(&id(&name), &[ended(1, 3, ResultStatus::Failed)]).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_the_same_from_the_cache_cold_or_warm_and_from_the_tables() {
    let cloud = Cloud::new().await;
    let (cached, plain) = (cloud.store().await, cloud.store_without_cache());
    // Warm before anything is written, so that the writers keep the lists.
    for filter in every_filter() {
        assert_eq!(cached.list(&of(filter), None).await.unwrap().source, Source::Miss);
    }
    fill(&cached, 31).await;
    for filter in every_filter() {
        let expected = walk(&plain, &filter, 100).await;
        assert!(expected.iter().all(|task| filter.matches(task)), "{filter:?}");
        assert!(expected.is_sorted_by_key(|task| std::cmp::Reverse(task.created_at)), "{filter:?}");
        for limit in [1, 3, 50] {
            assert_eq!(ids(&walk(&plain, &filter, limit).await), ids(&expected), "{filter:?} by {limit}");
            assert_eq!(walk(&cached, &filter, limit).await, expected, "{filter:?} by {limit}, warm");
        }
        // It may just have been time to verify the list.
        eventually(Duration::from_secs(5), async || {
            let source = cached.list(&of(filter.clone()), None).await.unwrap().source;
            if source == Source::Hit { Ok(()) } else { Err(source) }
        })
        .await;
    }
    let mut redis = Cloud::redis().await;
    for filter in every_filter() {
        let () = redis::cmd("DEL")
            .arg(format!("{{{}}}:epoch", cloud.tasks_table()))
            .query_async(&mut redis)
            .await
            .unwrap();
        let expected = walk(&plain, &filter, 100).await;
        assert_eq!(walk(&cached, &filter, 7).await, expected, "{filter:?}, cold");
    }
    assert_eq!(walk(&plain, &Filter::default(), 9).await.len(), 31);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_stays_right_while_tasks_are_added_and_change() {
    let cloud = Cloud::new().await;
    for store in [cloud.store().await, cloud.store_without_cache()] {
        let before = walk(&store, &Filter::default(), 100).await.len();
        let mut expected = Vec::new();
        for number in 0..6 {
            let name = format!("a{before}-{number}");
            store.create(&body(&name, "p")).await.unwrap();
            expected.insert(0, name);
        }
        let first = store.list(&all(2), None).await.unwrap().value.unwrap();
        let mut seen = ids(&first.tasks().unwrap());
        let mut cursor = first.next_cursor;
        let mut round = 0;
        while let Some(at) = cursor.take() {
            store.create(&body(&format!("new{before}-{round}"), "p")).await.unwrap();
            store.apply_events(&id(&expected[5]), &[progress(1, 2 + round, round, 50)]).await.unwrap();
            round += 1;
            let query = ListQuery { cursor: Some(at), ..all(2) };
            let page = store.list(&query, None).await.unwrap().value.unwrap();
            seen.extend(ids(&page.tasks().unwrap()));
            cursor = page.next_cursor;
        }
        assert_eq!(seen[..6], expected);

        let cursor = store.list(&all(2), None).await.unwrap().value.unwrap().next_cursor;
        let filter = Filter { project: Some(project("p")), ..Filter::default() };
        let error = store
            .list(&ListQuery { filter, limit: 2, cursor, ..ListQuery::default() }, None)
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::InvalidCursor), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_known_is_answered_with_nothing_until_one_of_its_tasks_changes() {
    let store = Cloud::new().await.store().await;
    store.create(&body("a", "p")).await.unwrap();
    store.create(&body("b", "q")).await.unwrap();
    let of_p = of(Filter { project: Some(project("p")), ..Filter::default() });
    let (every, p) =
        (store.list(&all(9), None).await.unwrap().tag, store.list(&of_p, None).await.unwrap().tag);
    for (query, tag) in [(&all(9), &every), (&of_p, &p)] {
        let answer = store.list(query, Some(tag)).await.unwrap();
        assert_eq!((answer.value, answer.source), (None, Source::Hit));
    }
    store.apply_events(&id("b"), &[started(1, 1)]).await.unwrap();
    assert!(store.list(&all(9), Some(&every)).await.unwrap().value.is_some(), "b is in it");
    assert!(store.list(&of_p, Some(&p)).await.unwrap().value.is_none(), "b is not");
    store.apply_events(&id("b"), &[started(1, 1)]).await.unwrap();
    let every = store.list(&all(9), None).await.unwrap().tag;
    store.apply_events(&id("b"), &[started(1, 1)]).await.unwrap();
    assert!(store.list(&all(9), Some(&every)).await.unwrap().value.is_none(), "a duplicate changes nothing");

    let projects = store.projects(None).await.unwrap().tag;
    assert!(store.projects(Some(&projects)).await.unwrap().value.is_none());
    store.apply_events(&id("a"), &[started(1, 1)]).await.unwrap();
    assert!(store.projects(Some(&projects)).await.unwrap().value.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_longer_than_what_is_built_at_once_is_extended_as_it_is_read() {
    let cloud = Cloud::new().await;
    let plain = cloud.store_without_cache();
    for chunk in (0..350).collect::<Vec<_>>().chunks(10) {
        let creates =
            chunk.iter().map(|number| {
                let plain = &plain;
                async move {
                    plain.create(&body(&format!("n{number}"), &format!("p{}", number % 10))).await.unwrap()
                }
            });
        futures::future::join_all(creates).await;
    }
    let cached = cloud.store().await;
    let expected = walk(&plain, &Filter::default(), 100).await;
    assert_eq!(expected.len(), 350);
    assert_eq!(walk(&cached, &Filter::default(), 100).await, expected);
    assert_eq!(walk(&cached, &in_status(TaskStatus::Queued), 30).await, expected);
    let mut query = all(100);
    for _ in 0..4 {
        let answer = cached.list(&query, None).await.unwrap();
        assert_eq!(answer.source, Source::Hit);
        query.cursor = answer.value.unwrap().next_cursor;
    }
    assert_eq!(query.cursor, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_list_is_read_in_one_round_trip_and_no_read_ever_walks_the_keys() {
    let cloud = Cloud::new().await;
    let own = miyabi_local::Redis::start().await.unwrap();
    let store = cloud.store_with(&own.url());
    fill(&store, 12).await;
    walk(&store, &Filter::default(), 5).await;
    store.task_with_steps(&id("t00"), None).await.unwrap();
    store.projects(None).await.unwrap();
    let mut redis = crate::rig::connection(&own.url()).await;
    let calls = async |redis: &mut redis::aio::MultiplexedConnection| -> u64 {
        let stats: String = redis::cmd("INFO").arg("commandstats").query_async(redis).await.unwrap();
        for never in ["cmdstat_keys", "cmdstat_scan", "cmdstat_smembers"] {
            assert!(!stats.contains(never), "{stats}");
        }
        let line = stats.lines().find(|line| line.starts_with("cmdstat_evalsha:")).unwrap();
        line.split(['=', ',']).nth(1).unwrap().parse().unwrap()
    };
    let before = calls(&mut redis).await;
    for _ in 0..10 {
        assert_eq!(store.list(&all(5), None).await.unwrap().source, Source::Hit);
    }
    assert_eq!(calls(&mut redis).await - before, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_expired_is_not_shown_though_it_is_still_in_the_table() {
    let cloud = Cloud::new().await;
    let store = cloud.store().await;
    for name in ["a", "b", "c"] {
        store.create(&typed_body(name, "p", "test")).await.unwrap();
    }
    store.list(&all(9), None).await.unwrap();
    cloud
        .client()
        .update_item()
        .table_name(cloud.tasks_table())
        .key("task_id", aws_sdk_dynamodb::types::AttributeValue::S("b".to_owned()))
        .key("timestamp", aws_sdk_dynamodb::types::AttributeValue::N("0".to_owned()))
        .update_expression("SET expires_at = :past")
        .expression_attribute_values(":past", aws_sdk_dynamodb::types::AttributeValue::N("1000".to_owned()))
        .send()
        .await
        .unwrap();
    let mut redis = Cloud::redis().await;
    let () = redis::cmd("DEL")
        .arg(format!("{{{}}}:task:b", cloud.tasks_table()))
        .query_async(&mut redis)
        .await
        .unwrap();
    for store in [&store, &cloud.store_without_cache()] {
        for filter in [Filter::default(), by_type("test")] {
            eventually(Duration::from_secs(5), async || {
                let tasks = walk(store, &filter, 2).await;
                if ids(&tasks) == ["c", "a"] { Ok(()) } else { Err(format!("{:?}", ids(&tasks))) }
            })
            .await;
        }
        assert!(matches!(store.task(&id("b"), None).await, Err(StoreError::NotFound(_))));
        assert!(matches!(store.apply_events(&id("b"), &[started(1, 1)]).await, Err(StoreError::NotFound(_))));
    }
    assert!(store.create(&body("b", "q")).await.unwrap().created, "the name is free again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_keeps_its_newest_tasks_and_knows_where_it_ends() {
    let cloud = Cloud::new().await;
    let own = miyabi_local::Redis::start().await.unwrap();
    let (store, plain) = (cloud.store_with(&own.url()), cloud.store_without_cache());
    for number in 0..5 {
        store.create(&body(&format!("t{number}"), "p")).await.unwrap();
    }
    store.list(&all(9), None).await.unwrap();
    let mut redis = crate::rig::connection(&own.url()).await;
    let key = format!("{{{}}}:list:||", cloud.tasks_table());
    let mut add = redis::cmd("ZADD");
    add.arg(&key);
    for number in 1..=10_000 {
        add.arg(number).arg(format!("old{number}"));
    }
    let () = add.query_async(&mut redis).await.unwrap();
    store.create(&body("t5", "p")).await.unwrap();
    let (length, floor): (u64, f64) =
        redis::pipe().zcard(&key).zscore(&key, "#f").query_async(&mut redis).await.unwrap();
    // 10,000 tasks and four members about the list; six tasks are new, so the old ones up to 6 are gone.
    assert_eq!((length, -floor - 1.0), (10_004, 8.0));
    let newest = store.list(&all(6), None).await.unwrap();
    assert_eq!(newest.source, Source::Hit);
    assert_eq!(newest.value.unwrap().tasks().unwrap(), walk(&plain, &Filter::default(), 6).await);
    let whole = walk(&store, &Filter::default(), 100).await;
    assert_eq!(
        whole,
        walk(&plain, &Filter::default(), 6).await,
        "what is not in the table falls out as it is read"
    );
}
