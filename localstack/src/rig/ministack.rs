//! The emulator for a test.

use std::path::{Path, PathBuf};
use std::time::Duration;

use miyabi_shared::config::{Environment, ProcessEnvironment};
use miyabi_shared::local;

use crate::emulator::{EmulatorSettings, HIDDEN_FROM_EMULATOR};
use crate::{port, probe};

use super::error::RigError;
use super::guarded::{Guarded, Program};
use super::redis::Redis;

/// The variable that says which `ministack` to run; without it, the one on the `PATH`.
pub(super) const MINISTACK: &str = "MIYABI_MINISTACK";

const READY_LIMIT: Duration = Duration::from_secs(60);
const STOP_LIMIT: Duration = Duration::from_secs(30);
const ATTEMPTS: u32 = 5;
/// MiniStack on a free port of 127.0.0.1, with a state of its own; it ends when dropped.
#[derive(Debug)]
pub struct MiniStack {
    process: Guarded,
    port: u16,
    folder: tempfile::TempDir,
}

/// How to start [`MiniStack`].
#[derive(Debug, Clone, Default)]
pub struct MiniStackOptions {
    auth: bool,
    redis_port: Option<u16>,
    state: Option<PathBuf>,
    variables: Vec<(String, String)>,
}

impl MiniStack {
    /// Starts one with nothing in it, and without enforcing IAM.
    ///
    /// # Errors
    /// When MiniStack is not on this machine, or does not start.
    pub async fn start() -> Result<Self, RigError> {
        Self::options().start().await
    }

    /// How to start one, to be changed and then started.
    pub fn options() -> MiniStackOptions {
        MiniStackOptions::default()
    }

    /// Where it listens: `http://127.0.0.1:PORT`, the endpoint of every service.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The port that it listens on.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Variables for programs that are to use it: endpoint, region and test credentials.
    pub fn client_variables(&self) -> Vec<(&'static str, String)> {
        vec![
            (local::AWS_ENDPOINT_URL, self.endpoint()),
            (local::AWS_REGION, local::REGION.to_owned()),
            ("AWS_DEFAULT_REGION", local::REGION.to_owned()),
            (local::AWS_ACCESS_KEY_ID, "test".to_owned()),
            (local::AWS_SECRET_ACCESS_KEY, "test".to_owned()),
        ]
    }

    /// What it printed so far.
    pub fn output(&self) -> String {
        self.process.output()
    }

    /// A folder that lives as long as it does.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends it properly, so that its state is written where it was started with [`MiniStackOptions::state`].
    ///
    /// # Errors
    /// When the operating system refuses.
    pub async fn stop(mut self) -> Result<(), RigError> {
        self.process.stop(STOP_LIMIT).await
    }
}

impl MiniStackOptions {
    /// Enforces IAM: a function runs with its own role, and may do what its policies grant and nothing else.
    #[must_use]
    pub const fn auth(mut self, enforced: bool) -> Self {
        self.auth = enforced;
        self
    }

    /// The server that ElastiCache says it has.
    #[must_use]
    pub const fn redis(mut self, redis: &Redis) -> Self {
        self.redis_port = Some(redis.port());
        self
    }

    /// Keeps its state in `folder` over a [`MiniStack::stop`].
    #[must_use]
    pub fn state(mut self, folder: &Path) -> Self {
        self.state = Some(folder.to_owned());
        self
    }

    /// Sets a variable of the emulator.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts it and waits until it answers.
    ///
    /// # Errors
    /// When MiniStack is not on this machine, or does not start.
    pub async fn start(self) -> Result<MiniStack, RigError> {
        let folder = tempfile::tempdir().map_err(RigError::io("make a temporary folder"))?;
        let mut attempt = 1;
        loop {
            let port = port::unused().map_err(RigError::io("find a free port on 127.0.0.1"))?;
            match self.launch(port, folder.path()).await {
                Ok(process) => return Ok(MiniStack { process, port, folder }),
                Err(RigError::Ended { .. }) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    async fn launch(&self, port: u16, folder: &Path) -> Result<Guarded, RigError> {
        let program = Program {
            name: "MiniStack",
            path: ProcessEnvironment.get(MINISTACK).unwrap_or_else(|| "ministack".to_owned()),
            hint: "say where it is in MIYABI_MINISTACK; `./just setup` installs it, `./just test` sets the variable",
            arguments: Vec::new(),
            variables: self.variables(port, folder),
            hidden: HIDDEN_FROM_EMULATOR,
        };
        let mut process = Guarded::start(&program, &folder.join("ministack.log"))?;
        process.ready(READY_LIMIT, || probe::emulator_answers(port)).await?;
        Ok(process)
    }

    fn variables(&self, port: u16, folder: &Path) -> Vec<(String, String)> {
        let settings = EmulatorSettings {
            port,
            auth: self.auth,
            redis_port: self.redis_port,
            state: self.state.clone().unwrap_or_else(|| folder.join("state")),
            keep_state: self.state.is_some(),
            scratch: folder.to_owned(),
        };
        settings.variables().into_iter().chain(self.variables.iter().cloned()).collect()
    }
}
