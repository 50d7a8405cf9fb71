//! The `miyabi` command, as a user runs it.

use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::Context;
use miyabi_local::cloud::Cloud;
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// How long a run may take before the test gives up on it.
const LIMIT: Duration = Duration::from_secs(180);

/// A `miyabi` command with the variables of `cloud`, and a home of its own.
///
/// # Errors
/// When no temporary folder can be made.
pub fn miyabi(cloud: &Cloud, arguments: &[&str]) -> anyhow::Result<(Command, TempDir)> {
    let home = tempfile::tempdir()?;
    let mut command = Command::new(cloud.miyabi());
    command
        .args(arguments)
        .current_dir(home.path())
        .env("XDG_STATE_HOME", home.path().join("state"))
        .envs(cloud.variables())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    Ok((command, home))
}

/// A `miyabi run` at work.
#[derive(Debug)]
pub struct MiyabiRun {
    child: Child,
    _home: TempDir,
}

impl MiyabiRun {
    /// Starts it.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start((mut command, home): (Command, TempDir)) -> anyhow::Result<Self> {
        let child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().context("starting miyabi run")?;
        Ok(Self { child, _home: home })
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it does not end in time.
    pub async fn end(self) -> anyhow::Result<Output> {
        tokio::time::timeout(LIMIT, self.child.wait_with_output())
            .await
            .context("miyabi run did not end")?
            .context("waiting for miyabi run")
    }
}
