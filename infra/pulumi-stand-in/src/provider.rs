//! The provider that the engine speaks with.

use std::collections::BTreeMap;
use std::io;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use miyabi_shared::config::{Environment as _, ProcessEnvironment};
use prost_types::Struct;
use pulumi::Value;
use pulumi::wire::{decode_struct, encode_struct};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};

use crate::account::{Account, Made};
use crate::inputs::{Entries, Inputs};
use crate::made::Template;
use crate::rules::{self, Place};
use crate::schema::{Problem, Schema};
use crate::wire::resource_provider_server::{ResourceProvider, ResourceProviderServer};
use crate::wire::{
    CheckFailure, CheckRequest, CheckResponse, ConfigureRequest, ConfigureResponse, CreateRequest,
    CreateResponse, DeleteRequest, DiffRequest, DiffResponse, InvokeRequest, InvokeResponse, PluginInfo,
    ProviderHandshakeRequest, ProviderHandshakeResponse, ReadRequest, ReadResponse, UpdateRequest,
    UpdateResponse, diff_response::DiffChanges,
};
use crate::{checked, diff, facts, invoke};

/// What the engine and its official SDKs allow for one message.
const LARGEST_MESSAGE: usize = 400 << 20;

/// The folder of the account that resources are made in.
pub const ACCOUNT: &str = "MIYABI_STAND_IN_ACCOUNT";
/// The name of a resource that is not to be made, for a drill of a failure.
pub const REFUSED: &str = "MIYABI_STAND_IN_REFUSES";
/// The name of a resource that is being made until the engine cancels, for a drill of that.
pub const WAITS: &str = "MIYABI_STAND_IN_WAITS";
/// The account's marker that tells that the resource is being made.
pub const WAITING: &str = "waiting";

const FUNCTION: &str = "aws:lambda/function:Function";
/// What another version of a function changes.
const OF_A_VERSION: [&str; 3] = ["version", "qualifiedArn", "qualifiedInvokeArn"];

