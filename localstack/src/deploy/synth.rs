//! The infrastructure program's template and the code that it refers to.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;

use super::assets::Asset;
use super::error::DeployError;

const LIMIT: Duration = Duration::from_secs(120);

/// What the infrastructure program made.
#[derive(Debug, Clone)]
pub struct Synthesis {
    /// The CloudFormation template.
    pub template: String,
    /// The files that it refers to.
    pub assets: Vec<Asset>,
}

#[derive(Deserialize)]
struct ListedAsset {
    sha256: String,
    path: PathBuf,
    /// The resources in the template that refer to it.
    #[serde(rename = "for")]
    resources: Vec<String>,
}

/// Runs `infra synth` for the local stage, with the functions built into `functions`, and reads what it made. `sockets`:
/// the endpoint of an emulator that has WebSocket APIs.
///
/// # Errors
/// When the program fails, with what it said.
pub async fn synthesise(
    infra: &Path,
    functions: &Path,
    out: &Path,
    redis_url: &str,
    sockets: Option<&str>,
) -> Result<Synthesis, DeployError> {
    let socket = match sockets {
        Some(endpoint) => format!("socket.endpoint={endpoint}/_aws/execute-api"),
        None => "socket.enabled=false".to_owned(),
    };
    let run = Command::new(infra)
        .args(["synth", "--stage", "local", "--functions"])
        .arg(functions)
        .arg("--out")
        .arg(out)
        .args(["--redis-url", redis_url, "--config", &socket])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(LIMIT, run)
        .await
        .map_err(|_| DeployError::Synthesis {
            status: format!("no end after {} s", LIMIT.as_secs()),
            output: String::new(),
        })?
        .map_err(DeployError::file("run", infra))?;
    if !output.status.success() {
        let text = [output.stdout, output.stderr].concat();
        let output_text = String::from_utf8_lossy(&text).trim().to_owned();
        return Err(DeployError::Synthesis { status: output.status.to_string(), output: output_text });
    }
    read(out)
}

/// Reads what an earlier run of the program made.
fn read(out: &Path) -> Result<Synthesis, DeployError> {
    let template = out.join("template.json");
    let list = out.join("assets.json");
    let template = std::fs::read_to_string(&template).map_err(DeployError::file("read", &template))?;
    let text = std::fs::read(&list).map_err(DeployError::file("read", &list))?;
    let assets: Vec<ListedAsset> =
        serde_json::from_slice(&text).map_err(|source| DeployError::Content { path: list, source })?;
    let assets = assets
        .into_iter()
        .map(|asset| Asset {
            key: format!("{}.zip", asset.sha256),
            path: if asset.path.is_absolute() { asset.path } else { out.join(asset.path) },
            purpose: asset.resources.iter().map(|name| function_name(name)).collect::<Vec<_>>().join(", "),
        })
        .collect();
    Ok(Synthesis { template, assets })
}

/// The function that a resource of the template is, as it is called elsewhere: `TaskApiFunction` is `task-api`.
fn function_name(resource: &str) -> String {
    let mut name = String::new();
    for letter in resource.strip_suffix("Function").unwrap_or(resource).chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

impl Synthesis {
    /// Reads what [`synthesise`] left in a folder.
    ///
    /// # Errors
    /// When it is not there, or is not whole.
    pub fn read(out: &Path) -> Result<Self, DeployError> {
        read(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_called_by_its_function() {
        assert_eq!(function_name("TaskApiFunction"), "task-api");
        assert_eq!(function_name("ProgressCollectorFunction"), "progress-collector");
    }
}
