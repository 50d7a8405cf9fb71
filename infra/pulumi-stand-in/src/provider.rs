//! The provider that the engine speaks with.

use std::collections::BTreeMap;
use std::io::Write as _;

use anyhow::Context as _;
use miyabi_shared::config::{Environment as _, ProcessEnvironment};
use prost_types::Struct;
use pulumi::Value;
use pulumi::wire::{decode_struct, encode_struct};
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::schema::{Problem, Schema};
use crate::wire::resource_provider_server::{ResourceProvider, ResourceProviderServer};
use crate::wire::{
    CheckFailure, CheckRequest, CheckResponse, ConfigureRequest, ConfigureResponse, CreateRequest,
    CreateResponse, DeleteRequest, DiffRequest, DiffResponse, InvokeRequest, InvokeResponse, PluginInfo,
    ProviderHandshakeRequest, ProviderHandshakeResponse, ReadRequest, ReadResponse, UpdateRequest,
    UpdateResponse, diff_response::DiffChanges,
};

/// What the engine and its official SDKs allow for one message.
const LARGEST_MESSAGE: usize = 400 << 20;

/// The name of a resource that is not to be made, for a drill of a failure.
const REFUSED: &str = "MIYABI_STAND_IN_REFUSES";

/// Serves the provider as the engine expects of a plugin: on a free port, which is the first line of the output.
///
/// # Errors
/// When the schema cannot be read or nothing can be served.
pub async fn serve() -> anyhow::Result<()> {
    let schema = Schema::read().context("reading the schema")?;
    let provider = Provider { schema, refused: ProcessEnvironment.get(REFUSED) };
    let listener = TcpListener::bind("127.0.0.1:0").await.context("listening")?;
    let port = listener.local_addr().context("listening")?.port();
    let mut output = std::io::stdout();
    writeln!(output, "{port}").and_then(|()| output.flush()).context("telling the port")?;
    let service = ResourceProviderServer::new(provider)
        .max_decoding_message_size(LARGEST_MESSAGE)
        .max_encoding_message_size(LARGEST_MESSAGE);
    let server = tonic::transport::Server::builder().add_service(service);
    server.serve_with_incoming(TcpListenerStream::new(listener)).await.context("serving")
}

/// The provider.
#[derive(Debug)]
pub struct Provider {
    schema: Schema,
    refused: Option<String>,
}

type Entries = BTreeMap<String, Value>;

fn read(object: Option<Struct>) -> Result<Entries, Status> {
    decode_struct(&object.unwrap_or_default()).map_err(|error| Status::invalid_argument(error.to_string()))
}

fn written(entries: &Entries) -> Result<Option<Struct>, Status> {
    encode_struct(entries).map(Some).map_err(|error| Status::internal(error.to_string()))
}

fn failures(problems: Vec<Problem>) -> Vec<CheckFailure> {
    let failure = |problem: Problem| CheckFailure { property: problem.path, reason: problem.reason };
    problems.into_iter().map(failure).collect()
}

/// What two inputs are compared by: files by their content, whatever they are called.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Secret(inner) => comparable(inner),
        Value::Array(items) => Value::Array(items.iter().map(comparable).collect()),
        Value::Object(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), comparable(value))).collect())
        }
        Value::Asset(asset) => Value::String(asset.hash.clone().unwrap_or_default()),
        Value::Archive(archive) => Value::String(archive.hash.clone().unwrap_or_default()),
        value => value.clone(),
    }
}

/// The type and the name in a URN.
fn type_and_name(urn: &str) -> (&str, &str) {
    (pulumi::urn::type_of(urn), pulumi::urn::name_of(urn))
}

#[tonic::async_trait]
impl ResourceProvider for Provider {
    async fn handshake(
        &self,
        _: Request<ProviderHandshakeRequest>,
    ) -> Result<Response<ProviderHandshakeResponse>, Status> {
        Ok(Response::new(ProviderHandshakeResponse {
            accept_secrets: true,
            accept_resources: true,
            ..ProviderHandshakeResponse::default()
        }))
    }

    async fn get_plugin_info(&self, _: Request<()>) -> Result<Response<PluginInfo>, Status> {
        Ok(Response::new(PluginInfo { version: self.schema.version().to_owned() }))
    }

