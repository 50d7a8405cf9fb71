//! What goes into a request besides its inputs: dependencies and options.

use std::collections::{BTreeSet, HashMap};

use crate::error::{Error, Failure};
use crate::options::{Alias, ResourceOptions};
use crate::resource::{Dependencies, Identifier, Kind, ResourceHandle};
use crate::value::Value;
use crate::wire;
use crate::wire::register_resource_request::PropertyDependencies;

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
        handle.dependency_urns(self.dependent.node.number).await
    }

    pub(super) async fn property(&mut self, key: &str, dependencies: &Dependencies) -> Result<(), Error> {
        let mut urns = BTreeSet::new();
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

/// Writes the options into the request.
pub(super) async fn apply(
    request: &mut wire::RegisterResourceRequest,
    options: ResourceOptions,
    gathered: &mut Gathered<'_>,
) -> Result<(), Error> {
    for handle in &options.depends_on {
        gathered.also(handle).await?;
    }
    if let Some(provider) = &options.provider {
        request.provider = provider_reference(provider).await?;
    }
    for (package, provider) in &options.providers {
        request.providers.insert(package.clone(), provider_reference(provider).await?);
    }
    if let Some(handle) = &options.deleted_with {
        request.deleted_with = handle.registered().await?.urn.clone();
    }
    for handle in &options.replace_with {
        gathered.also(handle).await?;
        request.replace_with.push(handle.registered().await?.urn.clone());
    }
    if let Some(trigger) = options.replacement_trigger {
        let resolved = trigger.resolve().await?;
        for handle in resolved.dependencies.iter() {
            gathered.also(handle).await?;
        }
        let value = resolved.value.unwrap_or(Value::Null);
        request.replacement_trigger = Some(wire::encode_value(&value).map_err(Failure::Value)?);
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
    request.aliases = options.aliases.iter().map(Alias::to_wire).collect();
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
