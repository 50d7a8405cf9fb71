//! The resources that a value comes from.

use std::collections::BTreeMap;

use super::ResourceHandle;

/// A set of resources, in the order of their registration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dependencies(BTreeMap<u64, ResourceHandle>);

impl Dependencies {
    /// Just this one.
    pub(crate) fn of(handle: &ResourceHandle) -> Self {
        Self(BTreeMap::from([(handle.node.number, handle.clone())]))
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        for (number, handle) in &other.0 {
            self.0.entry(*number).or_insert_with(|| handle.clone());
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &ResourceHandle> {
        self.0.values()
    }
}

impl FromIterator<ResourceHandle> for Dependencies {
    fn from_iter<I: IntoIterator<Item = ResourceHandle>>(handles: I) -> Self {
        Self(handles.into_iter().map(|handle| (handle.node.number, handle)).collect())
    }
}
