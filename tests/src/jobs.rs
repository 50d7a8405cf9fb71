//! Workers as processes, and many jobs for them while workers are lost, messages come twice, and one job takes every
//! worker with it.

mod storm;

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use miyabi_local::cloud::Cloud;
use miyabi_shared::config::WorkerConfig;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::Api;

pub use storm::{Storm, Weathered};

/// A worker as a process. It is killed when this is dropped.
#[derive(Debug)]
pub struct WorkerProcess {
    child: Child,
    _home: TempDir,
}

impl WorkerProcess {
    /// Starts one for that Miyabi, with what `change` makes of its configuration.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(cloud: &Cloud, change: impl FnOnce(&mut WorkerConfig)) -> anyhow::Result<Self> {
        let home = tempfile::tempdir()?;
        let mut config = cloud.worker_config();
        change(&mut config);
        let log = std::fs::File::create(home.path().join("log"))?;
        let child = Command::new(cloud.worker())
            .current_dir(home.path())
            .envs(cloud.variables())
            .envs(config.to_env())
            .env("TMPDIR", home.path())
            // What a command must not get to see.
            .env("SECRET_OF_THE_WORKER", "s3cret")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("starting a worker")?;
        Ok(Self { child, _home: home })
    }

    /// Whether it runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The processor time that it has taken itself, without the commands that it ran; in steps of 10 ms.
    ///
    /// # Errors
    /// When it runs no longer.
    pub fn processor_time(&self) -> anyhow::Result<Duration> {
        let id = self.child.id().context("the worker runs")?;
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        // The name before it may hold blanks; user and system time are the 14th and 15th field, in hundredths of a second.
        let fields: Vec<_> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let field = |index: usize| -> anyhow::Result<u64> {
            Ok(fields.get(index).context("a field of /proc/PID/stat")?.parse()?)
        };
        Ok(Duration::from_millis(10 * (field(11)? + field(12)?)))
    }

    /// KILL: it has no chance to hand anything back.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.start_kill().context("killing a worker")
    }

    /// TERM, and the end that follows within `limit`.
    ///
    /// # Errors
    /// When it does not end, or not well.
    pub async fn stop(mut self, limit: Duration) -> anyhow::Result<()> {
        let id = self.child.id().context("the worker runs")?;
        let sent = Command::new("kill").args(["-TERM", &id.to_string()]).status().await?;
        ensure!(sent.success(), "no TERM was sent");
        let status =
            tokio::time::timeout(limit, self.child.wait()).await.context("the worker did not end")??;
        ensure!(status.success(), "the worker ended with {status}");
        Ok(())
    }
}

/// Puts a job into a queue.
///
/// # Errors
/// When the API does not take it.
pub async fn post_job(api: &Api, id: &str, project: &str, run: Value) -> anyhow::Result<()> {
    let body = json!({"task_id": id, "project_id": project, "task_type": "command", "name": id, "run": run});
    let answer = api.post("/api/tasks", &body).await?;
    ensure!(answer.status == 202, "{}: {}", answer.status, answer.body);
    Ok(())
}

/// A small job of a shell script.
pub fn shell_job(script: &str) -> Value {
    json!({"command": ["sh", "-c", script], "size": "light"})
}

/// What the API says of a task's job.
///
/// # Errors
/// When the API does not answer.
pub async fn job_of(api: &Api, id: &str) -> anyhow::Result<Value> {
    Ok(api.get(&format!("/api/tasks/{id}/job"), None).await?.body)
}
