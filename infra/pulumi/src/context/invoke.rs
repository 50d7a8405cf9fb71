//! Invocations: functions of providers.

use std::sync::Arc;

use super::{Context, gather};
use crate::error::{Error, Failure};
use crate::input::{Inputs, Property};
use crate::options::InvokeOptions;
use crate::output::{Data, Held, Output};
use crate::resource::{Dependencies, FunctionType, Identifier, Kind};
use crate::value::{FromValue, Value};
use crate::wire;

impl Context {
    /// Invokes a function of a provider, also in a preview. Not called while an argument is unknown; a secret
    /// argument makes the result secret. Typed functions call this.
    pub fn invoke<T: FromValue + Held>(
        &self,
        function: &FunctionType,
        arguments: Inputs,
        options: InvokeOptions,
    ) -> Output<T> {
        let context = self.clone();
        let function = *function;
        let failure = move |source: Error| -> Error {
            Failure::Invocation { token: function.token.to_owned(), source }.into()
        };
        Output::lazy(Some(self.shared.tracker.clone()), async move {
            context.invoked(function, arguments, options).await.map_err(failure)
        })
        .watched()
    }

    /// Invokes a function of a provider and waits for the answer, also in a preview. The answer is a plain value: what
    /// it depends on, and that it may be secret, is for the program to know. Typed functions call this.
    ///
    /// # Errors
    /// When the call fails, or when an argument or something in the answer is not known, as may be in a preview.
    pub async fn invoke_plain<T: FromValue + Held>(
        &self,
        function: &FunctionType,
        arguments: Inputs,
        options: InvokeOptions,
    ) -> Result<T, Error> {
        let token = function.token;
        let answer = self.invoked(*function, arguments, options).await;
        answer
            .and_then(|data| data.value.ok_or_else(|| Failure::UnknownAnswer.into()))
            .map_err(|source| Failure::Invocation { token: token.to_owned(), source }.into())
    }

    async fn invoked<T: FromValue + Held>(
        &self,
        function: FunctionType,
        arguments: Inputs,
        options: InvokeOptions,
    ) -> Result<Data<T>, Error> {
        let shared = Arc::clone(&self.shared);
        let _waiting = shared.tracker.waiting(function.token.to_owned());
        let resolved = Property::Object(arguments.into_entries()).resolve().await?;
        let mut dependencies = resolved.dependencies;
        let arguments = resolved.value.unwrap_or(Value::Null);
        let secret = arguments.contains_secret();
        let mut unknown = arguments.contains_unknown();
        for handle in &options.depends_on {
            // What does not exist yet cannot be asked about.
            let registered = handle.registered().await?;
            unknown |= handle.node.kind == Kind::Custom && registered.id == Identifier::Unknown;
            handle.dependency_urns(u64::MAX).await?;
        }
        dependencies.extend(&options.depends_on.iter().cloned().collect::<Dependencies>());
        if unknown {
            return Ok(Data { value: None, received: None, secret, dependencies });
        }
        let Value::Object(arguments) = arguments.without_secrets() else {
            return Err(Failure::Refused("the arguments are no object".to_owned()).into());
        };
        let provider = match &options.provider {
            Some(provider) => gather::provider_reference(provider).await?,
            None => String::new(),
        };
        let owned = |given: Option<String>, default: &str| given.unwrap_or_else(|| default.to_owned());
        let request = wire::ResourceInvokeRequest {
            tok: function.token.to_owned(),
            args: Some(wire::encode_struct(&arguments).map_err(Failure::Value)?),
            provider,
            version: owned(options.version, function.version),
            plugin_download_url: owned(options.plugin_download_url, function.plugin_download_url),
            accept_resources: true,
            ..wire::ResourceInvokeRequest::default()
        };
        let response = shared.call(|monitor| async move { monitor.invoke(request).await }).await?;
        if !response.failures.is_empty() {
            let reasons: Vec<_> = response
                .failures
                .iter()
                .map(|failure| match failure.property.as_str() {
                    "" => failure.reason.clone(),
                    property => format!("{property}: {}", failure.reason),
                })
                .collect();
            return Err(Failure::Refused(reasons.join("; ")).into());
        }
        let received = Value::Object(
            wire::decode_struct(&response.r#return.unwrap_or_default()).map_err(Failure::Answer)?,
        );
        let secret = secret || received.contains_secret();
        let value = if received.contains_unknown() {
            None
        } else {
            Some(T::from_value(received.clone().without_secrets()).map_err(Failure::Answer)?)
        };
        let received = if secret { received.into_secret() } else { received };
        Ok(Data { value, received: Some(received), secret, dependencies })
    }
}
