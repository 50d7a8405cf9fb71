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
    let version = options.version.clone().unwrap_or_else(|| resource_type.version.to_owned());
    let draft = Draft {
        token: resource_type.token.to_owned(),
        name,
        kind: Kind::Custom,
        version: version.clone(),
        parent: Some(parent.clone()),
    };
    let begun = begin(&shared, draft);
    let handle = begun.handle.clone();
    let token = resource_type.token;
    let plugin_download_url =
        options.plugin_download_url.clone().unwrap_or_else(|| resource_type.plugin_download_url.to_owned());
    let mut secrets = options.additional_secret_outputs.clone();
    secrets.extend(resource_type.secret_outputs.iter().map(|key| (*key).to_owned()));
    let task_shared = Arc::clone(&shared);
    spawn(&shared, begun, async move {
        let shared = task_shared;
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
            source_position: position,
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
            rest_is_unknown: false,
        })
    })
}
