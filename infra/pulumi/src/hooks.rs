//! Hooks: functions of the program that run before, after or instead of giving up an operation on a resource.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt;

use futures::future::{BoxFuture, Shared};
use prost_types::Struct;
use tonic::Status;

use crate::error::{Error, chain_of};
use crate::value::Value;
use crate::wire;

/// When a hook runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HookPoint {
    /// Before a creation; an error prevents it.
    BeforeCreate,
    /// After a creation.
    AfterCreate,
    /// Before an update; an error prevents it.
    BeforeUpdate,
    /// After an update.
    AfterUpdate,
    /// Before a deletion; an error prevents it. The program must still register the hook when the resource has left it.
    BeforeDelete,
    /// After a deletion. The program must still register the hook when the resource has left it.
    AfterDelete,
}

/// How a hook is run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HookOptions {
    /// Whether it runs in previews too.
    pub on_dry_run: bool,
    /// Whether its errors are warnings.
    pub ignore_errors: bool,
}

/// What a hook is told. Inputs and outputs are there as far as the operation has them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct HookCall {
    /// The resource's URN.
    pub urn: String,
    /// The resource's identifier; empty before it exists.
    pub id: String,
    /// The resource's name.
    pub name: String,
    /// The resource's type.
    pub token: String,
    /// The inputs that it is given.
    pub new_inputs: Option<BTreeMap<String, Value>>,
    /// The inputs that it had.
    pub old_inputs: Option<BTreeMap<String, Value>>,
    /// The outputs that it has now.
    pub new_outputs: Option<BTreeMap<String, Value>>,
    /// The outputs that it had.
    pub old_outputs: Option<BTreeMap<String, Value>>,
    /// The options that it is given, as they are on the wire.
    pub new_options: Option<wire::ResourceOptions>,
    /// The options that it had, as they are on the wire.
    pub old_options: Option<wire::ResourceOptions>,
}

/// What an error hook is told.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FailedCall {
    /// The resource and the operation. There are no new outputs, because it failed.
    pub call: HookCall,
    /// What failed: `create`, `update` or `delete`.
    pub operation: String,
    /// The errors of all attempts, the latest first.
    pub errors: Vec<String>,
}

/// What an error hook decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnError {
    /// The operation is tried again.
    Retry,
    /// The operation has failed.
    Fail,
}

pub(crate) type HookRegistration = Shared<BoxFuture<'static, Result<(), Error>>>;

/// A hook that the engine knows by its name. Resources take it by
/// [`ResourceOptions::hook`](crate::ResourceOptions::hook).
#[derive(Clone)]
pub struct ResourceHook {
    pub(crate) name: String,
    pub(crate) registration: HookRegistration,
}

/// An error hook that the engine knows by its name. Resources take it by
/// [`ResourceOptions::on_error`](crate::ResourceOptions::on_error).
#[derive(Clone)]
pub struct ErrorHook {
    pub(crate) name: String,
    pub(crate) registration: HookRegistration,
}

macro_rules! hook {
    ($type:ident) => {
        impl $type {
            /// The hook's name.
            pub fn name(&self) -> &str {
                &self.name
            }

            pub(crate) async fn registered(&self) -> Result<&str, Error> {
                self.registration.clone().await?;
                Ok(&self.name)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.debug_tuple(stringify!($type)).field(&self.name).finish()
            }
        }
    };
}

hook!(ResourceHook);
hook!(ErrorHook);

/// A hook as the engine calls it.
pub(crate) fn callback<F>(
    function: impl Fn(HookCall) -> F + Send + Sync + 'static,
) -> impl Fn(wire::ResourceHookRequest) -> BoxFuture<'static, Result<wire::ResourceHookResponse, Status>>
+ Send
+ Sync
+ 'static
where
    F: Future<Output = Result<(), Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    move |request| {
        let running = HookCall::read(request).map(&function);
        Box::pin(async move {
            let error = running?.await.err().map(|error| chain_of(error.as_ref()));
            Ok(wire::ResourceHookResponse { error: error.unwrap_or_default() })
        })
    }
}

/// An error hook as the engine calls it.
pub(crate) fn error_callback<F>(
    function: impl Fn(FailedCall) -> F + Send + Sync + 'static,
) -> impl Fn(wire::ErrorHookRequest) -> BoxFuture<'static, Result<wire::ErrorHookResponse, Status>>
+ Send
+ Sync
+ 'static
where
    F: Future<Output = Result<OnError, Box<dyn StdError + Send + Sync>>> + Send + 'static,
{
    move |request| {
        let running = FailedCall::read(request).map(&function);
        Box::pin(async move {
            Ok(match running?.await {
                Ok(decision) => {
                    wire::ErrorHookResponse { error: String::new(), retry: decision == OnError::Retry }
                }
                Err(error) => wire::ErrorHookResponse { error: chain_of(error.as_ref()), retry: false },
            })
        })
    }
}

fn read(fields: Option<&Struct>) -> Result<Option<BTreeMap<String, Value>>, Status> {
    let read = fields.map(wire::decode_struct).transpose();
    read.map_err(|error| Status::invalid_argument(error.to_string()))
}

impl HookCall {
    fn read(request: wire::ResourceHookRequest) -> Result<Self, Status> {
        Ok(Self {
            new_inputs: read(request.new_inputs.as_ref())?,
            old_inputs: read(request.old_inputs.as_ref())?,
            new_outputs: read(request.new_outputs.as_ref())?,
            old_outputs: read(request.old_outputs.as_ref())?,
            urn: request.urn,
            id: request.id,
            name: request.name,
            token: request.r#type,
            new_options: request.new_options,
            old_options: request.old_options,
        })
    }
}

impl FailedCall {
    fn read(request: wire::ErrorHookRequest) -> Result<Self, Status> {
        let call = HookCall {
            new_inputs: read(request.new_inputs.as_ref())?,
            old_inputs: read(request.old_inputs.as_ref())?,
            new_outputs: None,
            old_outputs: read(request.old_outputs.as_ref())?,
            urn: request.urn,
            id: request.id,
            name: request.name,
            token: request.r#type,
            new_options: request.new_options,
            old_options: request.old_options,
        };
        Ok(Self { call, operation: request.failed_operation, errors: request.errors })
    }
}
