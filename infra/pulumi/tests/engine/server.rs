//! A gRPC server that stands for the engine, and programs that it starts.

use std::process::Output;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use prost::Message;
use pulumi::wire::{self, ResourceMonitorFeature};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Code, Request, Response, Status};

#[expect(unused_qualifications, unreachable_pub, reason = "generated")]
mod services {
    include!(concat!(env!("OUT_DIR"), "/servers/pulumirpc.rs"));
}

use services::engine_server::{Engine, EngineServer};
use services::resource_monitor_server::{ResourceMonitor, ResourceMonitorServer};

/// How long a program may take to end.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a test wants of the engine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Behaviour {
    /// Registrations of things end like this.
    pub(crate) refuse: Option<Code>,
    /// Registrations of things are reported as this.
    pub(crate) result: wire::Result,
    /// It knows neither `GetDeploymentInfo` nor `SignalAndWaitForShutdown`.
    pub(crate) old: bool,
    /// It supports nothing.
    pub(crate) incapable: bool,
    /// It takes no messages.
    pub(crate) deaf: Option<Code>,
    /// Answers have this many bytes.
    pub(crate) size: usize,
}

/// What a program did.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) registered: Vec<wire::RegisterResourceRequest>,
    pub(crate) outputs: Vec<wire::RegisterResourceOutputsRequest>,
    pub(crate) messages: Vec<String>,
    pub(crate) complete: bool,
    /// What the program answered when it was called back during the shutdown, as all else had ended.
    pub(crate) called_at_the_end: Vec<Result<String, Status>>,
    transforms: Vec<wire::Callback>,
    hooks: Vec<wire::RegisterResourceHookRequest>,
}

#[derive(Debug, Clone)]
struct Server {
    behaviour: Behaviour,
    config: Vec<(&'static str, &'static str)>,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

/// Runs the program with this configuration, and says how it ended and what the engine saw.
pub(crate) async fn run(
    behaviour: Behaviour,
    config: &[(&'static str, &'static str)],
) -> (Output, Arc<Mutex<Seen>>) {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let server = Server { behaviour, config: config.to_vec(), seen: Arc::clone(&seen) };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let limit = 400 << 20;
    let monitor = ResourceMonitorServer::new(server.clone()).max_encoding_message_size(limit);
    let serving = tokio::spawn(
        tonic::transport::Server::builder()
            .add_service(monitor)
            .add_service(EngineServer::new(server.clone()))
            .serve_with_incoming(TcpListenerStream::new(listener)),
    );
    let texts: Vec<_> = config.iter().map(|(key, value)| format!("{key:?}:{value:?}")).collect();
    let output = program()
        .env("PULUMI_PROJECT", "ends")
        .env("PULUMI_STACK", "test")
        .env("PULUMI_MONITOR", &address)
        .env("PULUMI_ENGINE", &address)
        .env("PULUMI_CONFIG", format!("{{{}}}", texts.join(",")))
        .env("PULUMI_CONFIG_SECRET_KEYS", "[\"ends:secret\"]")
        .output();
    let output = tokio::time::timeout(DEADLINE, output).await.expect("the program does not end").unwrap();
    serving.abort();
    (output, seen)
}

/// The program, as nothing has started it yet.
pub(crate) fn program() -> tokio::process::Command {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_pulumi-ends"));
    for name in ["PROJECT", "STACK", "MONITOR", "ENGINE", "CONFIG", "CONFIG_SECRET_KEYS", "DRY_RUN"] {
        command.env_remove(format!("PULUMI_{name}"));
    }
    command.kill_on_drop(true);
    command
}

/// Calls a function of the program.
async fn call_back<A: Message + Default>(
    callback: &wire::Callback,
    request: &impl Message,
) -> Result<A, Status> {
    let address = format!("http://{}", callback.target);
    let mut client = wire::callbacks_client::CallbacksClient::connect(address)
        .await
        .map_err(|error| Status::internal(error.to_string()))?;
    let request =
        wire::CallbackInvokeRequest { token: callback.token.clone(), request: request.encode_to_vec() };
    let answer = client.invoke(request).await?.into_inner().response;
    A::decode(answer.as_slice()).map_err(|error| Status::internal(error.to_string()))
}

fn not_served<T>() -> Result<Response<T>, Status> {
    Err(Status::unimplemented("no program of the tests needs this"))
}

#[tonic::async_trait]
impl ResourceMonitor for Server {
    async fn get_deployment_info(&self, _: Request<()>) -> Result<Response<wire::DeploymentInfo>, Status> {
        if self.behaviour.old {
            return not_served();
        }
        let all = [
            ResourceMonitorFeature::Secrets,
            ResourceMonitorFeature::ResourceReferences,
            ResourceMonitorFeature::AliasSpecs,
            ResourceMonitorFeature::Transforms,
            ResourceMonitorFeature::ResourceHooks,
        ];
        let all = if self.behaviour.incapable { &all[..1] } else { &all };
        Ok(Response::new(wire::DeploymentInfo {
            project: "ends".to_owned(),
            stack: "test".to_owned(),
            organization: "organization".to_owned(),
            config: self.config.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
            config_secret_keys: vec!["ends:secret".to_owned()],
            // One is of the future.
            supported_features: all.iter().map(|feature| i32::from(*feature)).chain([999]).collect(),
            ..wire::DeploymentInfo::default()
        }))
    }

