//! Running the program against a recorder.

use std::sync::Arc;

use miyabi_infra::Settings;
use miyabi_infra::graph::{References, registrations};
use miyabi_infra::settings::{CacheSettings, Configuration};
use miyabi_shared::Stage;
use miyabi_shared::config::CacheEndpoint;
use pulumi::Value;
use pulumi::mocks::{NewResource, Recorder};

/// The defaults of a stage. What is on a laptop has a Redis of its own.
pub(crate) fn settings(stage: Stage) -> Settings {
    let mut settings = Settings::of(stage);
    settings.page = "tests/it/page".to_owned();
    if stage == Stage::Local {
        let redis = CacheEndpoint::Url("redis://127.0.0.1:6390".to_owned());
        settings.cache = CacheSettings::Elsewhere(redis);
    }
    settings
}

pub(crate) async fn recorded(stage: Stage) -> Arc<Recorder<References>> {
    registrations(&settings(stage)).await.unwrap()
}

/// What a stage registers that is told this.
pub(crate) async fn told(stage: Stage, config: &[(&str, &str)]) -> Arc<Recorder<References>> {
    registrations(&configured(stage, config)).await.unwrap()
}

/// The settings of a stage that is told this.
pub(crate) fn configured(stage: Stage, config: &[(&str, &str)]) -> Settings {
    let mut configuration = Configuration::new();
    for (key, value) in config {
        configuration.set(key, value);
    }
    configuration.set_default("page", "tests/it/page");
    Settings::read(stage, configuration).unwrap()
}

/// A text among the inputs.
pub(crate) fn text<'resource>(resource: &'resource NewResource, key: &str) -> &'resource str {
    match resource.inputs.get(key) {
        Some(Value::String(text)) => text,
        other => panic!("{}.{key} is {other:?}", resource.name),
    }
}
