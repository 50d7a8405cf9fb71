//! Running the program against a recorder.

use std::sync::Arc;

use miyabi_infra::StackArgs;
use miyabi_infra::graph::{References, registrations};
use miyabi_shared::Stage;
use miyabi_shared::config::CacheEndpoint;
use pulumi::Value;
use pulumi::mocks::{NewResource, Recorder};

pub(crate) fn args(stage: Stage) -> StackArgs {
    let cache = match stage {
        Stage::Local => CacheEndpoint::Url("redis://127.0.0.1:6390".to_owned()),
        Stage::Dev | Stage::Stg | Stage::Prod => CacheEndpoint::None,
    };
    StackArgs { stage, functions: "target/functions".to_owned(), cache }
}

pub(crate) async fn recorded(stage: Stage) -> Arc<Recorder<References>> {
    registrations(&args(stage)).await.unwrap()
}

/// A text among the inputs.
pub(crate) fn text<'resource>(resource: &'resource NewResource, key: &str) -> &'resource str {
    match resource.inputs.get(key) {
        Some(Value::String(text)) => text,
        other => panic!("{}.{key} is {other:?}", resource.name),
    }
}
