//! Resources that come as values: what they hold is asked of the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::register::{Draft, begin, spawn};
use super::{Context, Shared};
use crate::error::{Error, Failure};
use crate::resource::{CustomResource, Identifier, Kind, Registered, RemoteComponent, ResourceHandle};
use crate::tracker::Tracker;
use crate::urn;
use crate::value::{FromValue, ResourceReference, Value, ValueError};
use crate::wire;

/// The engine's own function for the state of a resource.
pub(crate) const GET_RESOURCE: &str = "pulumi:pulumi:getResource";

impl Shared {
    fn referenced(self: &Arc<Self>, reference: ResourceReference) -> ResourceHandle {
        let kind = if reference.id.is_some() { Kind::Custom } else { Kind::Remote };
        let draft = Draft {
            token: urn::type_of(&reference.urn).to_owned(),
            name: urn::name_of(&reference.urn).to_owned(),
            kind,
            version: reference.package_version.clone(),
            parent: None,
            secret_outputs: Vec::new(),
        };
        let begun = begin(self, draft);
        let shared = Arc::clone(self);
        spawn(self, begun, async move { shared.look_up(reference).await })
    }

    async fn look_up(&self, reference: ResourceReference) -> Result<Registered, Error> {
        let arguments = BTreeMap::from([("urn".to_owned(), Value::String(reference.urn.clone()))]);
        let request = wire::ResourceInvokeRequest {
            tok: GET_RESOURCE.to_owned(),
            args: Some(wire::encode_struct(&arguments).map_err(Failure::Value)?),
            accept_resources: true,
            ..wire::ResourceInvokeRequest::default()
        };
        let response = self.call(|monitor| async move { monitor.invoke(request).await }).await?;
        if let Some(failure) = response.failures.first() {
            return Err(Failure::Refused(failure.reason.clone()).into());
        }
        let mut answer =
            wire::decode_struct(&response.r#return.unwrap_or_default()).map_err(Failure::Answer)?;
        let outputs = match answer.remove("state") {
            Some(Value::Object(state)) => state,
            _ => BTreeMap::new(),
        };
        let id = match (reference.id, answer.remove("id")) {
            (None, _) => Identifier::None,
            (Some(Some(id)), _) if !id.is_empty() => Identifier::Known(id),
            (Some(_), Some(Value::String(id))) if !id.is_empty() => Identifier::Known(id),
            (Some(_), _) => Identifier::Unknown,
        };
        Ok(Registered {
            urn: reference.urn,
            id,
            inputs: BTreeMap::new(),
            outputs,
            output_dependencies: BTreeMap::new(),
            rest_is_unknown: self.info.dry_run || response.unknown,
        })
    }
}

/// The run that a value is read in, and the resource that the value refers to.
fn referenced(value: Value) -> Result<(Arc<Shared>, ResourceHandle), ValueError> {
    let reference = match value {
        Value::Resource(reference) => reference,
        other => return Err(ValueError::unexpected("a resource", other.kind())),
    };
    let shared = Tracker::current().and_then(|tracker| tracker.shared());
    let shared = shared.ok_or_else(|| ValueError::unexpected("a resource in a run", "one outside of it"))?;
    let handle = shared.referenced(reference);
    Ok((shared, handle))
}

impl FromValue for CustomResource {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        let (shared, handle) = referenced(value)?;
        Ok(Self::new(handle, shared.tracker.clone()))
    }
}

impl FromValue for RemoteComponent {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        let (shared, handle) = referenced(value)?;
        let context = Context { shared, parent: handle.clone() };
        Ok(Self::new(handle, &context))
    }
}
