//! Crates of Pulumi packages, added to a program.

use std::fs;
use std::path::{Component, Path, PathBuf};

use pulumi_codegen::{SDK, names, sdk_dependency};
use tokio::process::Command;

use crate::children::Children;
use crate::error::HostError;
use crate::manifest::{Dependency, describe, toml};
use crate::wire::{LinkRequest, LinkResponse};

/// Adds crates to a program, and says how it names them.
pub(crate) async fn link(request: &LinkRequest, children: &Children) -> Result<LinkResponse, HostError> {
    let program = request.info.as_ref().map_or(".", |info| info.program_directory.as_str());
    let program = Path::new(program);
    let own = describe(program, children).await?;
    let sdk = own.dependencies.iter().find(|dependency| dependency.name == SDK);
    let mut instructions = String::new();
    for dependency in &request.packages {
        // Relative paths are relative to the program.
        let folder = program.join(&dependency.path);
        if let Some(sdk) = sdk {
            take_sdk_from_same_place(&folder, sdk)?;
        }
        let mut command = Command::new("cargo");
        command.args(["add", "--quiet", "--path"]).arg(&folder).current_dir(program);
        let output = children.output(&mut command).await?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            return Err(HostError::Cargo(format!("cargo add --path {}: {}", folder.display(), words.trim())));
        }
        let name = match manifest_name(&folder)? {
            Some(name) => name,
            None => dependency.package.as_ref().map(|package| package.name.clone()).unwrap_or_default(),
        };
        instructions.push_str(&format!("use {};\n", names::library_name(&name)));
    }
    Ok(LinkResponse { import_instructions: instructions })
}

/// A generated crate has the SDK from the registry. Where the program has it from a folder or from git, the crate has to
/// as well: of two copies of the SDK, neither takes the other's values.
fn take_sdk_from_same_place(folder: &Path, sdk: &Dependency) -> Result<(), HostError> {
    let Some(place) = place(folder, sdk)? else { return Ok(()) };
    let path = folder.join("Cargo.toml");
    let text = read(&path)?;
    let with_place = text.replace(&sdk_dependency(None), &sdk_dependency(Some(&place)));
    if with_place == text {
        Ok(())
    } else {
        fs::write(&path, with_place).map_err(|error| HostError::File(path, error))
    }
}

/// Where the SDK comes from, as a manifest says it; nothing where that is the registry.
fn place(folder: &Path, sdk: &Dependency) -> Result<Option<String>, HostError> {
    if let Some(path) = &sdk.path {
        let folder = folder.canonicalize().map_err(|error| HostError::File(folder.to_owned(), error))?;
        // What is beside the program stays so when both are moved.
        let path = relative(&folder, path).unwrap_or_else(|| path.clone());
        return Ok(Some(format!("path = {}", toml(&path.to_string_lossy()))));
    }
    let Some(git) = sdk.source.as_deref().and_then(|source| source.strip_prefix("git+")) else {
        return Ok(None);
    };
    // `https://example.com/sdk?branch=next`, and the same with `tag` and `rev`.
    let (address, reference) = git.split_once('?').unwrap_or((git, ""));
    let reference = reference.split_once('=').map(|(kind, name)| format!(", {kind} = {}", toml(name)));
    Ok(Some(format!("git = {}{}", toml(address), reference.unwrap_or_default())))
}

/// The way from one folder to another, where they have more in common than the root.
fn relative(from: &Path, to: &Path) -> Option<PathBuf> {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let shared = from.iter().take(common).any(|component| matches!(component, Component::Normal(_)));
    let up = from.iter().skip(common).map(|_| Component::ParentDir);
    shared.then(|| up.chain(to.into_iter().skip(common)).collect())
}

/// The name in a manifest, as generated crates write it.
fn manifest_name(folder: &Path) -> Result<Option<String>, HostError> {
    let text = read(&folder.join("Cargo.toml"))?;
    Ok(text.lines().find_map(|line| Some(line.strip_prefix("name = \"")?.strip_suffix('"')?.to_owned())))
}

fn read(path: &Path) -> Result<String, HostError> {
    fs::read_to_string(path).map_err(|error| HostError::File(path.to_owned(), error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(source: Option<&str>, path: Option<&str>) -> Option<String> {
        let sdk = Dependency {
            name: SDK.to_owned(),
            source: source.map(str::to_owned),
            path: path.map(PathBuf::from),
            ..Dependency::default()
        };
        place(Path::new("/"), &sdk).unwrap()
    }

    #[test]
    fn the_place_of_the_sdk_is_said_as_a_manifest_says_it() {
        assert_eq!(from(Some("registry+https://github.com/rust-lang/crates.io-index"), None), None);
        let git = "git+https://example.com/sdk";
        assert_eq!(from(Some(git), None).unwrap(), r#"git = "https://example.com/sdk""#);
        let tag = format!("{git}?tag=v1.0.0");
        assert_eq!(from(Some(&tag), None).unwrap(), r#"git = "https://example.com/sdk", tag = "v1.0.0""#);
        assert_eq!(from(None, Some("/elsewhere/sdk")).unwrap(), r#"path = "/elsewhere/sdk""#);
    }

    #[test]
    fn the_way_to_a_folder_is_relative_where_both_are_in_one_place() {
        let way = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(way("/work/program/sdks/random", "/work/sdk"), Some(PathBuf::from("../../../sdk")));
        assert_eq!(way("/work/program/sdks/random", "/opt/sdk"), None);
    }
}
