//! Reading an object field by field.

use std::collections::BTreeMap;

use super::{FromValue, Value, ValueError};

/// An object that is read field by field. What is not taken is ignored: the engine adds keys of its own.
#[derive(Debug)]
pub struct Fields {
    entries: BTreeMap<String, Value>,
}

impl Fields {
    /// The fields of an object.
    ///
    /// # Errors
    /// When the value is no object.
    pub fn new(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Object(entries) => Ok(Self { entries }),
            Value::Secret(value) => Self::new(*value),
            other => Err(ValueError::unexpected("an object", other.kind())),
        }
    }

    /// The field `key`; a missing one reads as null.
    ///
    /// # Errors
    /// When the field is no `T`; the error names the field.
    pub fn take<T: FromValue>(&mut self, key: &str) -> Result<T, ValueError> {
        T::from_value(self.entries.remove(key).unwrap_or(Value::Null)).map_err(|error| error.in_key(key))
    }
}
