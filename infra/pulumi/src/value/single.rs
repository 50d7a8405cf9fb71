//! Answers that are no object.

use super::{FromValue, Value, ValueError};
use crate::input::{Property, ToInput};

/// An answer that is one value: on the wire it is the only entry of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Single<T>(T);

impl<T> Single<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: FromValue> FromValue for Single<T> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        let entries = match value {
            Value::Object(entries) => entries,
            other => return Err(ValueError::unexpected("an object", other.kind())),
        };
        // The engine may add keys of its own, which begin with two underscores.
        let mut own = entries.into_iter().filter(|(key, _)| !key.starts_with("__"));
        match (own.next(), own.next()) {
            (Some((key, value)), None) => T::from_value(value).map(Self).map_err(|error| error.in_key(key)),
            (None, _) => T::from_value(Value::Null).map(Self),
            (Some(_), Some(_)) => Err(ValueError::unexpected("an object with one entry", "one with several")),
        }
    }
}

impl<T: ToInput> ToInput for Single<T> {
    fn to_input(&self) -> Property {
        self.0.to_input()
    }
}
