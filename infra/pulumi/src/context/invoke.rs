//! Invocations: functions of providers, and methods of resources.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::gather::{all_urns, provider_reference, with_output_values};
use super::{Context, source_position};
use crate::error::{Error, Failure};
use crate::input::{Inputs, Property};
use crate::options::InvokeOptions;
use crate::output::{Data, Held, Output};
use crate::resource::{Dependencies, FunctionType, Identifier, Kind, Resource, ResourceHandle};
use crate::value::{FromValue, Value};
use crate::wire::resource_call_request::ArgumentDependencies;
use crate::wire::{self, SourcePosition};

/// The argument by which a method knows the resource that it belongs to.
const RECEIVER: &str = "__self__";

impl Context {
    /// Invokes a function of a provider, also in a preview. Not called while an argument is unknown, or while a
    /// resource that it depends on does not exist; a secret argument makes the result secret. Typed functions call
    /// this.
    #[track_caller]
    pub fn invoke<T: FromValue + Held>(
        &self,
        function: &FunctionType,
        arguments: Inputs,
        options: InvokeOptions,
    ) -> Output<T> {
        let position = source_position::here(&self.shared.info);
        self.shared.begun.invocations.store(true, Ordering::SeqCst);
        let context = self.clone();
        let function = *function;
        let gate = self.shared.gate();
        self.calling(function.token, async move {
            gate.await?;
            context.invoked(function, arguments, options, position).await
        })
    }

    /// Calls a method of a resource, also in a preview and with what is not known yet: the provider knows what it can
    /// tell without. Typed resources call this.
    #[track_caller]
    pub fn call<T: FromValue + Held>(
        &self,
        method: &FunctionType,
        receiver: &impl Resource,
        arguments: Inputs,
    ) -> Output<T> {
        let position = source_position::here(&self.shared.info);
        let (context, method, receiver) = (self.clone(), *method, receiver.handle().clone());
        self.calling(method.token, async move { context.called(method, receiver, arguments, position).await })
    }

    fn calling<T: Held>(
        &self,
        token: &'static str,
        call: impl Future<Output = Result<Data<T>, Error>> + Send + 'static,
    ) -> Output<T> {
        let waiting = self.shared.tracker.clone();
        Output::lazy(Some(self.shared.tracker.clone()), async move {
            let _waiting = waiting.waiting(token.to_owned());
            call.await.map_err(|source| Failure::Invocation { token: token.to_owned(), source }.into())
        })
        .watched()
    }

    /// Invokes a function of a provider and waits for the answer, also in a preview. The answer is a plain value: what
    /// it depends on, and that it may be secret, is for the program to know. Typed functions call this.
    ///
    /// # Errors
    /// When the call fails, or when an argument or something in the answer is not known, as may be in a preview.
    #[track_caller]
    pub fn invoke_plain<T: FromValue + Held>(
        &self,
        function: &FunctionType,
        arguments: Inputs,
        options: InvokeOptions,
    ) -> impl Future<Output = Result<T, Error>> + Send + use<T> {
        let position = source_position::here(&self.shared.info);
        self.shared.begun.invocations.store(true, Ordering::SeqCst);
        let (context, function, gate) = (self.clone(), *function, self.shared.gate());
        async move {
            let tracker = context.shared.tracker.clone();
            let (_awaiting, _waiting) = (tracker.awaiting(), tracker.waiting(function.token.to_owned()));
            let answer = async {
                gate.await?;
                let data = context.invoked(function, arguments, options, position).await?;
                data.value.ok_or_else(|| Failure::UnknownAnswer.into())
            };
            let failed = |source| Failure::Invocation { token: function.token.to_owned(), source }.into();
            answer.await.map_err(failed)
        }
    }

    /// Calls a method of a resource and waits for the answer, which is a plain value. Typed resources call this.
    ///
    /// # Errors
    /// When the call fails, or when something in the answer is not known, as may be in a preview.
    #[track_caller]
    pub fn call_plain<T: FromValue + Held>(
        &self,
        method: &FunctionType,
        receiver: &dyn Resource,
        arguments: Inputs,
    ) -> impl Future<Output = Result<T, Error>> + Send + use<T> {
        let position = source_position::here(&self.shared.info);
        let (context, method, receiver) = (self.clone(), *method, receiver.handle().clone());
        async move {
            let tracker = context.shared.tracker.clone();
            let (_awaiting, _waiting) = (tracker.awaiting(), tracker.waiting(method.token.to_owned()));
            let answer = context.called::<T>(method, receiver, arguments, position).await;
            let answer = answer.and_then(|data| data.value.ok_or_else(|| Failure::UnknownAnswer.into()));
            answer.map_err(|source| Failure::Invocation { token: method.token.to_owned(), source }.into())
        }
    }

