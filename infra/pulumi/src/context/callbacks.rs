//! Functions of the program that the engine calls: transforms and hooks.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared as SharedFuture};
use prost::Message;
use tonic::Status;

use super::{Context, Shared};
use crate::error::{Error, Failure};
use crate::hooks::{
    self, ErrorHook, FailedCall, HookCall, HookOptions, HookRegistration, OnError, ResourceHook,
};
use crate::tracker::lock;
use crate::transforms::{self, CallbackResult, Transform, TransformedInvocation, TransformedResource};
use crate::wire;

/// What resources and invocations wait for before they are sent: the transforms that were there before them.
pub(super) type Gate = SharedFuture<BoxFuture<'static, Result<(), Error>>>;

/// What a program has begun with.
#[derive(Debug, Default)]
pub(super) struct Begun {
    pub(super) resources: AtomicBool,
    pub(super) invocations: AtomicBool,
}

impl Context {
    /// Lets `function` see and change every resource of the stack before the engine does. It runs after the
    /// transforms of the resource itself and of its parents. It must come before the first resource, so that none
    /// escapes it.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # use std::sync::Arc;
    /// # use pulumi::mocks::{Echo, Recorder};
    /// # use pulumi::{Inputs, ResourceOptions, ResourceType, RunInfo, Value};
    /// # const BUCKET: ResourceType = ResourceType::new("aws:s3/bucket:Bucket", "7.51.1");
    /// # let recorder = Arc::new(Recorder::new(Echo));
    /// # pulumi::run_with(recorder.clone(), RunInfo::new("shop", "test"), |context| async move {
    /// context.register_transform(|resource| {
    ///     if resource.token.starts_with("aws:") {
    ///         resource.set("tags", pulumi::json!({ "owner": "shop" }));
    ///         resource.options.protect = Some(true);
    ///     }
    ///     Ok(())
    /// });
    /// context.custom_resource(&BUCKET, "orders", Inputs::new(), ResourceOptions::new());
    /// # Ok::<_, pulumi::Error>(())
    /// # }).await.unwrap();
    /// # let bucket = recorder.resource("orders").unwrap();
    /// # assert_eq!(bucket.inputs["tags"], Value::object([("owner", Value::String("shop".to_owned()))]));
    /// # assert_eq!(bucket.request.protect, Some(true));
    /// # });
    /// ```
    pub fn register_transform(
        &self,
        function: impl Fn(&mut TransformedResource) -> CallbackResult + Send + Sync + 'static,
    ) {
        let shared = Arc::clone(&self.shared);
        let late = self.shared.begun.resources.load(Ordering::SeqCst).then_some("resource");
        self.shared.close_gate(late, async move {
            let callback = shared.callback_of_transform(Transform::new(function)).await?;
            shared.call(|monitor| async move { monitor.register_stack_transform(callback).await }).await
        });
    }

    /// Lets `function` see and change every invocation before the engine does. It must come before the first
    /// invocation, so that none escapes it.
    pub fn register_invoke_transform(
        &self,
        function: impl Fn(&mut TransformedInvocation) -> CallbackResult + Send + Sync + 'static,
    ) {
        let shared = Arc::clone(&self.shared);
        let late = self.shared.begun.invocations.load(Ordering::SeqCst).then_some("invocation");
        self.shared.close_gate(late, async move {
            shared.require("invokeTransforms").await?;
            let callback = shared.callback(transforms::invoke_callback(function)).await?;
            shared
                .call(|monitor| async move { monitor.register_stack_invoke_transform(callback).await })
                .await
        });
    }

