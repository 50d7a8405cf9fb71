//! Parts: resources of Pulumi that are properties of another resource in CloudFormation.

use std::collections::BTreeMap;

use pulumi::Value;
use serde_json::{Map, Value as Json};

use crate::mapping::PartOf;
use crate::monitor::Registration;
use crate::token;

/// The resource that a part belongs to.
///
/// # Errors
/// There is none, or more than one.
pub(crate) fn find_whole<'r>(
    part: &Registration,
    part_of: &PartOf,
    registrations: &'r [Registration],
) -> Result<&'r Registration, (String, String)> {
    let candidates: Vec<&Registration> = registrations
        .iter()
        .filter(|whole| whole.resource_type == part_of.token)
        .filter(|whole| part_of.by.iter().all(|(own, theirs)| matches(part, own, whole, theirs)))
        .collect();
    match candidates.as_slice() {
        [whole] => Ok(whole),
        found => {
            let property = part_of.by.last().map_or("", |(own, _)| own).to_owned();
            let count = if found.is_empty() { "no" } else { "more than one" };
            Err((property, format!("must name a resource of this program: {count} {} fits", part_of.token)))
        }
    }
}

fn matches(part: &Registration, own: &str, whole: &Registration, theirs: &str) -> bool {
    let Some(Value::String(value)) = part.inputs.get(own) else { return false };
    if token::single(value).is_some_and(|token| token.key == whole.key && token.attribute.is_none()) {
        return true;
    }
    matches!(whole.inputs.get(theirs), Some(Value::String(other)) if other == value)
}

/// The part's inputs without those that only say what it is a part of.
pub(crate) fn own_inputs(part: &Registration, part_of: &PartOf) -> BTreeMap<String, Value> {
    let mut inputs = part.inputs.clone();
    inputs.retain(|name, _| !part_of.by.iter().any(|(own, _)| own == name));
    inputs
}

/// Adds a part's properties to the whole's: lists grow, everything else must be new. Gives back the names of those
/// that were not.
pub(crate) fn merge(whole: &mut Map<String, Json>, part: Map<String, Json>) -> Vec<String> {
    let mut taken = Vec::new();
    for (name, value) in part {
        match (whole.get_mut(&name), value) {
            (None, value) => {
                whole.insert(name, value);
            }
            (Some(Json::Array(items)), Json::Array(more)) => items.extend(more),
            (Some(_), _) => taken.push(name),
        }
    }
    taken
}
