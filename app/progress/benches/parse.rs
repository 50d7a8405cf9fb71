//! How fast output is read, and in how much memory: `cargo bench -p miyabi-progress`.
//!
//! Prints megabytes for each second of processor time (other programs on the machine hardly change it), and by how much the process
//! grew at most, each beside its aim where it has one, and fails where one is missed. `cargo bench -p miyabi-progress -- plain` measures what has `plain`
//! in its name.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::fs;
use std::process::ExitCode;
use std::time::Duration;

use miyabi_progress::{Change, Format, Parser};
use miyabi_shared::timestamp::Timestamp;

/// How much of each input is read.
const BYTES: usize = 64 << 20;
/// How it is split, as a pipe splits it.
const CHUNK: usize = 64 << 10;
/// The least speed of ordinary text, and of text full of escape sequences, in megabytes a second.
const PLAIN: f64 = 300.0;
const TERMINAL: f64 = 100.0;
/// The most memory, whatever the input.
const MEMORY: u64 = 8 << 20;

/// The figures that were measured.
#[derive(Default)]
struct Bench {
    wanted: Vec<String>,
    missed: u32,
}

impl Bench {
    fn wants(&self, name: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|wanted| name.contains(wanted.as_str()))
    }

    /// Reads `text` again and again, three times over, and prints the best speed. `least` is its aim.
    fn speed(&mut self, name: &str, text: &[u8], format: Format, least: Option<f64>) {
        if !self.wants(name) {
            return;
        }
        let input: Vec<u8> = text.repeat((4 << 20) / text.len() + 1);
        let rounds = BYTES / input.len() + 1;
        let mut best = Duration::MAX;
        let mut counts = (0, 0);
        for _ in 0..3 {
            let began = processor_time();
            counts = read((0..rounds).flat_map(|_| input.chunks(CHUNK)), format);
            best = best.min(processor_time().saturating_sub(began));
        }
        let speed = (input.len() * rounds) as f64 / best.as_secs_f64() / 1e6;
        let kept = least.is_none_or(|least| speed >= least);
        self.missed += u32::from(!kept);
        let aim = least.map_or_else(String::new, |least| verdict(kept, &format!("at least {least} MB/s")));
        println!("{name:34} {speed:6.0} MB/s   {} lines, {} changes{aim}", counts.0, counts.1);
    }

    /// Reads `text` again and again and prints by how much the process grew at most.
    fn memory(&mut self, name: &str, text: &[u8]) {
        if !self.wants(name) {
            return;
        }
        let rounds = BYTES / text.len() + 1;
        // The peak is counted anew from here on.
        let counted = fs::write("/proc/self/clear_refs", "5");
        let before = memory("VmRSS:");
        let counts = read((0..rounds).flat_map(|_| text.chunks(CHUNK)), Format::Auto);
        let grown = memory("VmHWM:").saturating_sub(before);
        let kept = counted.is_ok() && grown <= MEMORY;
        self.missed += u32::from(!kept);
        let aim = verdict(kept, &format!("at most {} MB", MEMORY >> 20));
        println!(
            "{name:34} {:6.1} MB     of {} MB of output, {} lines{aim}",
            grown as f64 / 1e6,
            BYTES >> 20,
            counts.0
        );
    }
}

fn verdict(kept: bool, aim: &str) -> String {
    format!("   {} ({aim})", if kept { "ok" } else { "MISSED" })
}

/// Reads it all; gives the number of lines, and of other changes.
fn read<'text>(chunks: impl Iterator<Item = &'text [u8]>, format: Format) -> (u64, u64) {
    let mut parser = Parser::new(format);
    let at = Timestamp::from_millis(0);
    let mut counts = (0_u64, 0_u64);
    let mut sink = |change: Change| match change {
        Change::Line(_) => counts.0 += 1,
        _ => counts.1 += 1,
    };
    for chunk in chunks {
        parser.push(chunk, at, &mut sink);
    }
    parser.finish(at, &mut sink);
    counts
}

/// How long this thread has been on a processor.
fn processor_time() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0))
}

/// A figure of this process's memory, in bytes.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024
}

/// A log as services write it.
fn plain_log() -> String {
    let line = |line: usize| {
        format!(
            "2026-11-22T04:{:02}:{:02}.{:03}Z INFO request{{id={line}}} GET /api/tasks/t-{line} 200 in {} ms, {} bytes\n",
            line / 60 % 60,
            line % 60,
            line % 1000,
            line % 97,
            line * 31
        )
    };
    (0..2000).map(line).collect()
}

/// A frame of `rows` rows of `width` characters that is drawn over and over.
fn frame(rows: usize, width: usize) -> String {
    let row = |row: usize| format!("\x1b[2Krow-{row} {} {}%\n", "x".repeat(width), row % 100);
    format!("\x1b[{rows}A{}", (0..rows).map(row).collect::<String>())
}

fn main() -> ExitCode {
    let wanted = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let mut bench = Bench { wanted, missed: 0 };
    let log = plain_log();
    let coloured = log.replace("INFO", "\x1b[32mINFO\x1b[0m").replace("GET", "\x1b[1;34mGET\x1b[39m");
    // Memory first: what was needed once stays with the process.
    bench.memory("memory: plain log", log.as_bytes());
    bench.memory("memory: one endless line", &[b'x'; 1 << 20]);
    bench.memory("memory: a line redrawn for ever", b"\rdownloading 52% of something");
    bench.memory("memory: a frame of 100 long rows", frame(100, 60_000).as_bytes());
    bench.memory("memory: a sequence without end", &[b"\x1b]0;", &[b'1'; 1 << 20][..]].concat());
    bench.memory("memory: NUL and invalid bytes", &[0, 0xff, 0xfe, 0xc3].repeat(1 << 18));
    bench.speed("plain log", log.as_bytes(), Format::Auto, Some(PLAIN));
    bench.speed("plain log, no progress", log.as_bytes(), Format::Plain, None);
    bench.speed("one endless line", &[b'x'; 1 << 20], Format::Auto, None);
    bench.speed("short lines (yes)", &b"y\n".repeat(4096), Format::Auto, None);
    bench.speed("coloured log", coloured.as_bytes(), Format::Auto, Some(TERMINAL));
    for (name, text) in [
        ("cdk bar under a terminal", &include_bytes!("../tests/data/cdk-pty-destroy.raw")[..]),
        ("cargo under a terminal", include_bytes!("../tests/data/cargo-pty.raw")),
        ("buildkit under a terminal", include_bytes!("../tests/data/buildkit-pty.raw")),
        ("pulumi under a terminal", include_bytes!("../tests/data/pulumi-up-pty.raw")),
        ("nextest under a terminal", include_bytes!("../tests/data/nextest-pty-100.raw")),
    ] {
        bench.speed(name, text, Format::Auto, Some(TERMINAL));
    }
    // Every few bytes a new state: how fast they come is up to what takes them.
    bench.speed("tqdm", include_bytes!("../tests/data/tqdm.raw"), Format::Auto, None);
    bench.speed("cdk events", include_bytes!("../tests/data/cdk-events-create.txt"), Format::Auto, None);
    bench.speed("pulumi events", include_bytes!("../tests/data/pulumi-destroy.json"), Format::Auto, None);
    bench.speed("pytest -v", include_bytes!("../tests/data/pytest-v.txt"), Format::Auto, None);
    if bench.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
