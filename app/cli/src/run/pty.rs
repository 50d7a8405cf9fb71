//! A terminal of the command's own.
//!
//! `run` makes a pseudo-terminal and starts this same program as `pty-session`: the first process of a session of
//! its own, which has that terminal. It starts `pty-exec` in a process group of its own in the foreground, and that
//! becomes the command. So the command is to its terminal what it would be to the user's: keys make signals,
//! Ctrl-Z stops it, and a program that asks for a password finds its terminal.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::process::{
    Pid, Signal, WaitOptions, getpgrp, getpid, ioctl_tiocsctty, kill_process, setsid, waitpid,
};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, isatty, tcgetpgrp, tcsetattr, tcsetpgrp, tcsetwinsize};
use signal_hook::consts::signal as number;

use super::child;
use super::signals;
use super::terminal::OuterTerminal;

/// The name of the hidden command that is the first process of the session.
pub(crate) const SESSION_COMMAND: &str = "pty-session";
/// The name of the hidden command that becomes the user's command.
pub(crate) const EXEC_COMMAND: &str = "pty-exec";

/// Both ends of a pseudo-terminal.
#[derive(Debug)]
pub(crate) struct Pty {
    pub(crate) master: OwnedFd,
    pub(crate) slave: OwnedFd,
}

impl Pty {
    /// A pseudo-terminal with the settings and the size of `outer`.
    pub(crate) fn open(outer: &OuterTerminal) -> io::Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname(&master, Vec::new())?;
        let slave = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty())?;
        tcsetattr(&slave, OptionalActions::Now, outer.settings())?;
        if let Some(size) = outer.size() {
            tcsetwinsize(&slave, size)?;
        }
        Ok(Self { master, slave })
    }
}

/// How long the command waits to be in the foreground before it starts anyway.
const FOREGROUND: Duration = Duration::from_secs(1);

fn terminal() -> Option<BorrowedFd<'static>> {
    // All three are open for as long as the process lives.
    [rustix::stdio::stdin(), rustix::stdio::stdout(), rustix::stdio::stderr()]
        .into_iter()
        .find(|descriptor| isatty(descriptor))
}

/// `miyabi pty-session`: the first process of a session, with a terminal, that runs one command.
pub(crate) fn session(command: &[OsString]) -> ExitCode {
    match run_session(command) {
        Ok(end) => end.pass_on(),
        Err(error) => {
            eprintln!("miyabi: cannot start a terminal session: {error}");
            ExitCode::from(126)
        }
    }
}

fn run_session(command: &[OsString]) -> io::Result<child::End> {
    setsid()?;
    let terminal = terminal().ok_or_else(|| io::Error::other("there is no terminal"))?;
    ioctl_tiocsctty(terminal)?;
    let spawned = Command::new(std::env::current_exe()?)
        .arg(EXEC_COMMAND)
        .arg("--")
        .args(command)
        .process_group(0)
        .spawn()?;
    let process = child::pid_of(&spawned)?;
    tcsetpgrp(terminal, process)?;
    let mut taken = signals::take(&[number::SIGCHLD, number::SIGCONT, number::SIGTSTP])?;
    loop {
        while let Some((_, status)) = waitpid(Some(process), WaitOptions::NOHANG | WaitOptions::UNTRACED)? {
            if status.stopped() {
                // Whoever waits for us sees that the command stopped, and continues us when it shall go on.
                kill_process(getpid(), Signal::STOP)?;
            } else if let Some(end) = child::End::of(status) {
                return Ok(end);
            }
        }
        for origin in taken.wait() {
            if origin.signal == number::SIGCONT {
                let _ = rustix::process::kill_process_group(process, Signal::CONT);
            } else if origin.signal != number::SIGCHLD {
                signals::send(process, origin.signal);
            }
        }
    }
}

/// `miyabi pty-exec`: becomes the command, once it is in the foreground of its terminal.
pub(crate) fn exec(command: &[OsString]) -> ExitCode {
    let until = Instant::now() + FOREGROUND;
    if let Some(terminal) = terminal() {
        let in_foreground = || tcgetpgrp(terminal.as_fd()).map_or(true, |group: Pid| group == getpgrp());
        while !in_foreground() && Instant::now() < until {
            std::thread::sleep(Duration::from_micros(200));
        }
    }
    let Some((program, arguments)) = command.split_first() else { return ExitCode::from(2) };
    let error = Command::new(program).args(arguments).exec();
    let (code, message) = child::cannot_start(program, &error);
    eprintln!("{message}");
    ExitCode::from(code)
}
