//! A monitor for tests: what the engine would get, as values, and answers that a test chooses.
//!
//! A program under test takes the same road as under the engine: it is written to the wire, answered, and read
//! back. A test sees what is on the wire, and nothing has to be replaced in the program.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use std::sync::Arc;
//!
//! use pulumi::mocks::{Mocks, NewResource, Recorder};
//! use pulumi::{FromValue, Inputs, ResourceOptions, ResourceType, RunInfo, Value, json};
//!
//! struct Cloud;
//!
//! impl Mocks for Cloud {
//!     fn new_resource(&self, resource: &NewResource) -> (String, std::collections::BTreeMap<String, Value>) {
//!         let mut state = resource.inputs.clone();
//!         state.insert("arn".to_owned(), Value::String(format!("arn:{}", resource.name)));
//!         (format!("{}-id", resource.name), state)
//!     }
//! }
//!
//! const TABLE: ResourceType = ResourceType::new("cloud:data/table:Table", "1.0.0");
//!
//! let recorder = Arc::new(Recorder::new(Cloud));
//! pulumi::run_with(recorder.clone(), RunInfo::new("shop", "test"), |context| async move {
//!     let table = context.custom_resource(&TABLE, "orders", Inputs::new(), ResourceOptions::new());
//!     context.export("arn", table.output::<String>("arn"));
//!     Ok::<_, pulumi::Error>(())
//! })
//! .await
//! .unwrap();
//!
//! assert_eq!(recorder.resource("orders").unwrap().token, "cloud:data/table:Table");
//! assert_eq!(recorder.stack_outputs()["arn"], Value::String("arn:orders".to_owned()));
//! # });
//! ```

mod called_back;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Mutex;

use async_trait::async_trait;

use crate::callbacks::Callbacks;
use crate::context::reference::GET_RESOURCE;
use crate::monitor::Monitor;
use crate::tracker::lock;
use crate::value::{Value, ValueError};
use crate::{urn, wire};

/// What a test answers.
pub trait Mocks: Send + Sync + 'static {
    /// The identifier and the outputs of a new resource. By default its name with `-id`, and its inputs.
    fn new_resource(&self, resource: &NewResource) -> (String, BTreeMap<String, Value>) {
        (format!("{}-id", resource.name), resource.inputs.clone())
    }

    /// The outputs of a resource that exists already; `None` for one that does not.
    fn read_resource(&self, _token: &str, _id: &str) -> Option<BTreeMap<String, Value>> {
        None
    }

    /// The result of a provider's function; `None` for one that does not exist.
    fn invoke(&self, _token: &str, _arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        None
    }

    /// The result of a method of a resource, whose reference is the argument `__self__`; `None` for one that does not
    /// exist.
    fn call(&self, _token: &str, _arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        None
    }
}

/// Mocks that answer by default.
#[derive(Debug, Clone, Copy, Default)]
pub struct Echo;

impl Mocks for Echo {}

/// A resource that a program registered.
#[derive(Debug, Clone)]
pub struct NewResource {
    /// Its URN.
    pub urn: String,
    /// Its type.
    pub token: String,
    /// Its name.
    pub name: String,
    /// Its inputs, as they were on the wire once every transform had seen them.
    pub inputs: BTreeMap<String, Value>,
    /// The whole request, once every transform had seen it.
    pub request: wire::RegisterResourceRequest,
}

/// A monitor that answers with [`Mocks`] and keeps what was registered.
pub struct Recorder<M = Echo> {
    mocks: M,
    record: Mutex<Record>,
}

#[derive(Default)]
struct Record {
    project: String,
    stack: String,
    resources: BTreeMap<String, NewResource>,
    /// The identifiers and outputs of resources by their URNs.
    states: BTreeMap<String, (String, BTreeMap<String, Value>)>,
    outputs: BTreeMap<String, BTreeMap<String, Value>>,
    messages: Vec<String>,
    complete: bool,
    packages: Vec<wire::RegisterPackageRequest>,
    calls: Vec<wire::ResourceCallRequest>,
    invocations: Vec<wire::ResourceInvokeRequest>,
    called_back: called_back::CalledBack,
    required_versions: Vec<String>,
}

impl<M: Mocks> Recorder<M> {
    /// A monitor with these answers.
    pub fn new(mocks: M) -> Self {
        Self { mocks, record: Mutex::default() }
    }

    /// Everything that was registered, without the stack itself, in the order of URNs.
    pub fn resources(&self) -> Vec<NewResource> {
        let record = lock(&self.record);
        record.resources.values().filter(|resource| resource.token != urn::STACK_TYPE).cloned().collect()
    }

    /// Everything of one type, in the order of URNs.
    pub fn resources_of(&self, token: &str) -> Vec<NewResource> {
        self.resources().into_iter().filter(|resource| resource.token == token).collect()
    }

