//! Starting the command, and how it ends.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, ExitCode, Stdio};

use rustix::process::{Pid, WaitStatus};

use super::intake::Source;
use super::pty::{Pty, SESSION_COMMAND};
use super::signals;
use super::terminal::{OuterTerminal, Terminals};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal.
    Signaled(i32),
}

impl End {
    /// The end that a status tells of; `None` where it tells of none.
    pub(crate) fn of(status: WaitStatus) -> Option<Self> {
        status.exit_status().map(Self::Exited).or_else(|| status.terminating_signal().map(Self::Signaled))
    }

    /// The exit code as a shell shows it.
    pub(crate) fn code(self) -> i32 {
        match self {
            Self::Exited(code) => code,
            Self::Signaled(signal) => 128 + signal,
        }
    }

    /// Ends this process in the same way.
    pub(crate) fn pass_on(self) -> ExitCode {
        if let Self::Signaled(signal) = self {
            signals::die_by(signal);
        }
        ExitCode::from(u8::try_from(self.code() & 0xff).unwrap_or(1))
    }
}

/// A command that runs.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) process: Pid,
    /// Where its output can be read, and where it belongs.
    pub(crate) outputs: Vec<Output>,
    /// The outer terminal and our end of the command's own, where it has one.
    pub(crate) terminal: Option<(OuterTerminal, OwnedFd)>,
    /// Whether signals of the terminal's keys reach it without us.
    pub(crate) shares_group: bool,
}

/// One stream of the command's output.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) source: Source,
    pub(crate) from: OwnedFd,
    pub(crate) to: OwnedFd,
}

/// The message and the exit code for a command that cannot be started, as a shell has them.
pub(crate) fn cannot_start(program: &OsStr, error: &io::Error) -> (u8, String) {
    let program = program.to_string_lossy();
    match error.kind() {
        io::ErrorKind::NotFound => (127, format!("miyabi: {program}: command not found")),
        io::ErrorKind::PermissionDenied => (126, format!("miyabi: {program}: permission denied")),
        _ => (126, format!("miyabi: {program}: cannot be executed: {error}")),
    }
}

pub(crate) fn pid_of(child: &Child) -> io::Result<Pid> {
    i32::try_from(child.id())
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| io::Error::other("the system gave no process id"))
}

/// Starts the command. `variables` are added to its environment.
pub(crate) fn start(command: &[OsString], variables: &[(&str, String)]) -> io::Result<Running> {
    let terminals = Terminals::of_this_process();
    if terminals.output || terminals.error {
        start_in_terminal(command, variables, terminals)
    } else {
        start_in_pipes(command, variables)
    }
}

fn start_in_pipes(command: &[OsString], variables: &[(&str, String)]) -> io::Result<Running> {
    let (program, arguments) = command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let mut builder = Command::new(program);
    builder.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
    let mut outputs = Vec::new();
    let (output, for_output) = io::pipe()?;
    if same_file(&io::stdout(), &io::stderr()) {
        // Both go to one place: one pipe keeps them in the order in which they were written.
        builder.stderr(Stdio::from(for_output.try_clone()?));
    } else {
        let (error, for_error) = io::pipe()?;
        builder.stderr(Stdio::from(for_error));
        outputs.push(Output { source: Source::Error, from: error.into(), to: own(&io::stderr())? });
    }
    builder.stdout(Stdio::from(for_output));
    outputs.push(Output { source: Source::Output, from: output.into(), to: own(&io::stdout())? });
    let child = builder.spawn()?;
    Ok(Running { process: pid_of(&child)?, outputs, terminal: None, shares_group: true })
}

fn start_in_terminal(
    command: &[OsString],
    variables: &[(&str, String)],
    terminals: Terminals,
) -> io::Result<Running> {
    let device = match terminals {
        Terminals { input: true, .. } => own(&io::stdin())?,
        Terminals { output: true, .. } => own(&io::stdout())?,
        _ => own(&io::stderr())?,
    };
    let outer = OuterTerminal::new(device.as_fd(), terminals.input)?;
    let pty = Pty::open(&outer)?;
    let mut builder = Command::new(std::env::current_exe()?);
    builder.arg(SESSION_COMMAND).arg("--").args(command);
    builder.envs(variables.iter().map(|(name, value)| (name, value)));
    if terminals.input {
        builder.stdin(Stdio::from(pty.slave.try_clone()?));
    }
    let mut outputs = vec![Output {
        source: Source::Output,
        from: pty.master.try_clone()?,
        to: if terminals.output { own(&io::stdout())? } else { own(&io::stderr())? },
    }];
    if terminals.output {
        builder.stdout(Stdio::from(pty.slave.try_clone()?));
    } else {
        let (output, for_output) = io::pipe()?;
        builder.stdout(Stdio::from(for_output));
        outputs.push(Output { source: Source::Error, from: output.into(), to: own(&io::stdout())? });
    }
    if terminals.error {
        builder.stderr(Stdio::from(pty.slave.try_clone()?));
    } else {
        let (error, for_error) = io::pipe()?;
        builder.stderr(Stdio::from(for_error));
        outputs.push(Output { source: Source::Error, from: error.into(), to: own(&io::stderr())? });
    }
    let child = builder.spawn()?;
    drop(pty.slave);
    outer.enter_raw();
    let process = pid_of(&child)?;
    Ok(Running { process, outputs, terminal: Some((outer, pty.master)), shares_group: false })
}

fn own(stream: &impl AsFd) -> io::Result<OwnedFd> {
    stream.as_fd().try_clone_to_owned()
}

fn same_file(one: &impl AsFd, other: &impl AsFd) -> bool {
    match (rustix::fs::fstat(one), rustix::fs::fstat(other)) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino),
        _ => false,
    }
}
