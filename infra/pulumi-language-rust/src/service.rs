//! The calls of the engine.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::sync::mpsc;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::cargo::Cargo;
use crate::children::Children;
use crate::environment;
use crate::error::{HostError, chain};
use crate::generate;
use crate::link;
use crate::options::Options;
use crate::pack;
use crate::wire::language_runtime_server::{LanguageRuntime, LanguageRuntimeServer};
use crate::wire::{
    AboutRequest, AboutResponse, GeneratePackageRequest, GeneratePackageResponse,
    GetProgramDependenciesRequest, GetProgramDependenciesResponse, GetRequiredPackagesRequest,
    GetRequiredPackagesResponse, InstallDependenciesRequest, InstallDependenciesResponse,
    LanguageHandshakeRequest, LanguageHandshakeResponse, LinkRequest, LinkResponse, PackRequest,
    PackResponse, PluginInfo, ProgramInfo, RunRequest, RunResponse, RuntimeOptionsRequest,
    RuntimeOptionsResponse,
};

/// The largest message, as everywhere in Pulumi.
const MESSAGE_BYTES: usize = 400 * 1024 * 1024;
/// The exit code of a program whose failure the engine knows of already.
const REPORTED: i32 = 32;

/// A language host for programs in Rust.
#[derive(Debug, Clone)]
pub struct Host {
    engine: String,
    children: Children,
}

impl Host {
    /// A host of the engine at that address.
    pub fn new(engine: impl Into<String>) -> Self {
        Self { engine: engine.into(), children: Children::new() }
    }

    /// The host as a gRPC service.
    pub fn service(self) -> LanguageRuntimeServer<Self> {
        LanguageRuntimeServer::new(self)
            .max_decoding_message_size(MESSAGE_BYTES)
            .max_encoding_message_size(MESSAGE_BYTES)
    }

    /// Ends what runs.
    pub fn cancel(&self) {
        self.children.cancel();
    }

    fn cargo(&self, info: Option<&ProgramInfo>) -> Result<Cargo<'_>, Status> {
        let info = info.ok_or_else(|| Status::invalid_argument("the request has no program info"))?;
        Ok(Cargo::new(folder(info), &self.children))
    }

    async fn run_program(&self, request: &RunRequest) -> Result<RunResponse, HostError> {
        let info = request.info.as_ref();
        let folder = info.map_or_else(|| PathBuf::from(&request.pwd), folder);
        let options = Options::read(info.and_then(|info| info.options.as_ref()))?;
        let program = match &options.binary {
            Some(binary) => existing(&folder, binary)?,
            None => Cargo::new(&folder, &self.children).build(&options).await?,
        };
        let pwd = if request.pwd.is_empty() { folder } else { PathBuf::from(&request.pwd) };
        let mut command = Command::new(&program);
        command
            .args(&request.args)
            .current_dir(pwd)
            .envs(environment::variables(request, &self.engine))
            .stdout(Stdio::inherit())
            .stderr(Stdio::inherit());
        let status = self.children.start(&mut command)?.wait().await?;
        Ok(match status.code() {
            Some(0) => RunResponse::default(),
            Some(REPORTED) => RunResponse { bail: true, ..RunResponse::default() },
            Some(code) => failed(format!("program exited with non-zero exit code: {code}")),
            None => failed(format!("program ended: {status}")),
        })
    }
}

fn failed(error: String) -> RunResponse {
    RunResponse { error, bail: false }
}

fn folder(info: &ProgramInfo) -> PathBuf {
    PathBuf::from(&info.program_directory)
}

fn existing(folder: &Path, binary: &str) -> Result<PathBuf, HostError> {
    let path = folder.join(binary);
    if path.is_file() { Ok(path) } else { Err(HostError::NoBinary(path)) }
}

fn status(error: &HostError) -> Status {
    match error {
        HostError::Cancelled => Status::cancelled("cancelled"),
        HostError::Option { .. } | HostError::NoBinary(_) | HostError::NoPackage(_) => {
            Status::failed_precondition(chain(error))
        }
        _ => Status::unknown(chain(error)),
    }
}

type Installation = Pin<Box<dyn Stream<Item = Result<InstallDependenciesResponse, Status>> + Send>>;

#[tonic::async_trait]
impl LanguageRuntime for Host {
    async fn handshake(
        &self,
        _request: Request<LanguageHandshakeRequest>,
    ) -> Result<Response<LanguageHandshakeResponse>, Status> {
        Ok(Response::new(LanguageHandshakeResponse {}))
    }

    async fn get_plugin_info(&self, _request: Request<()>) -> Result<Response<PluginInfo>, Status> {
        Ok(Response::new(PluginInfo { version: env!("CARGO_PKG_VERSION").to_owned() }))
    }

