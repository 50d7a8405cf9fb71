//! What goes into a request besides its inputs: dependencies and options.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::Shared;
use crate::error::{Error, Failure};
use crate::hooks::HookPoint;
use crate::input::Property;
use crate::options::ResourceOptions;
use crate::resource::{Dependencies, Identifier, Kind, ResourceHandle};
use crate::value::{OutputValue, Value};
use crate::wire;
use crate::wire::register_resource_request::{PropertyDependencies, ResourceHooksBinding};

/// The dependencies of one registration.
pub(super) struct Gathered<'handle> {
    dependent: &'handle ResourceHandle,
    pub(super) all: BTreeSet<String>,
    pub(super) by_property: HashMap<String, PropertyDependencies>,
}

impl<'handle> Gathered<'handle> {
    pub(super) fn new(dependent: &'handle ResourceHandle) -> Self {
        Self { dependent, all: BTreeSet::new(), by_property: HashMap::new() }
    }

    async fn urns_of(&self, handle: &ResourceHandle) -> Result<BTreeSet<String>, Error> {
        if handle.node.kind == Kind::Component && self.dependent.node.ancestors.contains(&handle.node.number)
        {
            return Err(Failure::DependsOnParent(format!("{handle:?}")).into());
        }
        urns_of(handle, Some(self.dependent.node.number)).await
    }

    pub(super) async fn property(&mut self, key: &str, dependencies: &Dependencies) -> Result<(), Error> {
        let mut urns: BTreeSet<String> = dependencies.urns().cloned().collect();
        for handle in dependencies.iter() {
            urns.extend(self.urns_of(handle).await?);
        }
        self.all.extend(urns.iter().cloned());
        self.by_property.insert(key.to_owned(), PropertyDependencies { urns: urns.into_iter().collect() });
        Ok(())
    }

    pub(super) async fn also(&mut self, handle: &ResourceHandle) -> Result<(), Error> {
        let urns = self.urns_of(handle).await?;
        self.all.extend(urns);
        Ok(())
    }
}

async fn urns_of(handle: &ResourceHandle, dependent: Option<u64>) -> Result<BTreeSet<String>, Error> {
    let mut urns = BTreeSet::new();
    for resource in handle.expanded(dependent).await? {
        urns.insert(resource.registered().await?.urn.clone());
    }
    Ok(urns)
}

/// Every URN that these dependencies mean.
pub(crate) async fn all_urns(dependencies: &Dependencies) -> Result<BTreeSet<String>, Error> {
    let mut urns: BTreeSet<String> = dependencies.urns().cloned().collect();
    for handle in dependencies.iter() {
        urns.extend(urns_of(handle, None).await?);
    }
    Ok(urns)
}

/// A property for whoever takes output values: every output in it carries its own secretness and dependencies. Gives
/// the dependencies of all of it too, except for those on resources that are themselves the value.
pub(crate) fn with_output_values(
    property: Property,
) -> BoxFuture<'static, Result<(Option<Value>, Dependencies), Error>> {
    async move {
        let mut dependencies = Dependencies::default();
        let value = match property {
            Property::Array(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    let (value, more) = with_output_values(item).await?;
                    dependencies.extend(&more);
                    values.push(value.unwrap_or(Value::Null));
                }
                Value::Array(values)
            }
            Property::Object(entries) => {
                let mut values = BTreeMap::new();
                for (key, property) in entries {
                    let (value, more) = with_output_values(property).await?;
                    dependencies.extend(&more);
                    if let Some(value) = value {
                        values.insert(key, value);
                    }
                }
                Value::Object(values)
            }
            other => {
                let resolved = other.resolve().await?;
                let Some(value) = resolved.value else { return Ok((None, dependencies)) };
                match value {
                    reference @ Value::Resource(_) => reference,
                    value
                        if resolved.dependencies.is_empty()
                            && !matches!(value, Value::Unknown | Value::Secret(_)) =>
                    {
                        value
                    }
                    value => {
                        let urns = all_urns(&resolved.dependencies).await?.into_iter().collect();
                        dependencies = resolved.dependencies;
                        output_value(value, urns)
                    }
                }
            }
        };
        Ok((Some(value), dependencies))
    }
    .boxed()
}

