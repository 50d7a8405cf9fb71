//! Transforms: functions of the program that change resources and invocations on their way to the engine.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use tonic::Status;

use crate::context::with_output_values;
use crate::error::chain_of;
use crate::input::{Property, ToInput};
use crate::tracker::Tracker;
use crate::value::Value;
use crate::wire;

/// What a transform or a hook returns: nothing, or why the resource must not go on.
pub type CallbackResult = Result<(), Box<dyn StdError + Send + Sync>>;

/// A resource on its way to the engine, as a transform sees and changes it.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransformedResource {
    /// Its type.
    pub token: String,
    /// Its name.
    pub name: String,
    /// Whether a provider makes it; a component is not.
    pub custom: bool,
    /// The URN of its parent.
    pub parent: String,
    /// Its inputs, as they are on the wire.
    pub inputs: BTreeMap<String, Value>,
    /// Its options, as they are on the wire.
    pub options: wire::TransformResourceOptions,
    later: BTreeMap<String, Property>,
}

impl TransformedResource {
    /// Sets an input, which may be an output of another resource.
    pub fn set(&mut self, key: impl Into<String>, value: impl ToInput) {
        self.later.insert(key.into(), value.to_input());
    }
}

/// An invocation on its way to the engine, as a transform sees and changes it.
#[derive(Debug)]
#[non_exhaustive]
pub struct TransformedInvocation {
    /// The function.
    pub token: String,
    /// Its arguments, as they are on the wire.
    pub arguments: BTreeMap<String, Value>,
    /// Its options, as they are on the wire.
    pub options: wire::TransformInvokeOptions,
}

/// A transform of resources.
#[derive(Clone)]
pub(crate) struct Transform(Arc<dyn Fn(&mut TransformedResource) -> CallbackResult + Send + Sync>);

impl Transform {
    pub(crate) fn new(
        function: impl Fn(&mut TransformedResource) -> CallbackResult + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(function))
    }

    /// The transform as the engine calls it.
    pub(crate) fn into_callback(
        self,
        tracker: Tracker,
    ) -> impl Fn(
        wire::TransformRequest,
    )
        -> std::pin::Pin<Box<dyn Future<Output = Result<wire::TransformResponse, Status>> + Send>>
    + Send
    + Sync
    + 'static {
        move |request| {
            let own = tracker.is_registering(&request.r#type, &request.name);
            let answer = answer(self.clone(), tracker.clone(), request);
            // The engine registers nothing of ours while a transform of it waits for a value.
            if own { Box::pin(Tracker::mark_outside(answer)) } else { Box::pin(answer) }
        }
    }
}

async fn answer(
    transform: Transform,
    tracker: Tracker,
    request: wire::TransformRequest,
) -> Result<wire::TransformResponse, Status> {
    let inputs = wire::decode_struct(&request.properties.unwrap_or_default()).map_err(unreadable)?;
    let mut resource = TransformedResource {
        token: request.r#type,
        name: request.name,
        custom: request.custom,
        parent: request.parent,
        inputs,
        options: request.options.unwrap_or_default(),
        later: BTreeMap::new(),
    };
    (transform.0)(&mut resource).map_err(|error| failed(error.as_ref()))?;
    let TransformedResource { mut inputs, options, later, .. } = resource;
    for (key, property) in later {
        let _awaiting = tracker.awaiting();
        let (value, _) = with_output_values(property).await.map_err(|error| failed(&error))?;
        match value {
            Some(value) => inputs.insert(key, value),
            None => inputs.remove(&key),
        };
    }
    let properties = Some(wire::encode_struct(&inputs).map_err(unreadable)?);
    Ok(wire::TransformResponse { properties, options: Some(options) })
}

/// A transform of invocations, as the engine calls it.
pub(crate) fn invoke_callback(
    function: impl Fn(&mut TransformedInvocation) -> CallbackResult + Send + Sync + 'static,
) -> impl Fn(wire::TransformInvokeRequest) -> std::future::Ready<Result<wire::TransformInvokeResponse, Status>>
+ Send
+ Sync
+ 'static {
    let answer = move |request: wire::TransformInvokeRequest| {
        let arguments = wire::decode_struct(&request.args.unwrap_or_default()).map_err(unreadable)?;
        let options = request.options.unwrap_or_default();
        let mut invocation = TransformedInvocation { token: request.token, arguments, options };
        function(&mut invocation).map_err(|error| failed(error.as_ref()))?;
        let args = Some(wire::encode_struct(&invocation.arguments).map_err(unreadable)?);
        Ok(wire::TransformInvokeResponse { args, options: Some(invocation.options) })
    };
    move |request| std::future::ready(answer(request))
}

fn unreadable(error: crate::ValueError) -> Status {
    Status::invalid_argument(error.to_string())
}

fn failed(error: &(dyn StdError + 'static)) -> Status {
    Status::unknown(chain_of(error))
}

impl fmt::Debug for Transform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Transform(…)")
    }
}
