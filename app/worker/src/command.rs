//! The command of a job: its words, its folder, and an environment that holds what the job needs and nothing of the worker's.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use miyabi_shared::config::{Environment, WorkerConfig};
use miyabi_shared::job::Job;
use tempfile::TempDir;

use crate::sandbox;

/// What a command inherits of the worker's environment.
const INHERITED: [&str; 5] = ["PATH", "LANG", "LC_ALL", "TZ", "TERM"];

/// A command, ready to be started.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) command: Command,
    /// The variables that the job brought.
    pub(crate) variables: Vec<(String, String)>,
    /// Its working folder, and what is not sent yet; gone when dropped.
    pub(crate) folder: TempDir,
}

/// Why a job cannot be started here.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotPrepare {
    #[error("this worker has no agent: its MIYABI_WORKER_AGENT is not set")]
    NoAgent,
    #[error("the job says neither a command nor what an agent is to do")]
    NoCommand,
    #[error("making the job's folder")]
    Folder(#[source] io::Error),
}

pub(crate) fn prepare(
    config: &WorkerConfig,
    launcher: Option<&Path>,
    environment: &dyn Environment,
    task_id: &str,
    job: &Job,
) -> Result<Prepared, CannotPrepare> {
    let words: Vec<String> = match (&job.run.command, &job.run.agent) {
        (Some(words), _) => words.clone(),
        (None, Some(_)) if config.agent.is_empty() => return Err(CannotPrepare::NoAgent),
        (None, Some(agent)) => config.agent.iter().cloned().chain([agent.prompt.clone()]).collect(),
        (None, None) => return Err(CannotPrepare::NoCommand),
    };
    let (program, arguments) = words.split_first().ok_or(CannotPrepare::NoCommand)?;
    let folder = tempfile::Builder::new().prefix("miyabi-job-").tempdir().map_err(CannotPrepare::Folder)?;
    let work = folder.path().join("work");
    std::fs::create_dir(&work).map_err(CannotPrepare::Folder)?;

    let mut command = sandbox::command(launcher, OsStr::new(program));
    command.args(arguments).current_dir(&work).env_clear();
    for name in INHERITED {
        if let Some(value) = environment.get(name) {
            command.env(name, value);
        }
    }
    command
        .env("HOME", &work)
        .env("TMPDIR", &work)
        .env("MIYABI_TASK_ID", task_id)
        .env("MIYABI_ATTEMPT", job.attempt.to_string())
        .env("MIYABI_PROJECT", job.task.project_id.as_str())
        .envs(&job.run.env);
    if let Some((user, group)) = config.user {
        // Folders above the job's own are closed to everyone else.
        std::os::unix::fs::chown(&work, Some(user), Some(group)).map_err(CannotPrepare::Folder)?;
        open_for_passing(folder.path()).map_err(CannotPrepare::Folder)?;
        command.uid(user).gid(group);
    }
    let variables = job.run.env.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(Prepared { command, variables, folder })
}

fn open_for_passing(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o711))
}
