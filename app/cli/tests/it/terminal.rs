//! A command under `miyabi run` in a terminal has a terminal of its own, with everything that belongs to it.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use crate::support::{LIMIT, World, text, wait_until};

/// A terminal in which a command runs, as a terminal emulator would start it.
pub(crate) struct Terminal {
    pub(crate) keyboard: File,
    screen: Receiver<Vec<u8>>,
    pub(crate) shown: String,
    seen: usize,
    child: Child,
}

impl Terminal {
    pub(crate) fn start(world: &World, arguments: &[&str], adjust: impl FnOnce(&mut Command)) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let slave =
            rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC, Mode::empty()).unwrap();
        tcsetwinsize(&master, size(40, 100)).unwrap();
        // The command's own session leader serves as that of the terminal emulator.
        let mut command = world.miyabi(["pty-session", "--"]);
        command.args(arguments);
        command.stdin(Stdio::from(slave.try_clone().unwrap()));
        command.stdout(Stdio::from(slave.try_clone().unwrap())).stderr(Stdio::from(slave));
        adjust(&mut command);
        let child = command.spawn().unwrap();
        drop(command);
        let keyboard = File::from(master);
        let mut screen = keyboard.try_clone().unwrap();
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { keyboard, screen: receiver, shown: String::new(), seen: 0, child }
    }

    fn miyabi(world: &World, script: &str) -> Self {
        Self::start(world, &[env!("CARGO_BIN_EXE_miyabi"), "run", "-q", "--", "sh", "-c", script], |_| {})
    }

    pub(crate) fn keys(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until the screen has shown `what`.
    fn wait_for(&mut self, what: &str) {
        while !self.shown.contains(what) {
            match self.screen.recv_timeout(LIMIT) {
                Ok(bytes) => self.shown.push_str(&text(&bytes)),
                Err(error) => panic!("{what:?} was not shown ({error}), only: {:?}", self.shown),
            }
        }
    }

    /// Waits until the screen has shown `what` after everything that was waited for before.
    pub(crate) fn wait_for_next(&mut self, what: &str) {
        let until = Instant::now() + LIMIT;
        let from = self.seen;
        loop {
            if let Some(at) = self.shown.get(from..).and_then(|new| new.find(what)) {
                self.seen = from + at + what.len();
                return;
            }
            match self.screen.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.shown.push_str(&text(&bytes)),
                Err(error) => panic!("{what:?} was not shown ({error}), only: {:?}", self.shown.get(from..)),
            }
        }
    }

    /// Everything shown, once the command has ended, and its exit code.
    pub(crate) fn end(mut self) -> (String, Option<i32>) {
        let child = &mut self.child;
        let status = wait_until("the command ends", || child.try_wait().unwrap().ok_or("it runs"));
        while let Ok(bytes) = self.screen.recv_timeout(Duration::from_millis(100)) {
            self.shown.push_str(&text(&bytes));
        }
        (std::mem::take(&mut self.shown), status.code())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed leaves nothing running: the end of its first process ends the session.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size(rows: u16, columns: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

#[test]
fn all_three_streams_are_a_terminal_of_the_same_size() {
    let world = World::online();
    let script =
        "test -t 0 && test -t 1 && test -t 2 && stty size && printf '\\033[1mbold\\033[0m\\n'; exit 7";
    let (shown, code) = Terminal::miyabi(&world, script).end();
    assert_eq!((shown.as_str(), code), ("40 100\r\n\u{1b}[1mbold\u{1b}[0m\r\n", Some(7)));
}

#[test]
fn the_screen_shows_byte_for_byte_what_it_would_have_shown() {
    let world = World::online();
    let script = "for i in 1 2 3; do printf 'at %s\\r' $i; done; echo; seq 1 20000; printf 'é\\t\\033[2Kend'";
    let (bare, _) = Terminal::start(&world, &["sh", "-c", script], |_| {}).end();
    let (shown, _) = Terminal::miyabi(&world, script).end();
    assert!(shown == bare, "{} and {} bytes", shown.len(), bare.len());
}

#[test]
fn a_changed_size_reaches_the_command() {
    let world = World::bare();
    let script = "trap 'stty size; exit' WINCH; echo ready; while :; do sleep 0.02; done";
    let mut terminal = Terminal::miyabi(&world, script);
    terminal.wait_for("ready");
    tcsetwinsize(&terminal.keyboard, size(50, 132)).unwrap();
    terminal.wait_for("50 132");
    terminal.end();
}

#[test]
fn ctrl_c_interrupts_the_command_once_and_the_terminal_is_as_before() {
    let world = World::bare();
    let script = "trap 'echo interrupted' INT; echo ready; read x; echo \"read $x\"; exit 4";
    let mut terminal = Terminal::miyabi(&world, script);
    terminal.wait_for("ready");
    let raw = tcgetattr(&terminal.keyboard).unwrap();
    assert!(!raw.local_modes.contains(LocalModes::ECHO), "the outer terminal passes keys on");
    terminal.keys("\u{3}");
    terminal.wait_for("interrupted");
    terminal.keys("word\r");
    terminal.wait_for("read ");
    let keyboard = terminal.keyboard.try_clone().unwrap();
    let (shown, code) = terminal.end();
    assert_eq!(shown.matches("interrupted").count(), 1, "{shown}");
    assert_eq!(code, Some(4));
    let after = tcgetattr(&keyboard).unwrap();
    assert!(after.local_modes.contains(LocalModes::ECHO | LocalModes::ICANON));
}

#[test]
fn a_command_that_dies_by_ctrl_c_leaves_the_same_death() {
    let world = World::bare();
    let mut terminal = Terminal::miyabi(&world, "echo ready; exec sleep 300");
    terminal.wait_for("ready");
    terminal.keys("\u{3}");
    let status = terminal.child.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(2));
}

#[test]
fn ctrl_z_stops_the_job_and_fg_goes_on() {
    let world = World::bare();
    let mut terminal = Terminal::start(&world, &["bash", "--norc", "--noprofile", "-i"], |_| {});
    let program = env!("CARGO_BIN_EXE_miyabi");
    // Nothing is typed before whoever shall read it has said that it is there.
    terminal.keys("PS1='rea''dy> '\r");
    terminal.wait_for_next("ready> ");
    terminal.keys(&format!("{program} run -q -- sh -c 'echo be''gun; read x; echo \"got $x\"'\r"));
    terminal.wait_for_next("begun\r\n");
    terminal.keys("\u{1a}");
    terminal.wait_for_next("Stopped");
    terminal.wait_for_next("ready> ");
    terminal.keys("echo shell has the terminal | tr a-z A-Z\r");
    terminal.wait_for_next("SHELL HAS THE TERMINAL");
    terminal.wait_for_next("ready> ");
    terminal.keys("fg\r");
    terminal.wait_for_next("run -q");
    terminal.keys("words\r");
    terminal.wait_for_next("got words");
    terminal.wait_for_next("ready> ");
    terminal.keys("exit 6\r");
    assert_eq!(terminal.end().1, Some(6));
}

#[test]
fn a_stop_from_outside_reaches_the_command() {
    let world = World::online();
    // The parent of the session's first process is miyabi.
    let script = "trap 'echo stopping; exit' TSTP; echo \"pid $(cut -d' ' -f4 /proc/$PPID/stat).\"; while :; do sleep 0.02; done";
    let mut terminal = Terminal::miyabi(&world, script);
    terminal.wait_for(".\r\n");
    let shown = terminal.shown.clone();
    let pid = shown.rsplit("pid ").next().unwrap().trim_end_matches(".\r\n").parse().unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::TSTP).unwrap();
    terminal.wait_for("stopping");
}