    /// The first resource of that name.
    pub fn resource(&self, name: &str) -> Option<NewResource> {
        self.resources().into_iter().find(|resource| resource.name == name)
    }

    /// The outputs of the stack.
    pub fn stack_outputs(&self) -> BTreeMap<String, Value> {
        let record = lock(&self.record);
        let of_stack = |(urn, outputs): (&String, &BTreeMap<String, Value>)| {
            (urn::type_of(urn) == urn::STACK_TYPE).then(|| outputs.clone())
        };
        record.outputs.iter().find_map(of_stack).unwrap_or_default()
    }

    /// The outputs of a component.
    pub fn outputs_of(&self, urn: &str) -> Option<BTreeMap<String, Value>> {
        lock(&self.record).outputs.get(urn).cloned()
    }

    /// The packages that were registered.
    pub fn packages(&self) -> Vec<wire::RegisterPackageRequest> {
        lock(&self.record).packages.clone()
    }

    /// The methods that were called.
    pub fn calls(&self) -> Vec<wire::ResourceCallRequest> {
        lock(&self.record).calls.clone()
    }

    /// The functions that were invoked, once every transform had seen them.
    pub fn invocations(&self) -> Vec<wire::ResourceInvokeRequest> {
        lock(&self.record).invocations.clone()
    }

    /// The versions of the Pulumi CLI that the program required.
    pub fn required_versions(&self) -> Vec<String> {
        lock(&self.record).required_versions.clone()
    }

    /// What was logged.
    pub fn messages(&self) -> Vec<String> {
        lock(&self.record).messages.clone()
    }

    /// Whether the program said that it is complete.
    pub fn is_complete(&self) -> bool {
        lock(&self.record).complete
    }
}

impl<M> Recorder<M> {
    /// The answer of the engine's own function about a resource that was registered.
    fn state_of(&self, token: &str, arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        let (GET_RESOURCE, Some(Value::String(urn))) = (token, arguments.get("urn")) else { return None };
        let (id, state) = lock(&self.record).states.get(urn)?.clone();
        let entries =
            [("urn", Value::String(urn.clone())), ("id", Value::String(id)), ("state", Value::Object(state))];
        Some(entries.map(|(key, value)| (key.to_owned(), value)).into())
    }
}

impl<M> fmt::Debug for Recorder<M> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let resources = lock(&self.record).resources.len();
        formatter.debug_struct("Recorder").field("resources", &resources).finish_non_exhaustive()
    }
}

fn unreadable(error: ValueError) -> tonic::Status {
    tonic::Status::invalid_argument(error.to_string())
}

#[async_trait]
impl<M: Mocks> Monitor for Recorder<M> {
    async fn register_resource(
        &self,
        request: wire::RegisterResourceRequest,
    ) -> Result<wire::RegisterResourceResponse, tonic::Status> {
        let request = self.transformed(request).await?;
        let inputs = wire::decode_struct(&request.object.clone().unwrap_or_default()).map_err(unreadable)?;
        let urn = {
            let mut record = lock(&self.record);
            if request.r#type == urn::STACK_TYPE {
                // The stack's name is project-stack; which dash divides them does not matter to a test.
                let (project, stack) =
                    request.name.rsplit_once('-').unwrap_or(("project", request.name.as_str()));
                record.project = project.to_owned();
                record.stack = stack.to_owned();
            }
            let parent = (!request.parent.is_empty()).then_some(request.parent.as_str());
            let urn = urn::build(&record.stack, &record.project, parent, &request.r#type, &request.name);
            if record.resources.contains_key(&urn) {
                return Err(tonic::Status::invalid_argument(format!("Duplicate resource URN {urn:?}")));
            }
            urn
        };
        lock(&self.record).called_back.note(&urn, &request);
        let resource = NewResource {
            urn: urn.clone(),
            token: request.r#type.clone(),
            name: request.name.clone(),
            inputs,
            request,
        };
        self.run_hooks(&resource, None).await?;
        let (id, state) = match (resource.request.custom, resource.request.remote) {
            (true, _) => self.mocks.new_resource(&resource),
            (false, true) => (String::new(), self.mocks.new_resource(&resource).1),
            (false, false) => (String::new(), BTreeMap::new()),
        };
        self.run_hooks(&resource, Some((&id, &state))).await?;
        {
            let mut record = lock(&self.record);
            record.resources.insert(urn.clone(), resource);
            record.states.insert(urn.clone(), (id.clone(), state.clone()));
        }
        let object = Some(wire::encode_struct(&state).map_err(unreadable)?);
        Ok(wire::RegisterResourceResponse { urn, id, object, ..wire::RegisterResourceResponse::default() })
    }

