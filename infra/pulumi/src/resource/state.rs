//! What a registration came to.

use std::collections::{BTreeMap, BTreeSet};

use crate::value::Value;

/// A resource's identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identifier {
    /// The provider's.
    Known(String),
    /// Not there yet.
    Unknown,
    /// A component's: it has none.
    None,
}

/// A resource that the engine has registered.
#[derive(Debug)]
pub(crate) struct Registered {
    pub(crate) urn: String,
    pub(crate) id: Identifier,
    pub(crate) inputs: BTreeMap<String, Value>,
    pub(crate) outputs: BTreeMap<String, Value>,
    /// What the outputs of a remote component depend on besides itself, by their URNs.
    pub(crate) output_dependencies: BTreeMap<String, BTreeSet<String>>,
    /// Whether what the answer lacks is unknown: in a preview, or where the engine says so.
    pub(crate) rest_is_unknown: bool,
}

impl Registered {
    /// An output, by the rules for what an answer lacks.
    pub(crate) fn property(&self, key: &str) -> Value {
        if let Some(value) = self.outputs.get(key) {
            return value.clone();
        }
        if self.rest_is_unknown {
            return Value::Unknown;
        }
        self.inputs.get(key).cloned().unwrap_or(Value::Null)
    }
}
