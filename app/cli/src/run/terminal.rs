//! The outer terminal: raw while the command has one of its own, and as it was before on every way out.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Mutex, PoisonError};

use rustix::termios::{
    OptionalActions, Termios, Winsize, isatty, tcgetattr, tcgetpgrp, tcgetwinsize, tcsetattr,
};

/// The terminal that this command was started in.
#[derive(Debug)]
pub(crate) struct OuterTerminal {
    device: OwnedFd,
    original: Termios,
    /// Whether it is raw now, by our doing.
    raw: Mutex<bool>,
    /// Whether what is typed goes to the command through us.
    reads: bool,
}

impl OuterTerminal {
    /// The terminal behind `device`; `reads` says that what is typed there is passed on.
    pub(crate) fn new(device: BorrowedFd<'_>, reads: bool) -> io::Result<Self> {
        let original = tcgetattr(device)?;
        Ok(Self { device: device.try_clone_to_owned()?, original, raw: Mutex::new(false), reads })
    }

    /// How the terminal was set when this command was started.
    pub(crate) fn settings(&self) -> &Termios {
        &self.original
    }

    /// The terminal's size.
    pub(crate) fn size(&self) -> Option<Winsize> {
        tcgetwinsize(&self.device).ok()
    }

    /// Whether this process may use the terminal now. One in the background that tried would be stopped.
    pub(crate) fn is_foreground(&self) -> bool {
        tcgetpgrp(&self.device).is_ok_and(|group| group == rustix::process::getpgrp())
    }

    /// Whether what is typed goes to the command through us.
    pub(crate) fn reads(&self) -> bool {
        self.reads
    }

    /// Passes every key on as it is typed; in the background, does nothing.
    pub(crate) fn enter_raw(&self) {
        let mut raw = self.raw.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.reads || *raw || !self.is_foreground() {
            return;
        }
        let mut settings = self.original.clone();
        settings.make_raw();
        *raw = tcsetattr(&self.device, OptionalActions::Drain, &settings).is_ok();
    }

    /// Makes the terminal as it was.
    pub(crate) fn restore(&self) {
        let mut raw = self.raw.lock().unwrap_or_else(PoisonError::into_inner);
        if *raw && self.is_foreground() {
            let _ = tcsetattr(&self.device, OptionalActions::Drain, &self.original);
        }
        *raw = false;
    }
}

impl Drop for OuterTerminal {
    fn drop(&mut self) {
        self.restore();
    }
}

/// Which of our three standard streams are terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Terminals {
    pub(crate) input: bool,
    pub(crate) output: bool,
    pub(crate) error: bool,
}

impl Terminals {
    pub(crate) fn of_this_process() -> Self {
        Self {
            input: isatty(io::stdin().as_fd()),
            output: isatty(io::stdout().as_fd()),
            error: isatty(io::stderr().as_fd()),
        }
    }
}
