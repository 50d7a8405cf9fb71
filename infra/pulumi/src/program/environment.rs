//! What a language host tells a program in its environment. The only place that reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::run::RunInfo;

/// Why a program cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It was not started by the engine.
    #[error("this is a Pulumi program: start it by `pulumi up`; not set: {}", .0.join(", "))]
    NotStartedByPulumi(Vec<&'static str>),
    /// A variable does not say what it should.
    #[error("{name}: expected {expected}")]
    Variable {
        /// The variable.
        name: &'static str,
        /// What it should hold. What it holds may be secret.
        expected: &'static str,
    },
    /// The machine gives no threads.
    #[error("starting the runtime")]
    Runtime(#[source] std::io::Error),
}

/// What a program begins with.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) monitor: String,
    pub(super) engine: String,
    pub(super) info: RunInfo,
}

/// A variable of this process, if it is set.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
pub(super) fn process(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

pub(super) fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Start, StartError> {
    let get = |name: &str| variable(name).filter(|value| !value.is_empty());
    let mut missing = Vec::new();
    let mut require = |name: &'static str| {
        get(name).unwrap_or_else(|| {
            missing.push(name);
            String::new()
        })
    };
    let (project, stack) = (require("PULUMI_PROJECT"), require("PULUMI_STACK"));
    let (monitor, engine) = (require("PULUMI_MONITOR"), require("PULUMI_ENGINE"));
    if !missing.is_empty() {
        return Err(StartError::NotStartedByPulumi(missing));
    }
    let mut info = RunInfo::new(project, stack);
    if let Some(organization) = get("PULUMI_ORGANIZATION") {
        info.organization = organization;
    }
    info.dry_run = match get("PULUMI_DRY_RUN").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        // Taking a preview for the real thing would change the cloud.
        Some(_) => return Err(StartError::Variable { name: "PULUMI_DRY_RUN", expected: "true or false" }),
    };
    if let Some(text) = get("PULUMI_CONFIG") {
        info.config = serde_json::from_str::<BTreeMap<String, String>>(&text).map_err(|_| {
            StartError::Variable { name: "PULUMI_CONFIG", expected: "a JSON object of texts" }
        })?;
    }
    if let Some(text) = get("PULUMI_CONFIG_SECRET_KEYS") {
        info.config_secret_keys = serde_json::from_str::<BTreeSet<String>>(&text).map_err(|_| {
            StartError::Variable { name: "PULUMI_CONFIG_SECRET_KEYS", expected: "a JSON array of texts" }
        })?;
    }
    info.root_directory = get("PULUMI_ROOT_DIRECTORY").map(PathBuf::from);
    let folder = info.root_directory.clone().or_else(|| std::env::current_dir().ok());
    info.source_root = folder.as_deref().and_then(source_root);
    Ok(Start { monitor, engine, info })
}

/// The folder that the compiler's file names are relative to: cargo's workspace, which has the lock file.
fn source_root(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|folder| folder.join("Cargo.lock").is_file()).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(more: &[(&'static str, &str)]) -> Result<Start, StartError> {
        let variables: BTreeMap<&str, &str> = [
            ("PULUMI_PROJECT", "shop"),
            ("PULUMI_STACK", "dev"),
            ("PULUMI_MONITOR", "127.0.0.1:1"),
            ("PULUMI_ENGINE", "127.0.0.1:2"),
        ]
        .into_iter()
        .chain(more.iter().copied())
        .collect();
        read(&|name| variables.get(name).map(|value| (*value).to_owned()))
    }

    #[test]
    fn a_program_is_told_about_its_run() {
        let start = started(&[
            ("PULUMI_DRY_RUN", "true"),
            ("PULUMI_CONFIG", r#"{"shop:size":"3"}"#),
            ("PULUMI_CONFIG_SECRET_KEYS", r#"["shop:token"]"#),
        ])
        .unwrap();
        assert_eq!((start.monitor.as_str(), start.engine.as_str()), ("127.0.0.1:1", "127.0.0.1:2"));
        assert_eq!((start.info.project.as_str(), start.info.stack.as_str()), ("shop", "dev"));
        assert_eq!(start.info.organization, "organization");
        assert!(start.info.dry_run);
        assert_eq!(start.info.config["shop:size"], "3");
        assert!(start.info.config_secret_keys.contains("shop:token"));
    }

    #[test]
    fn what_is_missing_is_named_together_and_how_to_start_is_said() {
        let error = read(&|name| (name == "PULUMI_STACK").then(|| "dev".to_owned())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "this is a Pulumi program: start it by `pulumi up`; \
             not set: PULUMI_PROJECT, PULUMI_MONITOR, PULUMI_ENGINE"
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_and_not_shown() {
        for (name, value) in [
            ("PULUMI_DRY_RUN", "perhaps-hunter2"),
            ("PULUMI_CONFIG", "{hunter2"),
            ("PULUMI_CONFIG_SECRET_KEYS", "hunter2"),
        ] {
            let error = started(&[(name, value)]).unwrap_err().to_string();
            assert!(error.starts_with(name) && !error.contains("hunter2"), "{error}");
        }
    }
}
