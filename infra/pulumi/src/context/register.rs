//! Registrations: from inputs to the wire and back.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use tokio::sync::{oneshot, watch};

use super::{Context, Shared};
use crate::error::{Error, Failure};
use crate::input::{Inputs, Property};
use crate::options::{Alias, ResourceOptions};
use crate::resource::{Dependencies, Identifier, Kind, Node, Registered, ResourceHandle, ResourceType};
use crate::tracker::lock;
use crate::urn::STACK_TYPE;
use crate::value::Value;
use crate::wire::register_resource_request::PropertyDependencies;
use crate::wire::{self, SourcePosition};

/// What is registered, before its inputs are there.
struct Draft {
    token: String,
    name: String,
    kind: Kind,
    version: String,
    parent: Option<ResourceHandle>,
}

/// A resource whose registration is still to come.
struct Begun {
    handle: ResourceHandle,
    result: oneshot::Sender<Result<Arc<Registered>, Error>>,
}

fn begin(shared: &Shared, draft: Draft) -> Begun {
    let (result, registration) = oneshot::channel();
    let registration =
        registration.map(|answer| answer.unwrap_or_else(|_| Err(Failure::LostTask.into()))).boxed().shared();
    let ancestors = match &draft.parent {
        None => BTreeSet::new(),
        Some(parent) => {
            let mut ancestors = parent.node.ancestors.clone();
            ancestors.insert(parent.node.number);
            ancestors
        }
    };
    let node = Node {
        number: shared.tracker.next_id(),
        token: draft.token,
        name: draft.name,
        kind: draft.kind,
        version: draft.version,
        ancestors,
        children: Mutex::default(),
        registration,
        complete: watch::Sender::new(draft.kind == Kind::Custom),
    };
    let handle = ResourceHandle { node: Arc::new(node) };
    if let Some(parent) = &draft.parent {
        lock(&parent.node.children).push(handle.clone());
    }
    Begun { handle, result }
}

/// Runs a registration as a task of the run.
fn spawn(
    shared: &Arc<Shared>,
    begun: Begun,
    registration: impl Future<Output = Result<Registered, Error>> + Send + 'static,
) -> ResourceHandle {
    let Begun { handle, result } = begun;
    let registering = handle.clone();
    let tracker = shared.tracker.clone();
    shared.tracker.spawn(async move {
        let waiting = tracker.waiting(format!("{registering:?}"));
        let outcome = registration.await.map_err(|source| registering.registration_error(source));
        drop(waiting);
        let failed = outcome.as_ref().err().cloned();
        // Nobody may be waiting for it.
        let _ = result.send(outcome.map(Arc::new));
        failed.map_or(Ok(()), Err)
    });
    handle
}

/// Registers the stack itself.
pub(super) fn root_stack(shared: &Arc<Shared>) -> ResourceHandle {
    let name = format!("{}-{}", shared.info.project, shared.info.stack);
    let draft = Draft {
        token: STACK_TYPE.to_owned(),
        name: name.clone(),
        kind: Kind::Component,
        version: String::new(),
        parent: None,
    };
    let begun = begin(shared, draft);
    let request = wire::RegisterResourceRequest {
        r#type: STACK_TYPE.to_owned(),
        name,
        object: Some(prost_types::Struct::default()),
        ..common()
    };
    let task_shared = Arc::clone(shared);
    spawn(shared, begun, async move { send(&task_shared, request, BTreeMap::new()).await })
}

/// What every request says about this SDK.
fn common() -> wire::RegisterResourceRequest {
    wire::RegisterResourceRequest {
        accept_secrets: true,
        accept_resources: true,
        alias_specs: true,
        supports_partial_values: true,
        supports_result_reporting: true,
        ..wire::RegisterResourceRequest::default()
    }
}

/// Registers a resource that a provider makes.
pub(super) fn custom(
    context: &Context,
    resource_type: &ResourceType,
    name: String,
    inputs: Inputs,
    options: ResourceOptions,
    position: Option<SourcePosition>,
) -> ResourceHandle {
    let mut inputs = inputs.into_entries();
    for key in resource_type.secret_inputs {
        if let Some(input) = inputs.remove(*key) {
            inputs.insert((*key).to_owned(), Property::Secret(Box::new(input)));
        }
    }
    let mut options = options;
    let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    options.additional_secret_outputs.extend(owned(resource_type.secret_outputs));
    options.replace_on_changes.extend(owned(resource_type.replace_on_changes));
    options.aliases.extend(resource_type.aliases.iter().map(|token| Alias::token(*token)));
    options.version.get_or_insert_with(|| resource_type.version.to_owned());
    options.plugin_download_url.get_or_insert_with(|| resource_type.plugin_download_url.to_owned());
    let draft = Draft {
        token: resource_type.token.to_owned(),
        name,
        kind: Kind::Custom,
        version: options.version.clone().unwrap_or_default(),
        parent: Some(options.parent.clone().unwrap_or_else(|| context.parent.clone())),
    };
    register(context, draft, Property::Object(inputs), options, position)
}

