//! Outputs: values that are there once a resource is, with their secretness and dependencies.

mod all;
mod deferred;
mod interpolate;
mod recover;

use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};

pub use all::{All, all};
pub use deferred::Resolver;
pub use interpolate::IntoText;

use crate::error::{Error, Failure, panic_message};
use crate::input::{Property, Resolved, ToInput};
use crate::resource::Dependencies;
use crate::tracker::Tracker;
use crate::value::{FromValue, Value};

/// What an output can hold.
pub trait Held: Send + Sync + 'static {}

impl<T: Send + Sync + 'static> Held for T {}

/// A value that is there once the resources that it comes from are; in a preview it may stay unknown.
///
/// An output knows whether it is secret and which resources it depends on, and whatever is made from it inherits
/// both. It has no `Display`, because it has no text to show: build texts with
/// [`interpolate!`](crate::interpolate) or [`json!`](macro@crate::json).
///
/// ```compile_fail,E0277
/// let output = pulumi::Output::known(1);
/// println!("the port is {output}");
/// ```
///
/// ```
/// let output = pulumi::Output::known(1);
/// let text = pulumi::interpolate!("the port is {}", output);
/// ```
pub struct Output<T> {
    future: Shared<BoxFuture<'static, Result<Arc<Data<T>>, Error>>>,
    tracker: Option<Tracker>,
    /// What was received, which may be bytes that no Rust type here can hold: they can be passed on all the same.
    raw: Option<Property>,
}

/// What an output resolves to.
pub(crate) struct Data<T> {
    /// `None` while unknown.
    pub(crate) value: Option<T>,
    /// What was received, where secrets and unknowns keep their places.
    pub(crate) received: Option<Value>,
    pub(crate) secret: bool,
    pub(crate) dependencies: Dependencies,
}

impl<T> Clone for Output<T> {
    fn clone(&self) -> Self {
        Self { future: self.future.clone(), tracker: self.tracker.clone(), raw: self.raw.clone() }
    }
}

impl<T> fmt::Debug for Output<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Output").finish_non_exhaustive()
    }
}

impl<T: Held> Output<T> {
    /// An output that is known from the start.
    pub fn known(value: T) -> Self {
        Self::of(Data {
            value: Some(value),
            received: None,
            secret: false,
            dependencies: Dependencies::default(),
        })
    }

    /// A secret that is known from the start.
    pub fn secret(value: T) -> Self {
        Self::of(Data {
            value: Some(value),
            received: None,
            secret: true,
            dependencies: Dependencies::default(),
        })
    }

    /// An output that never becomes known, as in a preview.
    pub fn unknown() -> Self {
        Self::of(Data { value: None, received: None, secret: false, dependencies: Dependencies::default() })
    }

    /// An output of what a future gives. An error fails the run.
    pub fn from_future<E>(future: impl Future<Output = Result<T, E>> + Send + 'static) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let tracker = Tracker::current();
        let outside = tracker.clone();
        Self::tracked(tracker, async move {
            let caught = Tracker::mark_outside(AssertUnwindSafe(future).catch_unwind());
            let result = match outside {
                Some(tracker) => tracker.outside(caught).await,
                None => caught.await,
            };
            let value = flatten("a future of an output", result)?;
            Ok(Data {
                value: Some(value),
                received: None,
                secret: false,
                dependencies: Dependencies::default(),
            })
        })
    }

    fn of(data: Data<T>) -> Self {
        Self::lazy(Tracker::current(), async move { Ok(data) })
    }

    /// An output that is only worked out where something uses it.
    pub(crate) fn lazy(
        tracker: Option<Tracker>,
        future: impl Future<Output = Result<Data<T>, Error>> + Send + 'static,
    ) -> Self {
        Self { future: future.map(|result| result.map(Arc::new)).boxed().shared(), tracker, raw: None }
    }

    /// This output, which was received as that.
    pub(crate) fn received_as(self, raw: Property) -> Self {
        Self { raw: Some(raw), ..self }
    }

    /// An output that is worked out whether or not something uses it, and whose error fails the run.
    fn tracked(
        tracker: Option<Tracker>,
        future: impl Future<Output = Result<Data<T>, Error>> + Send + 'static,
    ) -> Self {
        Self::lazy(tracker, future).watched()
    }

    /// This output, worked out whether or not something uses it.
    pub(crate) fn watched(self) -> Self {
        if let Some(tracker) = &self.tracker {
            tracker.spawn(self.future.clone().map(|result| result.map(drop)));
        }
        self
    }

    pub(crate) async fn data(&self) -> Result<Arc<Data<T>>, Error> {
        self.future.clone().await
    }

    pub(crate) fn tracker(&self) -> Option<&Tracker> {
        self.tracker.as_ref()
    }

    /// The same value as a secret.
    #[must_use]
    pub fn to_secret(&self) -> Self
    where
        T: Clone,
    {
        self.with_secrecy(true, Value::into_secret)
    }

    /// The same value, no longer secret.
    #[must_use]
    pub fn unsecret(&self) -> Self
    where
        T: Clone,
    {
        self.with_secrecy(false, Value::without_secrets)
    }

    /// The same value, secret or not, with what was received of it made to match.
    fn with_secrecy(&self, secret: bool, received: fn(Value) -> Value) -> Self
    where
        T: Clone,
    {
        let source = self.clone();
        Self::lazy(self.tracker.clone(), async move {
            let data = source.data().await?;
            Ok(Data {
                value: data.value.clone(),
                received: data.received.clone().map(received),
                secret,
                dependencies: data.dependencies.clone(),
            })
        })
    }