    /// A program that was built before needs no cargo to run: then the engine finds its plugins by the versions that
    /// the registrations carry.
    async fn get_required_packages(
        &self,
        request: Request<GetRequiredPackagesRequest>,
    ) -> Result<Response<GetRequiredPackagesResponse>, Status> {
        let cargo = self.cargo(request.get_ref().info.as_ref())?;
        let packages = if cargo.has_package() {
            cargo.pulumi_packages().await.map_err(|error| status(&error))?
        } else {
            Vec::new()
        };
        Ok(Response::new(GetRequiredPackagesResponse { packages }))
    }

    async fn run(&self, request: Request<RunRequest>) -> Result<Response<RunResponse>, Status> {
        let response = match self.run_program(request.get_ref()).await {
            Ok(response) => response,
            Err(error @ HostError::Cancelled) => return Err(status(&error)),
            Err(error) => failed(chain(&error)),
        };
        Ok(Response::new(response))
    }

    type InstallDependenciesStream = Installation;

    async fn install_dependencies(
        &self,
        request: Request<InstallDependenciesRequest>,
    ) -> Result<Response<Installation>, Status> {
        let request = request.into_inner();
        let info = request.info.unwrap_or_default();
        let options = Options::read(info.options.as_ref()).map_err(|error| status(&error))?;
        let (sender, receiver) = mpsc::channel(16);
        if options.binary.is_none() {
            let cargo = Cargo::new(&request.directory, &self.children);
            let mut command = cargo.build_command(&options, &[]).await.map_err(|error| status(&error))?;
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut running = self.children.start(&mut command).map_err(|error| status(&error))?;
            tokio::spawn(async move {
                let stdout = running.child.stdout.take();
                let stderr = running.child.stderr.take();
                let forwarded = async {
                    tokio::join!(
                        forward(stdout, &sender, |stdout| InstallDependenciesResponse {
                            stdout,
                            ..InstallDependenciesResponse::default()
                        }),
                        forward(stderr, &sender, |stderr| InstallDependenciesResponse {
                            stderr,
                            ..InstallDependenciesResponse::default()
                        }),
                    );
                };
                let (ended, ()) = tokio::join!(running.wait(), forwarded);
                let error = match ended {
                    Ok(ended) if ended.success() => return,
                    Ok(ended) => Status::unknown(format!("cargo build failed: {ended}")),
                    Err(error) => status(&error),
                };
                // Nobody listens any more when the engine has gone.
                let _gone = sender.send(Err(error)).await;
            });
        }
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }

    async fn runtime_options_prompts(
        &self,
        _request: Request<RuntimeOptionsRequest>,
    ) -> Result<Response<RuntimeOptionsResponse>, Status> {
        Ok(Response::new(RuntimeOptionsResponse::default()))
    }

    async fn about(&self, request: Request<AboutRequest>) -> Result<Response<AboutResponse>, Status> {
        let folder = request.get_ref().info.as_ref().map_or_else(|| PathBuf::from("."), folder);
        let version = Cargo::new(folder, &self.children).version().await.map_err(|error| status(&error))?;
        Ok(Response::new(AboutResponse { executable: "cargo".to_owned(), version, metadata: HashMap::new() }))
    }

    async fn get_program_dependencies(
        &self,
        request: Request<GetProgramDependenciesRequest>,
    ) -> Result<Response<GetProgramDependenciesResponse>, Status> {
        let request = request.get_ref();
        let cargo = self.cargo(request.info.as_ref())?;
        let dependencies =
            cargo.dependencies(request.transitive_dependencies).await.map_err(|error| status(&error))?;
        Ok(Response::new(GetProgramDependenciesResponse { dependencies }))
    }

    async fn generate_package(
        &self,
        request: Request<GeneratePackageRequest>,
    ) -> Result<Response<GeneratePackageResponse>, Status> {
        let answer = generate::generate_package(request.into_inner()).await;
        answer.map(Response::new).map_err(|error| status(&error))
    }

    async fn pack(&self, request: Request<PackRequest>) -> Result<Response<PackResponse>, Status> {
        let answer = pack::pack(request.get_ref(), &self.children).await;
        answer.map(Response::new).map_err(|error| status(&error))
    }

    async fn link(&self, request: Request<LinkRequest>) -> Result<Response<LinkResponse>, Status> {
        let answer = link::link(request.get_ref(), &self.children).await;
        answer.map(Response::new).map_err(|error| status(&error))
    }

    async fn cancel(&self, _request: Request<()>) -> Result<Response<()>, Status> {
        self.children.cancel();
        Ok(Response::new(()))
    }
}

/// Passes on what a pipe gives, as it comes.
async fn forward(
    pipe: Option<impl AsyncRead + Unpin>,
    sender: &mpsc::Sender<Result<InstallDependenciesResponse, Status>>,
    message: impl Fn(Vec<u8>) -> InstallDependenciesResponse,
) {
    let Some(mut pipe) = pipe else { return };
    let mut buffer = vec![0; 8192];
    while let Ok(count) = pipe.read(&mut buffer).await {
        if count == 0 || sender.send(Ok(message(buffer[..count].to_vec()))).await.is_err() {
            return;
        }
    }
}
