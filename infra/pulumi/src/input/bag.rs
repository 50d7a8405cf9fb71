//! Inputs by their names, as generated argument types hold them.

use std::collections::BTreeMap;

use super::{Input, Property, ToInput};

/// Inputs by their names on the wire.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    entries: BTreeMap<String, Property>,
}

impl Inputs {
    /// No inputs.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an input.
    pub fn set<T: ToInput>(&mut self, key: &'static str, value: Input<T>) {
        self.entries.insert(key.to_owned(), value.to_input());
    }

    /// Sets an input that its schema declares secret.
    pub fn set_secret<T: ToInput>(&mut self, key: &'static str, value: Input<T>) {
        self.entries.insert(key.to_owned(), Property::Secret(Box::new(value.to_input())));
    }

    /// These inputs and one more, without a type to check it against.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl ToInput) -> Self {
        self.entries.insert(key.into(), value.to_input());
        self
    }

    /// Whether an input is set.
    pub fn contains(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub(crate) fn into_entries(self) -> BTreeMap<String, Property> {
        self.entries
    }
}

impl ToInput for Inputs {
    fn to_input(&self) -> Property {
        Property::Object(self.entries.clone())
    }
}

impl<K: Into<String>> FromIterator<(K, Property)> for Inputs {
    fn from_iter<I: IntoIterator<Item = (K, Property)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().map(|(key, property)| (key.into(), property)).collect() }
    }
}

/// Marks a required input that has been given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provided;

/// Marks a required input that is still missing: what lacks it is no argument yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing;

/// Conveniences of every argument type with setters.
pub trait Args: Sized {
    /// Applies `set` where there is a value.
    ///
    /// ```
    /// # use pulumi::{Args, Input, Inputs};
    /// # struct FunctionArgs(Inputs);
    /// # impl Args for FunctionArgs {}
    /// # impl FunctionArgs {
    /// #     fn new() -> Self { Self(Inputs::new()) }
    /// #     fn memory_size(mut self, size: impl Into<Input<i64>>) -> Self { self.0.set("memorySize", size.into()); self }
    /// # }
    /// let size: Option<i32> = None;
    /// let args = FunctionArgs::new().optional(size, |args, size| args.memory_size(size));
    /// # assert!(!args.0.contains("memorySize"));
    /// ```
    #[must_use]
    fn optional<V>(self, value: Option<V>, set: impl FnOnce(Self, V) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }

    /// Applies `set` where a condition holds.
    #[must_use]
    fn when(self, condition: bool, set: impl FnOnce(Self) -> Self) -> Self {
        if condition { set(self) } else { self }
    }
}