    /// What `function` makes of the value, once it is there; not called while it is unknown. A panic fails the run.
    #[must_use]
    pub fn map<U: Held>(&self, function: impl FnOnce(T) -> U + Send + 'static) -> Output<U>
    where
        T: Clone,
    {
        self.try_map(move |value| Ok::<_, std::convert::Infallible>(function(value)))
    }

    /// What `function` makes of the value, once it is there. An error or a panic fails the run.
    #[must_use]
    pub fn try_map<U: Held, E>(&self, function: impl FnOnce(T) -> Result<U, E> + Send + 'static) -> Output<U>
    where
        T: Clone,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let source = self.clone();
        Output::tracked(self.tracker.clone(), async move {
            let data = source.data().await?;
            let value = match data.value.clone() {
                None => None,
                Some(value) => {
                    let result = std::panic::catch_unwind(AssertUnwindSafe(|| function(value)));
                    Some(flatten("a callback of an output", result)?)
                }
            };
            Ok(Data { value, received: None, secret: data.secret, dependencies: data.dependencies.clone() })
        })
    }

    /// The output that `function` makes of the value: known if both are, secret if one is, with the dependencies of both.
    #[must_use]
    pub fn and_then<U: Held + Clone>(
        &self,
        function: impl FnOnce(T) -> Output<U> + Send + 'static,
    ) -> Output<U>
    where
        T: Clone,
    {
        let source = self.clone();
        Output::tracked(self.tracker.clone(), async move {
            let data = source.data().await?;
            let Some(value) = data.value.clone() else {
                let dependencies = data.dependencies.clone();
                return Ok(Data { value: None, received: None, secret: data.secret, dependencies });
            };
            let result = std::panic::catch_unwind(AssertUnwindSafe(|| function(value)));
            let inner = flatten("a callback of an output", result.map(Ok::<_, std::convert::Infallible>))?;
            let inner = inner.data().await?;
            let secret = data.secret || inner.secret;
            let mut dependencies = data.dependencies.clone();
            dependencies.extend(&inner.dependencies);
            let received = inner.received.clone();
            Ok(Data {
                value: inner.value.clone(),
                received: if data.secret { received.map(Value::into_secret) } else { received },
                secret,
                dependencies,
            })
        })
    }

    /// One field of what was received. Known as soon as that field is, even while others are unknown.
    #[must_use]
    pub fn field<U: FromValue + Held>(&self, key: &str) -> Output<U>
    where
        T: ToInput,
    {
        let property = self.to_input();
        let key = key.to_owned();
        Output::tracked(self.tracker.clone(), async move {
            let Resolved { value, dependencies } = property.resolve().await?;
            let secret = value.as_ref().is_some_and(Value::contains_secret);
            let field = match value.map(Value::without_secrets) {
                Some(Value::Object(mut entries)) => entries.remove(&key).unwrap_or(Value::Null),
                Some(Value::Unknown) => Value::Unknown,
                None => Value::Null,
                Some(other) => {
                    let error = crate::ValueError::unexpected("an object", other.kind()).in_key(key);
                    return Err(Failure::Answer(error).into());
                }
            };
            let value = if field.contains_unknown() {
                None
            } else {
                let read = U::from_value(field.clone());
                Some(read.map_err(|error| Failure::Answer(error.in_key(key)))?)
            };
            Ok(Data { value, received: (!secret).then_some(field), secret, dependencies })
        })
    }

    /// Waits for the value: `None` if it is unknown. A program rather maps: what waits holds up whatever comes after
    /// it, and a value that needs what comes after it is an error.
    ///
    /// # Errors
    /// When the output has no value because something failed.
    pub async fn value(&self) -> Result<Option<T>, Error>
    where
        T: Clone,
    {
        let _awaiting = self.tracker.as_ref().map(Tracker::awaiting);
        Ok(self.data().await?.value.clone())
    }

    /// Waits until it is known whether the value is secret.
    ///
    /// # Errors
    /// When the output has no value because something failed.
    pub async fn is_secret(&self) -> Result<bool, Error> {
        let _awaiting = self.tracker.as_ref().map(Tracker::awaiting);
        Ok(self.data().await?.secret)
    }
}

/// The outcome of something that may have panicked.
fn flatten<T, E>(what: &'static str, result: std::thread::Result<Result<T, E>>) -> Result<T, Error>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match result {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Failure::Program { what, source: error.into() }.into()),
        Err(payload) => Err(Failure::Panic { what, message: panic_message(payload.as_ref()) }.into()),
    }
}

impl<T: Held + ToInput> ToInput for Output<T> {
    fn to_input(&self) -> Property {
        let output = self.clone();
        Property::pending(async move {
            if let Some(raw) = &output.raw {
                let raw = raw.clone().resolve().await?;
                if raw.value.as_ref().is_some_and(Value::contains_bytes) {
                    return Ok(raw);
                }
            }
            let data = output.data().await?;
            let mut resolved = match (&data.received, &data.value) {
                (Some(received), _) => Resolved::known(received.clone()),
                (None, Some(value)) => value.to_input().resolve().await?,
                (None, None) => Resolved::known(Value::Unknown),
            };
            if data.secret && !resolved.value.as_ref().is_some_and(Value::contains_secret) {
                resolved.value = Some(resolved.value.unwrap_or(Value::Null).into_secret());
            }
            resolved.dependencies.extend(&data.dependencies);
            Ok(resolved)
        })
    }
}
