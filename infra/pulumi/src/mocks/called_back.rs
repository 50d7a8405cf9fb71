//! What a recorder calls back: transforms in the engine's order, and the hooks of a creation.

use std::collections::BTreeMap;

use prost::Message;
use tonic::Status;

use super::{Mocks, NewResource, Recorder, unreadable};
use crate::callbacks::Callbacks;
use crate::tracker::lock;
use crate::value::Value;
use crate::wire;

#[derive(Default)]
pub(super) struct CalledBack {
    pub(super) callbacks: Option<Callbacks>,
    /// Those of the stack.
    pub(super) transforms: Vec<wire::Callback>,
    pub(super) invoke_transforms: Vec<wire::Callback>,
    pub(super) hooks: BTreeMap<String, wire::RegisterResourceHookRequest>,
    /// Those of resources by their URNs, and each one's parent.
    of_resources: BTreeMap<String, (String, Vec<wire::Callback>)>,
}

impl CalledBack {
    pub(super) fn note(&mut self, urn: &str, request: &wire::RegisterResourceRequest) {
        self.of_resources.insert(urn.to_owned(), (request.parent.clone(), request.transforms.clone()));
    }

    /// The transforms of a resource: its own, then those of its parents, then those of the stack.
    fn for_resource(&self, request: &wire::RegisterResourceRequest) -> Vec<wire::Callback> {
        let mut transforms = request.transforms.clone();
        let mut parent = &request.parent;
        while let Some((next, more)) = self.of_resources.get(parent) {
            transforms.extend(more.iter().cloned());
            parent = next;
        }
        transforms.extend(self.transforms.iter().cloned());
        transforms
    }
}

impl<M: Mocks> Recorder<M> {
    async fn call_back<A: Message + Default>(
        &self,
        callback: &wire::Callback,
        request: &impl Message,
    ) -> Result<A, Status> {
        let callbacks = lock(&self.record).called_back.callbacks.clone();
        let callbacks = callbacks.ok_or_else(|| Status::internal("a callback of nobody"))?;
        let answer = callbacks.invoke(&callback.token, &request.encode_to_vec()).await?;
        A::decode(answer.as_slice()).map_err(|error| Status::internal(error.to_string()))
    }

    /// The request as its transforms leave it.
    pub(super) async fn transformed(
        &self,
        mut request: wire::RegisterResourceRequest,
    ) -> Result<wire::RegisterResourceRequest, Status> {
        let transforms = lock(&self.record).called_back.for_resource(&request);
        for transform in transforms {
            let question = wire::TransformRequest {
                r#type: request.r#type.clone(),
                name: request.name.clone(),
                custom: request.custom,
                parent: request.parent.clone(),
                properties: request.object.clone(),
                options: Some(options_of(&request)),
            };
            let answer: wire::TransformResponse = self.call_back(&transform, &question).await?;
            if let Some(options) = answer.options {
                apply(&mut request, options);
            }
            if let Some(properties) = &answer.properties {
                let mut inputs = wire::decode_struct(properties).map_err(unreadable)?;
                if !request.remote {
                    for (key, value) in &mut inputs {
                        *value = arrived(&mut request, key, std::mem::replace(value, Value::Null));
                    }
                }
                request.object = Some(wire::encode_struct(&inputs).map_err(unreadable)?);
            }
        }
        Ok(request)
    }

    pub(super) async fn transformed_invocation(
        &self,
        mut request: wire::ResourceInvokeRequest,
    ) -> Result<wire::ResourceInvokeRequest, Status> {
        let transforms = lock(&self.record).called_back.invoke_transforms.clone();
        for transform in transforms {
            let question = wire::TransformInvokeRequest {
                token: request.tok.clone(),
                args: request.args.clone(),
                options: Some(wire::TransformInvokeOptions {
                    provider: request.provider.clone(),
                    plugin_download_url: request.plugin_download_url.clone(),
                    version: request.version.clone(),
                    plugin_checksums: request.plugin_checksums.clone(),
                }),
            };
            let answer: wire::TransformInvokeResponse = self.call_back(&transform, &question).await?;
            request.args = answer.args.or(request.args);
            if let Some(options) = answer.options {
                request.provider = options.provider;
                request.plugin_download_url = options.plugin_download_url;
                request.version = options.version;
                request.plugin_checksums = options.plugin_checksums;
            }
        }
        Ok(request)
    }

