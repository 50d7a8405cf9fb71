//! What handlers work with. It is built once, in the function's init phase.

use std::sync::Arc;

use aws_config::SdkConfig;
use miyabi_queue::Queues;
use miyabi_shared::Function;
use miyabi_shared::config::TaskApiConfig;
use miyabi_store::{StoreError, TaskStore};
use miyabi_telemetry::Metrics;
use tokio::sync::Semaphore;

use crate::access::Access;
use crate::logs::LogReader;

/// Everything that a request needs. Clones share their connections.
#[derive(Debug, Clone)]
pub struct AppState {
    /// Tasks and projects.
    pub store: TaskStore,
    /// The lines of tasks.
    pub logs: LogReader,
    /// What callers are known by.
    pub access: Access,
    /// The queues of jobs, where this stage has workers.
    pub queues: Option<Queues>,
    /// Where metrics go.
    pub metrics: Metrics,
    /// One for each request that is served at a time; who finds none is sent away at once.
    pub places: Arc<Semaphore>,
}

/// How many requests are served at a time. Lambda gives one to each process; a listener takes what comes, and more than this
/// would only wait for each other.
pub(crate) const PLACES: usize = 256;

/// Why the function cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not be set up.
    #[error("setting up the store")]
    Store(#[source] StoreError),
    /// Everybody would be let in.
    #[error(
        "MIYABI_AUTHENTICATION is open, and AWS_ENDPOINT_URL names no emulator of this machine: expected required, \
         or gateway behind a gateway that asks"
    )]
    OpenToOthers,
}

impl AppState {
    /// Connects to everything that `config` names, with the credentials and the region of the process.
    ///
    /// # Errors
    /// When the configuration cannot work. What is merely out shows in the requests that need it.
    pub async fn connect(config: &TaskApiConfig) -> Result<Self, StartError> {
        let aws = miyabi_aws::load().await;
        let state = Self::with_aws(config, &aws)?;
        state.store.warm().await;
        Ok(state)
    }

    /// Like [`connect`](Self::connect), on an AWS that the caller chose, and without waiting for it.
    ///
    /// # Errors
    /// When the configuration cannot work.
    pub fn with_aws(config: &TaskApiConfig, aws: &SdkConfig) -> Result<Self, StartError> {
        Ok(Self {
            store: TaskStore::connect(&config.store, aws).map_err(StartError::Store)?,
            logs: LogReader::new(aws),
            access: Access::new(&config.authentication, aws)?,
            queues: config.queues.has_any().then(|| Queues::new(config.queues.clone(), aws)),
            metrics: Metrics::to_standard_output(Function::TaskApi.name()),
            places: Arc::new(Semaphore::new(PLACES)),
        })
    }
}
