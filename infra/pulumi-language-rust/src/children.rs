//! The programs that run for the engine, so that a cancellation reaches them.

use std::process::{ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::error::HostError;

/// How long an interrupted program may take to end.
const GRACE: Duration = Duration::from_secs(5);

/// Starts programs, and ends them when the engine cancels.
#[derive(Debug, Clone)]
pub(crate) struct Children {
    cancelled: Arc<watch::Sender<bool>>,
}

impl Children {
    pub(crate) fn new() -> Self {
        Self { cancelled: Arc::new(watch::Sender::new(false)) }
    }

    /// Interrupts what runs, and lets nothing start any more.
    pub(crate) fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    /// Starts a program.
    pub(crate) fn start(&self, command: &mut Command) -> Result<Running, HostError> {
        if *self.cancelled.borrow() {
            return Err(HostError::Cancelled);
        }
        let program = command.as_std().get_program().to_string_lossy().into_owned();
        let child = command
            .stdin(Stdio::null())
            // A group of its own, so that what it starts, such as the compiler, ends with it.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|source| HostError::Start { program: program.clone(), source })?;
        Ok(Running { child, program, cancelled: self.cancelled.subscribe() })
    }

    /// Runs a program and gives what it printed.
    pub(crate) async fn output(&self, command: &mut Command) -> Result<Output, HostError> {
        let mut running = self.start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let (stdout, stderr) = (running.child.stdout.take(), running.child.stderr.take());
        let (status, stdout, stderr) = tokio::join!(running.wait(), read(stdout), read(stderr));
        Ok(Output { status: status?, stdout, stderr })
    }
}

/// What a pipe gives; an unreadable pipe of a program that has ended holds nothing more.
async fn read(pipe: Option<impl tokio::io::AsyncRead + Unpin>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        let _read = tokio::io::AsyncReadExt::read_to_end(&mut pipe, &mut bytes).await;
    }
    bytes
}

/// A program that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) child: Child,
    program: String,
    cancelled: watch::Receiver<bool>,
}

impl Running {
    /// Waits for its end; after a cancellation it is interrupted, and killed when it takes too long.
    pub(crate) async fn wait(&mut self) -> Result<ExitStatus, HostError> {
        let failed = |program: &str| {
            let program = program.to_owned();
            move |source| HostError::Wait { program, source }
        };
        tokio::select! {
            status = self.child.wait() => return status.map_err(failed(&self.program)),
            // An error says that nobody can cancel any more, which is when the host ends.
            _ = self.cancelled.wait_for(|cancelled| *cancelled) => {}
        }
        let group = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        // It may have ended meanwhile; then there is nobody to interrupt, and nobody to end.
        let send = |signal| group.map(|group| kill_process_group(group, signal));
        let _gone = send(Signal::INT);
        if tokio::time::timeout(GRACE, self.child.wait()).await.is_err() {
            let _gone = send(Signal::KILL);
            self.child.wait().await.map_err(failed(&self.program))?;
        }
        Err(HostError::Cancelled)
    }
}
