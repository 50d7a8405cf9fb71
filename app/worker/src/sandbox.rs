//! What stands between a worker and the command of a job: this program once more, which takes on the command's limits and
//! then becomes the command.
//!
//! It is a step of its own because limits, and the signal that ends the command when the worker is gone, are set by a process
//! for itself.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Command, ExitCode};

use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};

/// The word by which a worker starts itself for this.
pub const COMMAND: &str = "sandbox";

/// Files that a command has open at most.
const OPEN_FILES: u64 = 4096;
/// Processes and threads of the command's user at most.
const PROCESSES: u64 = 2048;
/// The largest file that it writes, in bytes.
const FILE_BYTES: u64 = 16 << 30;

/// The command `program` with its limits, started by `launcher`; without one, without limits.
pub(crate) fn command(launcher: Option<&Path>, program: &OsStr) -> Command {
    match launcher {
        None => Command::new(program),
        Some(launcher) => {
            let mut command = Command::new(launcher);
            command.arg(COMMAND).arg("--").arg(program);
            command
        }
    }
}

/// Takes on the limits and becomes the command. Comes back only where that fails, with a shell's exit code for it.
pub fn enter(arguments: &[OsString]) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    let Some((program, arguments)) = arguments.split_first().and_then(|(_, rest)| rest.split_first()) else {
        eprintln!("miyabi-worker: expected {COMMAND} -- PROGRAM ARGUMENTS");
        return ExitCode::from(2);
    };
    // After any change of user, which would take it back.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    for (resource, most) in [
        (Resource::Core, 0),
        (Resource::Nofile, OPEN_FILES),
        (Resource::Nproc, PROCESSES),
        (Resource::Fsize, FILE_BYTES),
    ] {
        let now = rustix::process::getrlimit(resource);
        let most = now.maximum.map_or(most, |maximum| maximum.min(most));
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    }
    let error = Command::new(program).args(arguments).exec();
    let program = program.to_string_lossy();
    let (code, why) = match error.kind() {
        std::io::ErrorKind::NotFound => (127, "command not found".to_owned()),
        std::io::ErrorKind::PermissionDenied => (126, "permission denied".to_owned()),
        _ => (126, format!("cannot be executed: {error}")),
    };
    eprintln!("miyabi-worker: {program}: {why}");
    ExitCode::from(code)
}
