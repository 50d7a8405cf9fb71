//! The context: where a program registers its resources.

mod callbacks;
mod gather;
mod invoke;
mod packages;
mod read;
pub(crate) mod reference;
mod register;
mod source_position;
mod talk;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};

use tokio::sync::OnceCell;

use crate::callbacks::Callbacks;
use crate::error::Error;
use crate::input::{Inputs, Property, ToInput};
use crate::monitor::Monitor;
use crate::resource::{Component, CustomResource, RemoteComponent, ResourceHandle, ResourceType};
use crate::run::RunInfo;
use crate::tracker::{Tracker, lock};
use crate::{Input, ResourceOptions, wire};

pub(crate) use gather::with_output_values;
pub use talk::LogLevel;

/// Where a program registers its resources. Cheap to clone; a component's context makes it the parent.
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    parent: ResourceHandle,
}

pub(crate) struct Shared {
    pub(crate) monitor: Arc<dyn Monitor>,
    pub(crate) info: RunInfo,
    pub(crate) tracker: Tracker,
    exports: Mutex<BTreeMap<String, Property>>,
    /// Components, and whether their outputs have been sent.
    components: Mutex<BTreeMap<u64, (ResourceHandle, bool)>>,
    callbacks: Callbacks,
    callback_target: OnceCell<String>,
    gate: Mutex<Option<callbacks::Gate>>,
    /// Whether anything was registered, and whether anything was invoked.
    begun: callbacks::Begun,
    packages: packages::Packages,
}

impl Context {
    /// A run's first context, whose parent is the stack.
    pub(crate) fn root(monitor: Arc<dyn Monitor>, info: RunInfo, tracker: Tracker) -> Self {
        let shared = Arc::new(Shared {
            monitor,
            info,
            callbacks: Callbacks::new(tracker.clone()),
            tracker,
            exports: Mutex::default(),
            components: Mutex::default(),
            callback_target: OnceCell::new(),
            gate: Mutex::default(),
            begun: callbacks::Begun::default(),
            packages: packages::Packages::default(),
        });
        shared.tracker.hold(&shared);
        let parent = register::root_stack(&shared);
        Self { shared, parent }
    }

    pub(crate) fn with_parent(&self, parent: &ResourceHandle) -> Self {
        Self { shared: Arc::clone(&self.shared), parent: parent.clone() }
    }

    pub(crate) fn tracker(&self) -> &Tracker {
        &self.shared.tracker
    }

    pub(crate) fn run_info(&self) -> &RunInfo {
        &self.shared.info
    }

    /// The name of the project.
    pub fn project(&self) -> &str {
        &self.shared.info.project
    }

    /// The name of the stack.
    pub fn stack(&self) -> &str {
        &self.shared.info.stack
    }

    /// The name of the organization.
    pub fn organization(&self) -> &str {
        &self.shared.info.organization
    }

    /// The folder of `Pulumi.yaml`; none where the engine has not started the program.
    pub fn root_directory(&self) -> Option<&Path> {
        self.shared.info.root_directory.as_deref()
    }

    /// Whether this is a preview: what callbacks do outside of the program should not be done now.
    pub fn is_dry_run(&self) -> bool {
        self.shared.info.dry_run
    }

    /// Registers a resource that a provider makes. Typed resources call this.
    #[track_caller]
    pub fn custom_resource(
        &self,
        resource_type: &ResourceType,
        name: impl Into<String>,
        inputs: Inputs,
        options: ResourceOptions,
    ) -> CustomResource {
        let position = source_position::here(&self.shared.info);
        let handle = register::custom(self, resource_type, name.into(), inputs, options, position);
        CustomResource::new(handle, self.shared.tracker.clone())
    }

    /// Reads a resource that exists already. Typed resources call this.
    #[track_caller]
    pub fn read_resource(
        &self,
        resource_type: &ResourceType,
        name: impl Into<String>,
        id: impl Into<Input<String>>,
        state: Inputs,
        options: ResourceOptions,
    ) -> CustomResource {
        let position = source_position::here(&self.shared.info);
        let id = id.into().to_input();
        let handle = read::read(self, resource_type, name.into(), id, state, options, position);
        CustomResource::new(handle, self.shared.tracker.clone())
    }

