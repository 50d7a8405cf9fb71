//! What cargo knows about a program, and how it is built.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD as BASE64, URL_SAFE_NO_PAD as BASE64_NAME};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::children::Children;
use crate::error::HostError;
use crate::options::Options;
use crate::wire::{DependencyInfo, PackageDependency, PackageParameterization};

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Option<Resolve>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    manifest_path: PathBuf,
    metadata: Option<PackageMetadata>,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// What the program calls it.
    rename: Option<String>,
}

#[derive(Debug, Deserialize)]
struct PackageMetadata {
    pulumi: Option<PulumiPackage>,
}

/// `[package.metadata.pulumi]` of a crate that wraps a Pulumi package.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
struct PulumiPackage {
    name: String,
    version: String,
    #[serde(default)]
    server: String,
    parameterization: Option<Parameters>,
    extension: Option<Parameters>,
}

/// What makes a package of another one, or adds to it.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
struct Parameters {
    name: String,
    version: String,
    /// In base64.
    value: String,
}

impl Parameters {
    fn to_wire(&self) -> Result<PackageParameterization, HostError> {
        let value = BASE64.decode(&self.value).map_err(|_| {
            HostError::Cargo(format!(
                "package.metadata.pulumi of {}: value: expected base64, found {:?}",
                self.name, self.value
            ))
        })?;
        Ok(PackageParameterization { name: self.name.clone(), version: self.version.clone(), value })
    }
}

impl PulumiPackage {
    fn to_wire(&self) -> Result<PackageDependency, HostError> {
        Ok(PackageDependency {
            name: self.name.clone(),
            kind: "resource".to_owned(),
            version: self.version.clone(),
            server: self.server.clone(),
            parameterization: self.parameterization.as_ref().map(Parameters::to_wire).transpose()?,
            extension: self.extension.as_ref().map(Parameters::to_wire).transpose()?,
            ..PackageDependency::default()
        })
    }
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact { target: Target, executable: Option<PathBuf> },
    #[serde(rename = "compiler-message")]
    Complaint { message: Diagnostic },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Diagnostic {
    rendered: Option<String>,
    level: String,
}

/// The package in a folder.
#[derive(Debug, Clone)]
pub(crate) struct Cargo<'host> {
    folder: PathBuf,
    children: &'host Children,
}

impl<'host> Cargo<'host> {
    pub(crate) fn new(folder: impl Into<PathBuf>, children: &'host Children) -> Self {
        Self { folder: folder.into(), children }
    }

    /// Whether there is a package in the folder or above it.
    pub(crate) fn has_package(&self) -> bool {
        self.folder.ancestors().any(|folder| folder.join("Cargo.toml").is_file())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(&self.folder);
        command
    }

    /// `cargo --version`.
    pub(crate) async fn version(&self) -> Result<String, HostError> {
        let output = self.children.output(&mut self.command(&["--version"])).await?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    async fn metadata(&self) -> Result<Metadata, HostError> {
        self.read_metadata(&[]).await
    }

    async fn read_metadata(&self, more: &[&str]) -> Result<Metadata, HostError> {
        let mut command = self.command(&["metadata", "--format-version", "1", "--quiet"]);
        let output = self.children.output(command.args(more)).await?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            return Err(HostError::Cargo(format!("cargo metadata: {}", words.trim())));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| HostError::Cargo(format!("cargo metadata: unexpected answer: {error}")))
    }

    /// The Pulumi packages that the program's crates wrap.
    pub(crate) async fn pulumi_packages(&self) -> Result<Vec<PackageDependency>, HostError> {
        let metadata = self.metadata().await?;
        let used = metadata.reachable(&self.folder);
        let mut packages: Vec<PackageDependency> = used
            .iter()
            .filter_map(|package| package.metadata.as_ref()?.pulumi.as_ref())
            .map(PulumiPackage::to_wire)
            .collect::<Result<_, _>>()?;
        packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
        packages.dedup();
        Ok(packages)
    }

    /// The crates that the program depends on: those that it names, or all.
    pub(crate) async fn dependencies(&self, transitive: bool) -> Result<Vec<DependencyInfo>, HostError> {
        let metadata = self.metadata().await?;
        let own = metadata.own_package(&self.folder);
        let named =
            |package: &Package| own?.dependencies.iter().find(|dependency| dependency.name == package.name);
        let mut dependencies: Vec<DependencyInfo> = metadata
            .reachable(&self.folder)
            .into_iter()
            .filter(|package| own.is_none_or(|own| own.id != package.id))
            .filter(|package| transitive || named(package).is_some())
            .map(|package| {
                let renamed = named(package).and_then(|dependency| dependency.rename.clone());
                let name = renamed.unwrap_or_else(|| package.name.clone());
                DependencyInfo { name, version: package.version.clone() }
            })
            .collect();
        dependencies.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
        Ok(dependencies)
    }

