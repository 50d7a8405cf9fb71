//! A crate's sources in a folder of their own, for programs elsewhere to depend on.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use tokio::process::Command;

use crate::children::Children;
use crate::error::HostError;
use crate::wire::{PackRequest, PackResponse};

/// What is no source.
const LEFT_OUT: [&str; 2] = ["target", ".git"];

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    edition: String,
    manifest_path: PathBuf,
    metadata: Value,
    dependencies: Vec<Dependency>,
    features: std::collections::BTreeMap<String, Vec<String>>,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    req: String,
    kind: Option<String>,
    rename: Option<String>,
    optional: bool,
    uses_default_features: bool,
    features: Vec<String>,
    target: Option<String>,
    path: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Copies a crate's sources to `NAME-VERSION` below the destination. A crate of a workspace takes what it inherits
/// along, so that it stands alone.
pub(crate) async fn pack(request: &PackRequest, children: &Children) -> Result<PackResponse, HostError> {
    let folder = PathBuf::from(&request.package_directory);
    let package = describe(&folder, children).await?;
    let destination =
        Path::new(&request.destination_directory).join(format!("{}-{}", package.name, package.version));
    let failed = |error| HostError::File(destination.clone(), error);
    let manifest_path = folder.join("Cargo.toml");
    let manifest =
        fs::read_to_string(&manifest_path).map_err(|error| HostError::File(manifest_path.clone(), error))?;
    if destination.exists() {
        fs::remove_dir_all(&destination).map_err(failed)?;
    }
    copy(&folder, &destination).map_err(failed)?;
    if manifest.contains("workspace = true") {
        fs::write(destination.join("Cargo.toml"), manifest_of(&package)).map_err(failed)?;
    }
    Ok(PackResponse { artifact_path: destination.to_string_lossy().into_owned() })
}

async fn describe(folder: &Path, children: &Children) -> Result<Package, HostError> {
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

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        let (from, to) = (entry.path(), to.join(&name));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// A manifest with nothing inherited, for whoever depends on the crate: what only its own tests need is left out.
fn manifest_of(package: &Package) -> String {
    let mut text = format!(
        "[package]\nname = {}\nversion = {}\nedition = {}\nautotests = false\nautoexamples = false\n",
        toml(&package.name),
        toml(&package.version),
        toml(&package.edition)
    );
    if let Some(pulumi) = package.metadata.get("pulumi").and_then(Value::as_object) {
        text.push_str("\n[package.metadata.pulumi]\n");
        for (key, value) in pulumi {
            let _ = writeln!(text, "{key} = {value}");
        }
    }
    let library = package.targets.iter().find(|target| target.kind.iter().any(|kind| kind == "lib"));
    if let Some(library) = library {
        let _ = write!(text, "\n[lib]\nname = {}\n", toml(&library.name));
    }
    for dependency in
        package.dependencies.iter().filter(|dependency| dependency.kind.as_deref() != Some("dev"))
    {
        let table = if dependency.kind.is_some() { "build-dependencies" } else { "dependencies" };
        let table = match &dependency.target {
            Some(target) => format!("target.{}.{table}", toml(target)),
            None => table.to_owned(),
        };
        let _ = write!(text, "\n[{table}.{}]\n", dependency.rename.as_ref().unwrap_or(&dependency.name));
        let _ = match &dependency.path {
            Some(path) => writeln!(text, "path = {}", toml(&path.to_string_lossy())),
            None => writeln!(text, "version = {}", toml(&dependency.req)),
        };
        if dependency.rename.is_some() {
            let _ = writeln!(text, "package = {}", toml(&dependency.name));
        }
        if dependency.optional {
            text.push_str("optional = true\n");
        }
        if !dependency.uses_default_features {
            text.push_str("default-features = false\n");
        }
        if !dependency.features.is_empty() {
            let _ = writeln!(text, "features = {}", Value::from(dependency.features.clone()));
        }
    }
    if !package.features.is_empty() {
        text.push_str("\n[features]\n");
        for (feature, needed) in &package.features {
            let _ = writeln!(text, "{} = {}", toml(feature), Value::from(needed.clone()));
        }
    }
    text
}

/// A text as TOML writes it: as JSON does.
fn toml(text: &str) -> String {
    Value::from(text).to_string()
}