#[test]
fn a_stream_that_goes_elsewhere_goes_there() {
    let world = World::bare();
    let path = world.folder.path().join("errors");
    let file = File::create(&path).unwrap();
    let program = env!("CARGO_BIN_EXE_miyabi");
    let script = "test -t 1 && echo terminal; test -t 2 || echo file >&2";
    let terminal = Terminal::start(&world, &[program, "run", "-q", "--", "sh", "-c", script], |command| {
        command.stderr(Stdio::from(file));
    });
    assert_eq!(terminal.end().0, "terminal\r\n");
    let errors = std::fs::read_to_string(path).unwrap();
    assert!(errors.ends_with("file\n"), "{errors}");
}

#[test]
fn a_password_can_be_asked_for() {
    let world = World::bare();
    let script = "printf 'Password: ' >/dev/tty; stty -echo </dev/tty; read secret </dev/tty; stty echo </dev/tty; echo; echo ${#secret}";
    let mut terminal = Terminal::miyabi(&world, script);
    terminal.wait_for("Password: ");
    let mut keyboard = terminal.keyboard.try_clone().unwrap();
    wait_until("the echo is off or the keys are taken", || {
        keyboard.write_all(b"").map_err(|error| error.to_string())
    });
    terminal.keys("hunter2\r");
    let (shown, code) = terminal.end();
    assert!(shown.ends_with("7\r\n"), "{shown}");
    assert_eq!(code, Some(0));
}
