//! What `docs/HTTP.md` shows works as it stands there.

use std::process::Stdio;

use anyhow::{Context, ensure};
use serde_json::Value;
use tokio::process::Command;

use crate::support::{cloud, run, summary};

const PAGE: &str = include_str!("../../../docs/HTTP.md");

#[test]
fn the_requests_of_the_documentation_make_a_task_that_succeeds() {
    run(async {
        let cloud = cloud().await?;
        let script =
            PAGE.split("```").find_map(|block| block.strip_prefix("sh\n")).context("a block of shell")?;
        let mut shell = Command::new("bash");
        shell.args(["-euo", "pipefail", "-c", script]).envs(cloud.variables()).stdin(Stdio::null());
        let output = shell.env("MIYABI_API_URL", cloud.api_url()).kill_on_drop(true).output().await?;
        let (said, error) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        ensure!(output.status.success(), "{}: {error}{said}", output.status);
        // Each request prints its answer; the last one is the task.
        let answers = serde_json::Deserializer::from_str(&said).into_iter::<Value>();
        let answers = answers.collect::<Result<Vec<_>, _>>().with_context(|| format!("not JSON: {said}"))?;
        ensure!(answers.len() == 6, "{} answers: {said}", answers.len());
        let task = answers.last().context("the last answer")?;
        ensure!(task["status"] == "succeeded" && task["exit_code"] == 0, "{}", summary(task));
        ensure!(task["progress"]["percentage"] == 100 && task["name"] == "Import of the catalogue", "{task}");
        ensure!(task["steps"].as_array().is_some_and(|steps| steps.len() == 1), "{task}");
        Ok(())
    });
}
