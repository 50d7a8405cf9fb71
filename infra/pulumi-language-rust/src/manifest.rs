//! A crate's manifest as cargo understands it.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use tokio::process::Command;

use crate::children::Children;
use crate::error::HostError;

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// A crate, with nothing inherited.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) edition: String,
    pub(crate) manifest_path: PathBuf,
    pub(crate) metadata: Value,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) features: std::collections::BTreeMap<String, Vec<String>>,
    pub(crate) targets: Vec<Target>,
}

/// What a crate depends on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) req: String,
    pub(crate) kind: Option<String>,
    pub(crate) rename: Option<String>,
    pub(crate) optional: bool,
    pub(crate) uses_default_features: bool,
    pub(crate) features: Vec<String>,
    pub(crate) target: Option<String>,
    pub(crate) path: Option<PathBuf>,
    /// Absent for what is in a folder: `registry+…`, `git+…`.
    pub(crate) source: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    pub(crate) kind: Vec<String>,
}

/// The crate in a folder.
pub(crate) async fn describe(folder: &Path, children: &Children) -> Result<Package, HostError> {
    let mut command = Command::new("cargo");
    command.args(["metadata", "--no-deps", "--format-version", "1", "--quiet"]).current_dir(folder);
    let output = children.output(&mut command).await?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(HostError::Cargo(format!("cargo metadata: {}", words.trim())));
    }
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .map_err(|error| HostError::Cargo(format!("cargo metadata: unexpected answer: {error}")))?;
    let folder = folder.canonicalize().map_err(|error| HostError::File(folder.to_owned(), error))?;
    let own = |package: &Package| package.manifest_path.parent() == Some(folder.as_path());
    metadata.packages.into_iter().find(own).ok_or(HostError::NoPackage(folder))
}

/// A text as TOML writes it: as JSON does.
pub(crate) fn toml(text: &str) -> String {
    Value::from(text).to_string()
}
