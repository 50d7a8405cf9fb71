//! Passing bytes on: from the command to where its output belongs, and from the keyboard to the command.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use miyabi_shared::Timestamp;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::child::Output;
use super::intake::Intake;
use super::terminal::OuterTerminal;

/// How much is read at once.
const BYTES: usize = 64 << 10;
/// After the command has ended, a stream that others still hold open is read until it was quiet for so long…
const QUIET: Duration = Duration::from_millis(250);
/// …but no longer than this.
const GRACE: Duration = Duration::from_secs(3);
/// How soon a waiting thread sees that the command has ended, where nothing else wakes it.
const LOOK: Duration = Duration::from_millis(50);

/// Passes one stream on until its end, and gives everything to `intake`. What is read is written on before anything
/// else is done with it. Where nobody reads any more, the command learns it as it would without us.
pub(crate) fn output(output: Output, intake: &Intake, ended: &AtomicBool) {
    let Output { source, from, to } = output;
    let mut buffer = vec![0; BYTES];
    let mut end_seen: Option<Instant> = None;
    let mut last_read = Instant::now();
    loop {
        let patience = match end_seen {
            None => LOOK,
            Some(seen) => {
                let now = Instant::now();
                let left = (last_read.max(seen) + QUIET).min(seen + GRACE).saturating_duration_since(now);
                if left.is_zero() {
                    return;
                }
                left
            }
        };
        if !readable(&from, patience) {
            if end_seen.is_none() && ended.load(Ordering::Acquire) {
                end_seen = Some(Instant::now());
            }
            continue;
        }
        let count = match rustix::io::read(&from, &mut buffer) {
            Ok(0) => return,
            Ok(count) => count,
            Err(Errno::INTR | Errno::AGAIN) => continue,
            // A pseudo-terminal says EIO when its last user is gone.
            Err(_) => return,
        };
        let bytes = buffer.get(..count).unwrap_or_default();
        let written = write_all(&to, bytes);
        intake.push(source, Timestamp::now(), bytes);
        if written.is_err() {
            return;
        }
        if end_seen.is_some() {
            last_read = Instant::now();
        }
    }
}

/// Passes what is typed on to the command, until it has ended.
pub(crate) fn input(terminal: &Arc<OuterTerminal>, master: &OwnedFd, ended: &AtomicBool) {
    let stdin = io::stdin();
    let mut buffer = vec![0; 4096];
    while !ended.load(Ordering::Acquire) {
        // In the background, reading would stop us; wait until someone brings us to the front.
        if !terminal.is_foreground() {
            std::thread::sleep(LOOK);
            continue;
        }
        if !readable(&stdin, LOOK) {
            continue;
        }
        match rustix::io::read(&stdin, &mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                if write_all(master, buffer.get(..count).unwrap_or_default()).is_err() {
                    return;
                }
            }
            Err(Errno::INTR | Errno::AGAIN) => {}
            Err(_) => return,
        }
    }
}

fn readable(descriptor: &impl AsFd, patience: Duration) -> bool {
    wait(descriptor, PollFlags::IN, patience)
}

/// Whether something can be done, or has failed; `false` where `patience` ran out.
fn wait(descriptor: &impl AsFd, what: PollFlags, patience: Duration) -> bool {
    let mut descriptors = [PollFd::new(descriptor, what)];
    let timeout = Timespec {
        tv_sec: i64::try_from(patience.as_secs()).unwrap_or(1),
        tv_nsec: i64::from(patience.subsec_nanos()),
    };
    match poll(&mut descriptors, Some(&timeout)) {
        Ok(0) | Err(Errno::INTR) => false,
        // Any other error shows in the read or write that follows.
        Ok(_) | Err(_) => true,
    }
}

fn write_all(to: &OwnedFd, mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        match rustix::io::write(to, bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            // Whoever shares this description with us made it non-blocking.
            Err(Errno::AGAIN) => while !wait(to, PollFlags::OUT, Duration::from_secs(1)) {},
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
