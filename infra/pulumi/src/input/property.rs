//! A property on its way out: a tree of values and outputs, resolved leaf by leaf.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};

use crate::error::{Error, Failure};
use crate::resource::Dependencies;
use crate::value::{Value, ValueError};

/// What can be sent as a property.
pub trait ToInput {
    /// The property, which may hold outputs.
    fn to_input(&self) -> Property;
}

/// A property on its way out. Outputs in it are waited for when it is sent, and unknowns and secrets stay where they are.
#[derive(Clone)]
pub enum Property {
    /// A value.
    Value(Value),
    /// A list.
    Array(Vec<Property>),
    /// A map or an object.
    Object(BTreeMap<String, Property>),
    /// A secret.
    Secret(Box<Property>),
    /// An output.
    Pending(Pending),
    /// Left out: omitted from an object, null in a list.
    Absent,
    /// A value that cannot be sent.
    Invalid(ValueError),
}

/// A property that is waited for.
#[derive(Clone)]
pub struct Pending(Shared<BoxFuture<'static, Result<Resolved, Error>>>);

/// A property that has been waited for; no value means that it is left out.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) value: Option<Value>,
    pub(crate) dependencies: Dependencies,
}

impl Resolved {
    pub(crate) fn known(value: Value) -> Self {
        Self { value: Some(value), dependencies: Dependencies::default() }
    }
}

impl Property {
    pub(crate) fn pending(future: impl Future<Output = Result<Resolved, Error>> + Send + 'static) -> Self {
        Self::Pending(Pending(future.boxed().shared()))
    }

    /// An object with these entries.
    pub fn object(entries: impl IntoIterator<Item = (&'static str, Self)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, property)| (key.to_owned(), property)).collect())
    }

    /// The same property, left out where it turns out to be null.
    pub(crate) fn null_as_absent(self) -> Self {
        Self::pending(async move {
            let mut resolved = self.resolve().await?;
            resolved.value = resolved.value.filter(|value| *value != Value::Null);
            Ok(resolved)
        })
    }

    /// Waits for the outputs in it.
    pub(crate) fn resolve(self) -> BoxFuture<'static, Result<Resolved, Error>> {
        async move {
            match self {
                Self::Value(value) => Ok(Resolved::known(value)),
                Self::Absent => Ok(Resolved { value: None, dependencies: Dependencies::default() }),
                Self::Invalid(error) => Err(Failure::Value(error).into()),
                Self::Pending(pending) => pending.0.await,
                Self::Secret(inner) => {
                    let mut resolved = inner.resolve().await?;
                    // A secret in a secret says nothing more.
                    resolved.value = resolved.value.map(|value| value.without_secrets().into_secret());
                    Ok(resolved)
                }
                Self::Array(items) => {
                    let mut dependencies = Dependencies::default();
                    let mut values = Vec::with_capacity(items.len());
                    for item in items {
                        let resolved = item.resolve().await?;
                        dependencies.extend(&resolved.dependencies);
                        values.push(resolved.value.unwrap_or(Value::Null));
                    }
                    Ok(Resolved { value: Some(Value::Array(values)), dependencies })
                }
                Self::Object(entries) => {
                    let mut dependencies = Dependencies::default();
                    let mut values = BTreeMap::new();
                    for (key, property) in entries {
                        let resolved = property.resolve().await?;
                        dependencies.extend(&resolved.dependencies);
                        if let Some(value) = resolved.value {
                            values.insert(key, value);
                        }
                    }
                    Ok(Resolved { value: Some(Value::Object(values)), dependencies })
                }
            }
        }
        .boxed()
    }
}

impl ToInput for Property {
    fn to_input(&self) -> Property {
        self.clone()
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(formatter),
            Self::Array(items) => formatter.debug_list().entries(items).finish(),
            Self::Object(entries) => formatter.debug_map().entries(entries).finish(),
            Self::Secret(_) => formatter.write_str("Secret(…)"),
            Self::Pending(_) => formatter.write_str("Pending(…)"),
            Self::Absent => formatter.write_str("Absent"),
            Self::Invalid(error) => formatter.debug_tuple("Invalid").field(error).finish(),
        }
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pending(…)")
    }
}
