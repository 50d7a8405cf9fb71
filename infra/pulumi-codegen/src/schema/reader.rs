//! Reading JSON with the place of every value, so that a mistake is reported where it is.

use serde_json::{Map, Value};

/// Why a text is no package schema.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It is no JSON.
    #[error("the schema is no JSON")]
    Json(#[source] serde_json::Error),
    /// A value is not what it must be.
    #[error("{place}: expected {expected}, found {found}")]
    Unexpected {
        /// Where, such as `resources["a:b:C"].properties.name`.
        place: String,
        /// What belongs there.
        expected: String,
        /// What is there.
        found: String,
    },
}

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    place: String,
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, place: String::new() }
    }

    pub(super) fn place(&self) -> &str {
        if self.place.is_empty() { "the schema" } else { &self.place }
    }

    pub(super) fn unexpected(&self, expected: impl Into<String>) -> SchemaError {
        SchemaError::Unexpected {
            place: self.place().to_owned(),
            expected: expected.into(),
            found: describe(self.value),
        }
    }

    fn child(&self, key: &str, value: &'a Value) -> Self {
        let plain = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let place = match (plain, self.place.is_empty()) {
            (true, true) => key.to_owned(),
            (true, false) => format!("{}.{key}", self.place),
            (false, _) => format!("{}[{key:?}]", self.place),
        };
        Self { value, place }
    }

    fn object(&self) -> Result<&'a Map<String, Value>, SchemaError> {
        self.value.as_object().ok_or_else(|| self.unexpected("an object"))
    }

    /// The value at a key; `null` counts as absent.
    pub(super) fn get(&self, key: &str) -> Result<Option<Self>, SchemaError> {
        Ok(self.object()?.get(key).filter(|value| !value.is_null()).map(|value| self.child(key, value)))
    }

    pub(super) fn text(&self) -> Result<&'a str, SchemaError> {
        self.value.as_str().ok_or_else(|| self.unexpected("a text"))
    }

    pub(super) fn get_text(&self, key: &str) -> Result<Option<String>, SchemaError> {
        self.get(key)?.map(|node| node.text().map(str::to_owned)).transpose()
    }

    pub(super) fn get_flag(&self, key: &str) -> Result<bool, SchemaError> {
        match self.get(key)? {
            None => Ok(false),
            Some(node) => node.value.as_bool().ok_or_else(|| node.unexpected("true or false")),
        }
    }

    /// The members of the object at a key, ordered by name; none if it is absent.
    pub(super) fn members(&self, key: &str) -> Result<Vec<(&'a str, Self)>, SchemaError> {
        let Some(node) = self.get(key)? else { return Ok(Vec::new()) };
        let mut members: Vec<_> =
            node.object()?.iter().map(|(name, value)| (name.as_str(), node.child(name, value))).collect();
        members.sort_by_key(|(name, _)| *name);
        Ok(members)
    }

    /// The items of the list at a key; none if it is absent.
    pub(super) fn items(&self, key: &str) -> Result<Vec<Self>, SchemaError> {
        let Some(node) = self.get(key)? else { return Ok(Vec::new()) };
        let items = node.value.as_array().ok_or_else(|| node.unexpected("a list"))?;
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, value)| Self { value, place: format!("{}[{index}]", node.place) })
            .collect())
    }

    pub(super) fn texts(&self, key: &str) -> Result<Vec<String>, SchemaError> {
        self.items(key)?.iter().map(|node| node.text().map(str::to_owned)).collect()
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        other => other.to_string(),
    }
}
