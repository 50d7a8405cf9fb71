//! The processes that make up the local cloud, and what is recorded about each.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use miyabi_local::process::{self, ProcessIdentity, Stopped};
use serde::{Deserialize, Serialize};

use crate::checkout::Checkout;
use crate::daemon;

/// A process of the local cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The cache.
    Redis,
    /// The emulator.
    Cloud,
    /// The page and the API on one port.
    Edge,
    /// What takes jobs from the queues. It listens on no port.
    Worker,
}

/// What is recorded about a part while it should run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// Which process it is.
    pub(crate) process: ProcessIdentity,
    /// The port that it listens on; 0 where it listens on none.
    pub(crate) port: u16,
    /// What it was started with: another value means that it must be started anew.
    pub(crate) fingerprint: String,
}

/// How a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    /// It is not supposed to run.
    Stopped,
    /// It runs.
    Running(Record),
    /// It should run, and has ended without being asked.
    Crashed(Record),
}

impl Part {
    /// In the order in which they start; they stop the other way round.
    pub(crate) const ALL: [Self; 4] = [Self::Redis, Self::Cloud, Self::Edge, Self::Worker];

    /// The name of its files.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Cloud => "cloud",
            Self::Edge => "edge",
            Self::Worker => "worker",
        }
    }

    /// What people read.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Redis => "Redis",
            Self::Cloud => "MiniStack",
            Self::Edge => "Edge",
            Self::Worker => "Worker",
        }
    }

    /// The variable that chooses its port.
    pub(crate) const fn port_variable(self) -> &'static str {
        match self {
            Self::Redis => "MIYABI_REDIS_PORT",
            Self::Cloud => "MIYABI_CLOUD_PORT",
            Self::Edge | Self::Worker => "MIYABI_EDGE_PORT",
        }
    }

    /// How long it may take to end: the emulator writes its state meanwhile.
    const fn stop_limit(self) -> Duration {
        match self {
            Self::Redis | Self::Edge => Duration::from_secs(10),
            // It hands its jobs back, and waits for what the queues still bring.
            Self::Worker => Duration::from_secs(30),
            Self::Cloud => Duration::from_secs(60),
        }
    }

    fn file(self, checkout: &Checkout) -> PathBuf {
        checkout.state().join("parts").join(format!("{}.json", self.name()))
    }

    /// How it is now.
    pub(crate) fn state(self, checkout: &Checkout) -> State {
        let record = std::fs::read(self.file(checkout))
            .ok()
            .and_then(|text| serde_json::from_slice::<Record>(&text).ok());
        match record {
            None => State::Stopped,
            Some(record) if record.process.is_running() => State::Running(record),
            Some(record) => State::Crashed(record),
        }
    }

    /// Records that it should run.
    pub(crate) fn record(self, checkout: &Checkout, record: &Record) -> anyhow::Result<()> {
        checkout.folder("parts")?;
        let file = self.file(checkout);
        let text = serde_json::to_vec_pretty(record).context("write a record")?;
        // Written aside first: half a record would lose a process.
        let draft = file.with_extension("draft");
        std::fs::write(&draft, text).with_context(|| format!("write {}", draft.display()))?;
        std::fs::rename(&draft, &file).with_context(|| format!("write {}", file.display()))
    }

    /// Ends it, if it runs and is what was recorded, and forgets it.
    pub(crate) fn stop(self, checkout: &Checkout) -> anyhow::Result<Option<Stopped>> {
        let stopped = match self.state(checkout) {
            State::Stopped => return Ok(None),
            State::Running(record) => record.process.stop(self.stop_limit()),
            State::Crashed(record) => {
                // Its number may be somebody else's by now; what it left behind carries our mark.
                let state = checkout.state().to_string_lossy().into_owned();
                process::sweep(record.process.id, |id| daemon::owner(id).is_some_and(|owner| owner == state));
                Stopped::WasGone
            }
        };
        let file = self.file(checkout);
        std::fs::remove_file(&file).with_context(|| format!("remove {}", file.display()))?;
        Ok(Some(stopped))
    }
}
