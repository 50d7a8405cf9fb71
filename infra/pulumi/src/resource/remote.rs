//! Remote components: resources that hold others, and that a provider makes.

use super::{Dependencies, Resource, ResourceHandle, output};
use crate::context::Context;
use crate::input::{Property, ToInput};
use crate::output::{Data, Held, Output};
use crate::value::FromValue;

/// A component whose resources its provider makes, such as one of a package in another language. Typed components
/// hold one.
#[derive(Debug, Clone)]
pub struct RemoteComponent {
    handle: ResourceHandle,
    context: Context,
}

impl RemoteComponent {
    pub(crate) fn new(handle: ResourceHandle, context: &Context) -> Self {
        let context = context.with_parent(&handle);
        Self { handle, context }
    }

    /// A context in which this component is the parent.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The engine's name for the component.
    pub fn urn(&self) -> Output<String> {
        let handle = self.handle.clone();
        Output::lazy(Some(self.context.tracker().clone()), async move {
            let registered = handle.registered().await?;
            let dependencies = Dependencies::of(&handle);
            Ok(Data { value: Some(registered.urn.clone()), received: None, secret: false, dependencies })
        })
    }

    /// An output by its name on the wire, with what the provider says that it depends on.
    pub fn output<T: FromValue + Held>(&self, key: &'static str) -> Output<T> {
        output(&self.handle, self.context.tracker(), key)
    }
}

impl Resource for RemoteComponent {
    fn handle(&self) -> &ResourceHandle {
        &self.handle
    }
}

impl ToInput for RemoteComponent {
    fn to_input(&self) -> Property {
        self.handle.reference()
    }
}
