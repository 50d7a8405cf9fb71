//! The function `task-api`.

use miyabi_shared::config::{ProcessEnvironment, TaskApiConfig};
use miyabi_task_api::{AppState, router};
use miyabi_telemetry::start_logging;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    let config = TaskApiConfig::from_env(&ProcessEnvironment)?;
    start_logging(&config.log_level);
    let state = AppState::connect(&config).await?;
    lambda_http::run(router(state)).await
}
