//! The access list of the functions' user in the cache: enough for everything that the store does, and not more.

use std::collections::BTreeSet;

use miyabi_local::Redis;
use miyabi_shared::cache::{COMMANDS, access_string};
use miyabi_shared::event::ResultStatus;
use miyabi_shared::{StepStatus, TaskStatus};
use miyabi_store::Filter;
use redis::AsyncCommands as _;

use crate::rig::{Cloud, body, connection, ended, id, in_status, progress, project, started, step, walk};

const SCRIPTS: &[&str] = &[
    include_str!("../../src/cache/lua/absent.lua"),
    include_str!("../../src/cache/lua/claim.lua"),
    include_str!("../../src/cache/lua/common.lua"),
    include_str!("../../src/cache/lua/drop.lua"),
    include_str!("../../src/cache/lua/fill_list.lua"),
    include_str!("../../src/cache/lua/fill_projects.lua"),
    include_str!("../../src/cache/lua/join.lua"),
    include_str!("../../src/cache/lua/list.lua"),
    include_str!("../../src/cache/lua/projects.lua"),
    include_str!("../../src/cache/lua/put.lua"),
    include_str!("../../src/cache/lua/task.lua"),
];

/// What a client says besides calling scripts, on a new connection or to the health check.
const OF_CLIENTS: &[&str] = &["auth", "client|setinfo", "eval", "evalsha", "hello", "ping", "script|load"];

#[test]
fn the_list_names_what_the_scripts_call_and_nothing_else() {
    let mut called: BTreeSet<String> = OF_CLIENTS.iter().map(|command| (*command).to_owned()).collect();
    for script in SCRIPTS {
        for part in script.split("redis.call('").skip(1).chain(script.split("redis.pcall('").skip(1)) {
            called.insert(part.split('\'').next().unwrap().to_lowercase());
        }
    }
    let listed: BTreeSet<String> = COMMANDS.iter().map(|command| (*command).to_owned()).collect();
    assert_eq!(listed, called);
}

#[tokio::test]
async fn a_user_with_that_list_is_refused_nothing_that_the_store_asks_for() {
    let cloud = Cloud::new().await;
    let redis = Redis::start().await.unwrap();
    let mut admin = connection(&redis.url()).await;
    let mut set_user = redis::cmd("ACL");
    set_user.arg("SETUSER").arg("functions").arg(">only-in-this-test");
    for rule in access_string(cloud.tasks_table()).split(' ') {
        set_user.arg(rule);
    }
    set_user.exec_async(&mut admin).await.unwrap();
    let url = redis.url().replace("redis://", "redis://functions:only-in-this-test@");

    let store = cloud.store_with(&url);
    for task_id in ["one", "two"] {
        store.create(&body(task_id, "web")).await.unwrap();
        store
            .apply_events(&id(task_id), &[started(1, 1), step(1, 2, "build", StepStatus::Running)])
            .await
            .unwrap();
    }
    for sequence in 3..6 {
        store.apply_events(&id("one"), &[progress(1, sequence, sequence, 10)]).await.unwrap();
        for filter in [Filter::default(), in_status(TaskStatus::Running)] {
            assert_eq!(walk(&store, &filter, 1).await.len(), 2);
        }
        store.task(&id("one"), None).await.unwrap();
        store.projects(None).await.unwrap();
    }
    store.apply_events(&id("two"), &[ended(1, 3, ResultStatus::Succeeded)]).await.unwrap();
    walk(&store, &Filter { project: Some(project("web")), ..Filter::default() }, 10).await;

    let denied: Vec<redis::Value> = redis::cmd("ACL").arg("LOG").query_async(&mut admin).await.unwrap();
    assert!(denied.is_empty(), "{denied:?}");
    // The store did use the cache, as this user.
    let keys: Vec<String> = admin.keys("*").await.unwrap();
    assert!(keys.iter().any(|key| key.ends_with("task:one")), "{keys:?}");

    let mut user = connection(&url).await;
    for forbidden in [["KEYS", "*"], ["GET", "other"], ["FLUSHALL", "SYNC"], ["CONFIG", "GET"]] {
        let answer = redis::cmd(forbidden[0]).arg(forbidden[1]).query_async::<redis::Value>(&mut user).await;
        let error = answer.unwrap_err().to_string();
        assert!(error.contains("permission"), "{forbidden:?}: {error}");
    }
}
