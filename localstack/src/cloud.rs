//! The whole of Miyabi for a test: servers, deployment and edge, on free ports in a temporary folder.

use std::path::{Path, PathBuf};

use miyabi_shared::config::WorkerConfig;
use miyabi_shared::{Function, LogGroup, local};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::deploy::{DeployError, Emulator, Outputs, deploy_stack, synthesise, upload_page};
use crate::edge::{self, Origins, SocketOrigin};
use crate::worker::worker_config;
use crate::{MiniStack, Redis, RigError};

/// What a cloud is made from.
#[derive(Debug, Clone)]
pub struct CloudOptions {
    /// The folder of built programs: `infra`, `miyabi` and the functions.
    pub programs: PathBuf,
    /// The built page, where the test looks at it.
    pub page: Option<PathBuf>,
    /// Whether the emulator enforces IAM.
    pub auth: bool,
}

impl CloudOptions {
    /// What was built together with the test that asks, with IAM enforced, and with the page where it is built.
    ///
    /// # Errors
    /// When the test's own file cannot be found.
    pub fn of_this_build() -> Result<Self, CloudError> {
        let test = std::env::current_exe().map_err(CloudError::Programs)?;
        // Tests lie in a folder of the folder of programs.
        let folder = test
            .parent()
            .map(|folder| if folder.ends_with("deps") { folder.join("..") } else { folder.into() });
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/dashboard/dist");
        Ok(Self {
            programs: folder.unwrap_or_default(),
            page: page.join("index.html").is_file().then_some(page),
            auth: true,
        })
    }

    fn program(&self, name: &str) -> Result<PathBuf, CloudError> {
        let path = self.programs.join(name);
        if path.is_file() { Ok(path) } else { Err(CloudError::NotBuilt(path)) }
    }
}

/// A running Miyabi. It ends when dropped.
#[derive(Debug)]
pub struct Cloud {
    redis: Redis,
    ministack: MiniStack,
    emulator: Emulator,
    outputs: Outputs,
    miyabi: PathBuf,
    worker: PathBuf,
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
    /// A program that the cloud needs is not built.
    #[error("{} is not built: `./just test` builds it, and so does `cargo build --workspace`", .0.display())]
    NotBuilt(PathBuf),
    /// The folder of programs cannot be found.
    #[error("find this program's file")]
    Programs(#[source] std::io::Error),
    /// A function cannot be put where the infrastructure program looks for it.
    #[error("copy {}", path.display())]
    Copy {
        /// Which file.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
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
        let (infra, miyabi) = (options.program("infra")?, options.program("miyabi")?);
        let worker = options.program("miyabi-worker")?;
        let redis = Redis::start().await?;
        let ministack = MiniStack::options().auth(options.auth).redis(&redis).start().await?;
        let emulator = Emulator::new(&ministack.endpoint());
        let functions = place_functions(options, ministack.folder())?;
        let out = ministack.folder().join("synth");
        let synthesis =
            synthesise(&infra, &functions, &out, &redis.url(), Some(&ministack.endpoint())).await?;
        let outputs = deploy_stack(&emulator, &synthesis).await?.outputs;
        if let Some(page) = &options.page {
            upload_page(&emulator, outputs.dashboard_bucket()?, page).await?;
        }
        let origins = Origins {
            endpoint: ministack.endpoint(),
            api_id: outputs.api_id()?.to_owned(),
            api_stage: outputs.api_stage()?.to_owned(),
            bucket: outputs.dashboard_bucket()?.to_owned(),
            socket: outputs
                .socket()
                .map(|(id, stage)| SocketOrigin { id: id.to_owned(), stage: stage.to_owned() }),
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(CloudError::Listen)?;
        let port = listener.local_addr().map_err(CloudError::Listen)?.port();
        let (stop, stopped) = oneshot::channel();
        let edge = tokio::spawn(async move {
            let stop = async {
                // Dropped without a word means the same.
                stopped.await.ok();
            };
            // Who asks it sees that it is gone.
            edge::serve(listener, &origins, stop).await.ok();
        });
        Ok(Self { redis, ministack, emulator, outputs, miyabi, worker, port, stop: Some(stop), edge })
    }

    /// Where the API is: an origin, to which `/api/…` is added.
    pub fn api_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the page is.
    pub fn dashboard_url(&self) -> String {
        self.api_url()
    }

    /// What the stack says about itself.
    pub const fn outputs(&self) -> &Outputs {
        &self.outputs
    }

    /// Clients of the emulator's services.
    pub const fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// The emulator's process.
    pub const fn ministack(&self) -> &MiniStack {
        &self.ministack
    }

    /// The Redis that the functions use.
    pub const fn redis(&self) -> &Redis {
        &self.redis
    }

    /// The `miyabi` command of this build.
    pub fn miyabi(&self) -> &Path {
        &self.miyabi
    }

    /// The worker of this build.
    pub fn worker(&self) -> &Path {
        &self.worker
    }

    /// What a worker of this Miyabi is told, besides [`variables`](Self::variables).
    pub fn worker_config(&self) -> WorkerConfig {
        worker_config(&self.redis.url())
    }

    /// Variables for programs that are to use this Miyabi: those of `.local/env`.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let mut variables = self.ministack.client_variables();
        variables.push((local::API_URL, self.api_url()));
        variables.push((local::DASHBOARD_URL, self.dashboard_url()));
        variables.push((local::REDIS_URL, self.redis.url()));
        variables.push((local::LOG_GROUP_CDK_DEPLOY, LogGroup::CdkDeploy.name().to_owned()));
        variables.push((local::LOG_GROUP_AGENTS, LogGroup::Agents.name().to_owned()));
        variables.push((local::LOG_GROUP_SYSTEM, LogGroup::System.name().to_owned()));
        variables
    }

    /// Kills Redis, as a failing machine would.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub async fn kill_redis(&mut self) -> Result<(), CloudError> {
        Ok(self.redis.kill().await?)
    }

    /// Starts Redis again, empty, at the same address.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn restart_redis(&mut self) -> Result<(), CloudError> {
        Ok(self.redis.restart().await?)
    }
}

/// Puts every function where the infrastructure program looks for it.
fn place_functions(options: &CloudOptions, folder: &Path) -> Result<PathBuf, CloudError> {
    let functions = folder.join("functions");
    for function in Function::ALL {
        let built = options.program(&function.binary())?;
        let placed = functions.join(function.bootstrap_path());
        let made = placed.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::copy(&built, &placed).map(drop))
            .map_err(|source| CloudError::Copy { path: built, source })?;
    }
    Ok(functions)
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop.send(()).ok();
        }
        self.edge.abort();
    }
}
