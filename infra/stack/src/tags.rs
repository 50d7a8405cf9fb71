//! The tags of everything that can have some: what it belongs to and who pays for it.

use std::collections::BTreeMap;

use miyabi_shared::Stage;
use pulumi::Map;

use crate::stack::PROJECT;

/// The tag that budgets and cost reports filter by.
pub const PROJECT_TAG: &str = "miyabi:project";
/// The tag that names the stage.
pub const STAGE_TAG: &str = "miyabi:stage";
/// The tag that names the component.
pub const COMPONENT_TAG: &str = "miyabi:component";
/// The tag that says that nobody changes it by hand.
pub const MANAGED_BY_TAG: &str = "miyabi:managed-by";
/// The tag that names who pays.
pub const COST_OWNER_TAG: &str = "miyabi:cost-owner";

/// The tag that AWS's console shows as the name.
const NAME_TAG: &str = "Name";

/// Makes the tags of a stage's resources.
///
/// They are given to each resource, and not by a default of the provider: a template has no provider, and what a
/// stack holds is seen in its graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tags {
    stage: Stage,
    cost_owner: String,
}

impl Tags {
    /// The tags of a stage, paid for by `cost_owner`.
    pub fn new(stage: Stage, cost_owner: impl Into<String>) -> Self {
        Self { stage, cost_owner: cost_owner.into() }
    }

    /// The tags of a component's resources.
    pub fn of(&self, component: &str) -> ComponentTags {
        let tags = [
            (PROJECT_TAG, PROJECT),
            (STAGE_TAG, self.stage.name()),
            (COMPONENT_TAG, component),
            (MANAGED_BY_TAG, "pulumi"),
            (COST_OWNER_TAG, &self.cost_owner),
        ];
        ComponentTags(tags.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }
}

/// The tags of a component's resources: what every `tags` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentTags(BTreeMap<String, String>);

impl ComponentTags {
    /// The same with the name that AWS's console shows for what has no name of its own.
    pub fn named(&self, name: impl Into<String>) -> Map<String> {
        let mut tags = self.0.clone();
        tags.insert(NAME_TAG.to_owned(), name.into());
        tags.into()
    }
}

impl From<&ComponentTags> for Map<String> {
    fn from(tags: &ComponentTags) -> Self {
        tags.0.clone().into()
    }
}