    async fn supports_feature(
        &self,
        _: Request<wire::SupportsFeatureRequest>,
    ) -> Result<Response<wire::SupportsFeatureResponse>, Status> {
        Ok(Response::new(wire::SupportsFeatureResponse { has_support: !self.behaviour.incapable }))
    }

    async fn register_resource(
        &self,
        request: Request<wire::RegisterResourceRequest>,
    ) -> Result<Response<wire::RegisterResourceResponse>, Status> {
        let mut request = request.into_inner();
        let urn = format!("urn:pulumi:test::ends::{}::{}", request.r#type, request.name);
        let transforms = [request.transforms.clone(), self.seen().transforms.clone()].concat();
        for transform in transforms {
            let question = wire::TransformRequest {
                r#type: request.r#type.clone(),
                name: request.name.clone(),
                properties: request.object.clone(),
                ..wire::TransformRequest::default()
            };
            let answer: wire::TransformResponse = call_back(&transform, &question).await?;
            request.object = answer.properties;
        }
        let custom = request.custom;
        self.seen().registered.push(request);
        let mut answer = wire::RegisterResourceResponse { urn, ..wire::RegisterResourceResponse::default() };
        if custom {
            if let Some(code) = self.behaviour.refuse {
                return Err(Status::new(code, "the engine says no"));
            }
            answer.id = "id".to_owned();
            answer.set_result(self.behaviour.result);
            let large = pulumi::Value::String("x".repeat(self.behaviour.size));
            answer.object = Some(wire::encode_struct(&[("large".to_owned(), large)].into()).unwrap());
        }
        Ok(Response::new(answer))
    }

    async fn register_resource_outputs(
        &self,
        request: Request<wire::RegisterResourceOutputsRequest>,
    ) -> Result<Response<()>, Status> {
        self.seen().outputs.push(request.into_inner());
        Ok(Response::new(()))
    }

    async fn signal_and_wait_for_shutdown(&self, _: Request<()>) -> Result<Response<()>, Status> {
        self.seen().complete = true;
        let hooks = std::mem::take(&mut self.seen().hooks);
        let known: Vec<_> = hooks.into_iter().filter_map(|hook| hook.callback).collect();
        let guessed =
            known.first().map(|known| wire::Callback { token: "guessed".to_owned(), ..known.clone() });
        for callback in known.into_iter().chain(guessed) {
            let question = wire::ResourceHookRequest { name: "gone".to_owned(), ..Default::default() };
            let answer: Result<wire::ResourceHookResponse, _> = call_back(&callback, &question).await;
            self.seen().called_at_the_end.push(answer.map(|answer| answer.error));
        }
        if self.behaviour.old { not_served() } else { Ok(Response::new(())) }
    }

    async fn invoke(
        &self,
        _: Request<wire::ResourceInvokeRequest>,
    ) -> Result<Response<wire::InvokeResponse>, Status> {
        not_served()
    }

    async fn call(
        &self,
        _: Request<wire::ResourceCallRequest>,
    ) -> Result<Response<wire::CallResponse>, Status> {
        not_served()
    }

    async fn read_resource(
        &self,
        _: Request<wire::ReadResourceRequest>,
    ) -> Result<Response<wire::ReadResourceResponse>, Status> {
        not_served()
    }

    async fn register_stack_transform(
        &self,
        callback: Request<wire::Callback>,
    ) -> Result<Response<()>, Status> {
        self.seen().transforms.push(callback.into_inner());
        Ok(Response::new(()))
    }

    async fn register_stack_invoke_transform(
        &self,
        _: Request<wire::Callback>,
    ) -> Result<Response<()>, Status> {
        not_served()
    }

    async fn register_resource_hook(
        &self,
        request: Request<wire::RegisterResourceHookRequest>,
    ) -> Result<Response<()>, Status> {
        self.seen().hooks.push(request.into_inner());
        Ok(Response::new(()))
    }

    async fn register_error_hook(
        &self,
        _: Request<wire::RegisterErrorHookRequest>,
    ) -> Result<Response<()>, Status> {
        not_served()
    }

    async fn register_package(
        &self,
        _: Request<wire::RegisterPackageRequest>,
    ) -> Result<Response<wire::RegisterPackageResponse>, Status> {
        not_served()
    }
}

#[tonic::async_trait]
impl Engine for Server {
    async fn log(&self, request: Request<wire::LogRequest>) -> Result<Response<()>, Status> {
        if let Some(code) = self.behaviour.deaf {
            return Err(Status::new(code, "the engine hears nothing"));
        }
        self.seen().messages.push(request.into_inner().message);
        Ok(Response::new(()))
    }

    async fn get_root_resource(
        &self,
        _: Request<wire::GetRootResourceRequest>,
    ) -> Result<Response<wire::GetRootResourceResponse>, Status> {
        not_served()
    }

    async fn set_root_resource(
        &self,
        _: Request<wire::SetRootResourceRequest>,
    ) -> Result<Response<wire::SetRootResourceResponse>, Status> {
        not_served()
    }

    async fn start_debugging(&self, _: Request<wire::StartDebuggingRequest>) -> Result<Response<()>, Status> {
        not_served()
    }

    async fn require_pulumi_version(
        &self,
        _: Request<wire::RequirePulumiVersionRequest>,
    ) -> Result<Response<wire::RequirePulumiVersionResponse>, Status> {
        not_served()
    }
}
