//! The program `miyabi-worker`.

use std::process::ExitCode;

use anyhow::Context as _;
use miyabi_shared::config::{ProcessEnvironment, WorkerConfig};
use miyabi_telemetry::start_logging;
use miyabi_worker::{Worker, sandbox};
use tokio::signal::unix::{SignalKind, signal};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let result = match arguments.first() {
        None => work(),
        Some(first) if first == sandbox::COMMAND => {
            return sandbox::enter(arguments.get(1..).unwrap_or_default());
        }
        Some(other) => Err(anyhow::anyhow!(
            "{other:?} is not known: a worker has no arguments, its variables say everything"
        )),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("miyabi-worker: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn work() -> anyhow::Result<()> {
    let config = WorkerConfig::from_env(&ProcessEnvironment)?;
    start_logging(&config.log_level);
    let launcher = std::env::current_exe().context("finding this program's file")?;
    let worker = Worker::connect(config, Some(launcher)).await?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for SIGINT")?;
    let stop = async move {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    };
    worker.work_until(stop).await;
    Ok(())
}
