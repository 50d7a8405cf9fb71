//! What `miyabi run` costs: the same command with and without it, in one run.
//!
//! A command that prints 50 MB/s for 10 s, one that prints as fast as it can, and one that does nothing; with a
//! server that takes everything, and with nobody there. Prints one line for each figure, and fails where one is
//! past its aim. `MIYABI_BENCH_SECONDS` shortens it.

#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot measure has nothing better to do than to stop"
)]

use std::io::{Read, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use miyabi_shared::config::{Environment, ProcessEnvironment};

/// What the printer prints a second.
const RATE: u64 = 50_000_000;
/// Most extra wall time.
const MOST_TIME: f64 = 1.05;
/// Most memory.
const MOST_MEMORY: u64 = 60 << 20;
/// Least throughput of a command that prints as fast as it can.
const LEAST_RATE: f64 = 300e6;

/// Lines of 100 bytes, as a build prints them.
fn block() -> Vec<u8> {
    let mut block = Vec::new();
    for number in 0..5000 {
        let line = format!(
            "{number:06} compiling something that has a rather long name and a path /usr/src/{number:08}/x.rs"
        );
        block.extend_from_slice(format!("{line:<99}\n").as_bytes());
    }
    block
}

/// Prints for `seconds` at `rate` bytes a second, or `total` bytes as fast as it can.
fn printer(rate: Option<u64>, amount: f64) {
    let block = block();
    let mut output = std::io::stdout().lock();
    let begun = Instant::now();
    let mut printed = 0_u64;
    loop {
        let done = match rate {
            Some(_) => begun.elapsed().as_secs_f64() >= amount,
            None => printed as f64 >= amount,
        };
        if done || output.write_all(&block).is_err() {
            return;
        }
        printed += block.len() as u64;
        if let Some(rate) = rate {
            let due = begun + Duration::from_secs_f64(printed as f64 / rate as f64);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
    }
}

struct Measured {
    wall: Duration,
    bytes: u64,
    memory: u64,
}

fn measure(command: &mut Command) -> Measured {
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the command starts");
    let mut stdout = child.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || {
        let (mut bytes, mut buffer) = (0, vec![0; 1 << 20]);
        while let Ok(count @ 1..) = stdout.read(&mut buffer) {
            bytes += count as u64;
        }
        bytes
    });
    let memory = peak_memory(&mut child);
    let wall = begun.elapsed();
    Measured { wall, bytes: reader.join().expect("the reader"), memory }
}

/// Looks at the process's peak memory until it ends.
fn peak_memory(child: &mut Child) -> u64 {
    let path = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        let status = std::fs::read_to_string(&path).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or(0) * 1024);
        if child.try_wait().expect("its status").is_some() {
            return peak;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A server that takes everything and counts it.
fn server() -> (tokio::runtime::Runtime, String, Arc<AtomicU64>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let counted = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&counted);
    let logs = move |body: Bytes| async move {
        count.fetch_add(body.len() as u64, Ordering::Relaxed);
        ([("content-type", "application/x-amz-json-1.1")], "{}")
    };
    let router = Router::new()
        .route("/", post(logs))
        .route("/api/tasks", post(|| async { "{}" }))
        .route("/api/tasks/{id}/events", post(|| async { "{}" }))
        .layer(axum::extract::DefaultBodyLimit::disable());
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("its address").to_string();
    runtime.spawn(async move { axum::serve(listener, router).await });
    (runtime, address, counted)
}

fn run(address: &str, state: &std::path::Path, command: &[&str]) -> Command {
    let url = format!("http://{address}");
    let mut run = Command::new(env!("CARGO_BIN_EXE_miyabi"));
    run.args(["run", "-q", "--"]).args(command).stderr(Stdio::null());
    run.env("MIYABI_API_URL", &url).env("AWS_ENDPOINT_URL", &url).env("AWS_REGION", "us-east-1");
    run.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test").env("XDG_STATE_HOME", state);
    run
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.get(1).is_some_and(|first| first == "print") {
        let amount = arguments.get(3).and_then(|amount| amount.parse().ok()).unwrap_or(1.0);
        printer(arguments.get(2).and_then(|rate| rate.parse().ok()).filter(|rate| *rate > 0), amount);
        return ExitCode::SUCCESS;
    }
    let seconds: f64 =
        ProcessEnvironment.get("MIYABI_BENCH_SECONDS").and_then(|text| text.parse().ok()).unwrap_or(10.0);
    let own = std::env::current_exe().expect("this program").display().to_string();
    let (_runtime, there, counted) = server();
    let gone = "127.0.0.1:9".to_owned();
    let mut missed = 0;
    let mut figure = |name: &str, value: String, kept: bool| {
        println!("{name:<58} {value:>14}  {}", if kept { "ok" } else { "MISSED" });
        missed += i32::from(!kept);
    };

    let (rate, amount) = (RATE.to_string(), seconds.to_string());
    let steady = [own.as_str(), "print", &rate, &amount];
    let bare = measure(Command::new(&own).args(&steady[1..]));
    figure("50 MB/s: bare", format!("{:.3} s", bare.wall.as_secs_f64()), true);
    for (name, address) in [("network there", &there), ("network gone", &gone)] {
        let state = tempfile::tempdir().expect("a folder");
        let run = measure(&mut run(address, state.path(), &steady));
        let ratio = run.wall.as_secs_f64() / bare.wall.as_secs_f64();
        figure(&format!("50 MB/s: wall time, {name}"), format!("{ratio:.3}x"), ratio <= MOST_TIME);
        let share = run.bytes as f64 / bare.bytes as f64;
        figure(&format!("50 MB/s: bytes passed on, {name}"), format!("{share:.3}x"), share > 0.95);
        let memory = format!("{:.1} MB", run.memory as f64 / 1e6);
        figure(&format!("50 MB/s: peak memory, {name}"), memory, run.memory <= MOST_MEMORY);
    }
    figure("50 MB/s: shipped", format!("{:.0} MB", counted.load(Ordering::Relaxed) as f64 / 1e6), true);

    let total = (seconds * 200e6).to_string();
    let fast = [own.as_str(), "print", "0", &total];
    let bare = measure(Command::new(&own).args(&fast[1..]));
    let speed = |measured: &Measured| measured.bytes as f64 / measured.wall.as_secs_f64();
    figure("as fast as it can: bare", format!("{:.0} MB/s", speed(&bare) / 1e6), true);
    for (name, address) in [("network there", &there), ("network gone", &gone)] {
        let state = tempfile::tempdir().expect("a folder");
        let run = measure(&mut run(address, state.path(), &fast));
        let value = format!("{:.0} MB/s", speed(&run) / 1e6);
        figure(&format!("as fast as it can: {name}"), value, speed(&run) >= LEAST_RATE);
        let memory = format!("{:.1} MB", run.memory as f64 / 1e6);
        figure(&format!("as fast as it can: peak memory, {name}"), memory, run.memory <= MOST_MEMORY);
    }

    let repeat = |mut command: Box<dyn FnMut() -> Command>| {
        median((0..20).map(|_| measure(&mut command()).wall.as_secs_f64() * 1e3).collect())
    };
    let bare = repeat(Box::new(|| Command::new("true")));
    figure("start and end: bare", format!("{bare:.1} ms"), true);
    for (name, address) in [("network there", there), ("network gone", gone)] {
        let state = tempfile::tempdir().expect("a folder");
        let wall = repeat(Box::new(move || run(&address, state.path(), &["true"])));
        figure(&format!("start and end: added, {name}"), format!("{:.1} ms", wall - bare), true);
    }
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
