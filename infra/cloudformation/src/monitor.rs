//! The monitor: records what a program registers, and answers with tokens.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pulumi::tonic::Status;
use pulumi::{Context, Monitor, RunError, RunInfo, Value, async_trait, urn, wire};

use crate::lacks::Lack;
use crate::problem::Problems;
use crate::synthesis::{self, Synthesis};
use crate::{logical_id, mapping, token};

/// How a template is made.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) base: PathBuf,
    pub(crate) lacks: &'static [Lack],
}

impl Settings {
    /// A template for CloudFormation itself. Paths of assets are relative to `base`.
    pub fn new(base: impl Into<PathBuf>) -> Self {
        Self { base: base.into(), lacks: &[] }
    }

    /// A template for a target that does not have everything.
    #[must_use]
    pub fn lacking(mut self, lacks: &'static [Lack]) -> Self {
        self.lacks = lacks;
        self
    }
}

/// Why there is no template.
#[derive(Debug, thiserror::Error)]
pub enum SynthesisError {
    /// The program failed.
    #[error("the infrastructure program failed")]
    Run(#[source] RunError),
    /// Something has no place in a template.
    #[error(transparent)]
    Problems(#[from] Problems),
}

/// Runs a program and writes what it registers as a template.
///
/// # Errors
/// The program fails, or something that it registers has no place in a template.
pub async fn synthesize<P, F, E>(
    settings: Settings,
    info: RunInfo,
    program: P,
) -> Result<Synthesis, SynthesisError>
where
    P: FnOnce(Context) -> F + Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let recorder = Arc::new(Recorder::new(&info));
    let run = pulumi::run_with(Arc::clone(&recorder) as Arc<dyn Monitor>, info, program).await;
    let recorded = std::mem::take(&mut *recorder.state());
    // A type without a mapping has no outputs: what the program says about those follows from it.
    let unmapped = synthesis::unmapped(&recorded, settings.lacks);
    match run {
        _ if !unmapped.is_empty() => Err(Problems(unmapped).into()),
        Err(error) => Err(SynthesisError::Run(error)),
        Ok(()) => Ok(synthesis::synthesis(recorded, &settings)?),
    }
}

/// A resource as it was registered.
#[derive(Debug, Clone)]
pub(crate) struct Registration {
    pub(crate) urn: String,
    pub(crate) name: String,
    pub(crate) resource_type: String,
    /// What stands for it in tokens.
    pub(crate) key: String,
    pub(crate) inputs: BTreeMap<String, Value>,
    pub(crate) dependencies: Vec<String>,
    pub(crate) protect: bool,
    pub(crate) retain: bool,
    pub(crate) import: bool,
    pub(crate) provider: bool,
}

/// What a run has registered.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) registrations: Vec<Registration>,
    pub(crate) outputs: BTreeMap<String, Value>,
}

#[derive(Debug)]
struct Recorder {
    project: String,
    stack: String,
    recorded: Mutex<Recorded>,
}

impl Recorder {
    fn new(info: &RunInfo) -> Self {
        let recorded = Mutex::new(Recorded::default());
        Self { project: info.project.clone(), stack: info.stack.clone(), recorded }
    }

    fn state(&self) -> MutexGuard<'_, Recorded> {
        // What is in it is whole at any time.
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn urn(&self, parent: &str, token: &str, name: &str) -> String {
        let parent = Some(parent).filter(|parent| !parent.is_empty());
        urn::build(&self.stack, &self.project, parent, token, name)
    }
}

fn decode(fields: Option<pulumi::prost_types::Struct>) -> Result<BTreeMap<String, Value>, Status> {
    wire::decode_struct(&fields.unwrap_or_default())
        .map_err(|error| Status::invalid_argument(error.to_string()))
}

fn encode(entries: &BTreeMap<String, Value>) -> Result<Option<pulumi::prost_types::Struct>, Status> {
    wire::encode_struct(entries).map(Some).map_err(|error| Status::internal(error.to_string()))
}

#[async_trait]
impl Monitor for Recorder {
    async fn register_resource(
        &self,
        request: wire::RegisterResourceRequest,
    ) -> Result<wire::RegisterResourceResponse, Status> {
        let urn = self.urn(&request.parent, &request.r#type, &request.name);
        let mut response = wire::RegisterResourceResponse { urn: urn.clone(), ..Default::default() };
        if request.remote {
            let message = format!("{} is a remote component, which only the engine can build", request.name);
            return Err(Status::unimplemented(message));
        }
        if !request.custom {
            return Ok(response);
        }
        let inputs = decode(request.object)?;
        let mapping = mapping::of(&request.r#type);
        let kind = mapping.map_or(request.r#type.as_str(), |mapping| mapping.cloudformation);
        let key = logical_id::key(&logical_id::candidate(&request.name, kind), &urn);
        let mut outputs = BTreeMap::new();
        response.id = token::reference(&key);
        for (name, template) in mapping.map_or(&[][..], |mapping| mapping.outputs) {
            if let Some(text) = mapping::fill(template, &key, &inputs) {
                outputs.insert((*name).to_owned(), Value::String(text));
            }
        }
        response.object = encode(&outputs)?;
        self.state().registrations.push(Registration {
            urn,
            name: request.name,
            resource_type: request.r#type,
            key,
            inputs,
            dependencies: request.dependencies,
            protect: request.protect.unwrap_or_default(),
            retain: request.retain_on_delete.unwrap_or_default(),
            import: !request.import_id.is_empty(),
            provider: !request.provider.is_empty(),
        });
        Ok(response)
    }

    async fn register_resource_outputs(
        &self,
        request: wire::RegisterResourceOutputsRequest,
    ) -> Result<(), Status> {
        if urn::type_of(&request.urn) == urn::STACK_TYPE {
            self.state().outputs = decode(request.outputs)?;
        }
        Ok(())
    }

    async fn invoke(&self, request: wire::ResourceInvokeRequest) -> Result<wire::InvokeResponse, Status> {
        let answer = mapping::invoke(&request.tok).ok_or_else(|| {
            Status::unimplemented(format!("{} has no counterpart in a CloudFormation template", request.tok))
        })?;
        Ok(wire::InvokeResponse { r#return: encode(&answer)?, ..wire::InvokeResponse::default() })
    }
}