fn output_value(value: Value, dependencies: Vec<String>) -> Value {
    let (value, secret) = match value {
        Value::Secret(value) => (*value, true),
        value => (value, false),
    };
    let value = (value != Value::Unknown).then_some(value);
    Value::Output(Box::new(OutputValue { value, secret, dependencies }))
}

/// Writes the options into the request.
pub(super) async fn apply(
    shared: &Shared,
    request: &mut wire::RegisterResourceRequest,
    options: ResourceOptions,
    gathered: &mut Gathered<'_>,
) -> Result<(), Error> {
    for handle in &options.depends_on {
        gathered.also(handle).await?;
    }
    if let Some(provider) = &options.provider {
        request.provider = provider_reference(provider).await?;
        if !request.custom {
            // What is in a component finds its provider by its package.
            let package = provider.token().strip_prefix("pulumi:providers:").unwrap_or_default();
            request.providers.insert(package.to_owned(), request.provider.clone());
        }
    }
    for (package, provider) in &options.providers {
        request.providers.insert(package.clone(), provider_reference(provider).await?);
    }
    if let Some(handle) = &options.deleted_with {
        shared.require("deletedWith").await?;
        request.deleted_with = handle.registered().await?.urn.clone();
    }
    for handle in &options.replace_with {
        shared.require("replaceWith").await?;
        gathered.also(handle).await?;
        request.replace_with.push(handle.registered().await?.urn.clone());
    }
    if let Some(trigger) = options.replacement_trigger {
        shared.require("replacementTrigger").await?;
        let resolved = trigger.resolve().await?;
        for handle in resolved.dependencies.iter() {
            gathered.also(handle).await?;
        }
        gathered.all.extend(resolved.dependencies.urns().cloned());
        let value = resolved.value.unwrap_or(Value::Null);
        request.replacement_trigger = Some(wire::encode_value(&value).map_err(Failure::Value)?);
    }
    for transform in options.transforms {
        request.transforms.push(shared.callback_of_transform(transform).await?);
    }
    if !options.hooks.is_empty() || !options.error_hooks.is_empty() {
        let mut binding = ResourceHooksBinding::default();
        for (point, hook) in &options.hooks {
            let name = hook.registered().await?.to_owned();
            match point {
                HookPoint::BeforeCreate => &mut binding.before_create,
                HookPoint::AfterCreate => &mut binding.after_create,
                HookPoint::BeforeUpdate => &mut binding.before_update,
                HookPoint::AfterUpdate => &mut binding.after_update,
                HookPoint::BeforeDelete => &mut binding.before_delete,
                HookPoint::AfterDelete => &mut binding.after_delete,
            }
            .push(name);
        }
        for hook in &options.error_hooks {
            binding.on_error.push(hook.registered().await?.to_owned());
        }
        request.hooks = Some(binding);
    }
    for alias in &options.aliases {
        request.aliases.push(alias.to_wire().await?);
    }
    request.protect = options.protect;
    request.retain_on_delete = options.retain_on_delete;
    request.delete_before_replace = options.delete_before_replace.unwrap_or(false);
    request.delete_before_replace_defined = options.delete_before_replace.is_some();
    request.ignore_changes = options.ignore_changes;
    request.replace_on_changes = options.replace_on_changes;
    request.hide_diffs = options.hide_diffs;
    request.additional_secret_outputs = options.additional_secret_outputs;
    request.import_id = options.import.unwrap_or_default();
    request.custom_timeouts = options.custom_timeouts.map(|timeouts| timeouts.to_wire());
    request.version = options.version.unwrap_or_default();
    request.plugin_download_url = options.plugin_download_url.unwrap_or_default();
    request.env_var_mappings = options.env_var_mappings.into_iter().collect();
    Ok(())
}

/// A provider as a request names it; in a preview its identifier may be unknown.
pub(super) async fn provider_reference(provider: &ResourceHandle) -> Result<String, Error> {
    let registered = provider.registered().await?;
    let id = match &registered.id {
        Identifier::Known(id) => id.as_str(),
        Identifier::Unknown | Identifier::None => wire::UNKNOWN,
    };
    Ok(format!("{}::{id}", registered.urn))
}