/// Registers a component.
pub(super) fn component(
    context: &Context,
    token: &str,
    name: String,
    options: ResourceOptions,
    position: Option<SourcePosition>,
) -> ResourceHandle {
    let draft = Draft {
        token: token.to_owned(),
        name,
        kind: Kind::Component,
        version: String::new(),
        parent: Some(options.parent.clone().unwrap_or_else(|| context.parent.clone())),
    };
    register(context, draft, Property::Object(BTreeMap::new()), options, position)
}

fn register(
    context: &Context,
    draft: Draft,
    inputs: Property,
    options: ResourceOptions,
    position: Option<SourcePosition>,
) -> ResourceHandle {
    let shared = Arc::clone(&context.shared);
    let parent = draft.parent.clone();
    let begun = begin(&shared, draft);
    let handle = begun.handle.clone();
    let task_shared = Arc::clone(&shared);
    spawn(&shared, begun, async move {
        let shared = task_shared;
        let parent_urn = match &parent {
            Some(parent) => parent.registered().await?.urn.clone(),
            None => String::new(),
        };
        let mut gathered = Gathered::new(&handle);
        let mut object = BTreeMap::new();
        if let Property::Object(entries) = inputs {
            for (key, property) in entries {
                let resolved = property
                    .resolve()
                    .await
                    .map_err(|source| Failure::Input { property: key.clone(), source })?;
                if let Some(value) = resolved.value {
                    gathered.property(&key, &resolved.dependencies).await?;
                    object.insert(key, value);
                }
            }
        }
        let mut request = request_of(&handle, parent_urn, position);
        request.object = Some(wire::encode_struct(&object).map_err(Failure::Value)?);
        apply(&mut request, options, &mut gathered).await?;
        request.dependencies = gathered.all.into_iter().collect();
        request.property_dependencies = gathered.by_property;
        send(&shared, request, object).await
    })
}

fn request_of(
    handle: &ResourceHandle,
    parent: String,
    position: Option<SourcePosition>,
) -> wire::RegisterResourceRequest {
    wire::RegisterResourceRequest {
        r#type: handle.node.token.clone(),
        name: handle.node.name.clone(),
        parent,
        custom: handle.node.kind == Kind::Custom,
        source_position: position.clone(),
        stack_trace: position
            .map(|position| wire::StackTrace { frames: vec![wire::StackFrame { pc: Some(position) }] }),
        ..common()
    }
}

/// The dependencies of one registration.
struct Gathered<'handle> {
    dependent: &'handle ResourceHandle,
    all: BTreeSet<String>,
    by_property: HashMap<String, PropertyDependencies>,
}

impl<'handle> Gathered<'handle> {
    fn new(dependent: &'handle ResourceHandle) -> Self {
        Self { dependent, all: BTreeSet::new(), by_property: HashMap::new() }
    }

    async fn urns_of(&self, handle: &ResourceHandle) -> Result<BTreeSet<String>, Error> {
        if handle.node.kind == Kind::Component && self.dependent.node.ancestors.contains(&handle.node.number)
        {
            return Err(Failure::DependsOnParent(format!("{handle:?}")).into());
        }
        handle.dependency_urns(self.dependent.node.number).await
    }

    async fn property(&mut self, key: &str, dependencies: &Dependencies) -> Result<(), Error> {
        let mut urns = BTreeSet::new();
        for handle in dependencies.iter() {
            urns.extend(self.urns_of(handle).await?);
        }
        self.all.extend(urns.iter().cloned());
        self.by_property.insert(key.to_owned(), PropertyDependencies { urns: urns.into_iter().collect() });
        Ok(())
    }

    async fn also(&mut self, handle: &ResourceHandle) -> Result<(), Error> {
        let urns = self.urns_of(handle).await?;
        self.all.extend(urns);
        Ok(())
    }
}

/// Writes the options into the request.
async fn apply(
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

/// Waits for the outputs in an object, and writes it.
pub(super) async fn resolve_object(object: Property) -> Result<(prost_types::Struct, Dependencies), Error> {
    let resolved = object.resolve().await?;
    let encoded = match resolved.value {
        Some(Value::Object(entries)) => wire::encode_struct(&entries).map_err(Failure::Value)?,
        _ => prost_types::Struct::default(),
    };
    Ok((encoded, resolved.dependencies))
}

async fn send(
    shared: &Shared,
    request: wire::RegisterResourceRequest,
    inputs: BTreeMap<String, Value>,
) -> Result<Registered, Error> {
    let custom = request.custom;
    let response = shared.call(|monitor| async move { monitor.register_resource(request).await }).await?;
    match response.result() {
        wire::Result::Success => {}
        wire::Result::Fail => return Err(Failure::NotCarriedOut("failed").into()),
        wire::Result::Skip => return Err(Failure::NotCarriedOut("skipped").into()),
    }
    let outputs = response.object.as_ref().map(wire::decode_struct).transpose().map_err(Failure::Answer)?;
    let id = match (custom, response.id.is_empty()) {
        (_, false) if wire::is_unknown(&response.id) => Identifier::Unknown,
        (_, false) => Identifier::Known(response.id),
        (true, true) => Identifier::Unknown,
        (false, true) => Identifier::None,
    };
    Ok(Registered {
        urn: response.urn,
        id,
        inputs,
        outputs: outputs.unwrap_or_default(),
        rest_is_unknown: shared.info.dry_run && custom,
    })
}

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
