//! How fresh what people see is: from the line that a job prints to the change that the API shows.
//!
//! `miyabi-bench` starts a Miyabi of its own, runs a job of 200 lines under `miyabi run`, and asks the API all the
//! while. It does so over the direct road, and again with the API out of the command's reach, so that only the log road is left.
//! Then it looks at a page in a real browser, which is told by the socket: from the line to the pixel. `--viewers` has so many
//! others watch the list meanwhile.

mod audience;
mod jobs;
mod pixel;
mod shipping;

use std::io::Write;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use audience::Audience;
use clap::{Parser, Subcommand};
use miyabi_local::cloud::Cloud;
use miyabi_shared::local;
use miyabi_tests::{Api, MiyabiRun, miyabi, start_cloud};

/// Between two questions to the API: a viewer that asks as often as it can would slow down what it measures.
const ASK: Duration = Duration::from_millis(20);
const NOBODY: &str = "http://127.0.0.1:9";

#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// How many lines the job prints.
    #[arg(long, default_value_t = 200)]
    lines: usize,
    /// How many viewers follow the list while the page is measured.
    #[arg(long, default_value_t = 0)]
    viewers: usize,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The job that is measured: prints lines, and writes down when.
    Print {
        lines: usize,
        stamps: std::path::PathBuf,
        /// A file that it waits for before it prints.
        go: Option<std::path::PathBuf>,
    },
    /// Measures what workers do instead.
    Jobs(jobs::Arguments),
}

fn micros() -> anyhow::Result<u128> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros())
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if let Some(Command::Print { lines, stamps, go }) = &arguments.command {
        while go.as_ref().is_some_and(|go| !go.exists()) {
            std::thread::sleep(ASK);
        }
        return print(*lines, stamps);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        if let Some(Command::Jobs(arguments)) = &arguments.command {
            return jobs::measure(arguments).await;
        }
        let cloud = start_cloud().await?;
        let direct = measure(&cloud, arguments.lines, None).await?;
        report("direct road", &direct, "p50 at most 150 ms, p99 at most 1 s");
        let log = measure(&cloud, arguments.lines, Some(local::API_URL)).await?;
        report("log road", &log, "no aim");
        shipping::measure(&cloud, 50_000).await?;
        let audience = Audience::gather(&cloud, arguments.viewers).await?;
        let pixel = pixel::measure(&cloud, arguments.lines).await?;
        report("print to pixel, by push", &pixel, "p50 at most 300 ms, p99 at most 1 s");
        audience.report().await?;
        Ok(())
    })
}

/// Prints a line every 50 ms, as a busy deployment does, and writes down when each was printed.
fn print(lines: usize, stamps: &Path) -> anyhow::Result<()> {
    let mut stamps = std::fs::File::create(stamps)?;
    let mut stdout = std::io::stdout();
    for line in 1..=lines {
        writeln!(stdout, "{line}/{lines} items")?;
        stdout.flush()?;
        writeln!(stamps, "{}", micros()?)?;
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Milliseconds from each line's printing until the API showed its count or a later one.
async fn measure(cloud: &Cloud, lines: usize, unreachable: Option<&str>) -> anyhow::Result<Vec<f64>> {
    let api = Api::new(cloud.api_url())?;
    let folder = tempfile::tempdir()?;
    let stamps = folder.path().join("stamps");
    let task_id = format!("freshness-{}", uuid::Uuid::now_v7());
    let own = std::env::current_exe()?;
    let (own, file) = (own.to_str().context("a path of text")?, stamps.to_str().context("a path of text")?);
    let count = lines.to_string();
    let arguments = ["run", "--quiet", "--task-id", &task_id, "--", own, "print", &count, file];
    let (mut command, home) = miyabi(cloud, &arguments)?;
    if let Some(name) = unreachable {
        command.env(name, NOBODY);
    }
    let running = tokio::spawn(MiyabiRun::start((command, home))?.end());

    let mut seen: Vec<u128> = Vec::new();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(120);
    let mut etag = None;
    while seen.len() < lines {
        ensure!(tokio::time::Instant::now() < deadline, "only {} of {lines} counts were seen", seen.len());
        let answer = api.get(&format!("/api/tasks/{task_id}"), etag.as_deref()).await?;
        let now = micros()?;
        let current = usize::try_from(answer.body["progress"]["current"].as_u64().unwrap_or(0))?;
        seen.resize(seen.len().max(current.min(lines)), now);
        etag = answer.etag.or(etag);
        tokio::time::sleep(ASK).await;
    }
    let output = running.await??;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    since_printed(&seen, &stamps)
}

/// Milliseconds from each line's printing until it was seen.
fn since_printed(seen: &[u128], stamps: &Path) -> anyhow::Result<Vec<f64>> {
    let printed = std::fs::read_to_string(stamps)?;
    let printed = printed.lines().map(str::parse).collect::<Result<Vec<u128>, _>>()?;
    ensure!(printed.len() == seen.len(), "{} lines were printed, {} seen", printed.len(), seen.len());
    let millis = |(seen, printed): (&u128, &u128)| {
        Duration::from_micros(u64::try_from(seen.saturating_sub(*printed)).unwrap_or(u64::MAX)).as_secs_f64()
            * 1e3
    };
    Ok(seen.iter().zip(&printed).map(millis).collect())
}

fn report(road: &str, millis: &[f64], aim: &str) {
    let mut sorted = millis.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = (share * (sorted.len().saturating_sub(1)) as f64).round();
        // A share of at most 1 of a length that fits.
        sorted.get(index as usize).copied().unwrap_or(f64::NAN)
    };
    println!(
        "freshness, {road}, {} lines: p50 {:.0} ms, p99 {:.0} ms, max {:.0} ms ({aim})",
        sorted.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}
