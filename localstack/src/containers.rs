//! The other local cloud: LocalStack and Redis as containers, on the same ports.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, bail};
use tokio::process::Command;

use crate::checkout::Checkout;
use crate::settings::Settings;

/// Where functions, which run in containers there, find Redis.
pub(crate) const REDIS_URL: &str = "redis://redis:6379";

/// Says that containers were started, so that `down` stops them.
fn mark(checkout: &Checkout) -> PathBuf {
    checkout.state().join("containers")
}

/// Whether `up` started containers here.
pub(crate) fn are_ours(checkout: &Checkout) -> bool {
    mark(checkout).exists()
}

/// Starts the containers and waits until they are healthy.
pub(crate) async fn start(checkout: &Checkout, settings: &Settings) -> anyhow::Result<()> {
    let there = Command::new("docker").args(["info", "--format", "{{.ServerVersion}}"]).output().await;
    match there {
        Err(_) => bail!(
            "LOCAL_CLOUD=localstack needs Docker, and there is no `docker` here: install it, or run `./just up` without LOCAL_CLOUD"
        ),
        Ok(answer) if !answer.status.success() => bail!(
            "LOCAL_CLOUD=localstack needs Docker, and its daemon does not answer ({}): start it, or run `./just up` without LOCAL_CLOUD",
            String::from_utf8_lossy(&answer.stderr).trim()
        ),
        Ok(_) => {}
    }
    let compose_there = Command::new("docker").args(["compose", "version"]).output().await;
    if !compose_there.is_ok_and(|answer| answer.status.success()) {
        bail!(
            "LOCAL_CLOUD=localstack needs `docker compose`, and this Docker does not have it: install the compose plugin, or run `./just up` without LOCAL_CLOUD"
        );
    }
    checkout.folder("")?;
    std::fs::write(mark(checkout), "").context("note that containers were started")?;
    compose(checkout, Some(settings), &["up", "--detach", "--wait"]).await
}

/// Stops the containers; their volumes stay.
pub(crate) async fn stop(checkout: &Checkout) -> anyhow::Result<()> {
    compose(checkout, None, &["down"]).await?;
    std::fs::remove_file(mark(checkout)).context("note that containers were stopped")
}

/// Removes the containers' volumes, where there may be any.
pub(crate) async fn remove(checkout: &Checkout) -> anyhow::Result<()> {
    let volumes = checkout.state().join("volumes");
    if !volumes.exists() {
        return Ok(());
    }
    compose(checkout, None, &["down", "--volumes"]).await?;
    std::fs::remove_file(&volumes).context("note that volumes were removed")
}

async fn compose(checkout: &Checkout, settings: Option<&Settings>, arguments: &[&str]) -> anyhow::Result<()> {
    let mut command = Command::new("docker");
    command.arg("compose").arg("--file").arg(checkout.root().join("localstack/compose.yaml"));
    command.args(["--project-name", "miyabi-local"]).args(arguments);
    if let Some(settings) = settings {
        std::fs::write(checkout.state().join("volumes"), "").context("note that volumes were made")?;
        command.env("MIYABI_CLOUD_PORT", settings.cloud_port.to_string());
        command.env("MIYABI_REDIS_PORT", settings.redis_port.to_string());
    }
    let status =
        command.stdin(Stdio::null()).kill_on_drop(true).status().await.context("run docker compose")?;
    if !status.success() {
        bail!("docker compose {} failed ({status})", arguments.join(" "));
    }
    Ok(())
}
