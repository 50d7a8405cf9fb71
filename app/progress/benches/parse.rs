//! How fast output is read: `cargo bench -p miyabi-progress`. Prints megabytes a second; asserts nothing about time.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

use std::time::Instant;

use miyabi_progress::{Change, Format, Parser};
use miyabi_shared::timestamp::Timestamp;

fn measure(name: &str, text: &[u8], format: Format) {
    // `cargo bench -p miyabi-progress -- plain` measures what has `plain` in its name.
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    if !wanted.is_empty() && !wanted.iter().any(|wanted| name.contains(wanted.as_str())) {
        return;
    }
    const BYTES: usize = 128 << 20;
    let rounds = (BYTES / text.len()).max(1);
    let input: Vec<u8> = text.iter().copied().cycle().take(text.len() * rounds).collect();
    let mut best = f64::MAX;
    let mut counts = (0_u64, 0_u64);
    for _ in 0..3 {
        let mut parser = Parser::new(format);
        let at = Timestamp::from_millis(0);
        counts = (0, 0);
        let mut sink = |change: Change| match change {
            Change::Line(_) => counts.0 += 1,
            _ => counts.1 += 1,
        };
        let start = Instant::now();
        for chunk in input.chunks(64 * 1024) {
            parser.push(chunk, at, &mut sink);
        }
        parser.finish(at, &mut sink);
        best = best.min(start.elapsed().as_secs_f64());
    }
    let speed = input.len() as f64 / best / 1e6;
    println!("{name:28} {speed:8.0} MB/s   {} lines, {} changes", counts.0, counts.1);
}

fn main() {
    let mut log = String::new();
    for line in 0..2000 {
        log.push_str(&format!(
            "2026-11-22T04:{:02}:{:02}.{:03}Z INFO request{{id={line}}} GET /api/tasks/t-{line} 200 in {} ms, {} bytes\n",
            line / 60 % 60,
            line % 60,
            line % 1000,
            line % 97,
            line * 31
        ));
    }
    let coloured = log.replace("INFO", "\x1b[32mINFO\x1b[0m").replace("GET", "\x1b[1;34mGET\x1b[39m");
    measure("plain log", log.as_bytes(), Format::Auto);
    measure("plain log, no progress", log.as_bytes(), Format::Plain);
    measure("short lines (yes)", "y\n".repeat(4096).as_bytes(), Format::Auto);
    measure("one endless line", "x".repeat(1 << 20).as_bytes(), Format::Auto);
    measure("coloured log", coloured.as_bytes(), Format::Auto);
    measure("cdk events", include_bytes!("../tests/data/cdk-events-create.txt"), Format::Auto);
    measure("cdk bar mode (ANSI)", include_bytes!("../tests/data/cdk-pty-destroy.raw"), Format::Auto);
    measure("cargo under a terminal", include_bytes!("../tests/data/cargo-pty.raw"), Format::Auto);
    measure("pulumi events", include_bytes!("../tests/data/pulumi-destroy.json"), Format::Auto);
    measure("pytest -v", include_bytes!("../tests/data/pytest-v.txt"), Format::Auto);
}
