//! What `miyabi run` costs: the same command with and without it, in one run.
//!
//! A command that prints steadily, one that prints as fast as it can (into a pipe, and on a terminal beside `script`), one whose
//! lines are all shipped and counted, and one that does nothing; with a server that takes everything, and with nobody there. Prints one line
//! for each figure with its aim, and fails where one is missed. `MIYABI_BENCH_SECONDS` (10) says how long the steady command prints and how
//! much the others do; a name as argument (`shipping`) measures that alone.

#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot measure has nothing better to do than to stop"
)]

mod measure;
mod printer;
mod server;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use miyabi_shared::config::{Environment, ProcessEnvironment};

use self::measure::{on_terminal, through_pipe};
use self::server::Server;

const MIYABI: &str = env!("CARGO_BIN_EXE_miyabi");
/// A port at which nobody listens.
const GONE: &str = "127.0.0.1:9";
/// What the steady command prints a second.
const RATE: f64 = 100e6;
/// Most wall time beside the bare command's.
const MOST_TIME: f64 = 1.03;
/// Most memory.
const MOST_MEMORY: u64 = 60 << 20;
/// Least throughput of a command that prints as fast as it can into a pipe.
const LEAST_RATE: f64 = 300e6;
/// The same on a terminal, beside `script`.
const LEAST_SHARE: f64 = 0.8;
/// Least lines a second that are shipped.
const LEAST_LINES: f64 = 100_000.0;
/// Most milliseconds until the command starts.
const MOST_START: f64 = 15.0;
/// How often short things are measured.
const TIMES: usize = 20;

/// One part of the benchmark.
type Part = fn(&mut Bench);

/// What is measured, and what came of it.
struct Bench {
    own: String,
    seconds: f64,
    server: Server,
    missed: u32,
}

impl Bench {
    fn figure(&mut self, name: &str, value: String, aim: Option<(bool, String)>) {
        self.missed += u32::from(aim.as_ref().is_some_and(|(kept, _)| !kept));
        let verdict = aim.map(|(kept, aim)| format!("{} ({aim})", if kept { "ok" } else { "MISSED" }));
        println!("{name:<58} {value:>16}  {}", verdict.unwrap_or_default());
    }

    fn memory(&mut self, name: &str, memory: u64) {
        let aim = (memory > 0 && memory <= MOST_MEMORY, format!("at most {} MB", MOST_MEMORY >> 20));
        self.figure(name, format!("{:.1} MB", memory as f64 / 1e6), Some(aim));
    }

    /// The two networks: one that is there, and one that is gone.
    fn networks(&self) -> [(&'static str, String); 2] {
        [("network there", self.server.address.clone()), ("network gone", GONE.to_owned())]
    }

    fn steady(&mut self) {
        let (rate, seconds) = (RATE.to_string(), self.seconds.to_string());
        let own = self.own.clone();
        let job = [own.as_str(), "print-steady", &rate, &seconds];
        let bare = through_pipe(Command::new(&own).args(&job[1..]));
        self.figure("100 MB/s: bare", format!("{:.3} s", bare.wall.as_secs_f64()), None);
        for (name, address) in self.networks() {
            let state = tempfile::tempdir().expect("a folder");
            let run = through_pipe(&mut run(&address, state.path(), &[], &job));
            let ratio = run.wall.as_secs_f64() / bare.wall.as_secs_f64();
            let aim = (ratio <= MOST_TIME, format!("at most {MOST_TIME}x"));
            self.figure(&format!("100 MB/s: wall time, {name}"), format!("{ratio:.3}x"), Some(aim));
            let share = run.bytes as f64 / bare.bytes as f64;
            let aim = (share > 0.97, "as much".to_owned());
            self.figure(&format!("100 MB/s: bytes passed on, {name}"), format!("{share:.3}x"), Some(aim));
            self.memory(&format!("100 MB/s: peak memory, {name}"), run.memory);
        }
    }

    fn pipe(&mut self) {
        let count = (self.seconds * 2e6).to_string();
        let own = self.own.clone();
        let job = [own.as_str(), "print-fast", &count];
        let bare = through_pipe(Command::new(&own).args(&job[1..]));
        self.figure("as fast as it can: bare", megabytes(bare.speed()), None);
        for (name, address) in self.networks() {
            let state = tempfile::tempdir().expect("a folder");
            let run = through_pipe(&mut run(&address, state.path(), &[], &job));
            let aim = (run.speed() >= LEAST_RATE, format!("at least {}", megabytes(LEAST_RATE)));
            self.figure(&format!("as fast as it can: {name}"), megabytes(run.speed()), Some(aim));
            self.memory(&format!("as fast as it can: peak memory, {name}"), run.memory);
        }
    }

    /// On a terminal, in turns with `script`, which passes a terminal's bytes on and does nothing else.
    fn terminal(&mut self) {
        let count = (self.seconds * 3e5).to_string();
        let own = self.own.clone();
        let job = [own.as_str(), "print-fast", &count];
        let line = format!("'{own}' print-fast {count}");
        let (mut ours, mut others) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            let state = tempfile::tempdir().expect("a folder");
            let mut script = Command::new(MIYABI);
            script.args(["pty-session", "--", "script", "-qc", &line, "/dev/null"]);
            others.push(on_terminal(&mut script).speed());
            let run = run(&self.server.address, state.path(), &[], &job);
            let mut session = Command::new(MIYABI);
            session.args(["pty-session", "--"]).arg(run.get_program()).args(run.get_args());
            session.envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
            ours.push(on_terminal(&mut session).speed());
        }
        let (ours, others) = (median(ours), median(others));
        self.figure("on a terminal: script", megabytes(others), None);
        let aim = (ours / others >= LEAST_SHARE, format!("at least {LEAST_SHARE}x of script"));
        self.figure("on a terminal", format!("{} {:.2}x", megabytes(ours), ours / others), Some(aim));
    }

