//! A real redis-server for a test.

use std::path::PathBuf;
use std::time::Duration;

use miyabi_shared::config::Environment;
use miyabi_shared::config::ProcessEnvironment;

use super::error::RigError;
use super::guarded::{Guarded, Program};
use crate::{port, probe};

/// The variable that says which redis-server to run; without it, the one on the `PATH`.
pub(super) const REDIS_SERVER: &str = "MIYABI_REDIS_SERVER";

const READY_LIMIT: Duration = Duration::from_secs(20);
const ATTEMPTS: u32 = 5;

/// A redis-server on a free port of 127.0.0.1. It is empty, keeps nothing, and ends when dropped.
#[derive(Debug)]
pub struct Redis {
    process: Guarded,
    port: u16,
    folder: tempfile::TempDir,
}

impl Redis {
    /// Starts a redis-server and waits until it answers.
    ///
    /// # Errors
    /// When there is none on this machine, or it does not start.
    pub async fn start() -> Result<Self, RigError> {
        let folder = tempfile::tempdir().map_err(RigError::io("make a temporary folder"))?;
        let mut attempt = 1;
        loop {
            let port = port::unused().map_err(RigError::io("find a free port on 127.0.0.1"))?;
            match launch(port, folder.path().join("redis.log")).await {
                Ok(process) => return Ok(Self { process, port, folder }),
                Err(RigError::Ended { .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Where it listens: `redis://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The port that it listens on.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// What it printed so far.
    pub fn output(&self) -> String {
        self.process.output()
    }

    /// Kills it, as a failing machine would; connections break, and new ones are refused.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub async fn kill(&mut self) -> Result<(), RigError> {
        self.process.kill().await
    }

    /// Starts it again after [`Redis::kill`]: empty, at the same address.
    ///
    /// # Errors
    /// When it does not start, because another process has taken its port meanwhile, for example.
    pub async fn restart(&mut self) -> Result<(), RigError> {
        self.process.kill().await?;
        self.process = launch(self.port, self.folder.path().join("redis.log")).await?;
        Ok(())
    }
}

async fn launch(port: u16, log: PathBuf) -> Result<Guarded, RigError> {
    let program = Program {
        name: "redis-server",
        path: ProcessEnvironment.get(REDIS_SERVER).unwrap_or_else(|| "redis-server".to_owned()),
        hint: "install Redis, or say where it is in MIYABI_REDIS_SERVER (`./just test` does)",
        arguments: ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"]
            .into_iter()
            .map(str::to_owned)
            .chain([port.to_string()])
            .collect(),
        variables: Vec::new(),
        hidden: &[],
    };
    let mut process = Guarded::start(&program, &log)?;
    let id = process.id().unwrap_or_default();
    process.ready(READY_LIMIT, || probe::redis_answers(port, id)).await?;
    Ok(process)
}