    async fn register_resource_outputs(
        &self,
        request: wire::RegisterResourceOutputsRequest,
    ) -> Result<(), tonic::Status> {
        let outputs = wire::decode_struct(&request.outputs.unwrap_or_default()).map_err(unreadable)?;
        lock(&self.record).outputs.insert(request.urn, outputs);
        Ok(())
    }

    async fn read_resource(
        &self,
        request: wire::ReadResourceRequest,
    ) -> Result<wire::ReadResourceResponse, tonic::Status> {
        let state = self.mocks.read_resource(&request.r#type, &request.id).ok_or_else(|| {
            tonic::Status::not_found(format!("no mock for {} with the id {:?}", request.r#type, request.id))
        })?;
        let (project, stack) = {
            let record = lock(&self.record);
            (record.project.clone(), record.stack.clone())
        };
        let urn = urn::build(&stack, &project, Some(&request.parent), &request.r#type, &request.name);
        let properties = Some(wire::encode_struct(&state).map_err(unreadable)?);
        Ok(wire::ReadResourceResponse { urn, properties })
    }

    async fn invoke(
        &self,
        request: wire::ResourceInvokeRequest,
    ) -> Result<wire::InvokeResponse, tonic::Status> {
        let request = self.transformed_invocation(request).await?;
        lock(&self.record).invocations.push(request.clone());
        let arguments = wire::decode_struct(&request.args.unwrap_or_default()).map_err(unreadable)?;
        let result = self
            .state_of(&request.tok, &arguments)
            .or_else(|| self.mocks.invoke(&request.tok, &arguments))
            .ok_or_else(|| tonic::Status::not_found(format!("no mock for {}", request.tok)))?;
        let result = wire::encode_struct(&result).map_err(unreadable)?;
        Ok(wire::InvokeResponse { r#return: Some(result), ..wire::InvokeResponse::default() })
    }

    async fn call(&self, request: wire::ResourceCallRequest) -> Result<wire::CallResponse, tonic::Status> {
        lock(&self.record).calls.push(request.clone());
        let arguments = wire::decode_struct(&request.args.unwrap_or_default()).map_err(unreadable)?;
        let result = self
            .mocks
            .call(&request.tok, &arguments)
            .ok_or_else(|| tonic::Status::not_found(format!("no mock for {}", request.tok)))?;
        let result = wire::encode_struct(&result).map_err(unreadable)?;
        Ok(wire::CallResponse {
            r#return: Some(result),
            failures: Vec::new(),
            return_dependencies: HashMap::new(),
        })
    }

    async fn register_package(
        &self,
        request: wire::RegisterPackageRequest,
    ) -> Result<wire::RegisterPackageResponse, tonic::Status> {
        let made = request.parameterization.as_ref().or(request.extension.as_ref());
        let (name, version) =
            made.map_or((&request.name, &request.version), |made| (&made.name, &made.version));
        let r#ref = format!("{name}@{version}");
        lock(&self.record).packages.push(request);
        Ok(wire::RegisterPackageResponse { r#ref })
    }

    async fn callback_target(&self, callbacks: Callbacks) -> Result<String, tonic::Status> {
        lock(&self.record).called_back.callbacks = Some(callbacks);
        Ok("in this process".to_owned())
    }

    async fn register_stack_transform(&self, callback: wire::Callback) -> Result<(), tonic::Status> {
        lock(&self.record).called_back.transforms.push(callback);
        Ok(())
    }

    async fn register_stack_invoke_transform(&self, callback: wire::Callback) -> Result<(), tonic::Status> {
        lock(&self.record).called_back.invoke_transforms.push(callback);
        Ok(())
    }

    async fn register_resource_hook(
        &self,
        request: wire::RegisterResourceHookRequest,
    ) -> Result<(), tonic::Status> {
        lock(&self.record).called_back.hooks.insert(request.name.clone(), request);
        Ok(())
    }

    async fn register_error_hook(
        &self,
        _request: wire::RegisterErrorHookRequest,
    ) -> Result<(), tonic::Status> {
        // Nothing fails here once it is made.
        Ok(())
    }

    async fn require_pulumi_version(&self, range: &str) -> Result<(), tonic::Status> {
        lock(&self.record).required_versions.push(range.to_owned());
        Ok(())
    }

    /// Everything but the engine's own sight of what does not exist yet.
    async fn supports_feature(&self, id: &str) -> Result<bool, tonic::Status> {
        Ok(id != "invokeDependsOn")
    }

    async fn log(&self, request: wire::LogRequest) -> Result<(), tonic::Status> {
        lock(&self.record).messages.push(request.message);
        Ok(())
    }

    async fn signal_and_wait_for_shutdown(&self) -> Result<(), tonic::Status> {
        lock(&self.record).complete = true;
        Ok(())
    }
}
