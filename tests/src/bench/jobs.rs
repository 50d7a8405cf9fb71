//! Jobs of workers: how soon one begins, how many a second one worker gets done, what of its processor each takes; and the
//! storm of 500 jobs over four workers.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use miyabi_local::cloud::Cloud;
use miyabi_shared::job::Priority;
use miyabi_tests::jobs::{Storm, WorkerProcess, post_job};
use miyabi_tests::{Api, start_cloud, wait_until};
use serde_json::json;

const LIMIT: Duration = Duration::from_secs(600);

/// What is measured, and how much of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many jobs are begun one after the other.
    #[arg(long, default_value_t = 50)]
    starts: usize,
    /// How many jobs of `true` wait for one worker.
    #[arg(long, default_value_t = 200)]
    waiting: usize,
    /// How many jobs there are in the storm.
    #[arg(long, default_value_t = 500)]
    storm: usize,
}

pub(crate) async fn measure(arguments: &Arguments) -> anyhow::Result<()> {
    let cloud = start_cloud().await?;
    let api = Api::new(cloud.api_url())?;
    let mut worker = WorkerProcess::start(&cloud, |_| {})?;
    super::report("job start", &starts(&api, arguments.starts).await?, "p50 at most 300 ms, p99 at most 1 s");
    worker.kill()?;
    throughput(&cloud, &api, arguments.waiting).await?;
    drop(cloud);
    storm(arguments.storm).await
}

/// Milliseconds from the request until the command did its first thing, with an idle worker.
async fn starts(api: &Api, count: usize) -> anyhow::Result<Vec<f64>> {
    let folder = tempfile::tempdir()?;
    let mut milliseconds = Vec::new();
    // The first one waits for the worker to start.
    for number in 0..=count {
        let stamp = folder.path().join(number.to_string());
        let id = format!("start-{number}");
        let path = stamp.to_str().context("a path of text")?;
        let asked = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        let job = json!({"command": ["sh", "-c", "date +%s%N > \"$0\"", path], "size": "light"});
        post_job(api, &id, "bench", job).await?;
        wait_for(api, &[id]).await;
        let begun: u128 = std::fs::read_to_string(&stamp)?.trim().parse().context("a time")?;
        milliseconds.push(Duration::from_nanos(u64::try_from(begun - asked)?).as_secs_f64() * 1e3);
    }
    milliseconds.remove(0);
    Ok(milliseconds)
}

async fn throughput(cloud: &Cloud, api: &Api, count: usize) -> anyhow::Result<()> {
    let ids: Vec<_> = (0..count).map(|number| format!("true-{number}")).collect();
    for id in &ids {
        post_job(api, id, "bench", json!({"command": ["true"], "size": "light"})).await?;
    }
    let begun = Instant::now();
    let worker = WorkerProcess::start(cloud, |_| {})?;
    wait_for(api, &ids).await;
    let (took, processor) = (begun.elapsed().as_secs_f64(), worker.processor_time()?.as_secs_f64());
    println!(
        "jobs of `true`: {:.1} a second by one worker; {:.1} ms of its own processor time each (aim: at most 5 ms)",
        count as f64 / took,
        processor * 1e3 / count as f64
    );
    Ok(())
}

async fn wait_for(api: &Api, ids: &[String]) {
    let done = std::cell::Cell::new(0);
    wait_until("jobs end", LIMIT, || async {
        while let Some(id) = ids.get(done.get()) {
            let task = api.task(id).await.map_err(|error| format!("{error:#}"))?.unwrap_or_default();
            if task["status"] != "succeeded" {
                return Err(format!("{id} is {}", task["status"]));
            }
            done.set(done.get() + 1);
        }
        Ok(())
    })
    .await;
}

async fn storm(jobs: usize) -> anyhow::Result<()> {
    let cloud = start_cloud().await?;
    let storm = Storm { jobs, workers: 4, kills: jobs / 50, copies: jobs / 20, limit: LIMIT };
    let weathered = storm.weather(&cloud).await?;
    let first = weathered.order.get(..jobs / 3).unwrap_or_default();
    let share = |priority| {
        100.0 * first.iter().filter(|one| **one == priority).count() as f64 / first.len().max(1) as f64
    };
    let [high, standard, low] = Priority::ALL.map(share);
    println!(
        "storm: {jobs} jobs, {} kills and {} copies over 4 workers ended once each in {:.1} s; {} workers in all; ended with attempt {:?}; \
         of the first third that began {high:.0} % were high, {standard:.0} % standard, {low:.0} % low",
        storm.kills,
        storm.copies,
        weathered.took.as_secs_f64(),
        weathered.started,
        weathered.attempts
    );
    ensure!(low >= 5.0, "jobs of low priority starve: {low:.1} % of those that began first");
    Ok(())
}
