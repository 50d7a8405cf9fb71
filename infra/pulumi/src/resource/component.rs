//! Components: resources that hold others.

use super::{Dependencies, Resource, ResourceHandle};
use crate::context::Context;
use crate::input::{Inputs, Property, ToInput};
use crate::output::{Data, Output};

/// A resource that holds others and makes nothing itself. Register children with its [`context`](Self::context),
/// and end the constructor with [`register_outputs`](Self::register_outputs).
#[derive(Debug, Clone)]
pub struct Component {
    handle: ResourceHandle,
    context: Context,
}

impl Component {
    pub(crate) fn new(handle: ResourceHandle, context: &Context) -> Self {
        let context = context.with_parent(&handle);
        Self { handle, context }
    }

    /// A context in which this component is the parent.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The engine's name for the component. It carries no dependency: whoever needs what is in the component says so.
    pub fn urn(&self) -> Output<String> {
        let handle = self.handle.clone();
        Output::lazy(Some(self.context.tracker().clone()), async move {
            let registered = handle.registered().await?;
            let dependencies = Dependencies::default();
            Ok(Data { value: Some(registered.urn.clone()), received: None, secret: false, dependencies })
        })
    }

    /// Ends the component: all its children are registered, and these are its outputs. A second call does nothing.
    pub fn register_outputs<K: Into<String>>(&self, outputs: impl IntoIterator<Item = (K, Property)>) {
        self.context.register_component_outputs(&self.handle, outputs.into_iter().collect::<Inputs>());
    }
}

impl Resource for Component {
    fn handle(&self) -> &ResourceHandle {
        &self.handle
    }
}

impl ToInput for Component {
    fn to_input(&self) -> Property {
        self.handle.reference()
    }
}
