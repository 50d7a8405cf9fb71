//! A crate's sources in a folder of their own, for programs elsewhere to depend on.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::children::Children;
use crate::error::HostError;
use crate::manifest::{Package, describe, toml};
use crate::wire::{PackRequest, PackResponse};

/// What is no source.
const LEFT_OUT: [&str; 2] = ["target", ".git"];

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
