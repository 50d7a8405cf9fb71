//! Values that the state keeps.

use crate::context::Context;
use crate::input::{Inputs, ToInput};
use crate::options::ResourceOptions;
use crate::output::{Held, Output};
use crate::resource::{CustomResource, Resource, ResourceHandle, ResourceType};
use crate::value::FromValue;

const TYPE: ResourceType = ResourceType::new("pulumi:index:Stash", "");

/// A value that the state keeps as it was first given, until the stash is replaced. The engine makes it by itself.
#[derive(Debug, Clone)]
pub struct Stash {
    resource: CustomResource,
}

impl Stash {
    /// Keeps a value.
    #[track_caller]
    pub fn new(
        context: &Context,
        name: impl Into<String>,
        value: impl ToInput,
        options: ResourceOptions,
    ) -> Self {
        let inputs = Inputs::new().with("input", value);
        Self { resource: context.custom_resource(&TYPE, name, inputs, options) }
    }

    /// The value that was given last.
    pub fn input<T: FromValue + Held>(&self) -> Output<T> {
        self.resource.output("input")
    }

    /// The value that is kept.
    pub fn output<T: FromValue + Held>(&self) -> Output<T> {
        self.resource.output("output")
    }
}

impl Resource for Stash {
    fn handle(&self) -> &ResourceHandle {
        self.resource.handle()
    }
}
