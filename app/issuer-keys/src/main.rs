//! The function `issuer-keys`.

use lambda_runtime::{LambdaEvent, service_fn};
use miyabi_issuer_keys::Keeper;
use miyabi_shared::config::{IssuerKeysConfig, ProcessEnvironment};
use miyabi_telemetry::{Chain, start_logging};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let config = IssuerKeysConfig::from_env(&ProcessEnvironment)?;
    start_logging(&config.log_level);
    let keeper = &Keeper::new(&config, &miyabi_aws::load().await);
    lambda_runtime::run(service_fn(async |_: LambdaEvent<Value>| {
        keeper.keep().await.map_err(|error| {
            tracing::error!(error = %Chain(&error), "the issuer's keys were not kept");
            lambda_runtime::Error::from(error)
        })
    }))
    .await
}
