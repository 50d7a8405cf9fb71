//! Reading resources that exist already.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Context;
use super::gather::{Gathered, provider_reference};
use super::register::{Draft, begin, spawn};
use crate::error::Failure;
use crate::input::{Inputs, Property};
use crate::options::ResourceOptions;
use crate::resource::{Identifier, Kind, Registered, ResourceHandle, ResourceType};
use crate::value::Value;
use crate::wire::{self, SourcePosition};

/// Reads a resource that exists already.
pub(super) fn read(
    context: &Context,
    resource_type: &ResourceType,
    name: String,
    id: Property,
    state: Inputs,
    options: ResourceOptions,
    position: Option<SourcePosition>,
) -> ResourceHandle {
    let shared = Arc::clone(&context.shared);
    let parent = options.parent.clone().unwrap_or_else(|| context.parent.clone());
    // A package has its own version and its own origin.
    let version = match (&options.version, resource_type.package) {
        (Some(version), _) => version.clone(),
        (None, None) => resource_type.version.to_owned(),
        (None, Some(_)) => String::new(),
    };
    let mut secrets = options.additional_secret_outputs.clone();
    secrets.extend(resource_type.secret_outputs.iter().map(|key| (*key).to_owned()));
    let draft = Draft {
        token: resource_type.token.to_owned(),
        name,
        kind: Kind::Custom,
        version: version.clone(),
        parent: Some(parent.clone()),
        secret_outputs: secrets.clone(),
    };
    let begun = begin(&shared, draft);
    let handle = begun.handle.clone();
    let (token, package) = (resource_type.token, resource_type.package);
    let plugin_download_url = match (&options.plugin_download_url, package) {
        (Some(url), _) => url.clone(),
        (None, None) => resource_type.plugin_download_url.to_owned(),
        (None, Some(_)) => String::new(),
    };
    let task_shared = Arc::clone(&shared);
    let gate = shared.gate();
    spawn(&shared, begun, async move {
        let shared = task_shared;
        gate.await?;
        let parent = parent.registered().await?.urn.clone();
        let mut gathered = Gathered::new(&handle);
        for handle in &options.depends_on {
            gathered.also(handle).await?;
        }
        let id = id.resolve().await.map_err(|source| Failure::Input { property: "id".to_owned(), source })?;
        gathered.property("id", &id.dependencies).await?;
        let resolved = Property::Object(state.into_entries()).resolve().await?;
        gathered.property("state", &resolved.dependencies).await?;
        let Some(Value::Object(inputs)) = resolved.value else {
            return Err(Failure::Refused("the state to look for is no object".to_owned()).into());
        };
        let id = match id.value.map(Value::without_secrets) {
            Some(Value::String(id)) => id,
            // What does not exist yet cannot be read: all of it is unknown.
            _ => {
                let info = &shared.info;
                let urn = crate::urn::build(&info.stack, &info.project, Some(&parent), token, handle.name());
                let outputs = BTreeMap::new();
                return Ok(Registered {
                    urn,
                    id: Identifier::Unknown,
                    inputs,
                    outputs,
                    output_dependencies: BTreeMap::new(),
                    rest_is_unknown: true,
                });
            }
        };
        let provider = match &options.provider {
            Some(provider) => provider_reference(provider).await?,
            None => String::new(),
        };
        let request = wire::ReadResourceRequest {
            id: id.clone(),
            r#type: token.to_owned(),
            name: handle.name().to_owned(),
            parent,
            properties: Some(wire::encode_struct(&inputs).map_err(Failure::Value)?),
            dependencies: gathered.all.into_iter().collect(),
            provider,
            version,
            plugin_download_url,
            accept_secrets: true,
            accept_resources: true,
            additional_secret_outputs: secrets,
            stack_trace: super::source_position::stack_trace(position.as_ref()),
            source_position: position,
            package_ref: shared.package_reference(package).await?,
            accepts_byte_string: true,
            ..wire::ReadResourceRequest::default()
        };
        let response = shared.call(|monitor| async move { monitor.read_resource(request).await }).await?;
        let outputs =
            response.properties.as_ref().map(wire::decode_struct).transpose().map_err(Failure::Answer)?;
        Ok(Registered {
            urn: response.urn,
            id: Identifier::Known(id),
            inputs,
            outputs: outputs.unwrap_or_default(),
            output_dependencies: BTreeMap::new(),
            rest_is_unknown: false,
        })
    })
}