    /// Lines that are all delivered: each arrives once, or is counted by the line that says how many gave way.
    fn shipping(&mut self) {
        for (name, count) in [("that fit the spool", 500_000), ("four times as many", 2_000_000)] {
            let (own, number) = (self.own.clone(), count.to_string());
            let state = tempfile::tempdir().expect("a folder");
            self.server.take();
            let began = Instant::now();
            let job = [own.as_str(), "print-fast", &number];
            let run = through_pipe(&mut run(&self.server.address, state.path(), &["--wait", "300"], &job));
            let counted = self.server.take();
            let took = counted.last.unwrap_or(began).duration_since(began).as_secs_f64();
            let speed = counted.lines as f64 / took;
            let aim = (speed >= LEAST_LINES, format!("at least {LEAST_LINES} lines/s"));
            self.figure(&format!("shipping, {count} lines {name}"), format!("{speed:.0} lines/s"), Some(aim));
            let sum = counted.lines + counted.left_out;
            let aim = (sum == count && counted.repeated == 0, "none lost, none twice".to_owned());
            let value = format!("{} + {}", counted.lines, counted.left_out);
            self.figure("shipping: arrived, and said to be left out", value, Some(aim));
            let value = format!("{:.2} s", run.processor / count as f64 * 1e6);
            self.figure("shipping: processor time for a million lines", value, None);
            self.figure(
                "shipping: lines in a batch",
                format!("{}", counted.lines / counted.batches.max(1)),
                None,
            );
            self.memory("shipping: peak memory", run.memory);
        }
    }

    fn start(&mut self) {
        let own = self.own.clone();
        let begin = |mut command: Command| {
            let before = printer::now();
            let stamp =
                through_pipe(&mut command).beginning.trim().parse::<f64>().expect("the time of its start");
            stamp / 1e3 - before.as_secs_f64() * 1e3
        };
        let whole = |mut command: Command| through_pipe(&mut command).wall.as_secs_f64() * 1e3;
        let bare = |program: &str, argument: &[&str]| {
            let mut command = Command::new(program);
            command.args(argument);
            command
        };
        let repeat = |measured: &dyn Fn() -> f64| median((0..TIMES).map(|_| measured()).collect());
        let first = repeat(&|| begin(bare(&own, &["print-time"])));
        let all = repeat(&|| whole(bare("true", &[])));
        for (name, address) in self.networks() {
            let state = tempfile::tempdir().expect("a folder");
            let run = |job: &[&str]| run(&address, state.path(), &[], job);
            let added = repeat(&|| begin(run(&[&own, "print-time"]))) - first;
            let aim = (added <= MOST_START, format!("at most {MOST_START} ms"));
            self.figure(&format!("until the command starts: added, {name}"), millis(added), Some(aim));
            let added = repeat(&|| whole(run(&["true"]))) - all;
            self.figure(&format!("until all is delivered or kept: added, {name}"), millis(added), None);
        }
    }
}

fn megabytes(speed: f64) -> String {
    format!("{:.0} MB/s", speed / 1e6)
}

fn millis(millis: f64) -> String {
    format!("{millis:.1} ms")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// `miyabi run` of `job`, with `address` as its API and its logs.
fn run(address: &str, state: &Path, options: &[&str], job: &[&str]) -> Command {
    let url = format!("http://{address}");
    let mut run = Command::new(MIYABI);
    run.args(["run", "-q"]).args(options).arg("--").args(job).stderr(Stdio::null());
    run.env("MIYABI_API_URL", &url).env("AWS_ENDPOINT_URL", &url).env("AWS_REGION", "us-east-1");
    run.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test").env("XDG_STATE_HOME", state);
    run
}

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if let Some(printed) = printer::run(&arguments) {
        return if printed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let seconds = ProcessEnvironment.get("MIYABI_BENCH_SECONDS").and_then(|text| text.parse().ok());
    let own = std::env::current_exe().expect("this program").display().to_string();
    let mut bench = Bench { own, seconds: seconds.unwrap_or(10.0), server: Server::start(), missed: 0 };
    let parts: [(&str, Part); 5] = [
        ("steady", Bench::steady),
        ("pipe", Bench::pipe),
        ("terminal", Bench::terminal),
        ("shipping", Bench::shipping),
        ("start", Bench::start),
    ];
    let chosen = |name: &str| arguments.is_empty() || arguments.iter().any(|wanted| wanted == name);
    for (_, part) in parts.iter().filter(|(name, _)| chosen(name)) {
        part(&mut bench);
    }
    if bench.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
