//! Processes by number and start time: a number alone may belong to somebody else by now.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde::{Deserialize, Serialize};

/// A process, told from every other that had or will have its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessIdentity {
    /// The process's number.
    pub id: u32,
    /// When it started, in the operating system's own words; the boot is part of it.
    pub started: String,
}

const POLL: Duration = Duration::from_millis(25);

impl ProcessIdentity {
    /// The process that has this number now.
    pub fn of(id: u32) -> Option<Self> {
        Some(Self { id, started: start_time(id)? })
    }

    /// This process.
    pub fn current() -> Option<Self> {
        Self::of(std::process::id())
    }

    /// Whether it still runs; false also when its number belongs to another process now.
    pub fn is_running(&self) -> bool {
        start_time(self.id).is_some_and(|started| started == self.started)
    }

    /// Asks it to end, kills it when it has not within `limit`, and then kills what is left of its process group.
    /// Does nothing when it does not run: its group's number may be somebody else's by then.
    pub fn stop(&self, limit: Duration) -> Stopped {
        let Some(process) = i32::try_from(self.id).ok().and_then(Pid::from_raw) else {
            return Stopped::WasGone;
        };
        if !self.is_running() {
            return Stopped::WasGone;
        }
        // An error here means that it ended meanwhile, or is not ours; waiting tells.
        kill_process(process, Signal::TERM).ok();
        let stopped = if self.wait(limit) { Stopped::Ended } else { Stopped::Killed };
        kill_process_group(process, Signal::KILL).ok();
        self.wait(Duration::from_secs(5));
        stopped
    }

    /// Waits until it has ended.
    fn wait(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while self.is_running() {
            if Instant::now() > deadline {
                return false;
            }
            std::thread::sleep(POLL);
        }
        true
    }
}

/// Kills what is left of a process group whose leader has ended: its members that `is_ours` knows.
pub fn sweep(group: u32, is_ours: impl Fn(u32) -> bool) {
    let Ok(processes) = std::fs::read_dir("/proc") else { return };
    let ids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    for id in ids.filter(|id| group_of(*id) == Some(group) && is_ours(*id)) {
        if let Some(process) = i32::try_from(id).ok().and_then(Pid::from_raw) {
            kill_process(process, Signal::KILL).ok();
        }
    }
}

fn group_of(id: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    status.rsplit_once(')')?.1.split_ascii_whitespace().nth(2)?.parse().ok()
}

/// How a process was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It had ended before.
    WasGone,
    /// It ended when asked.
    Ended,
    /// It did not end when asked.
    Killed,
}

#[cfg(target_os = "linux")]
fn start_time(id: u32) -> Option<String> {
    // The name, in brackets, may hold anything; the fields are counted from behind it.
    let status = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let mut fields = status.rsplit_once(')')?.1.split_ascii_whitespace();
    // A process that has ended and was not collected yet still has a number.
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    let ticks = fields.nth(18)?;
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    Some(format!("{}/{ticks}", boot.trim()))
}

#[cfg(not(target_os = "linux"))]
fn start_time(id: u32) -> Option<String> {
    let output = std::process::Command::new("ps")
        .args(["-o", "state=,lstart=", "-p", &id.to_string()])
        .env("LC_ALL", "C")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (state, started) = text.trim().split_once(char::is_whitespace)?;
    (!state.starts_with('Z')).then(|| started.trim().to_owned())
}

/// How long ago a process started, where the operating system says so.
pub fn age(identity: &ProcessIdentity) -> Option<Duration> {
    std::fs::metadata(format!("/proc/{}", identity.id)).ok()?.modified().ok()?.elapsed().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> std::process::Child {
        use std::os::unix::process::CommandExt;
        std::process::Command::new("sleep").arg("60").process_group(0).spawn().unwrap()
    }

    #[test]
    fn a_process_with_another_start_time_is_left_alone() {
        let mut child = sleeper();
        let mut identity = ProcessIdentity::of(child.id()).unwrap();
        identity.started.push('1');
        assert!(!identity.is_running());
        assert_eq!(identity.stop(Duration::from_secs(1)), Stopped::WasGone);
        assert!(child.try_wait().unwrap().is_none(), "the process must still run");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_process_that_is_asked_to_end_ends() {
        let mut child = sleeper();
        let identity = ProcessIdentity::of(child.id()).unwrap();
        assert!(identity.is_running());
        assert_eq!(identity.stop(Duration::from_secs(10)), Stopped::Ended);
        assert!(!identity.is_running());
        child.wait().unwrap();
    }

    #[test]
    fn a_process_that_does_not_listen_is_killed() {
        use std::os::unix::process::CommandExt;
        let mut child = std::process::Command::new("sh")
            .args(["-c", "trap '' TERM; echo ready; while :; do sleep 1; done"])
            .stdout(std::process::Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut ready = String::new();
        let output = child.stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut ready).unwrap();
        let identity = ProcessIdentity::of(child.id()).unwrap();
        assert_eq!(identity.stop(Duration::from_millis(200)), Stopped::Killed);
        assert!(!identity.is_running());
        child.wait().unwrap();
    }

    #[test]
    fn a_process_that_ended_is_not_running_even_before_it_is_collected() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let identity = ProcessIdentity { id: child.id(), started: "any".to_owned() };
        child.wait().unwrap();
        assert!(!identity.is_running());
    }
}
