//! Signals: which ones are taken, and how a process passes on that it died by one.

use std::io;

use rustix::process::{Pid, Signal, getpid, kill_process};
use signal_hook::consts::signal as number;
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};

/// Signals that are passed on to the command.
const FORWARDED: [i32; 6] =
    [number::SIGINT, number::SIGTERM, number::SIGHUP, number::SIGQUIT, number::SIGUSR1, number::SIGUSR2];

/// Takes the signals that are passed on, and `more`. Of those that are passed on, the ones that this process was told
/// to ignore (`nohup`) stay ignored, here and in the command.
pub(crate) fn take(more: &[i32]) -> io::Result<SignalsInfo<WithOrigin>> {
    let forwarded = FORWARDED.iter().filter(|signal| !is_ignored(**signal));
    SignalsInfo::<WithOrigin>::new(forwarded.chain(more))
}

/// Whether this process was told to ignore `signal`.
pub(crate) fn is_ignored(signal: i32) -> bool {
    ignored() & (1 << (signal - 1)) != 0
}

/// The signals that this process ignores, one bit each; none where the system does not say.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Whether a key made the signal. The terminal gives such a one to the whole foreground group, so a command in our
/// group has it already; passing it on would make Ctrl-C count twice.
pub(crate) fn comes_from_terminal(origin: &Origin) -> bool {
    matches!(origin.cause, Cause::Kernel)
        && matches!(origin.signal, number::SIGINT | number::SIGQUIT | number::SIGTSTP | number::SIGHUP)
}

/// Sends `signal` to a process; that the process is gone already is no matter.
pub(crate) fn send(process: Pid, signal: i32) {
    if let Some(signal) = Signal::from_named_raw(signal) {
        let _ = kill_process(process, signal);
    }
}

/// Dies by `signal`, as the command did, so that whoever started us sees the same death. Comes back only where that
/// is not possible.
pub(crate) fn die_by(signal: i32) {
    // The command has left its core; ours would only be in the way.
    let nothing = rustix::process::Rlimit { current: Some(0), maximum: Some(0) };
    let _ = rustix::process::setrlimit(rustix::process::Resource::Core, nothing);
    if signal == number::SIGKILL {
        let _ = kill_process(getpid(), Signal::KILL);
    } else {
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}
