//! Registrations: from inputs to the wire and back.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use tokio::sync::{oneshot, watch};

use super::gather::{Gathered, apply, with_output_values};
use super::{Context, Shared};
use crate::error::{Error, Failure};
use crate::input::{Inputs, Property};
use crate::options::{Alias, ResourceOptions};
use crate::resource::{
    Dependencies, Identifier, Kind, Node, Package, Registered, ResourceHandle, ResourceType,
};
use crate::tracker::lock;
use crate::urn::STACK_TYPE;
use crate::value::Value;
use crate::wire::{self, SourcePosition};

/// What is registered, before its inputs are there.
pub(super) struct Draft {
    pub(super) token: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) version: String,
    pub(super) parent: Option<ResourceHandle>,
    /// The outputs that are secret, also while they are not known.
    pub(super) secret_outputs: Vec<String>,
}

/// A resource whose registration is still to come.
pub(super) struct Begun {
    pub(super) handle: ResourceHandle,
    result: oneshot::Sender<Result<Arc<Registered>, Error>>,
}

pub(super) fn begin(shared: &Shared, draft: Draft) -> Begun {
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
        secret_outputs: draft.secret_outputs,
        ancestors,
        children: Mutex::default(),
        registration,
        complete: watch::Sender::new(draft.kind != Kind::Component),
    };
    let handle = ResourceHandle { node: Arc::new(node) };
    if let Some(parent) = &draft.parent {
        lock(&parent.node.children).push(handle.clone());
    }
    Begun { handle, result }
}

/// Runs a registration as a task of the run.
pub(super) fn spawn(
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
        secret_outputs: Vec::new(),
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
        accepts_byte_string: true,
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
    typed(context, Kind::Custom, resource_type, name, inputs, options, position)
}

/// Registers a component that a provider makes.
pub(super) fn remote(
    context: &Context,
    resource_type: &ResourceType,
    name: String,
    inputs: Inputs,
    options: ResourceOptions,
    position: Option<SourcePosition>,
) -> ResourceHandle {
    typed(context, Kind::Remote, resource_type, name, inputs, options, position)
}

fn typed(
    context: &Context,
    kind: Kind,
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
    // A package has its own version and its own origin.
    if resource_type.package.is_none() {
        options.version.get_or_insert_with(|| resource_type.version.to_owned());
        options.plugin_download_url.get_or_insert_with(|| resource_type.plugin_download_url.to_owned());
    }
    let draft = Draft {
        token: resource_type.token.to_owned(),
        name,
        kind,
        version: options.version.clone().unwrap_or_default(),
        parent: Some(options.parent.clone().unwrap_or_else(|| context.parent.clone())),
        secret_outputs: options.additional_secret_outputs.clone(),
    };
    let order = Order { inputs, options, package: resource_type.package, position };
    register(context, draft, order)
}

/// Registers a component.
pub(super) fn component(
    context: &Context,
    token: &str,
    name: String,
    inputs: Inputs,
    options: ResourceOptions,
    position: Option<SourcePosition>,
) -> ResourceHandle {
    let draft = Draft {
        token: token.to_owned(),
        name,
        kind: Kind::Component,
        version: String::new(),
        parent: Some(options.parent.clone().unwrap_or_else(|| context.parent.clone())),
        secret_outputs: Vec::new(),
    };
    register(context, draft, Order { inputs: inputs.into_entries(), options, package: None, position })
}

/// What a resource is registered with.
struct Order {
    inputs: BTreeMap<String, Property>,
    options: ResourceOptions,
    package: Option<&'static Package>,
    position: Option<SourcePosition>,
}

fn register(context: &Context, draft: Draft, order: Order) -> ResourceHandle {
    let Order { inputs, options, package, position } = order;
    let shared = Arc::clone(&context.shared);
    shared.begun.resources.store(true, Ordering::SeqCst);
    let parent = draft.parent.clone();
    let begun = begin(&shared, draft);
    let handle = begun.handle.clone();
    let task_shared = Arc::clone(&shared);
    let gate = shared.gate();
    spawn(&shared, begun, async move {
        let shared = task_shared;
        gate.await?;
        let parent_urn = match &parent {
            Some(parent) => parent.registered().await?.urn.clone(),
            None => String::new(),
        };
        let mut gathered = Gathered::new(&handle);
        let mut object = BTreeMap::new();
        let output_values = handle.node.kind == Kind::Remote && shared.supports("outputValues").await?;
        for (key, property) in inputs {
            let resolved = if output_values {
                with_output_values(property).await
            } else {
                property.resolve().await.map(|resolved| (resolved.value, resolved.dependencies))
            };
            let (value, dependencies) =
                resolved.map_err(|source| Failure::Input { property: key.clone(), source })?;
            if let Some(value) = value {
                gathered.property(&key, &dependencies).await?;
                object.insert(key, value);
            }
        }
        let mut request = request_of(&handle, parent_urn, position);
        request.object = Some(wire::encode_struct(&object).map_err(Failure::Value)?);
        apply(&shared, &mut request, options, &mut gathered).await?;
        request.package_ref = shared.package_reference(package).await?;
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
        remote: handle.node.kind == Kind::Remote,
        stack_trace: super::source_position::stack_trace(position.as_ref()),
        source_position: position,
        ..common()
    }
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
    let (custom, remote) = (request.custom, request.remote);
    let _registering = shared.tracker.registering(&request.r#type, &request.name);
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
    let output_dependencies = response
        .property_dependencies
        .into_iter()
        .map(|(key, dependencies)| (key, dependencies.urns.into_iter().collect()))
        .collect();
    Ok(Registered {
        urn: response.urn,
        id,
        inputs,
        outputs: outputs.unwrap_or_default(),
        output_dependencies,
        rest_is_unknown: (shared.info.dry_run && (custom || remote)) || response.unknown,
    })
}