    /// The command that builds the program, with more arguments of cargo's.
    ///
    /// In a target folder that several projects may share, cargo takes a package for built when another one with its name
    /// is: the engine would be told of that one's resources. So the folder is part of what the program is built from.
    pub(crate) async fn build_command(&self, options: &Options, more: &[&str]) -> Result<Command, HostError> {
        let metadata = self.read_metadata(&["--no-deps"]).await?;
        let own = metadata.own_package(&self.folder);
        let program = match (&options.bin, own) {
            (Some(bin), _) => Some(bin.clone()),
            (None, Some(package)) => Some(package.only_program()?),
            // The root of a workspace, with all that is in it.
            (None, None) => None,
        };
        let shared = own.is_some() && !metadata.target_directory.starts_with(&metadata.workspace_root);
        let mut command = self.command(&[if shared { "rustc" } else { "build" }]);
        if let Some(program) = program {
            command.args(["--bin", &program]);
        }
        if let Some(profile) = &options.profile {
            command.args(["--profile", profile]);
        }
        command.args(more);
        if shared {
            let folder = self.folder.canonicalize().unwrap_or_else(|_| self.folder.clone());
            let name = BASE64_NAME.encode(folder.as_os_str().as_encoded_bytes());
            command.arg("--").arg(format!("-Cmetadata={name}"));
        }
        Ok(command)
    }

    /// Builds the program and says where it is. Cargo's own lines go to this process's error output, where the
    /// user sees them as they come; what the compiler has to say against the program is the error.
    pub(crate) async fn build(&self, options: &Options) -> Result<PathBuf, HostError> {
        if !self.has_package() {
            return Err(HostError::NoPackage(self.folder.clone()));
        }
        let mut command = self.build_command(options, &["--message-format", "json"]).await?;
        let mut running = self.children.start(command.stdout(Stdio::piped()))?;
        let mut executables: Vec<(String, PathBuf)> = Vec::new();
        let mut complaints = String::new();
        if let Some(stdout) = running.child.stdout.take() {
            let mut lines = BufReader::new(stdout).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                match serde_json::from_str(&line) {
                    Ok(Message::Artifact { target, executable: Some(executable) })
                        if target.kind.iter().any(|kind| kind == "bin") =>
                    {
                        executables.push((target.name, executable));
                    }
                    Ok(Message::Complaint { message }) if message.level.starts_with("error") => {
                        complaints.push_str(message.rendered.as_deref().unwrap_or_default());
                    }
                    // Warnings, libraries, and the lines of build scripts.
                    _ => {}
                }
            }
        }
        let status = running.wait().await?;
        if !status.success() {
            return Err(if complaints.is_empty() {
                HostError::Cargo(format!("cargo build failed: {status}; its words are above"))
            } else {
                HostError::Compile(complaints)
            });
        }
        match executables.as_slice() {
            [(_, executable)] => Ok(executable.clone()),
            [] => Err(HostError::Cargo(format!(
                "cargo made no program in {}; a package needs a src/main.rs or a [[bin]]",
                self.folder.display()
            ))),
            several => {
                Err(several_programs(&several.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>()))
            }
        }
    }
}

impl Package {
    /// The package's program, where it has one.
    fn only_program(&self) -> Result<String, HostError> {
        let programs: Vec<&str> = self
            .targets
            .iter()
            .filter(|target| target.kind.iter().any(|kind| kind == "bin"))
            .map(|target| target.name.as_str())
            .collect();
        match programs.as_slice() {
            [program] => Ok((*program).to_owned()),
            [] => Err(HostError::Cargo(format!(
                "{} has no program; the package needs a src/main.rs or a [[bin]]",
                self.manifest_path.display()
            ))),
            several => Err(several_programs(several)),
        }
    }
}

fn several_programs(names: &[&str]) -> HostError {
    HostError::Cargo(format!(
        "there are several programs ({}); say which by runtime.options.bin in Pulumi.yaml",
        names.join(", ")
    ))
}

impl Metadata {
    /// The package that the folder belongs to.
    fn own_package(&self, folder: &Path) -> Option<&Package> {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        folder.ancestors().find_map(|folder| {
            self.packages.iter().find(|package| package.manifest_path.parent() == Some(folder))
        })
    }

    /// The folder's package and all that it depends on; every package where the folder is a workspace's root.
    fn reachable(&self, folder: &Path) -> Vec<&Package> {
        let (Some(own), Some(resolve)) = (self.own_package(folder), &self.resolve) else {
            return self.packages.iter().collect();
        };
        let mut seen = vec![own.id.as_str()];
        let mut next = 0;
        while let Some(id) = seen.get(next).copied() {
            next += 1;
            let node = resolve.nodes.iter().find(|node| node.id == id);
            for dependency in node.into_iter().flat_map(|node| &node.dependencies) {
                if !seen.contains(&dependency.as_str()) {
                    seen.push(dependency);
                }
            }
        }
        self.packages.iter().filter(|package| seen.contains(&package.id.as_str())).collect()
    }
}