    /// Registers a function that resources can have run before or after an operation. Names are unique in a program.
    /// The state remembers hooks by their names, so that those of deletions are found when the resource has left the
    /// program.
    pub fn resource_hook<F>(
        &self,
        name: impl Into<String>,
        options: HookOptions,
        function: impl Fn(HookCall) -> F + Send + Sync + 'static,
    ) -> ResourceHook
    where
        F: Future<Output = CallbackResult> + Send + 'static,
    {
        let name = name.into();
        let (shared, own) = (Arc::clone(&self.shared), name.clone());
        let registration = self.shared.register_hook(name.clone(), async move {
            shared.require("resourceHooks").await?;
            let request = wire::RegisterResourceHookRequest {
                name: own,
                callback: Some(shared.callback(hooks::callback(function)).await?),
                on_dry_run: options.on_dry_run,
                ignore_errors: options.ignore_errors,
            };
            shared.call(|monitor| async move { monitor.register_resource_hook(request).await }).await
        });
        ResourceHook { name, registration }
    }

    /// Registers a function that decides what becomes of an operation that has failed. Names are unique in a program.
    pub fn error_hook<F>(
        &self,
        name: impl Into<String>,
        function: impl Fn(FailedCall) -> F + Send + Sync + 'static,
    ) -> ErrorHook
    where
        F: Future<Output = Result<OnError, Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        let name = name.into();
        let (shared, own) = (Arc::clone(&self.shared), name.clone());
        let registration = self.shared.register_hook(name.clone(), async move {
            shared.require("errorHooks").await?;
            let callback = Some(shared.callback(hooks::error_callback(function)).await?);
            let request = wire::RegisterErrorHookRequest { name: own, callback };
            shared.call(|monitor| async move { monitor.register_error_hook(request).await }).await
        });
        ErrorHook { name, registration }
    }
}

impl Shared {
    /// Makes whatever is registered from now on wait for `registration`.
    fn close_gate(
        &self,
        late: Option<&'static str>,
        registration: impl Future<Output = Result<(), Error>> + Send + 'static,
    ) {
        let mut gate = lock(&self.gate);
        let before = gate.clone();
        let registration = async move {
            if let Some(before) = before {
                before.await?;
            }
            let registered = match late {
                Some(late) => Err(Failure::LateTransform(late).into()),
                None => registration.await,
            };
            registered.map_err(|source| Failure::Callback { what: "a transform".to_owned(), source }.into())
        };
        let registration = registration.boxed().shared();
        self.tracker.spawn(registration.clone());
        *gate = Some(registration);
    }

    /// What something that is registered now has to wait for.
    pub(super) fn gate(&self) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        let gate = lock(&self.gate).clone();
        async move {
            match gate {
                Some(gate) => gate.await,
                None => Ok(()),
            }
        }
    }

    fn register_hook(
        &self,
        name: String,
        registration: impl Future<Output = Result<(), Error>> + Send + 'static,
    ) -> HookRegistration {
        let registration = registration
            .map(move |result| {
                result.map_err(|source| Failure::Callback { what: format!("the hook {name}"), source }.into())
            })
            .boxed()
            .shared();
        self.tracker.spawn(registration.clone());
        registration
    }

    pub(super) async fn callback_of_transform(&self, transform: Transform) -> Result<wire::Callback, Error> {
        self.require("transforms").await?;
        self.callback(transform.into_callback(self.tracker.clone())).await
    }

    /// A function as the engine is told about it.
    async fn callback<Q, A, F>(
        &self,
        function: impl Fn(Q) -> F + Send + Sync + 'static,
    ) -> Result<wire::Callback, Error>
    where
        Q: Message + Default,
        A: Message,
        F: Future<Output = Result<A, Status>> + Send + 'static,
    {
        let callbacks = self.callbacks.clone();
        let target = self
            .callback_target
            .get_or_try_init(|| self.call(|monitor| async move { monitor.callback_target(callbacks).await }))
            .await?;
        let token = self.callbacks.add(function);
        Ok(wire::Callback { target: target.clone(), token, accepts_byte_string: true })
    }

    /// Makes sure that the engine knows a feature.
    pub(super) async fn require(&self, feature: &'static str) -> Result<(), Error> {
        if self.supports(feature).await? { Ok(()) } else { Err(Failure::Unsupported(feature).into()) }
    }

    /// Whether the engine knows a feature.
    pub(super) async fn supports(&self, feature: &'static str) -> Result<bool, Error> {
        self.call(|monitor| async move { monitor.supports_feature(feature).await }).await
    }
}
