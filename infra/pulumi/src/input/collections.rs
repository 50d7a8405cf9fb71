//! Lists and maps whose entries may each be an output.

use std::collections::BTreeMap;

use super::{Input, ToInput};
use crate::output::{Held, Output};

/// A list; each item may be an output, and so may the list itself.
pub type List<T> = Input<Vec<Input<T>>>;

/// A map; each value may be an output, and so may the map itself.
pub type Map<T> = Input<BTreeMap<String, Input<T>>>;

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T, const N: usize> From<[T; N]> for List<T> {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T, const N: usize> From<[Input<T>; N]> for List<T> {
    fn from(items: [Input<T>; N]) -> Self {
        Vec::from(items).into()
    }
}

impl<T: Held + ToInput> From<Vec<Output<T>>> for List<T> {
    fn from(items: Vec<Output<T>>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Held + ToInput, const N: usize> From<[Output<T>; N]> for List<T> {
    fn from(items: [Output<T>; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<const N: usize> From<[&str; N]> for List<String> {
    fn from(items: [&str; N]) -> Self {
        items.into_iter().collect()
    }
}

impl From<Vec<&str>> for List<String> {
    fn from(items: Vec<&str>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Held + ToInput> From<Output<Vec<T>>> for List<T> {
    fn from(items: Output<Vec<T>>) -> Self {
        Self::from_property(items.to_input())
    }
}

impl<T: Held + ToInput> From<&Output<Vec<T>>> for List<T> {
    fn from(items: &Output<Vec<T>>) -> Self {
        Self::from_property(items.to_input())
    }
}

impl<T, V: Into<Input<T>>> FromIterator<V> for List<T> {
    fn from_iter<I: IntoIterator<Item = V>>(items: I) -> Self {
        items.into_iter().map(Into::into).collect::<Vec<Input<T>>>().into()
    }
}

impl<K: Into<String>, T> From<BTreeMap<K, T>> for Map<T> {
    fn from(entries: BTreeMap<K, T>) -> Self {
        entries.into_iter().collect()
    }
}

impl<T, K: Into<String>, V: Into<Input<T>>, const N: usize> From<[(K, V); N]> for Map<T> {
    fn from(entries: [(K, V); N]) -> Self {
        entries.into_iter().collect()
    }
}

impl<T: Held + ToInput> From<Output<BTreeMap<String, T>>> for Map<T> {
    fn from(entries: Output<BTreeMap<String, T>>) -> Self {
        Self::from_property(entries.to_input())
    }
}

impl<T: Held + ToInput> From<&Output<BTreeMap<String, T>>> for Map<T> {
    fn from(entries: &Output<BTreeMap<String, T>>) -> Self {
        Self::from_property(entries.to_input())
    }
}

impl<K: Into<String>, T, V: Into<Input<T>>> FromIterator<(K, V)> for Map<T> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value.into()));
        entries.collect::<BTreeMap<String, Input<T>>>().into()
    }
}
