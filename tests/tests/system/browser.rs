//! A real browser on the page.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const LIMIT: Duration = Duration::from_secs(120);

/// A page that is watched.
pub(crate) struct Browser {
    lines: Lines<BufReader<ChildStdout>>,
    _script: Child,
    screenshot: PathBuf,
}

impl Browser {
    /// Opens the page and follows the task as soon as it is listed; the picture is kept as `test-results/NAME.png`.
    pub(crate) async fn watch(origin: &str, task_id: &str, name: &str) -> anyhow::Result<Self> {
        let root = miyabi_tests::root();
        let results = root.join("test-results");
        std::fs::create_dir_all(&results)?;
        let screenshot = results.join(format!("{name}.png"));
        let mut script = Command::new("node")
            .arg(root.join("app/dashboard/e2e/watch-task.mjs"))
            .args([origin, task_id])
            .arg(&screenshot)
            .env("MIYABI_CHROMIUM", miyabi_tests::chromium()?)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("starting node")?;
        let stdout = script.stdout.take().context("the script's output")?;
        let mut browser = Self { lines: BufReader::new(stdout).lines(), _script: script, screenshot };
        let opened = browser.line().await?;
        ensure!(opened["opened"] == true, "the page did not open: {opened}");
        Ok(browser)
    }

    async fn line(&mut self) -> anyhow::Result<Value> {
        let line = tokio::time::timeout(LIMIT, self.lines.next_line())
            .await
            .context("the browser said nothing")??
            .context("the browser's script ended early; its words are above")?;
        Ok(serde_json::from_str(&line)?)
    }

    /// Waits until the page shows that the task succeeded, and that its bar never went back on the way.
    pub(crate) async fn sees_success(mut self) -> anyhow::Result<()> {
        let end = self.line().await?;
        ensure!(end["succeeded"] == true, "{end}");
        let values: Vec<u64> =
            end["percentages"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
        ensure!(values.is_sorted() && values.last() == Some(&100), "the bar showed {values:?}");
        let errors = end["errors"].as_array().context("errors")?;
        ensure!(errors.is_empty(), "the page logged errors: {errors:?}");
        ensure!(self.screenshot.is_file(), "no picture in {}", self.screenshot.display());
        Ok(())
    }
}
