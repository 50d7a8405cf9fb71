//! The whole of Miyabi for a test: servers, deployment and edge, on free ports in a temporary folder.

use std::path::PathBuf;

use miyabi_shared::local;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::deploy::{DeployError, Emulator, Outputs, deploy_stack, synthesise, upload_page};
use crate::edge::{self, Origins};
use crate::{MiniStack, Redis, RigError};

/// What a cloud is made from.
#[derive(Debug, Clone)]
pub struct CloudOptions {
    /// The program `infra`.
    pub infra: PathBuf,
    /// The folder of built functions.
    pub functions: PathBuf,
    /// The built page, where the test looks at it.
    pub page: Option<PathBuf>,
    /// Whether the emulator enforces IAM.
    pub auth: bool,
}

/// A running Miyabi. It ends when dropped.
#[derive(Debug)]
pub struct Cloud {
    /// The Redis that its functions use.
    pub redis: Redis,
    /// The emulator that everything is in.
    pub emulator: MiniStack,
    outputs: Outputs,
    port: u16,
    stop: Option<oneshot::Sender<()>>,
    edge: JoinHandle<()>,
}

/// Why there is no cloud.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// A server did not start.
    #[error(transparent)]
    Rig(#[from] RigError),
    /// Miyabi could not be deployed.
    #[error(transparent)]
    Deploy(#[from] DeployError),
    /// The edge cannot listen.
    #[error("listen on a free port of 127.0.0.1")]
    Listen(#[source] std::io::Error),
}

impl Cloud {
    /// Starts everything.
    ///
    /// # Errors
    /// When a server does not start or the deployment fails.
    pub async fn start(options: &CloudOptions) -> Result<Self, CloudError> {
        let redis = Redis::start().await?;
        let ministack = MiniStack::options().auth(options.auth).redis(&redis).start().await?;
        let emulator = Emulator::new(&ministack.endpoint());
        let out = ministack.folder().join("synth");
        let synthesis = synthesise(&options.infra, &options.functions, &out, &redis.url()).await?;
        let outputs = deploy_stack(&emulator, &synthesis).await?.outputs;
        if let Some(page) = &options.page {
            upload_page(&emulator, outputs.dashboard_bucket()?, page).await?;
        }
        let origins = Origins {
            endpoint: ministack.endpoint(),
            api_id: outputs.api_id()?.to_owned(),
            api_stage: outputs.api_stage()?.to_owned(),
            bucket: outputs.dashboard_bucket()?.to_owned(),
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(CloudError::Listen)?;
        let port = listener.local_addr().map_err(CloudError::Listen)?.port();
        let (stop, stopped) = oneshot::channel();
        let edge = tokio::spawn(async move {
            let stop = async {
                // Dropped without a word means the same.
                drop(stopped.await);
            };
            // Who asks it sees that it is gone.
            drop(edge::serve(listener, &origins, stop).await);
        });
        Ok(Self { redis, emulator: ministack, outputs, port, stop: Some(stop), edge })
    }

    /// The address of the page and of the API: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What the stack says about itself.
    pub const fn outputs(&self) -> &Outputs {
        &self.outputs
    }

    /// Variables for programs that are to use this Miyabi: those of `.local/env`.
    pub fn client_variables(&self) -> Vec<(&'static str, String)> {
        let mut variables = self.emulator.client_variables();
        variables.push((local::API_URL, self.url()));
        variables.push((local::DASHBOARD_URL, self.url()));
        variables.push((local::REDIS_URL, self.redis.url()));
        variables
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        self.edge.abort();
    }
}
