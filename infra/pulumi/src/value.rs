//! Property values: what a resource takes and gives, with unknowns and secrets at any depth.

mod asset;
mod convert;
mod error;
mod fields;
mod single;

use std::collections::BTreeMap;
use std::fmt;

pub use asset::{Archive, ArchiveSource, Asset, AssetOrArchive, AssetSource};
pub use convert::FromValue;
pub use error::{ValueError, ValueErrorKind};
pub use fields::Fields;
pub use single::Single;

/// The largest integer that survives the wire, whose numbers are IEEE doubles: 2^53.
pub const LARGEST_INTEGER: i64 = 1 << 53;

/// A property value. Its `Debug` does not show what a secret holds.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number; integers are exact up to 2^53.
    Number(f64),
    /// A text.
    String(String),
    /// Bytes that are no text, where a provider gives them in place of one.
    Bytes(Vec<u8>),
    /// A list.
    Array(Vec<Value>),
    /// A map or an object.
    Object(BTreeMap<String, Value>),
    /// A value that is not known yet, in a preview.
    Unknown,
    /// A value that is encrypted in the state and never shown.
    Secret(Box<Value>),
    /// A file.
    Asset(Asset),
    /// Files.
    Archive(Archive),
    /// A resource.
    Resource(ResourceReference),
    /// A value with its own secretness and dependencies.
    Output(Box<OutputValue>),
}

/// A resource as a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceReference {
    /// The resource's URN.
    pub urn: String,
    /// `None` for a component, `Some(None)` for an identifier that is not known yet.
    pub id: Option<Option<String>>,
    /// The version of the resource's package; empty where it has none.
    pub package_version: String,
}

/// A value with its own secretness and dependencies.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputValue {
    /// The value; `None` while it is unknown.
    pub value: Option<Value>,
    /// Whether it is secret.
    pub secret: bool,
    /// URNs of the resources that it comes from.
    pub dependencies: Vec<String>,
}

impl Value {
    /// An object of these entries.
    pub fn object<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Object(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// This value as a secret; a secret stays as it is.
    #[must_use]
    pub fn into_secret(self) -> Self {
        match self {
            secret @ Self::Secret(_) => secret,
            value => Self::Secret(Box::new(value)),
        }
    }

    /// Whether something in it is unknown.
    pub fn contains_unknown(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::Secret(value) => value.contains_unknown(),
            Self::Array(items) => items.iter().any(Self::contains_unknown),
            Self::Object(entries) => entries.values().any(Self::contains_unknown),
            Self::Output(output) => output.value.as_ref().is_none_or(Self::contains_unknown),
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::String(_)
            | Self::Bytes(_)
            | Self::Asset(_)
            | Self::Archive(_)
            | Self::Resource(_) => false,
        }
    }

    /// Whether something in it is secret.
    pub fn contains_secret(&self) -> bool {
        match self {
            Self::Secret(_) => true,
            Self::Array(items) => items.iter().any(Self::contains_secret),
            Self::Object(entries) => entries.values().any(Self::contains_secret),
            Self::Output(output) => output.secret || output.value.as_ref().is_some_and(Self::contains_secret),
            _ => false,
        }
    }

    /// Whether something in it is bytes that are no text.
    pub(crate) fn contains_bytes(&self) -> bool {
        match self {
            Self::Bytes(_) => true,
            Self::Secret(value) => value.contains_bytes(),
            Self::Array(items) => items.iter().any(Self::contains_bytes),
            Self::Object(entries) => entries.values().any(Self::contains_bytes),
            Self::Output(output) => output.value.as_ref().is_some_and(Self::contains_bytes),
            _ => false,
        }
    }

    /// The same value with nothing marked as secret, and output values as what they hold.
    #[must_use]
    pub fn without_secrets(self) -> Self {
        match self {
            Self::Secret(value) => value.without_secrets(),
            Self::Output(output) => output.value.map_or(Self::Unknown, Self::without_secrets),
            Self::Array(items) => Self::Array(items.into_iter().map(Self::without_secrets).collect()),
            Self::Object(entries) => {
                Self::Object(entries.into_iter().map(|(key, value)| (key, value.without_secrets())).collect())
            }
            value => value,
        }
    }

    /// What kind of value this is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Bytes(_) => "bytes that are no text",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
            Self::Unknown => "an unknown value",
            Self::Secret(_) => "a secret",
            Self::Asset(_) => "an asset",
            Self::Archive(_) => "an archive",
            Self::Resource(_) => "a resource",
            Self::Output(_) => "an output value",
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => formatter.write_str("Null"),
            Self::Bool(value) => formatter.debug_tuple("Bool").field(value).finish(),
            Self::Number(value) => formatter.debug_tuple("Number").field(value).finish(),
            Self::String(value) => formatter.debug_tuple("String").field(value).finish(),
            Self::Bytes(bytes) => write!(formatter, "Bytes({} bytes)", bytes.len()),
            Self::Array(items) => formatter.debug_list().entries(items).finish(),
            Self::Object(entries) => formatter.debug_map().entries(entries).finish(),
            Self::Unknown => formatter.write_str("Unknown"),
            Self::Secret(_) => formatter.write_str("Secret(…)"),
            Self::Asset(asset) => asset.fmt(formatter),
            Self::Archive(archive) => archive.fmt(formatter),
            Self::Resource(resource) => resource.fmt(formatter),
            Self::Output(output) if output.secret => formatter.write_str("Output(…)"),
            Self::Output(output) => output.fmt(formatter),
        }
    }
}
