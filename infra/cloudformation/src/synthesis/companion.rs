//! Resources that CloudFormation needs beside others: their names, and who waits for them.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Resource;
use crate::intrinsic::Place;
use crate::{logical_id, token};

/// The companions that are waited for, by the name of what they are beside.
pub(super) type Awaited = BTreeMap<String, Vec<String>>;

/// Gives every companion its place.
pub(super) fn places(
    resources: &BTreeMap<String, Resource<'_>>,
    places: &mut BTreeMap<String, Place>,
) -> Awaited {
    let mut awaited = Awaited::new();
    for resource in resources.values() {
        let key = &resource.registration.key;
        let Some(Place::Resource(whole)) = places.get(key).cloned() else { continue };
        for companion in &resource.companions {
            let mut name = format!("{whole}{}", companion.suffix);
            if companion.immutable {
                let properties = Json::Object(resource.properties.clone()).to_string();
                name.push_str(&logical_id::hash(&[&properties]).to_ascii_uppercase());
            } else {
                awaited.entry(whole.clone()).or_default().push(name.clone());
            }
            places.insert(token::companion(key, companion.suffix), Place::Resource(name));
        }
    }
    awaited
}