/// Serves the provider as the engine expects of a plugin: on a free port, which is the first line of the output.
///
/// # Errors
/// When the schema cannot be read, no account is named, or nothing can be served.
pub async fn serve() -> anyhow::Result<()> {
    let schema = Schema::read().context("reading the schema")?;
    facts::all().map_err(|error| anyhow::anyhow!("reading the facts: {error}"))?;
    let environment = ProcessEnvironment;
    let folder = environment.get(ACCOUNT);
    let folder =
        folder.with_context(|| format!("{ACCOUNT} is not set, expected the folder of the account"))?;
    let provider = Provider {
        schema,
        account: Account::open(folder).context("opening the account")?,
        refused: environment.get(REFUSED),
        waits: environment.get(WAITS),
        region: environment.get("AWS_REGION").or_else(|| environment.get("AWS_DEFAULT_REGION")),
        settings: Mutex::default(),
        cancelled: Notify::new(),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.context("listening")?;
    let port = listener.local_addr().context("listening")?.port();
    let mut output = io::stdout();
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
    account: Account,
    refused: Option<String>,
    waits: Option<String>,
    /// The region of the environment.
    region: Option<String>,
    settings: Mutex<Settings>,
    cancelled: Notify,
}

/// What the provider was configured with.
#[derive(Debug, Clone, Default)]
struct Settings {
    region: String,
    tags: BTreeMap<String, Value>,
}

fn read(object: Option<Struct>) -> Result<Entries, Status> {
    decode_struct(&object.unwrap_or_default()).map_err(|error| Status::invalid_argument(error.to_string()))
}

fn written(entries: &Entries) -> Result<Option<Struct>, Status> {
    encode_struct(entries).map(Some).map_err(|error| Status::internal(error.to_string()))
}

fn unreadable(error: io::Error) -> Status {
    Status::internal(format!("the account: {error}"))
}

/// The engine shows only inputs at the top, and with them what may be secret in them: where is part of the reason.
fn failures(problems: Vec<Problem>) -> Vec<CheckFailure> {
    let failure = |Problem { path, reason }: Problem| CheckFailure {
        property: String::new(),
        reason: if path.is_empty() { reason } else { format!("{path} {reason}") },
    };
    problems.into_iter().map(failure).collect()
}

/// The type and the name in a URN.
fn type_and_name(urn: &str) -> (&str, &str) {
    (pulumi::urn::type_of(urn), pulumi::urn::name_of(urn))
}

impl Provider {
    fn settings(&self) -> Settings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Where a resource is: in the provider's region, if it names none.
    fn place(&self, inputs: &Entries) -> Place {
        let own = Inputs(inputs).text("region").map(str::to_owned);
        Place { region: own.unwrap_or_else(|| self.settings().region) }
    }

    /// Everything that is known of a resource that is there: what was given, what AWS tells, and something for
    /// whatever else the provider always says.
    fn outputs(&self, token: &str, name: &str, inputs: &Entries, told: Entries, known: bool) -> Entries {
        let mut state = inputs.clone();
        state.remove(diff::DEFAULTS);
        let names: Vec<_> = facts::of(token).outputs.keys().cloned().collect();
        if known {
            state.extend(told);
        } else {
            for name in names {
                state.entry(name).or_insert(Value::Unknown);
            }
        }
        if self.schema.has_output(token, "tagsAll") {
            let mut tags = self.settings().tags;
            for found in Inputs(inputs).at("tags") {
                if let Value::Object(own) = found.value {
                    tags.extend(own.clone());
                }
            }
            state.insert("tagsAll".to_owned(), Value::Object(tags));
        }
        self.schema.outputs(token, name, &state, known)
    }

    /// Waits until the engine cancels, and tells of it by a marker.
    async fn wait(&self) -> Status {
        if let Err(error) = std::fs::write(self.account.marker(WAITING), "") {
            return unreadable(error);
        }
        self.cancelled.notified().await;
        Status::aborted("cancelled before it was made")
    }
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
        let inputs = read(news.clone())?;
        let mut problems = self.schema.check_provider(&inputs);
        if !Inputs(&inputs).has("region") && self.region.is_none() {
            let reason = "is required: `pulumi config set aws:region REGION`, or AWS_REGION".to_owned();
            problems.push(Problem { path: "aws:region".to_owned(), reason });
        }
        Ok(Response::new(CheckResponse { inputs: news, failures: failures(problems) }))
    }

    async fn diff_config(&self, _: Request<DiffRequest>) -> Result<Response<DiffResponse>, Status> {
        Ok(Response::new(DiffResponse::default()))
    }

    async fn configure(
        &self,
        request: Request<ConfigureRequest>,
    ) -> Result<Response<ConfigureResponse>, Status> {
        let arguments = read(request.into_inner().args)?;
        let region = Inputs(&arguments).text("region").map(str::to_owned).or_else(|| self.region.clone());
        let mut settings = self.settings.lock().unwrap_or_else(PoisonError::into_inner);
        *settings = Settings { region: region.unwrap_or_default(), tags: default_tags(&arguments) };
        Ok(Response::new(ConfigureResponse {
            accept_secrets: true,
            supports_preview: true,
            accept_resources: true,
            accept_outputs: false,
        }))
    }

    async fn invoke(&self, request: Request<InvokeRequest>) -> Result<Response<InvokeResponse>, Status> {
        let InvokeRequest { tok, args } = request.into_inner();
        let arguments = read(args)?;
        let problems = self.schema.check_function(&tok, &arguments);
        if !problems.is_empty() {
            return Ok(Response::new(InvokeResponse { r#return: None, failures: failures(problems) }));
        }
        let mut returned = self.schema.returned(&tok);
        returned.extend(invoke::returned(&tok, &arguments, &self.settings().region));
        Ok(Response::new(InvokeResponse { r#return: written(&returned)?, failures: Vec::new() }))
    }

    async fn check(&self, request: Request<CheckRequest>) -> Result<Response<CheckResponse>, Status> {
        let request = request.into_inner();
        let (token, name) = type_and_name(&request.urn);
        let (olds, news) = (read(request.olds)?, read(request.news)?);
        let mut problems = self.schema.check(token, &news);
        let facts = facts::of(token);
        let (inputs, unnamed) = checked::complete(facts, name, &olds, news, &request.random_seed);
        problems.extend(unnamed);
        problems.extend(rules::problems(token, facts, Inputs(&inputs), &self.place(&inputs)));
        Ok(Response::new(CheckResponse { inputs: written(&inputs)?, failures: failures(problems) }))
    }

    async fn diff(&self, request: Request<DiffRequest>) -> Result<Response<DiffResponse>, Status> {
        let request = request.into_inner();
        let (token, _) = type_and_name(&request.urn);
        let (olds, news) = (read(request.old_inputs)?, read(request.news)?);
        let changes = diff::changes(facts::of(token), &olds, &news, &request.ignore_changes);
        let some = if changes.changed.is_empty() { DiffChanges::DiffNone } else { DiffChanges::DiffSome };
        Ok(Response::new(DiffResponse {
            changes: some.into(),
            diffs: changes.changed,
            replaces: changes.replacing,
            delete_before_replace: changes.delete_first,
            ..DiffResponse::default()
        }))
    }

    async fn create(&self, request: Request<CreateRequest>) -> Result<Response<CreateResponse>, Status> {
        let request = request.into_inner();
        let (token, name) = type_and_name(&request.urn);
        let inputs = read(request.properties)?;
        if request.preview {
            let outputs = self.outputs(token, name, &inputs, Entries::new(), false);
            return Ok(Response::new(CreateResponse { id: String::new(), properties: written(&outputs)? }));
        }
        if self.refused.as_deref() == Some(name) {
            return Err(Status::invalid_argument(format!("{name} is refused, as {REFUSED} says")));
        }
        if self.waits.as_deref() == Some(name) {
            return Err(self.wait().await);
        }
        let _lock = self.account.lock().map_err(unreadable)?;
        let region = self.place(&inputs).region;
        let number = self.account.number().map_err(unreadable)?;
        let template = Template::new(facts::of(token), &inputs, &region, &request.urn, number);
        let (id, told) = (template.id(), template.outputs());
        let id = if id.is_empty() { format!("{name}-{number}") } else { id };
        let outputs = self.outputs(token, name, &inputs, told, true);
        let made =
            Made { token: token.to_owned(), id: id.clone(), name: name.to_owned(), region, inputs, outputs };
        if let Some(reason) = self.account.refuses(&made, None).map_err(unreadable)? {
            return Err(Status::invalid_argument(reason));
        }
        self.account.put(&made).map_err(unreadable)?;
        Ok(Response::new(CreateResponse { id, properties: written(&made.outputs)? }))
    }

    async fn read(&self, request: Request<ReadRequest>) -> Result<Response<ReadResponse>, Status> {
        let ReadRequest { id, urn, .. } = request.into_inner();
        let (token, _) = type_and_name(&urn);
        let Some(made) = self.account.get(token, &id).map_err(unreadable)? else {
            // Gone.
            return Ok(Response::new(ReadResponse::default()));
        };
        let (properties, inputs) = (written(&made.outputs)?, written(&made.inputs)?);
        Ok(Response::new(ReadResponse { id, properties, inputs }))
    }

    async fn update(&self, request: Request<UpdateRequest>) -> Result<Response<UpdateResponse>, Status> {
        let request = request.into_inner();
        let (token, name) = type_and_name(&request.urn);
        let (mut told, inputs) = (read(request.olds)?, read(request.news)?);
        // What was given before and is not any more does not stay.
        let before = read(request.old_inputs)?;
        told.retain(|key, _| !inputs.contains_key(key) && !before.contains_key(key));
        if token == FUNCTION && Inputs(&inputs).is_true("publish") {
            next_version(&mut told, request.preview);
        }
        let outputs = self.outputs(token, name, &inputs, told, true);
        if request.preview {
            return Ok(Response::new(UpdateResponse { properties: written(&outputs)? }));
        }
        let _lock = self.account.lock().map_err(unreadable)?;
        let region = self.place(&inputs).region;
        let made = Made {
            token: token.to_owned(),
            id: request.id.clone(),
            name: name.to_owned(),
            region,
            inputs,
            outputs,
        };
        if self.account.get(token, &request.id).map_err(unreadable)?.is_none() {
            return Err(Status::not_found(format!("there is no {token} {}", request.id)));
        }
        if let Some(reason) = self.account.refuses(&made, Some(&request.id)).map_err(unreadable)? {
            return Err(Status::invalid_argument(reason));
        }
        self.account.put(&made).map_err(unreadable)?;
        Ok(Response::new(UpdateResponse { properties: written(&made.outputs)? }))
    }

    async fn delete(&self, request: Request<DeleteRequest>) -> Result<Response<()>, Status> {
        let DeleteRequest { id, urn, .. } = request.into_inner();
        let (token, _) = type_and_name(&urn);
        let _lock = self.account.lock().map_err(unreadable)?;
        // What is gone already needs no deleting.
        let Some(made) = self.account.get(token, &id).map_err(unreadable)? else {
            return Ok(Response::new(()));
        };
        if let Some(reason) = self.account.keeps(&made).map_err(unreadable)? {
            return Err(Status::failed_precondition(reason));
        }
        self.account.remove(token, &id).map_err(unreadable)?;
        Ok(Response::new(()))
    }

    async fn cancel(&self, _: Request<()>) -> Result<Response<()>, Status> {
        self.cancelled.notify_waiters();
        // Who begins to wait only now must hear of it too.
        self.cancelled.notify_one();
        Ok(Response::new(()))
    }
}

/// A published function has another version after each change, which a preview cannot know.
fn next_version(told: &mut Entries, preview: bool) {
    let version = Inputs(told).text("version").and_then(|version| version.parse::<u64>().ok()).unwrap_or(0);
    let (now, next) = (version.to_string(), (version + 1).to_string());
    for name in OF_A_VERSION {
        let Some(Value::String(text)) = told.get(name) else { continue };
        // The number stands alone, at the end, or before the last part of what API Gateway calls.
        let (before, last) = match text.split_once("/invocations") {
            Some((before, _)) => (before, "/invocations"),
            None => (text.as_str(), ""),
        };
        let value = match before.strip_suffix(&now) {
            Some(before) if !preview => Value::String(format!("{before}{next}{last}")),
            _ => Value::Unknown,
        };
        told.insert(name.to_owned(), value);
    }
}

/// The tags that every resource has. Structured configuration comes as JSON in a text.
fn default_tags(arguments: &Entries) -> BTreeMap<String, Value> {
    match Inputs(arguments).at("defaultTags").first().map(|found| found.value) {
        Some(Value::Object(tags)) => match tags.get("tags") {
            Some(Value::Object(tags)) => tags.clone(),
            _ => BTreeMap::new(),
        },
        Some(Value::String(text)) => {
            let json: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
            let tags = json["tags"].as_object().into_iter().flatten();
            tags.filter_map(|(name, value)| Some((name.clone(), Value::String(value.as_str()?.to_owned()))))
                .collect()
        }
        _ => BTreeMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_changes_has_another_version_in_everything_that_names_it() {
        let function = "arn:aws:lambda:eu-west-1:123456789012:function:api";
        let invoke = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions";
        let told = |version: &str| -> Entries {
            let texts = [
                ("version", version.to_owned()),
                ("qualifiedArn", format!("{function}:{version}")),
                ("qualifiedInvokeArn", format!("{invoke}/{function}:{version}/invocations")),
            ];
            texts.into_iter().map(|(name, text)| (name.to_owned(), Value::String(text))).collect()
        };
        let mut of_nine = told("9");
        next_version(&mut of_nine, false);
        assert_eq!(of_nine, told("10"));
        next_version(&mut of_nine, true);
        assert!(of_nine.values().all(|value| *value == Value::Unknown), "a preview cannot know it");
    }
}
