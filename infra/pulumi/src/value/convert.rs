//! Values as Rust types.

use std::collections::BTreeMap;

use super::{
    Archive, Asset, AssetOrArchive, LARGEST_INTEGER, ResourceReference, Value, ValueError, ValueErrorKind,
};

/// What can be read from a value.
///
/// Implementations see neither secrets nor unknowns: an output looks through the first, and is itself unknown
/// where anything in it is.
pub trait FromValue: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// When the value is of another kind.
    fn from_value(value: Value) -> Result<Self, ValueError>;
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        Ok(value)
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Bool(value) => Ok(value),
            other => Err(ValueError::unexpected("a boolean", other.kind())),
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::String(value) => Ok(value),
            other => Err(ValueError::unexpected("a string", other.kind())),
        }
    }
}

impl FromValue for f64 {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Number(value) => Ok(value),
            other => Err(ValueError::unexpected("a number", other.kind())),
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        let number = match value {
            Value::Number(number) => number,
            other => return Err(ValueError::unexpected("an integer", other.kind())),
        };
        let limit = LARGEST_INTEGER as f64;
        if number.fract() == 0.0 && (-limit..=limit).contains(&number) {
            Ok(number as Self)
        } else {
            Err(ValueErrorKind::NotAnInteger(number).into())
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl<T: FromValue> FromValue for Box<T> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        T::from_value(value).map(Self::new)
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        let items = match value {
            Value::Array(items) => items,
            other => return Err(ValueError::unexpected("an array", other.kind())),
        };
        let read = |(index, item)| T::from_value(item).map_err(|error| error.in_index(index));
        items.into_iter().enumerate().map(read).collect()
    }
}

impl<T: FromValue> FromValue for BTreeMap<String, T> {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        let entries = match value {
            Value::Object(entries) => entries,
            other => return Err(ValueError::unexpected("an object", other.kind())),
        };
        entries
            .into_iter()
            .map(|(key, value)| match T::from_value(value) {
                Ok(value) => Ok((key, value)),
                Err(error) => Err(error.in_key(key)),
            })
            .collect()
    }
}

impl FromValue for ResourceReference {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Resource(reference) => Ok(reference),
            other => Err(ValueError::unexpected("a resource", other.kind())),
        }
    }
}

impl FromValue for Asset {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Asset(asset) => Ok(asset),
            other => Err(ValueError::unexpected("an asset", other.kind())),
        }
    }
}

impl FromValue for Archive {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Archive(archive) => Ok(archive),
            other => Err(ValueError::unexpected("an archive", other.kind())),
        }
    }
}

impl FromValue for AssetOrArchive {
    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Asset(asset) => Ok(Self::Asset(asset)),
            Value::Archive(archive) => Ok(Self::Archive(archive)),
            other => Err(ValueError::unexpected("an asset or an archive", other.kind())),
        }
    }
}
