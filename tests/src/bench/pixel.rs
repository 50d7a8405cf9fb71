//! From the line to the pixel, in a real browser.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use miyabi_local::cloud::Cloud;
use miyabi_tests::{Api, MiyabiRun, miyabi, wait_until};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};

const LIMIT: Duration = Duration::from_secs(120);

/// Milliseconds from each line's printing until the page showed its count or a later one.
pub(super) async fn measure(cloud: &Cloud, lines: usize) -> anyhow::Result<Vec<f64>> {
    let api = Api::new(cloud.api_url())?;
    let folder = tempfile::tempdir()?;
    let (stamps, go) = (folder.path().join("stamps"), folder.path().join("go"));
    let task_id = format!("pixel-{}", uuid::Uuid::now_v7());
    let (own, count) = (std::env::current_exe()?, lines.to_string());
    let text = |path: &std::path::Path| path.to_str().map(str::to_owned).context("a path of text");
    let (own, file, start) = (text(&own)?, text(&stamps)?, text(&go)?);
    let arguments = ["run", "--quiet", "--task-id", &task_id, "--", &own, "print", &count, &file, &start];
    let running = tokio::spawn(MiyabiRun::start(miyabi(cloud, &arguments)?)?.end());
    wait_until("the task is known", LIMIT, || async {
        match api.task(&task_id).await {
            Ok(Some(_)) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await;

    let mut script = tokio::process::Command::new("node")
        .arg(miyabi_tests::root().join("app/dashboard/e2e/print-to-pixel.mjs"))
        .args([&cloud.dashboard_url(), &task_id, &count])
        .env("MIYABI_CHROMIUM", miyabi_tests::chromium()?)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("starting node")?;
    let mut said = BufReader::new(script.stdout.take().context("the script's output")?).lines();
    let mut line = async || -> anyhow::Result<Value> {
        let line =
            tokio::time::timeout(LIMIT, said.next_line()).await.context("the browser said nothing")??;
        Ok(serde_json::from_str(&line.context("the browser's script ended early; its words are above")?)?)
    };
    ensure!(line().await?["watching"] == true);
    std::fs::write(&go, "")?;
    let end = line().await?;
    let output = running.await??;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let seen = end["millis"].as_array().context("millis")?.iter().filter_map(Value::as_f64);
    // Positive, and far below 2^53.
    let seen: Vec<u128> = seen.map(|millis| (millis * 1e3) as u128).collect();
    println!("the socket told {} times", end["told"]);
    super::since_printed(&seen, &stamps)
}
