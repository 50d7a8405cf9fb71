//! A child process that cannot outlive its owner.
//!
//! The program becomes the leader of a process group of its own. Beside it, in that group, a few lines of shell
//! hold the other end of a pipe: what is written there is sent as a signal, and when the pipe closes - because
//! the owner dropped it, or died - the whole group is killed. The group's number cannot be given to others
//! while the guard is in it, so nothing else can be hit.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, Command};

use super::error::RigError;

const GUARD: &str = r#"exec 3<&0
( while read -r signal <&3; do kill -s "$signal" $$; done; kill -s KILL -- -$$ ) &
exec "$@" </dev/null 3<&-"#;

const POLL: Duration = Duration::from_millis(20);
const LINES_IN_ERRORS: usize = 30;

/// A running program, its guard and its output.
#[derive(Debug)]
pub(crate) struct Guarded {
    name: &'static str,
    child: Child,
    pipe: Option<ChildStdin>,
    log: PathBuf,
}

/// What to run.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// What errors call it.
    pub(crate) name: &'static str,
    /// The program's path or name.
    pub(crate) path: String,
    /// What to do when it is not there.
    pub(crate) hint: &'static str,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Variables on top of this process's own.
    pub(crate) variables: Vec<(String, String)>,
    /// Variables of this process that it must not see.
    pub(crate) hidden: &'static [&'static str],
}

impl Guarded {
    /// Starts `program` with its output appended to `log`.
    pub(crate) fn start(program: &Program, log: &Path) -> Result<Self, RigError> {
        find(&program.path).map_err(|source| RigError::NotRunnable {
            program: program.path.clone(),
            hint: program.hint,
            source,
        })?;
        let output = File::options()
            .create(true)
            .append(true)
            .open(log)
            .map_err(RigError::io(format!("open {}", log.display())))?;
        let errors = output.try_clone().map_err(RigError::io(format!("open {}", log.display())))?;
        let mut command = Command::new("sh");
        for name in program.hidden {
            command.env_remove(name);
        }
        let mut child = command
            .args(["-c", GUARD, "guard", &program.path])
            .args(&program.arguments)
            .envs(program.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .map_err(RigError::io("start sh"))?;
        let pipe = child.stdin.take();
        Ok(Self { name: program.name, child, pipe, log: log.to_owned() })
    }

    /// The process's number, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// What the program printed so far.
    pub(crate) fn output(&self) -> String {
        std::fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_else(|error| format!("({}: {error})", self.log.display()))
    }

    /// Waits until `ready` says so, the program ends or `limit` has passed.
    pub(crate) async fn ready<F: Future<Output = bool>>(
        &mut self,
        limit: Duration,
        mut ready: impl FnMut() -> F,
    ) -> Result<(), RigError> {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.ended()? {
                let output = self.last_lines();
                return Err(RigError::Ended { name: self.name, status: status.to_string(), output });
            }
            if ready().await {
                return Ok(());
            }
            if Instant::now() > deadline {
                let (log, output) = (self.log.clone(), self.last_lines());
                return Err(RigError::NotReady { name: self.name, limit, log, output });
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// How the program ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>, RigError> {
        self.child.try_wait().map_err(RigError::io(format!("look after {}", self.name)))
    }

    /// Asks the program to end, and kills it when it has not within `limit`.
    pub(crate) async fn stop(&mut self, limit: Duration) -> Result<(), RigError> {
        if let Some(pipe) = &mut self.pipe {
            // The guard may be gone already; then there is nothing left to stop.
            drop(pipe.write_all(b"TERM\n").await);
        }
        let ended = tokio::time::timeout(limit, self.child.wait()).await;
        self.kill().await?;
        match ended {
            Ok(status) => status.map(drop).map_err(RigError::io(format!("stop {}", self.name))),
            Err(_) => Ok(()),
        }
    }

    /// Kills the program and everything that it started.
    pub(crate) async fn kill(&mut self) -> Result<(), RigError> {
        self.pipe = None;
        self.child.wait().await.map(drop).map_err(RigError::io(format!("stop {}", self.name)))
    }

    fn last_lines(&self) -> String {
        let output = self.output();
        let lines: Vec<&str> = output.lines().collect();
        lines[lines.len().saturating_sub(LINES_IN_ERRORS)..].join("\n")
    }
}

/// The shell that starts the program would say it in its own words, in the log; this says it at once.
fn find(program: &str) -> std::io::Result<()> {
    if program.contains('/') {
        return std::fs::metadata(program).map(drop);
    }
    std::process::Command::new("sh")
        .args(["-c", "command -v \"$1\" >/dev/null", "find", program])
        .stdin(Stdio::null())
        .status()
        .and_then(|status| if status.success() { Ok(()) } else { Err(std::io::ErrorKind::NotFound.into()) })
}
