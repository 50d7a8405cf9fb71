//! A command's wall time, output, memory and processor time, through a pipe or on a terminal.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// The kernel's unit of processor times in /proc: a hundredth of a second on every Linux.
const TICKS: f64 = 100.0;

/// What a command took.
pub(crate) struct Measured {
    pub(crate) wall: Duration,
    /// How much it printed, and how that begins.
    pub(crate) bytes: u64,
    pub(crate) beginning: String,
    /// The most memory that it had at once, in bytes.
    pub(crate) memory: u64,
    /// Its processor time in seconds, without that of the commands that it ran.
    pub(crate) processor: f64,
}

impl Measured {
    /// Bytes a second.
    pub(crate) fn speed(&self) -> f64 {
        self.bytes as f64 / self.wall.as_secs_f64()
    }
}

/// Runs `command` with its output in a pipe.
pub(crate) fn through_pipe(command: &mut Command) -> Measured {
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the command starts");
    let stdout = OwnedFd::from(child.stdout.take().expect("its output"));
    end(begun, child, reader(stdout.into()))
}

/// Runs `command` on a terminal of its own.
pub(crate) fn on_terminal(command: &mut Command) -> Measured {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a terminal");
    grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal of ours");
    let name = ptsname(&master, Vec::new()).expect("its name");
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let slave = rustix::fs::open(name, flags, Mode::empty()).expect("its other end");
    let size = Winsize { ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&slave, size).expect("its size");
    let stream = || Stdio::from(slave.try_clone().expect("one more of it"));
    command.stdin(stream()).stdout(stream()).stderr(stream());
    let begun = Instant::now();
    let child = command.spawn().expect("the command starts");
    // The terminal ends with the last who holds it.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    drop(slave);
    end(begun, child, reader(master.into()))
}

fn reader(mut output: File) -> JoinHandle<(u64, String)> {
    std::thread::spawn(move || {
        let (mut bytes, mut beginning, mut buffer) = (0, String::new(), vec![0; 1 << 20]);
        while let Ok(count @ 1..) = output.read(&mut buffer) {
            if bytes == 0 {
                beginning =
                    String::from_utf8_lossy(buffer.get(..count.min(1000)).unwrap_or_default()).into_owned();
            }
            bytes += count as u64;
        }
        (bytes, beginning)
    })
}

/// Looks at the process until it ends.
fn end(begun: Instant, mut child: Child, reader: JoinHandle<(u64, String)>) -> Measured {
    let folder = format!("/proc/{}", child.id());
    let (mut memory, mut processor) = (0, 0.0_f64);
    loop {
        let status = std::fs::read_to_string(format!("{folder}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        memory = memory.max(kilobytes.unwrap_or(0) * 1024);
        let about = std::fs::read_to_string(format!("{folder}/stat")).unwrap_or_default();
        // After the name, which may hold anything, the 12th and 13th field.
        let fields = about.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
        let ticks = fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
        processor = processor.max(ticks.sum::<f64>() / TICKS);
        if child.try_wait().expect("its status").is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    let wall = begun.elapsed();
    let (bytes, beginning) = reader.join().expect("the reader");
    Measured { wall, bytes, beginning, memory, processor }
}