    async fn check_config(&self, request: Request<CheckRequest>) -> Result<Response<CheckResponse>, Status> {
        let news = request.into_inner().news;
        let problems = self.schema.check_provider(&read(news.clone())?);
        Ok(Response::new(CheckResponse { inputs: news, failures: failures(problems) }))
    }

    async fn diff_config(&self, _: Request<DiffRequest>) -> Result<Response<DiffResponse>, Status> {
        Ok(Response::new(DiffResponse::default()))
    }

    async fn configure(&self, _: Request<ConfigureRequest>) -> Result<Response<ConfigureResponse>, Status> {
        Ok(Response::new(ConfigureResponse {
            accept_secrets: true,
            supports_preview: true,
            accept_resources: true,
            accept_outputs: false,
        }))
    }

    async fn invoke(&self, request: Request<InvokeRequest>) -> Result<Response<InvokeResponse>, Status> {
        let request = request.into_inner();
        let problems = self.schema.check_function(&request.tok, &read(request.args)?);
        if !problems.is_empty() {
            return Ok(Response::new(InvokeResponse { r#return: None, failures: failures(problems) }));
        }
        let returned = written(&self.schema.returned(&request.tok))?;
        Ok(Response::new(InvokeResponse { r#return: returned, failures: Vec::new() }))
    }

    async fn check(&self, request: Request<CheckRequest>) -> Result<Response<CheckResponse>, Status> {
        let request = request.into_inner();
        let (token, _) = type_and_name(&request.urn);
        let problems = self.schema.check(token, &read(request.news.clone())?);
        Ok(Response::new(CheckResponse { inputs: request.news, failures: failures(problems) }))
    }

    async fn diff(&self, request: Request<DiffRequest>) -> Result<Response<DiffResponse>, Status> {
        let request = request.into_inner();
        let (olds, news) = (read(request.old_inputs)?, read(request.news)?);
        let differs = |key: &&String| olds.get(*key).map(comparable) != news.get(*key).map(comparable);
        let ignored = |key: &&String| !request.ignore_changes.contains(*key);
        let keys: std::collections::BTreeSet<&String> = olds.keys().chain(news.keys()).collect();
        let diffs: Vec<String> = keys.into_iter().filter(differs).filter(ignored).cloned().collect();
        let changes = if diffs.is_empty() { DiffChanges::DiffNone } else { DiffChanges::DiffSome };
        Ok(Response::new(DiffResponse { changes: changes.into(), diffs, ..DiffResponse::default() }))
    }

    async fn create(&self, request: Request<CreateRequest>) -> Result<Response<CreateResponse>, Status> {
        let request = request.into_inner();
        let (token, name) = type_and_name(&request.urn);
        if !request.preview && self.refused.as_deref() == Some(name) {
            return Err(Status::invalid_argument(format!("{name} is refused, as {REFUSED} says")));
        }
        let inputs = read(request.properties)?;
        let properties = written(&self.schema.outputs(token, name, &inputs, !request.preview))?;
        let id = if request.preview { String::new() } else { format!("{name}-id") };
        Ok(Response::new(CreateResponse { id, properties }))
    }

    async fn read(&self, request: Request<ReadRequest>) -> Result<Response<ReadResponse>, Status> {
        // It keeps nothing: what the engine knows of a resource is how it is.
        let ReadRequest { id, properties, inputs, .. } = request.into_inner();
        Ok(Response::new(ReadResponse { id, properties, inputs }))
    }

    async fn update(&self, request: Request<UpdateRequest>) -> Result<Response<UpdateResponse>, Status> {
        let request = request.into_inner();
        let (token, name) = type_and_name(&request.urn);
        let inputs = read(request.news)?;
        let properties = written(&self.schema.outputs(token, name, &inputs, true))?;
        Ok(Response::new(UpdateResponse { properties }))
    }

    async fn delete(&self, _: Request<DeleteRequest>) -> Result<Response<()>, Status> {
        Ok(Response::new(()))
    }

    async fn cancel(&self, _: Request<()>) -> Result<Response<()>, Status> {
        Ok(Response::new(()))
    }
}
