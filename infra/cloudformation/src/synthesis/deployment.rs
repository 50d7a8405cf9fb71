//! Names of the deployments of REST APIs.
//!
//! A deployment is a copy of its API and never changes. A change of the API needs another deployment, and another
//! deployment is another name: so the name holds a hash of the API.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::Resource;
use crate::intrinsic::Place;
use crate::logical_id;

const DEPLOYMENT: &str = "AWS::ApiGateway::Deployment";
/// What is not copied into a deployment.
const NOT_PART: &[&str] = &[DEPLOYMENT, "AWS::ApiGateway::Stage"];

/// The name of each deployment, with its URN.
pub(super) fn names(
    resources: &BTreeMap<String, Resource<'_>>,
    places: &BTreeMap<String, Place>,
) -> Vec<(String, String)> {
    let mut names = Vec::new();
    for (urn, deployment) in resources {
        let Some(Place::Resource(name)) = places.get(&deployment.registration.key) else { continue };
        let Some(Json::String(api)) = deployment.properties.get("RestApiId") else { continue };
        if deployment.mapping.cloudformation != DEPLOYMENT {
            continue;
        }
        let triggers = format!("{:?}", deployment.registration.inputs.get("triggers"));
        let mut texts = vec![Json::Object(deployment.properties.clone()).to_string(), triggers];
        for (urn, resource) in resources {
            let of_api = resource.properties.get("RestApiId").and_then(Json::as_str) == Some(api);
            let is_api =
                crate::token::single(api).is_some_and(|token| token.key == resource.registration.key);
            if (of_api || is_api) && !NOT_PART.contains(&resource.mapping.cloudformation) {
                texts.push(urn.clone());
                texts.push(Json::Object(resource.properties.clone()).to_string());
            }
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        names.push((format!("{name}{}", logical_id::hash(&texts).to_ascii_uppercase()), urn.clone()));
    }
    names
}
