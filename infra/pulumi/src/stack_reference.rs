//! Outputs of other stacks.

use crate::context::Context;
use crate::error::Failure;
use crate::input::Inputs;
use crate::options::ResourceOptions;
use crate::output::{Data, Held, Output};
use crate::resource::{CustomResource, Dependencies, Resource, ResourceHandle, ResourceType};
use crate::value::{FromValue, Value};

const TYPE: ResourceType = ResourceType::new("pulumi:pulumi:StackReference", "");

/// Another stack, whose outputs a program reads.
#[derive(Debug, Clone)]
pub struct StackReference {
    resource: CustomResource,
    dry_run: bool,
}

impl StackReference {
    /// Refers to a stack by its full name, `organization/project/stack`. The file backend's organization is called
    /// `organization`.
    #[track_caller]
    pub fn new(context: &Context, stack: impl Into<String>) -> Self {
        let stack = stack.into();
        let state = Inputs::new().with("name", stack.as_str());
        let options = ResourceOptions::new();
        let resource = context.read_resource(&TYPE, stack.clone(), stack.as_str(), state, options);
        Self { resource, dry_run: context.is_dry_run() }
    }

    /// An output of the stack: secret if it is there. One that is missing is unknown in a preview, and otherwise an
    /// error unless `T` is an `Option`.
    pub fn output<T: FromValue + Held>(&self, key: impl Into<String>) -> Output<T> {
        let (handle, key, dry_run) = (self.resource.handle().clone(), key.into(), self.dry_run);
        Output::lazy(Some(self.resource.tracker().clone()), async move {
            let registered = handle.registered().await?;
            let dependencies = Dependencies::of(&handle);
            let named = match registered.property("secretOutputNames").without_secrets() {
                Value::Array(names) => names.contains(&Value::String(key.clone())),
                _ => false,
            };
            let outputs = match registered.property("outputs") {
                Value::Secret(outputs) => *outputs,
                outputs => outputs,
            };
            let value = match outputs {
                Value::Object(mut entries) => entries.remove(&key),
                _ => None,
            };
            let value = match value {
                Some(value) => value,
                None if dry_run => Value::Unknown,
                None => Value::Null,
            };
            let secret = named || value.contains_secret();
            if value.contains_unknown() {
                return Ok(Data { value: None, received: Some(value), secret, dependencies });
            }
            let plain = value.without_secrets();
            let read = T::from_value(plain.clone()).map_err(|source| Failure::Property {
                property: key.clone(),
                name: handle.name().to_owned(),
                token: TYPE.token().to_owned(),
                source: source.in_key(key),
            })?;
            let received = if secret { plain.into_secret() } else { plain };
            Ok(Data { value: Some(read), received: Some(received), secret, dependencies })
        })
    }
}

impl Resource for StackReference {
    fn handle(&self) -> &ResourceHandle {
        self.resource.handle()
    }
}
