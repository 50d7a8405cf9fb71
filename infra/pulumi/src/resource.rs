//! Resources, as a program holds them.

mod component;
mod dependencies;
mod handle;
mod remote;
mod state;
mod types;

pub use component::Component;
pub(crate) use dependencies::Dependencies;
pub use handle::ResourceHandle;
pub(crate) use handle::{Kind, Node};
pub use remote::RemoteComponent;
pub(crate) use state::{Identifier, Registered};
pub use types::{FunctionType, Package, Parameterization, ResourceType};

use crate::input::{Property, Resolved, ToInput};
use crate::output::{Data, Held, Output};
use crate::tracker::Tracker;
use crate::value::FromValue;

/// What a program registered: resources of providers, and components.
pub trait Resource {
    /// The handle by which options refer to it.
    fn handle(&self) -> &ResourceHandle;
}

/// A resource that a provider makes. Typed resources hold one.
#[derive(Debug, Clone)]
pub struct CustomResource {
    handle: ResourceHandle,
    tracker: Tracker,
}

impl CustomResource {
    pub(crate) fn new(handle: ResourceHandle, tracker: Tracker) -> Self {
        Self { handle, tracker }
    }

    pub(crate) fn tracker(&self) -> &Tracker {
        &self.tracker
    }

    /// The engine's name for the resource.
    pub fn urn(&self) -> Output<String> {
        let handle = self.handle.clone();
        Output::lazy(Some(self.tracker.clone()), async move {
            let registered = handle.registered().await?;
            let dependencies = Dependencies::of(&handle);
            Ok(Data { value: Some(registered.urn.clone()), received: None, secret: false, dependencies })
        })
    }

    /// The provider's identifier of the resource; unknown in a preview until it exists.
    pub fn id(&self) -> Output<String> {
        let handle = self.handle.clone();
        Output::lazy(Some(self.tracker.clone()), async move {
            let registered = handle.registered().await?;
            let value = match &registered.id {
                Identifier::Known(id) => Some(id.clone()),
                Identifier::Unknown | Identifier::None => None,
            };
            let dependencies = Dependencies::of(&handle);
            Ok(Data { value, received: None, secret: false, dependencies })
        })
    }

    /// An output by its name on the wire. Where the engine's answer has none it is the input of that name, else
    /// null, and in a preview unknown. An output that is no `T` is an error only where it is used.
    pub fn output<T: FromValue + Held>(&self, key: &'static str) -> Output<T> {
        output(&self.handle, &self.tracker, key)
    }
}

/// An output of a registered resource.
fn output<T: FromValue + Held>(handle: &ResourceHandle, tracker: &Tracker, key: &'static str) -> Output<T> {
    let handle = handle.clone();
    let sender = handle.clone();
    let raw = Property::pending(async move {
        let registered = sender.registered().await?;
        let dependencies = output_dependencies(&sender, &registered, key);
        Ok(Resolved { value: Some(registered.property(key)), dependencies })
    });
    let output = Output::lazy(Some(tracker.clone()), async move {
        let registered = handle.registered().await?;
        let received = registered.property(key);
        // The engine marks what is there; what is secret is so before it is there.
        let secret = received.contains_secret() || handle.node.secret_outputs.iter().any(|name| name == key);
        let value = if received.contains_unknown() {
            None
        } else {
            let read = T::from_value(received.clone().without_secrets());
            Some(read.map_err(|source| handle.property_error(key, source))?)
        };
        let dependencies = output_dependencies(&handle, &registered, key);
        Ok(Data { value, received: Some(received), secret, dependencies })
    });
    output.received_as(raw)
}

fn output_dependencies(handle: &ResourceHandle, registered: &Registered, key: &str) -> Dependencies {
    let mut dependencies = Dependencies::of(handle);
    if let Some(urns) = registered.output_dependencies.get(key) {
        dependencies.extend(&Dependencies::of_urns(urns.iter().cloned()));
    }
    dependencies
}

impl Resource for CustomResource {
    fn handle(&self) -> &ResourceHandle {
        &self.handle
    }
}

impl Resource for ResourceHandle {
    fn handle(&self) -> &ResourceHandle {
        self
    }
}

impl ToInput for CustomResource {
    fn to_input(&self) -> Property {
        self.handle.reference()
    }
}

impl ToInput for ResourceHandle {
    fn to_input(&self) -> Property {
        self.reference()
    }
}
