//! Starts what does not run, deploys what changed, and says where everything is.

mod bootstraps;
mod deployment;
mod launch;
mod report;

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, bail};
use miyabi_shared::config::ProcessEnvironment;
use tokio::signal::unix::{SignalKind, signal};

use crate::checkout::Checkout;
use crate::console::{self, Step};
use crate::containers;
use crate::page;
use crate::parts::{Part, State};
use crate::settings::{Provider, Settings};

/// With less room than this, half of what follows would fail in the middle.
const ROOM_BYTES: u64 = 300_000_000;
/// What a shell says of a command that was interrupted.
const INTERRUPTED: u8 = 130;

/// The parts that this run has started, and stops again when it does not come to its end.
#[derive(Debug, Default)]
struct Started(Mutex<Vec<Part>>);

impl Started {
    fn add(&self, part: Part) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(part);
    }

    /// Stops them, the last first.
    fn undo(&self, checkout: &Checkout) {
        let mut parts = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        while let Some(part) = parts.pop() {
            match part.stop(checkout) {
                Ok(_) => console::note(&format!("{} stopped again", part.title())),
                Err(error) => console::error(&error.context(format!("stop {}", part.title()))),
            }
        }
    }
}

/// Brings everything up. Interrupted or failed, it stops what it has started.
pub(crate) async fn run(checkout: &Checkout) -> anyhow::Result<ExitCode> {
    let settings = Settings::read(&ProcessEnvironment)?;
    let _lock = checkout.lock().await?;
    let started = Started::default();
    let mut interrupt = signal(SignalKind::interrupt()).context("listen for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
    let result = tokio::select! {
        result = up(checkout, &settings, &started) => result,
        _ = interrupt.recv() => Ok(ExitCode::from(INTERRUPTED)),
        _ = terminate.recv() => Ok(ExitCode::from(INTERRUPTED)),
    };
    if !matches!(result, Ok(code) if code == ExitCode::SUCCESS) {
        started.undo(checkout);
    }
    result
}

async fn up(checkout: &Checkout, settings: &Settings, started: &Started) -> anyhow::Result<ExitCode> {
    let start = Instant::now();
    check_room(checkout)?;
    check_ports(checkout, settings)?;
    let functions = bootstraps::place(checkout)?;
    let page = page::build(checkout).await?;

    let redis_url = match settings.provider {
        Provider::MiniStack => {
            if containers::are_ours(checkout) {
                bail!("the local cloud runs in containers now: `./just down` first");
            }
            launch::redis(checkout, settings, started).await?;
            launch::emulator(checkout, settings, started).await?;
            settings.redis_url()
        }
        Provider::LocalStack => {
            let step = Step::begin("starting the containers");
            containers::start(checkout, settings).await?;
            step.done("LocalStack and Redis run as containers");
            containers::REDIS_URL.to_owned()
        }
    };
    let outputs = deployment::deploy(checkout, settings, &functions, &redis_url).await?;
    deployment::page(settings, &outputs, &page).await?;
    launch::edge(checkout, settings, &outputs, started).await?;
    launch::worker(checkout, settings, started).await?;
    bootstraps::place_command(checkout)?;
    report::write_env(checkout, settings)?;
    console::print(&report::summary(checkout, settings, start.elapsed()));
    Ok(ExitCode::SUCCESS)
}

/// Fails early where the disk is as good as full.
fn check_room(checkout: &Checkout) -> anyhow::Result<()> {
    let folder = checkout.folder("")?;
    let Ok(room) = rustix::fs::statvfs(&folder) else { return Ok(()) };
    let bytes = room.f_bavail.saturating_mul(room.f_frsize);
    if bytes < ROOM_BYTES {
        bail!(
            "the disk of {} is full: {} MB are left, {} MB are needed; make room, then run `./just up` again",
            folder.display(),
            bytes / 1_000_000,
            ROOM_BYTES / 1_000_000
        );
    }
    Ok(())
}

/// Fails before anything is built or started where a port is taken.
fn check_ports(checkout: &Checkout, settings: &Settings) -> anyhow::Result<()> {
    let mut wanted = vec![(Part::Edge, settings.edge_port)];
    if settings.provider == Provider::MiniStack {
        wanted.extend([(Part::Redis, settings.redis_port), (Part::Cloud, settings.cloud_port)]);
    }
    for (part, port) in wanted {
        let is_ours = matches!(part.state(checkout), State::Running(record) if record.port == port);
        if !is_ours {
            crate::daemon::must_be_free(part, port)?;
        }
    }
    Ok(())
}
