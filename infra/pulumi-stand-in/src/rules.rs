//! What AWS and its provider refuse, although the schema allows it.

mod across;
mod address;
mod document;
mod policy;
mod rule;
mod service;
mod tags;

pub(crate) use rule::Rule;

pub(crate) use address::Cidr;

use crate::facts::Facts;
use crate::inputs::Inputs;
use crate::schema::Problem;

/// Where a provider works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The region.
    pub(crate) region: String,
}

/// What is wrong with a resource's inputs.
pub(crate) fn problems(token: &str, facts: &Facts, inputs: Inputs<'_>, place: &Place) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, rule) in &facts.values {
        problems.extend(inputs.at(path).iter().flat_map(|found| rule.problems(found)));
    }
    problems.extend(across::problems(facts, inputs));
    problems.extend(service::problems(token, inputs, place));
    problems.extend(tags::problems(token, inputs));
    problems
}