    /// Begins a component: a resource that holds others.
    #[track_caller]
    pub fn component(&self, token: &str, name: impl Into<String>, options: ResourceOptions) -> Component {
        self.component_with_inputs(token, name, Inputs::new(), options)
    }

    /// Begins a component whose inputs the state keeps beside it, so that they are seen and compared.
    #[track_caller]
    pub fn component_with_inputs(
        &self,
        token: &str,
        name: impl Into<String>,
        inputs: Inputs,
        options: ResourceOptions,
    ) -> Component {
        let position = source_position::here(&self.shared.info);
        let handle = register::component(self, token, name.into(), inputs, options, position);
        lock(&self.shared.components).insert(handle.node.number, (handle.clone(), false));
        Component::new(handle, self)
    }

    /// Has a provider make a component of its package. Typed components call this.
    #[track_caller]
    pub fn remote_component(
        &self,
        resource_type: &ResourceType,
        name: impl Into<String>,
        inputs: Inputs,
        options: ResourceOptions,
    ) -> RemoteComponent {
        let position = source_position::here(&self.shared.info);
        let handle = register::remote(self, resource_type, name.into(), inputs, options, position);
        RemoteComponent::new(handle, self)
    }

    /// Makes a value an output of the stack. The last one of a key wins.
    pub fn export(&self, key: impl Into<String>, value: impl ToInput) {
        lock(&self.shared.exports).insert(key.into(), value.to_input());
    }

    pub(crate) fn register_component_outputs(&self, handle: &ResourceHandle, outputs: Inputs) {
        match lock(&self.shared.components).get_mut(&handle.node.number) {
            Some((_, sent)) if !*sent => *sent = true,
            _ => return,
        }
        // Whoever depends on the component may now go through its children.
        handle.node.complete.send_replace(true);
        let context = self.clone();
        let handle = handle.clone();
        self.shared.tracker.spawn(async move {
            let outputs = Property::Object(outputs.into_entries());
            let sent = context.send_outputs(&handle, outputs).await;
            sent.map_err(|error| handle.registration_error(error))
        });
    }

    /// Sends the outputs of a component or of the stack.
    pub(crate) async fn send_outputs(&self, handle: &ResourceHandle, outputs: Property) -> Result<(), Error> {
        let _waiting = self.shared.tracker.waiting(format!("the outputs of {handle:?}"));
        let urn = handle.registered().await?.urn.clone();
        let (outputs, _) = register::resolve_object(outputs).await?;
        let request = wire::RegisterResourceOutputsRequest { urn, outputs: Some(outputs) };
        self.shared.call(|monitor| async move { monitor.register_resource_outputs(request).await }).await
    }

    /// Ends the components that did not do it themselves.
    pub(crate) fn complete_components(&self) {
        let open: Vec<_> = lock(&self.shared.components)
            .values()
            .filter(|(_, sent)| !sent)
            .map(|(handle, _)| handle.clone())
            .collect();
        for handle in open {
            self.register_component_outputs(&handle, Inputs::new());
        }
    }

    pub(crate) fn root_handle(&self) -> &ResourceHandle {
        &self.parent
    }

    pub(crate) fn take_exports(&self) -> BTreeMap<String, Property> {
        std::mem::take(&mut *lock(&self.shared.exports))
    }
}

impl Shared {
    /// A call to the monitor, unless the engine has gone.
    pub(crate) async fn call<T, F>(&self, call: impl FnOnce(Arc<dyn Monitor>) -> F + Send) -> Result<T, Error>
    where
        F: Future<Output = Result<T, tonic::Status>> + Send,
    {
        if self.tracker.engine_gone() {
            return Err(crate::error::Failure::EngineGone.into());
        }
        let answer = self.tracker.outside(call(Arc::clone(&self.monitor))).await;
        answer.map_err(Error::from)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Context")
            .field("info", &self.shared.info)
            .field("parent", &self.parent)
            .finish_non_exhaustive()
    }
}
