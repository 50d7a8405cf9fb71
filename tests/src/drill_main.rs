//! `miyabi-drill`: the fault drills, and docs/RELIABILITY.md from what they found. Exits with 1 when an answer was wrong.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use miyabi_tests::drill::{DrillOptions, Fault, Report, drill};

#[derive(Debug, Parser)]
struct Arguments {
    /// The folder of built functions.
    #[arg(long)]
    programs: PathBuf,
    /// For how many seconds each fault lasts.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// For how many seconds DynamoDB is unreachable.
    #[arg(long, default_value_t = 30)]
    outage: u64,
    /// Where to write the page.
    #[arg(long)]
    write: Option<PathBuf>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let options = DrillOptions {
        programs: arguments.programs,
        hold: Duration::from_secs(arguments.seconds),
        outage: Duration::from_secs(arguments.outage),
        faults: Fault::ALL.to_vec(),
    };
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?").to_owned();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let report = runtime.block_on(drill(&options))?;
    print!("{report}");
    let wrong = report.wrong();
    for wrong in wrong.iter().take(20) {
        println!("WRONG: {wrong}");
    }
    if let Some(page) = arguments.write {
        std::fs::write(page, text(&report, &load, arguments.seconds, arguments.outage))?;
    }
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn text(report: &Report, load: &str, seconds: u64, outage: u64) -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "\
# Reliability

What happens when a part fails, measured by `./just drill`, which writes this page. Do not change it by hand.

Four environments of the API and one of the collector - the programs that go to AWS, called as Lambda calls them - work on a real Redis and an
emulated DynamoDB, each behind a way that fails on command. One client writes (six jobs at a time; what was not acknowledged is sent
again), three read tasks and lists, and each checks every answer. A fault lasts {seconds} s; DynamoDB is unreachable for {outage} s.

A **wrong answer** is one of these: a reader sees a version or a percentage lower than it saw before; a task that ended is not ended any more; 100 %
without success; what was acknowledged is not there for a reader in the writer's process, or, elsewhere, 20 s later (45 s for a new task
in a list); a list with a task twice, out of order or incomplete; a batch that counts twice. In the end everything that was ever acknowledged is
compared with what every environment shows. **Errors** are answers with a status of 500 or more, or none: while the tables fail there must be some,
while only Redis fails there should be none.

Measured on {cores} cores, at a load average of {load} before the start.

{report}
The emulator is one process of Python on the same machine, so the times say how much a fault adds, not how fast AWS is. Aims: no wrong answer; at most
60 ms more at p99 while Redis fails; recovery within 5 s.

Besides, the store is checked against a model of it under schedules made from a seed (2,000 in the tests, 100,000 in the drill): no acknowledged
update is lost, no reader sees progress fall, what ended stays so, and the cache equals the table. A schedule that fails says its seed, and
`MIYABI_MODEL_SEED=N cargo test -p miyabi-store --test it whatever_happens` runs it again.
"
    )
}
