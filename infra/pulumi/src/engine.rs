//! The engine as a monitor: the two gRPC services that the engine serves for a program.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tonic::transport::{Channel, Endpoint};

use crate::callbacks::{Callbacks, Served};
use crate::monitor::Monitor;
use crate::run::RunInfo;
use crate::tracker::lock;
use crate::wire;
use crate::wire::engine_client::EngineClient;
use crate::wire::resource_monitor_client::ResourceMonitorClient;

/// What the engine and its official SDKs allow for one message.
pub(crate) const LARGEST_MESSAGE: usize = 400 << 20;
/// How long the engine may take to accept a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the engine may take to answer what needs no work. Registrations have no such limit: they take as long as
/// a cloud does, and the engine applies the timeouts of resources itself.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// The features by their numbers.
const FEATURES: [&str; 16] = [
    "secrets",
    "resourceReferences",
    "outputValues",
    "aliasSpecs",
    "replacementTrigger",
    "deletedWith",
    "replaceWith",
    "transforms",
    "invokeTransforms",
    "parameterization",
    "resourceHooks",
    "errorHooks",
    "sendsOptionsToHooks",
    "byteString",
    "invokeDependsOn",
    "invokeParent",
];
/// How many of them an older engine can be asked for by name.
const NAMED_FEATURES: usize = 13;
/// Without these a program would mean something else than it says.
const REQUIRED: [&str; 3] = ["secrets", "resourceReferences", "aliasSpecs"];

/// Why the engine cannot be worked with.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The address is none.
    #[error("{address:?} is no address, expected HOST:PORT")]
    Address {
        /// What was given.
        address: String,
        /// Why.
        #[source]
        source: tonic::transport::Error,
    },
    /// Nothing answers there.
    #[error("no connection to the engine at {address}")]
    Connect {
        /// Where.
        address: String,
        /// Why.
        #[source]
        source: tonic::transport::Error,
    },
    /// It does not say what it can do.
    #[error("asking the engine for the deployment")]
    Deployment(#[source] Box<tonic::Status>),
    /// It is too old.
    #[error("the engine does not support {0}; update the Pulumi CLI to v3.240 or newer")]
    TooOld(&'static str),
}

/// The engine that started this program.
#[derive(Debug)]
pub struct Engine {
    monitor: ResourceMonitorClient<Channel>,
    log: EngineClient<Channel>,
    features: BTreeSet<&'static str>,
    unreported: AtomicBool,
    /// Lives as long as the engine may call, which is until the whole run has ended.
    callbacks: Mutex<Option<Served>>,
}

impl Engine {
    /// Connects to the monitor and to the engine, each at `HOST:PORT`, and completes `info` by what they tell.
    ///
    /// # Errors
    /// When one of them cannot be reached or is too old.
    pub async fn connect(monitor: &str, engine: &str, info: RunInfo) -> Result<(Self, RunInfo), EngineError> {
        let mut monitor = ResourceMonitorClient::new(channel(monitor).await?)
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE);
        let log = EngineClient::new(channel(engine).await?)
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE);
        let (features, info) = match monitor.get_deployment_info(brief(())).await {
            Ok(answer) => {
                let deployment = answer.into_inner();
                (features(&deployment), told(info, deployment))
            }
            // An older engine is asked for each feature, and has told the rest in the environment.
            Err(status) if status.code() == tonic::Code::Unimplemented => (probed(&mut monitor).await?, info),
            Err(status) => return Err(EngineError::Deployment(Box::new(status))),
        };
        if let Some(missing) = REQUIRED.into_iter().find(|feature| !features.contains(feature)) {
            return Err(EngineError::TooOld(missing));
        }
        Ok((
            Self { monitor, log, features, unreported: AtomicBool::new(false), callbacks: Mutex::default() },
            info,
        ))
    }

    /// Whether every message that the engine was to show has reached it.
    pub(crate) fn has_reported(&self) -> bool {
        !self.unreported.load(Ordering::SeqCst)
    }
}

async fn channel(address: &str) -> Result<Channel, EngineError> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))
        .map_err(|source| EngineError::Address { address: address.to_owned(), source })?;
    let connection = endpoint.connect_timeout(CONNECT_TIMEOUT).connect().await;
    connection.map_err(|source| EngineError::Connect { address: address.to_owned(), source })
}

/// A request whose answer needs no work.
fn brief<T>(message: T) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.set_timeout(ANSWER_TIMEOUT);
    request
}

fn features(deployment: &wire::DeploymentInfo) -> BTreeSet<&'static str> {
    let name = |number: &i32| usize::try_from(*number).ok().and_then(|number| FEATURES.get(number).copied());
    deployment.supported_features.iter().filter_map(name).collect()
}

