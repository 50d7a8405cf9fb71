//! Inputs: what a resource takes, as values or as outputs of other resources.

mod accepts;
mod bag;
mod collections;
mod environment;
mod property;

use std::collections::BTreeMap;
use std::fmt;

pub use accepts::Accepts;
pub use bag::{Args, Inputs, Missing, Provided};
pub use collections::{List, Map};
pub use environment::{FromEnvironment, from_environment};
pub(crate) use property::Resolved;
pub use property::{Pending, Property, ToInput};

use crate::json::Json;
use crate::output::{Held, Output};
use crate::value::{
    Archive, Asset, AssetOrArchive, LARGEST_INTEGER, ResourceReference, Value, ValueError, ValueErrorKind,
};

/// A value, or an output that will hold it.
///
/// Whatever takes one takes `impl Into<Input<T>>`, so that callers pass literals, values and outputs as they are.
pub struct Input<T> {
    source: Source<T>,
}

enum Source<T> {
    Value(T),
    Property(Property, std::marker::PhantomData<fn() -> T>),
}

impl<T> Input<T> {
    /// An input of a value that is known at once.
    pub fn plain(value: T) -> Self {
        Self { source: Source::Value(value) }
    }

    /// An input that sends this property.
    pub fn from_property(property: Property) -> Self {
        Self { source: Source::Property(property, std::marker::PhantomData) }
    }
}

impl<T: ToInput> ToInput for Input<T> {
    fn to_input(&self) -> Property {
        match &self.source {
            Source::Value(value) => value.to_input(),
            Source::Property(property, _) => property.clone(),
        }
    }
}

impl<T: Clone> Clone for Input<T> {
    fn clone(&self) -> Self {
        let source = match &self.source {
            Source::Value(value) => Source::Value(value.clone()),
            Source::Property(property, marker) => Source::Property(property.clone(), *marker),
        };
        Self { source }
    }
}

impl<T: fmt::Debug> fmt::Debug for Input<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Value(value) => value.fmt(formatter),
            Source::Property(property, _) => property.fmt(formatter),
        }
    }
}

impl<T> From<T> for Input<T> {
    fn from(value: T) -> Self {
        Self { source: Source::Value(value) }
    }
}

impl<T: Held + ToInput> From<Output<T>> for Input<T> {
    fn from(output: Output<T>) -> Self {
        Self::from_property(output.to_input())
    }
}

impl<T: Held + ToInput> From<&Output<T>> for Input<T> {
    fn from(output: &Output<T>) -> Self {
        Self::from_property(output.to_input())
    }
}

macro_rules! input_from {
    ($($from:ty => $to:ty: $convert:expr),+ $(,)?) => {
        $(impl From<$from> for Input<$to> {
            fn from(value: $from) -> Self {
                let convert: fn($from) -> $to = $convert;
                convert(value).into()
            }
        })+
    };
}

input_from! {
    &str => String: str::to_owned,
    &String => String: Clone::clone,
    i32 => i64: i64::from,
    u32 => i64: i64::from,
    u16 => i64: i64::from,
    i32 => f64: f64::from,
    u32 => f64: f64::from,
    Asset => AssetOrArchive: AssetOrArchive::Asset,
    Archive => AssetOrArchive: AssetOrArchive::Archive,
}

impl From<Json> for Input<String> {
    fn from(json: Json) -> Self {
        json.to_text().into()
    }
}

impl From<Json> for Input<Value> {
    fn from(json: Json) -> Self {
        Self::from_property(json.into_property())
    }
}

impl ToInput for Value {
    fn to_input(&self) -> Property {
        Property::Value(self.clone())
    }
}

impl ToInput for bool {
    fn to_input(&self) -> Property {
        Property::Value(Value::Bool(*self))
    }
}

impl ToInput for String {
    fn to_input(&self) -> Property {
        Property::Value(Value::String(self.clone()))
    }
}

impl ToInput for str {
    fn to_input(&self) -> Property {
        Property::Value(Value::String(self.to_owned()))
    }
}

impl<T: ToInput + ?Sized> ToInput for &T {
    fn to_input(&self) -> Property {
        T::to_input(self)
    }
}

impl ToInput for f64 {
    fn to_input(&self) -> Property {
        Property::Value(Value::Number(*self))
    }
}

impl ToInput for i64 {
    fn to_input(&self) -> Property {
        if (-LARGEST_INTEGER..=LARGEST_INTEGER).contains(self) {
            Property::Value(Value::Number(*self as f64))
        } else {
            Property::Invalid(ValueErrorKind::IntegerTooLarge(*self).into())
        }
    }
}

impl ToInput for i32 {
    fn to_input(&self) -> Property {
        Property::Value(Value::Number(f64::from(*self)))
    }
}

impl ToInput for u32 {
    fn to_input(&self) -> Property {
        Property::Value(Value::Number(f64::from(*self)))
    }
}

impl ToInput for u16 {
    fn to_input(&self) -> Property {
        Property::Value(Value::Number(f64::from(*self)))
    }
}

impl ToInput for ResourceReference {
    fn to_input(&self) -> Property {
        Property::Value(Value::Resource(self.clone()))
    }
}

impl ToInput for Asset {
    fn to_input(&self) -> Property {
        Property::Value(Value::Asset(self.clone()))
    }
}

impl ToInput for Archive {
    fn to_input(&self) -> Property {
        Property::Value(Value::Archive(self.clone()))
    }
}

impl ToInput for AssetOrArchive {
    fn to_input(&self) -> Property {
        match self {
            Self::Asset(asset) => asset.to_input(),
            Self::Archive(archive) => archive.to_input(),
        }
    }
}

impl<T: ToInput> ToInput for Option<T> {
    fn to_input(&self) -> Property {
        self.as_ref().map_or(Property::Absent, T::to_input)
    }
}

impl<T: ToInput> ToInput for Box<T> {
    fn to_input(&self) -> Property {
        T::to_input(self)
    }
}

impl<T: ToInput> ToInput for Vec<T> {
    fn to_input(&self) -> Property {
        Property::Array(self.iter().map(T::to_input).collect())
    }
}

impl<K: AsRef<str>, T: ToInput> ToInput for BTreeMap<K, T> {
    fn to_input(&self) -> Property {
        Property::Object(
            self.iter().map(|(key, value)| (key.as_ref().to_owned(), value.to_input())).collect(),
        )
    }
}

impl From<ValueError> for Property {
    fn from(error: ValueError) -> Self {
        Self::Invalid(error)
    }
}