    async fn called<T: FromValue + Held>(
        &self,
        method: FunctionType,
        receiver: ResourceHandle,
        arguments: Inputs,
        position: Option<SourcePosition>,
    ) -> Result<Data<T>, Error> {
        let shared = Arc::clone(&self.shared);
        let output_values = shared.supports("outputValues").await?;
        let mut request = wire::ResourceCallRequest {
            tok: method.token.to_owned(),
            package_ref: shared.package_reference(method.package).await?,
            stack_trace: source_position::stack_trace(position.as_ref()),
            source_position: position,
            accepts_byte_string: true,
            ..wire::ResourceCallRequest::default()
        };
        if method.package.is_none() {
            request.version = method.version.to_owned();
            request.plugin_download_url = method.plugin_download_url.to_owned();
        }
        let mut object = std::collections::BTreeMap::new();
        let receiver = (RECEIVER.to_owned(), receiver.reference());
        for (key, property) in arguments.into_entries().into_iter().chain([receiver]) {
            let (value, dependencies) = if output_values || key == RECEIVER {
                with_output_values(property).await?
            } else {
                let resolved = property.resolve().await?;
                (resolved.value, resolved.dependencies)
            };
            let Some(value) = value else { continue };
            let urns = all_urns(&dependencies).await?.into_iter().collect();
            request.arg_dependencies.insert(key.clone(), ArgumentDependencies { urns });
            object.insert(key, value);
        }
        request.args = Some(wire::encode_struct(&object).map_err(Failure::Value)?);
        let response = shared.call(|monitor| async move { monitor.call(request).await }).await?;
        refused(&response.failures)?;
        let urns = response.return_dependencies.into_values().flat_map(|dependencies| dependencies.urns);
        answered(response.r#return, Answer { secret: false, dependencies: Dependencies::of_urns(urns) })
    }

    async fn invoked<T: FromValue + Held>(
        &self,
        function: FunctionType,
        arguments: Inputs,
        options: InvokeOptions,
        position: Option<SourcePosition>,
    ) -> Result<Data<T>, Error> {
        let shared = Arc::clone(&self.shared);
        let resolved = Property::Object(arguments.into_entries()).resolve().await?;
        let mut dependencies = resolved.dependencies;
        dependencies.extend(&options.depends_on.iter().cloned().collect::<Dependencies>());
        let arguments = resolved.value.unwrap_or(Value::Null);
        let secret = arguments.contains_secret();
        let engine_waits = shared.supports("invokeDependsOn").await?;
        // What does not exist yet cannot be asked about.
        let unknown = arguments.contains_unknown() || (!engine_waits && any_missing(&dependencies).await?);
        if unknown {
            return Ok(Data { value: None, received: None, secret, dependencies });
        }
        let Value::Object(arguments) = arguments.without_secrets() else {
            return Err(Failure::Refused("the arguments are no object".to_owned()).into());
        };
        let mut request = wire::ResourceInvokeRequest {
            tok: function.token.to_owned(),
            args: Some(wire::encode_struct(&arguments).map_err(Failure::Value)?),
            version: options.version.unwrap_or_default(),
            plugin_download_url: options.plugin_download_url.unwrap_or_default(),
            package_ref: shared.package_reference(function.package).await?,
            accept_resources: true,
            stack_trace: source_position::stack_trace(position.as_ref()),
            source_position: position,
            accepts_byte_string: true,
            ..wire::ResourceInvokeRequest::default()
        };
        if function.package.is_none() {
            let or = |given: String, default: &str| if given.is_empty() { default.to_owned() } else { given };
            request.version = or(request.version, function.version);
            request.plugin_download_url = or(request.plugin_download_url, function.plugin_download_url);
        }
        if let Some(provider) = &options.provider {
            request.provider = provider_reference(provider).await?;
        }
        if engine_waits {
            request.depends_on = all_urns(&dependencies).await?.into_iter().collect();
        }
        if shared.supports("invokeParent").await? {
            let parent = options.parent.as_ref().unwrap_or(&self.parent);
            request.parent = parent.registered().await?.urn.clone();
        }
        let response = shared.call(|monitor| async move { monitor.invoke(request).await }).await?;
        refused(&response.failures)?;
        if response.unknown {
            return Ok(Data { value: None, received: None, secret, dependencies });
        }
        answered(response.r#return, Answer { secret, dependencies })
    }
}

/// What is known about an answer besides what it says.
struct Answer {
    secret: bool,
    dependencies: Dependencies,
}

fn answered<T: FromValue>(fields: Option<prost_types::Struct>, answer: Answer) -> Result<Data<T>, Error> {
    let received = wire::decode_struct(&fields.unwrap_or_default()).map_err(Failure::Answer)?;
    let received = Value::Object(received);
    let secret = answer.secret || received.contains_secret();
    let value = if received.contains_unknown() {
        None
    } else {
        Some(T::from_value(received.clone().without_secrets()).map_err(Failure::Answer)?)
    };
    let received = if secret { received.into_secret() } else { received };
    Ok(Data { value, received: Some(received), secret, dependencies: answer.dependencies })
}

fn refused(failures: &[wire::CheckFailure]) -> Result<(), Error> {
    if failures.is_empty() {
        return Ok(());
    }
    let reasons: Vec<_> = failures
        .iter()
        .map(|failure| match failure.property.as_str() {
            "" => failure.reason.clone(),
            property => format!("{property}: {}", failure.reason),
        })
        .collect();
    Err(Failure::Refused(reasons.join("; ")).into())
}

/// Whether one of these resources, or of those in these components, does not exist yet.
async fn any_missing(dependencies: &Dependencies) -> Result<bool, Error> {
    let mut missing = false;
    for handle in dependencies.iter() {
        for resource in handle.expanded(None).await? {
            missing |=
                resource.node.kind == Kind::Custom && resource.registered().await?.id == Identifier::Unknown;
        }
    }
    Ok(missing)
}