async fn probed(monitor: &mut ResourceMonitorClient<Channel>) -> Result<BTreeSet<&'static str>, EngineError> {
    let mut features = BTreeSet::new();
    for feature in FEATURES.into_iter().take(NAMED_FEATURES) {
        let request = brief(wire::SupportsFeatureRequest { id: feature.to_owned() });
        match monitor.supports_feature(request).await {
            Ok(answer) if answer.get_ref().has_support => features.insert(feature),
            Ok(_) => false,
            Err(status) => return Err(EngineError::Deployment(Box::new(status))),
        };
    }
    Ok(features)
}

/// What the engine says about the run itself is more than fits into an environment.
fn told(info: RunInfo, deployment: wire::DeploymentInfo) -> RunInfo {
    let or = |told: String, known: String| if told.is_empty() { known } else { told };
    RunInfo {
        project: or(deployment.project, info.project),
        stack: or(deployment.stack, info.stack),
        organization: or(deployment.organization, info.organization),
        dry_run: deployment.dry_run,
        config: deployment.config.into_iter().collect::<BTreeMap<_, _>>(),
        config_secret_keys: deployment.config_secret_keys.into_iter().collect(),
        source_root: info.source_root,
        root_directory: info.root_directory,
    }
}

#[async_trait]
impl Monitor for Engine {
    async fn register_resource(
        &self,
        request: wire::RegisterResourceRequest,
    ) -> Result<wire::RegisterResourceResponse, tonic::Status> {
        Ok(self.monitor.clone().register_resource(request).await?.into_inner())
    }

    async fn register_resource_outputs(
        &self,
        request: wire::RegisterResourceOutputsRequest,
    ) -> Result<(), tonic::Status> {
        self.monitor.clone().register_resource_outputs(request).await?;
        Ok(())
    }

    async fn read_resource(
        &self,
        request: wire::ReadResourceRequest,
    ) -> Result<wire::ReadResourceResponse, tonic::Status> {
        Ok(self.monitor.clone().read_resource(request).await?.into_inner())
    }

    async fn invoke(
        &self,
        request: wire::ResourceInvokeRequest,
    ) -> Result<wire::InvokeResponse, tonic::Status> {
        Ok(self.monitor.clone().invoke(request).await?.into_inner())
    }

    async fn call(&self, request: wire::ResourceCallRequest) -> Result<wire::CallResponse, tonic::Status> {
        Ok(self.monitor.clone().call(request).await?.into_inner())
    }

    async fn register_package(
        &self,
        request: wire::RegisterPackageRequest,
    ) -> Result<wire::RegisterPackageResponse, tonic::Status> {
        Ok(self.monitor.clone().register_package(request).await?.into_inner())
    }

    async fn callback_target(&self, callbacks: Callbacks) -> Result<String, tonic::Status> {
        let served = callbacks.serve().await?;
        let target = served.target.clone();
        *lock(&self.callbacks) = Some(served);
        Ok(target)
    }

    async fn register_stack_transform(&self, callback: wire::Callback) -> Result<(), tonic::Status> {
        self.monitor.clone().register_stack_transform(callback).await.map(drop)
    }

    async fn register_stack_invoke_transform(&self, callback: wire::Callback) -> Result<(), tonic::Status> {
        self.monitor.clone().register_stack_invoke_transform(callback).await.map(drop)
    }

    async fn register_resource_hook(
        &self,
        request: wire::RegisterResourceHookRequest,
    ) -> Result<(), tonic::Status> {
        self.monitor.clone().register_resource_hook(request).await.map(drop)
    }

    async fn register_error_hook(
        &self,
        request: wire::RegisterErrorHookRequest,
    ) -> Result<(), tonic::Status> {
        self.monitor.clone().register_error_hook(request).await.map(drop)
    }

    async fn require_pulumi_version(&self, range: &str) -> Result<(), tonic::Status> {
        let request = wire::RequirePulumiVersionRequest { pulumi_version_range: range.to_owned() };
        self.log.clone().require_pulumi_version(brief(request)).await.map(drop)
    }

    async fn supports_feature(&self, id: &str) -> Result<bool, tonic::Status> {
        Ok(self.features.contains(id))
    }

    async fn log(&self, request: wire::LogRequest) -> Result<(), tonic::Status> {
        let sent = self.log.clone().log(brief(request)).await;
        if sent.is_err() {
            self.unreported.store(true, Ordering::SeqCst);
        }
        sent.map(drop)
    }

    async fn signal_and_wait_for_shutdown(&self) -> Result<(), tonic::Status> {
        self.monitor.clone().signal_and_wait_for_shutdown(()).await?;
        Ok(())
    }
}
