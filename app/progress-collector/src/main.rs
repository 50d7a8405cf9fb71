//! The function `progress-collector`.

use lambda_runtime::{LambdaEvent, service_fn};
use miyabi_progress_collector::Collector;
use miyabi_shared::config::{ProcessEnvironment, ProgressCollectorConfig};
use miyabi_telemetry::start_logging;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let config = ProgressCollectorConfig::from_env(&ProcessEnvironment)?;
    start_logging(&config.log_level);
    let collector = &Collector::connect(&config).await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| collector.handle(&event.payload).await))
        .await
}
