//! The resources that a value comes from.

use std::collections::{BTreeMap, BTreeSet};

use super::ResourceHandle;

/// A set of resources, in the order of their registration, and of others that only their URNs are known of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dependencies {
    handles: BTreeMap<u64, ResourceHandle>,
    urns: BTreeSet<String>,
}

impl Dependencies {
    /// Just this one.
    pub(crate) fn of(handle: &ResourceHandle) -> Self {
        std::iter::once(handle.clone()).collect()
    }

    /// Those with these URNs.
    pub(crate) fn of_urns(urns: impl IntoIterator<Item = String>) -> Self {
        Self { urns: urns.into_iter().collect(), ..Self::default() }
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        for (number, handle) in &other.handles {
            self.handles.entry(*number).or_insert_with(|| handle.clone());
        }
        self.urns.extend(other.urns.iter().cloned());
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &ResourceHandle> {
        self.handles.values()
    }

    pub(crate) fn urns(&self) -> impl Iterator<Item = &String> {
        self.urns.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.handles.is_empty() && self.urns.is_empty()
    }
}

impl FromIterator<ResourceHandle> for Dependencies {
    fn from_iter<I: IntoIterator<Item = ResourceHandle>>(handles: I) -> Self {
        let handles = handles.into_iter().map(|handle| (handle.node.number, handle)).collect();
        Self { handles, urns: BTreeSet::new() }
    }
}