    /// Runs the hooks before a creation, or with what it made those after it.
    pub(super) async fn run_hooks(
        &self,
        resource: &NewResource,
        made: Option<(&str, &BTreeMap<String, Value>)>,
    ) -> Result<(), Status> {
        let Some(binding) = &resource.request.hooks else { return Ok(()) };
        let names = if made.is_some() { &binding.after_create } else { &binding.before_create };
        for name in names {
            let hook = lock(&self.record).called_back.hooks.get(name).cloned();
            let hook = hook.ok_or_else(|| Status::invalid_argument(format!("there is no hook {name}")))?;
            let outputs =
                made.map(|(_, state)| wire::encode_struct(state)).transpose().map_err(unreadable)?;
            let question = wire::ResourceHookRequest {
                urn: resource.urn.clone(),
                id: made.map(|(id, _)| id.to_owned()).unwrap_or_default(),
                name: resource.name.clone(),
                r#type: resource.token.clone(),
                new_inputs: resource.request.object.clone(),
                new_outputs: outputs,
                ..wire::ResourceHookRequest::default()
            };
            let callback = hook.callback.unwrap_or_default();
            let answer = self.call_back::<wire::ResourceHookResponse>(&callback, &question).await;
            let error = match answer {
                Ok(answer) if answer.error.is_empty() => continue,
                Ok(answer) => answer.error,
                Err(status) => status.message().to_owned(),
            };
            if !hook.ignore_errors {
                return Err(Status::unknown(format!("hook {name} failed: {error}")));
            }
        }
        Ok(())
    }
}

/// A value as a provider gets it: an output value gives its dependencies to the request.
fn arrived(request: &mut wire::RegisterResourceRequest, key: &str, value: Value) -> Value {
    let output = match value {
        Value::Output(output) => output,
        Value::Secret(value) => return arrived(request, key, *value).into_secret(),
        Value::Array(items) => {
            return Value::Array(items.into_iter().map(|item| arrived(request, key, item)).collect());
        }
        Value::Object(entries) => {
            let entries = entries.into_iter().map(|(name, value)| (name, arrived(request, key, value)));
            return Value::Object(entries.collect());
        }
        value => return value,
    };
    for urn in output.dependencies {
        let of_property = &mut request.property_dependencies.entry(key.to_owned()).or_default().urns;
        for urns in [of_property, &mut request.dependencies] {
            if !urns.contains(&urn) {
                urns.push(urn.clone());
            }
        }
    }
    let value = arrived(request, key, output.value.unwrap_or(Value::Unknown));
    if output.secret { value.into_secret() } else { value }
}

fn options_of(request: &wire::RegisterResourceRequest) -> wire::TransformResourceOptions {
    wire::TransformResourceOptions {
        depends_on: request.dependencies.clone(),
        protect: request.protect,
        ignore_changes: request.ignore_changes.clone(),
        replace_on_changes: request.replace_on_changes.clone(),
        version: request.version.clone(),
        aliases: request.aliases.clone(),
        provider: request.provider.clone(),
        custom_timeouts: request.custom_timeouts.clone(),
        plugin_download_url: request.plugin_download_url.clone(),
        retain_on_delete: request.retain_on_delete,
        deleted_with: request.deleted_with.clone(),
        delete_before_replace: request.delete_before_replace_defined.then_some(request.delete_before_replace),
        additional_secret_outputs: request.additional_secret_outputs.clone(),
        providers: request.providers.clone(),
        plugin_checksums: request.plugin_checksums.clone(),
        hooks: request.hooks.clone(),
        import: request.import_id.clone(),
        hide_diff: request.hide_diffs.clone(),
        replace_with: request.replace_with.clone(),
        replacement_trigger: request.replacement_trigger.clone(),
    }
}

fn apply(request: &mut wire::RegisterResourceRequest, options: wire::TransformResourceOptions) {
    request.dependencies = options.depends_on;
    request.protect = options.protect;
    request.ignore_changes = options.ignore_changes;
    request.replace_on_changes = options.replace_on_changes;
    request.version = options.version;
    request.aliases = options.aliases;
    request.provider = options.provider;
    request.custom_timeouts = options.custom_timeouts;
    request.plugin_download_url = options.plugin_download_url;
    request.retain_on_delete = options.retain_on_delete;
    request.deleted_with = options.deleted_with;
    request.delete_before_replace_defined = options.delete_before_replace.is_some();
    request.delete_before_replace = options.delete_before_replace.unwrap_or(false);
    request.additional_secret_outputs = options.additional_secret_outputs;
    request.providers = options.providers;
    request.plugin_checksums = options.plugin_checksums;
    request.hooks = options.hooks;
    request.import_id = options.import;
    request.hide_diffs = options.hide_diff;
    request.replace_with = options.replace_with;
    request.replacement_trigger = options.replacement_trigger;
}
