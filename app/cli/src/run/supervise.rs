//! Standing between a command and the world: output, input and signals, until it ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::process::{Signal, WaitOptions, getpid, kill_process, waitpid};
use rustix::termios::tcsetwinsize;
use signal_hook::consts::signal::{
    SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH, SIGXFSZ,
};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;

use super::child::{End, Running};
use super::intake::Intake;
use super::pump;
use super::signals;

/// The signals that this process takes while a command runs.
pub(crate) type Taken = SignalsInfo<WithOrigin>;

/// Takes signals from now on.
pub(crate) fn take() -> io::Result<Taken> {
    let taken = signals::take(&[SIGCHLD, SIGCONT, SIGWINCH])?;
    // A spool that grows past the largest file that is allowed must not end the run; the write's own error is enough.
    if !signals::is_ignored(SIGXFSZ) {
        taken.add_signal(SIGXFSZ)?;
    }
    Ok(taken)
}

/// Passes everything on until the command has ended. Gives its end, and the signal that someone asked it to end with.
pub(crate) fn supervise(
    running: Running,
    mut taken: Taken,
    intake: &Arc<Intake>,
) -> io::Result<(End, Option<i32>)> {
    let Running { process, outputs, terminal, shares_group } = running;
    let ended = Arc::new(AtomicBool::new(false));
    let mut pumps = Vec::new();
    for output in outputs {
        let (intake, ended) = (Arc::clone(intake), Arc::clone(&ended));
        let pump = thread::Builder::new().name("output".to_owned());
        pumps.push(pump.spawn(move || pump::output(output, &intake, &ended))?);
    }
    let terminal = terminal.map(|(outer, master)| (Arc::new(outer), Arc::new(master)));
    if let Some((outer, master)) = &terminal {
        // Keys of the terminal are the command's; Ctrl-Z from outside stops us both.
        taken.add_signal(SIGTSTP)?;
        if outer.reads() {
            let (outer, master, ended) = (Arc::clone(outer), Arc::clone(master), Arc::clone(&ended));
            let input = thread::Builder::new().name("input".to_owned());
            // Not joined: it may be in the middle of a read.
            input.spawn(move || pump::input(&outer, &master, &ended))?;
        }
    }
    let mut asked = None;
    let end = 'running: loop {
        while let Some((_, status)) = waitpid(Some(process), WaitOptions::NOHANG | WaitOptions::UNTRACED)? {
            if let Some(end) = End::of(status) {
                break 'running end;
            }
            if let (true, Some((outer, _))) = (status.stopped(), &terminal) {
                outer.restore();
                // The shell takes over here, and continues us when the user says so.
                kill_process(getpid(), Signal::STOP)?;
            }
        }
        for origin in taken.wait() {
            match origin.signal {
                SIGCHLD | SIGXFSZ => {}
                SIGWINCH => {
                    if let Some((outer, master)) = &terminal
                        && let Some(size) = outer.size()
                    {
                        let _ = tcsetwinsize(master.as_ref(), size);
                    }
                }
                SIGCONT => {
                    if let Some((outer, _)) = &terminal {
                        outer.enter_raw();
                        signals::send(process, SIGCONT);
                    }
                }
                signal => {
                    if matches!(signal, SIGINT | SIGTERM | SIGHUP | SIGQUIT) {
                        asked = Some(signal);
                    }
                    if !(shares_group && signals::comes_from_terminal(&origin)) {
                        signals::send(process, signal);
                    }
                }
            }
        }
    };
    ended.store(true, Ordering::Release);
    for pump in pumps {
        let _ = pump.join();
    }
    if let Some((outer, _)) = &terminal {
        outer.restore();
    }
    Ok((end, asked))
}
