//! The function `stream-processor`.

use lambda_runtime::{LambdaEvent, service_fn};
use miyabi_shared::config::{ProcessEnvironment, StreamProcessorConfig};
use miyabi_stream_processor::Processor;
use miyabi_telemetry::start_logging;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let config = StreamProcessorConfig::from_env(&ProcessEnvironment)?;
    start_logging(&config.log_level);
    let processor = &Processor::connect(&config).await?;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| processor.handle(event.payload).await))
        .await
}
