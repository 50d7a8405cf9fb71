//! The function `push`.

use lambda_runtime::{LambdaEvent, service_fn};
use miyabi_push::Push;
use miyabi_shared::config::{ProcessEnvironment, PushConfig};
use miyabi_telemetry::start_logging;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let config = PushConfig::from_env(&ProcessEnvironment)?;
    start_logging(&config.log_level);
    let push = &Push::connect(&config).await;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| push.handle(event.payload).await)).await
}
