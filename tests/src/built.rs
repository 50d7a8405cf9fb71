//! What `./just test` prepares: the tools, and the built programs and page.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use miyabi_local::cloud::{Cloud, CloudOptions};
use miyabi_shared::config::{Environment, ProcessEnvironment};

/// Starts a Miyabi of its own, with IAM enforced and with the page.
///
/// # Errors
/// When a part is missing or does not start.
pub async fn start_cloud() -> anyhow::Result<Cloud> {
    let options = CloudOptions::of_this_build()?;
    ensure!(options.page.is_some(), "the page is not built; `./just test` builds it first");
    Ok(Cloud::start(&options).await?)
}

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The folder of the CDK application that is deployed, with its packages.
///
/// # Errors
/// When `./just test` did not say where it is.
pub fn deployment() -> anyhow::Result<PathBuf> {
    variable("MIYABI_DEPLOYMENT").map(PathBuf::from)
}

/// The browser.
///
/// # Errors
/// When `./just test` did not say where it is.
pub fn chromium() -> anyhow::Result<PathBuf> {
    variable("MIYABI_CHROMIUM").map(PathBuf::from)
}

fn variable(name: &str) -> anyhow::Result<String> {
    ProcessEnvironment.get(name).with_context(|| format!("{name} is not set; `./just test` sets it"))
}
