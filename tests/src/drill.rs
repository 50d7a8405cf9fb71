//! Fault drills: the real functions under load, on a Redis and a DynamoDB that fail in every way there is. Every answer is checked
//! against what was acknowledged before.

mod client;
mod ledger;
mod report;
mod world;

pub use report::{Report, Row};

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::proxy::{TableFault, WireFault};
use client::{Load, start_load};
use world::World;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Redis is killed, and started again empty.
    RedisKilled,
    /// Redis takes what it is told and says nothing.
    RedisHung,
    /// Every answer of Redis takes a second.
    RedisSlow,
    /// Redis forgets everything, again and again.
    RedisFlushed,
    /// Redis cuts every connection.
    RedisResets,
    /// Redis has no memory left to learn anything.
    RedisFull,
    /// DynamoDB refuses every second request for want of capacity.
    TablesThrottled,
    /// DynamoDB fails every second request, half of those after it was carried out.
    TablesFailing,
    /// Every answer of DynamoDB takes 200 ms longer.
    TablesSlow,
    /// DynamoDB does not answer.
    TablesUnreachable,
    /// The emulator is stopped and started again.
    EmulatorRestarted,
    /// The clocks of the jobs are an hour apart.
    ClockSkew,
    /// The collector is given the same batch a hundred times.
    BatchRepeated,
}

impl Fault {
    /// All of them, in the order in which they are drilled.
    pub const ALL: [Self; 13] = [
        Self::RedisKilled,
        Self::RedisHung,
        Self::RedisSlow,
        Self::RedisFlushed,
        Self::RedisResets,
        Self::RedisFull,
        Self::TablesThrottled,
        Self::TablesFailing,
        Self::TablesSlow,
        Self::TablesUnreachable,
        Self::EmulatorRestarted,
        Self::ClockSkew,
        Self::BatchRepeated,
    ];

    /// What the report calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RedisKilled => "Redis killed, and started again empty",
            Self::RedisHung => "Redis hung",
            Self::RedisSlow => "Redis slow by 1 s",
            Self::RedisFlushed => "Redis flushed five times a second",
            Self::RedisResets => "Redis resets every connection",
            Self::RedisFull => "Redis out of memory",
            Self::TablesThrottled => "DynamoDB throttles every second request",
            Self::TablesFailing => "DynamoDB fails every second request (500)",
            Self::TablesSlow => "DynamoDB slow by 200 ms",
            Self::TablesUnreachable => "DynamoDB unreachable",
            Self::EmulatorRestarted => "emulator restarted",
            Self::ClockSkew => "the jobs' clocks an hour apart",
            Self::BatchRepeated => "the collector is given one batch 100 times",
        }
    }

    /// Whether it is the cache that fails: then nobody may see an error.
    pub const fn is_of_cache(self) -> bool {
        matches!(
            self,
            Self::RedisKilled
                | Self::RedisHung
                | Self::RedisSlow
                | Self::RedisFlushed
                | Self::RedisResets
                | Self::RedisFull
        )
    }
}

/// How to drill.
#[derive(Debug, Clone)]
pub struct DrillOptions {
    /// The folder of built functions.
    pub programs: PathBuf,
    /// For how long each fault lasts.
    pub hold: Duration,
    /// For how long DynamoDB is unreachable.
    pub outage: Duration,
    /// Which faults.
    pub faults: Vec<Fault>,
}

/// Drills.
///
/// # Errors
/// When a part does not start, or the system does not recover. What was answered wrongly is in the report.
pub async fn drill(options: &DrillOptions) -> anyhow::Result<Report> {
    let mut world = World::start(&options.programs).await?;
    let load = start_load(&world);
    load.is_under_way(&world).await?;
    let mut rows = Vec::new();
    let quiet = phase(&load, options.hold.max(Duration::from_secs(2)), async |held| {
        tokio::time::sleep(held).await;
        Ok(())
    })
    .await?;
    let quiet = Row::new("no fault", &quiet, &load, None, None);
    let base = quiet.p99;
    rows.push(quiet);
    for fault in &options.faults {
        let hold = if *fault == Fault::TablesUnreachable { options.outage } else { options.hold };
        let mut healed = Instant::now();
        let samples = phase(&load, hold, async |hold| {
            world.with_fault(*fault, hold, &load).await?;
            healed = Instant::now();
            Ok(())
        })
        .await
        .with_context(|| fault.name())?;
        let recovery = world.recovered(healed).await.with_context(|| fault.name())?;
        rows.push(Row::new(fault.name(), &samples, &load, Some(base), Some(recovery)));
        // What is measured next is the next fault, not the end of this one.
        tokio::time::sleep(Duration::from_millis(500)).await;
        load.take_samples();
    }
    let wrong_in_the_end = load.settle(&world).await?;
    Ok(Report { rows, wrong_in_the_end })
}

/// What was asked and answered while `act` was under way.
async fn phase(
    load: &Load,
    hold: Duration,
    act: impl AsyncFnOnce(Duration) -> anyhow::Result<()>,
) -> anyhow::Result<Vec<client::Sample>> {
    load.take_samples();
    act(hold).await?;
    Ok(load.take_samples())
}

impl World {
    /// Lets `fault` happen for so long, and ends it.
    async fn with_fault(&mut self, fault: Fault, hold: Duration, load: &Load) -> anyhow::Result<()> {
        let wait = || tokio::time::sleep(hold);
        match fault {
            Fault::RedisKilled => {
                self.redis.kill().await?;
                wait().await;
                self.redis.restart().await?;
            }
            Fault::RedisHung | Fault::RedisSlow | Fault::RedisResets => {
                self.wire.set(match fault {
                    Fault::RedisHung => WireFault::Hung,
                    Fault::RedisSlow => WireFault::Slow(Duration::from_secs(1)),
                    _ => WireFault::Reset,
                });
                wait().await;
                self.wire.set(WireFault::None);
            }
            Fault::RedisFlushed => {
                let end = Instant::now() + hold;
                while Instant::now() < end {
                    self.tell_redis(&["FLUSHALL"]).await?;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
            Fault::RedisFull => {
                self.tell_redis(&["CONFIG", "SET", "maxmemory", "1"]).await?;
                wait().await;
                self.tell_redis(&["CONFIG", "SET", "maxmemory", "0"]).await?;
            }
            Fault::TablesThrottled | Fault::TablesFailing | Fault::TablesSlow | Fault::TablesUnreachable => {
                self.way.set(match fault {
                    Fault::TablesThrottled => TableFault::Throttled,
                    Fault::TablesFailing => TableFault::Failing,
                    Fault::TablesSlow => TableFault::Slow(Duration::from_millis(200)),
                    _ => TableFault::Unreachable,
                });
                wait().await;
                self.way.set(TableFault::None);
            }
            Fault::EmulatorRestarted => self.restart_emulator().await?,
            Fault::ClockSkew => {
                load.skew_clocks(true);
                wait().await;
                load.skew_clocks(false);
            }
            Fault::BatchRepeated => self.repeat_batch(100, load).await?,
        }
        Ok(())
    }
}
