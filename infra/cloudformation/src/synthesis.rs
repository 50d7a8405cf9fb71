//! What was registered in, the template out.

mod companion;
mod cycle;
mod deployment;
mod files;

use std::collections::{BTreeMap, BTreeSet};

use pulumi::Value;
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use companion::Awaited;
pub use files::WriteError;

use crate::fields::{Companion, Fields, Mapped};
use crate::intrinsic::{Place, Resolver};
use crate::lacks::{CLOUDFORMATION_LACKS, Extent, Lack};
use crate::mapping::{self, TypeMapping};
use crate::monitor::{Recorded, Registration, Settings};
use crate::problem::{LeftOut, Problem, Problems, Report};
use crate::{archive, fold, logical_id, token};

/// The parameter of the bucket that holds the assets.
const ASSET_BUCKET: &str = "AssetBucket";
/// Instances of providers: who deploys a template brings its own configuration.
const PROVIDERS: &str = "pulumi:providers:";

/// A template and what belongs to it.
#[derive(Debug, Clone)]
pub struct Synthesis {
    /// The template.
    pub template: Json,
    /// Files that must be in the bucket of assets, by their hash.
    pub assets: Vec<Asset>,
    /// What the template does not say.
    pub report: Report,
}

/// A file that must be in the bucket of assets, with the key `<sha256>.zip`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The logical ids of the resources that use it.
    pub used_by: BTreeSet<String>,
}

/// A resource of the template in the making.
#[derive(Debug)]
struct Resource<'r> {
    registration: &'r Registration,
    mapping: &'static TypeMapping,
    properties: Map<String, Json>,
    companions: Vec<Companion>,
    retain: bool,
    /// URNs that it, or a part of it, depends on.
    dependencies: BTreeSet<String>,
}

/// Registrations without a mapping.
pub(crate) fn unmapped(recorded: &Recorded, lacks: &[Lack]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = recorded
        .registrations
        .iter()
        .filter(|registration| {
            mapping::of(&registration.resource_type).is_none()
                && lack(lacks, registration).is_none()
                && !registration.resource_type.starts_with(PROVIDERS)
        })
        .map(|registration| {
            problem(registration, None, "this type has no mapping to CloudFormation".to_owned())
        })
        .collect();
    problems.sort();
    problems
}

/// Why a whole resource is left out, if it is.
fn lack<'l>(lacks: &'l [Lack], registration: &Registration) -> Option<&'l Lack> {
    lacks
        .iter()
        .chain(CLOUDFORMATION_LACKS)
        .filter(|lack| lack.resource_type == registration.resource_type)
        .find(|lack| match lack.extent {
            Extent::Type => true,
            Extent::TypeWith(input) => registration.inputs.contains_key(input),
            Extent::Input(_) => false,
        })
}

fn problem(registration: &Registration, property: Option<String>, message: String) -> Problem {
    let Registration { name, resource_type, .. } = registration;
    Problem { resource: name.clone(), resource_type: resource_type.clone(), property, message }
}

fn left_out(registration: &Registration, property: Option<&str>, reason: &str) -> LeftOut {
    LeftOut {
        resource: registration.name.clone(),
        resource_type: registration.resource_type.clone(),
        property: property.map(str::to_owned),
        reason: reason.to_owned(),
    }
}

/// Writes the template.
pub(crate) fn synthesis(mut recorded: Recorded, settings: &Settings) -> Result<Synthesis, Problems> {
    // Registrations come in any order; the template does not depend on it.
    recorded.registrations.sort_by(|one, other| one.urn.cmp(&other.urn));
    let mut writer =
        Writer { settings, problems: Vec::new(), report: Report::default(), assets: BTreeMap::new() };
    let template = writer.template(&recorded);
    let Writer { mut problems, mut report, assets, .. } = writer;
    if !problems.is_empty() {
        problems.sort();
        return Err(Problems(problems));
    }
    report.left_out.sort();
    report.secrets.sort();
    Ok(Synthesis { template, assets: assets.into_values().collect(), report })
}

struct Writer<'s> {
    settings: &'s Settings,
    problems: Vec<Problem>,
    report: Report,
    assets: BTreeMap<String, Asset>,
}

impl Writer<'_> {
    fn template(&mut self, recorded: &Recorded) -> Json {
        let registrations = &recorded.registrations;
        let mut places = self.places(registrations);
        let mut resources = self.resources(registrations, &mut places);
        for (name, urn) in deployment::names(&resources, &places) {
            if let Some(resource) = resources.get(&urn) {
                places.insert(resource.registration.key.clone(), Place::Resource(name));
            }
        }
        let awaited = companion::places(&resources, &mut places);
        let by_urn: BTreeMap<&str, &Place> = registrations
            .iter()
            .filter_map(|registration| Some((registration.urn.as_str(), places.get(&registration.key)?)))
            .collect();
        let mut written = BTreeMap::new();
        let mut waits = BTreeMap::new();
        for resource in std::mem::take(&mut resources).into_values() {
            if let Some(Place::Resource(name)) = places.get(&resource.registration.key) {
                let registration = resource.registration;
                for companion in resource.companions.clone() {
                    let key = token::companion(&registration.key, companion.suffix);
                    let Some(Place::Resource(name)) = places.get(&key) else { continue };
                    let (json, waits_for) = self.companion(registration, companion, &places);
                    written.insert(name.clone(), json);
                    waits.insert(name.clone(), (registration, waits_for));
                }
                let (json, waits_for) = self.resource(resource, name, &places, &by_urn, &awaited);
                written.insert(name.clone(), json);
                waits.insert(name.clone(), (registration, waits_for));
            }
        }
        self.problems.extend(cycle::problem(&waits));
        let outputs = self.outputs(&recorded.outputs, &places);
        let mut template = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": written.into_iter().collect::<Map<String, Json>>(),
        });
        if !self.assets.is_empty() {
            template["Parameters"] = json!({ ASSET_BUCKET: {
                "Type": "String",
                "Description": "The bucket that holds the code of the functions",
            }});
        }
        if !outputs.is_empty() {
            template["Outputs"] = Json::Object(outputs);
        }
        template
    }

    /// What each key stands for. Parts stand for what they are a part of.
    fn places(&mut self, registrations: &[Registration]) -> BTreeMap<String, Place> {
        let mut wishes: BTreeMap<String, Vec<&Registration>> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for registration in registrations {
            if registration.resource_type.starts_with(PROVIDERS) {
                self.report.left_out.push(left_out(
                    registration,
                    None,
                    "who deploys a template configures the provider",
                ));
                places.insert(registration.key.clone(), Place::LeftOut(registration.name.clone()));
            } else if let Some(lack) = lack(self.settings.lacks, registration) {
                self.report.left_out.push(left_out(registration, None, lack.reason));
                places.insert(registration.key.clone(), Place::LeftOut(registration.name.clone()));
            } else if let Some(mapping) = mapping::of(&registration.resource_type)
                && mapping.part_of.is_none()
            {
                let wish = logical_id::candidate(&registration.name, mapping.cloudformation);
                wishes.entry(wish).or_default().push(registration);
            }
        }
        for (wish, registrations) in wishes {
            let alone = registrations.len() == 1;
            for registration in registrations {
                let name = if alone { wish.clone() } else { logical_id::distinct(&wish, &registration.urn) };
                places.insert(registration.key.clone(), Place::Resource(name));
            }
        }
        places
    }

    /// Maps every resource, by URN, and adds the parts to their wholes.
    fn resources<'r>(
        &mut self,
        registrations: &'r [Registration],
        places: &mut BTreeMap<String, Place>,
    ) -> BTreeMap<String, Resource<'r>> {
        let mut resources: BTreeMap<String, Resource<'r>> = BTreeMap::new();
        let mut parts = Vec::new();
        for registration in registrations {
            let Some(mapping) = mapping::of(&registration.resource_type) else { continue };
            if matches!(places.get(&registration.key), Some(Place::LeftOut(_))) {
                continue;
            }
            if let Some(part_of) = &mapping.part_of {
                parts.push((registration, mapping, part_of));
                continue;
            }
            let Mapped { properties, companions, retain, .. } =
                self.map(registration, mapping, registration.inputs.clone(), places);
            let dependencies = registration.dependencies.iter().cloned().collect();
            let resource = Resource { registration, mapping, properties, companions, retain, dependencies };
            resources.insert(registration.urn.clone(), resource);
        }
        for (registration, mapping, part_of) in parts {
            let whole = match fold::find_whole(registration, part_of, registrations) {
                Ok(whole) => whole,
                Err((property, message)) => {
                    self.problems.push(problem(registration, Some(property), message));
                    continue;
                }
            };
            let Some(place) = places.get(&whole.key).cloned() else { continue };
            if matches!(place, Place::LeftOut(_)) {
                let reason = format!("it is a part of {}, which was left out", whole.name);
                self.report.left_out.push(left_out(registration, None, &reason));
            }
            places.insert(registration.key.clone(), place);
            let inputs = fold::own_inputs(registration, part_of);
            let Mapped { properties, .. } = self.map(registration, mapping, inputs, places);
            let Some(resource) = resources.get_mut(&whole.urn) else { continue };
            resource.dependencies.extend(registration.dependencies.iter().cloned());
            for taken in fold::merge(&mut resource.properties, properties) {
                let message = format!("{taken} is already said of {}", whole.name);
                self.problems.push(problem(registration, None, message));
            }
        }
        resources
    }

    fn map(
        &mut self,
        registration: &Registration,
        mapping: &TypeMapping,
        mut inputs: BTreeMap<String, Value>,
        places: &BTreeMap<String, Place>,
    ) -> Mapped {
        for lack in self.settings.lacks.iter().filter(|lack| lack.resource_type == registration.resource_type)
        {
            if let Extent::Input(input) = lack.extent
                && inputs.remove(input).is_some()
            {
                self.report.left_out.push(left_out(registration, Some(input), lack.reason));
            }
        }
        if registration.protect {
            let reason = "CloudFormation protects stacks, not resources";
            self.report.left_out.push(left_out(registration, Some("protect"), reason));
        }
        if registration.import {
            let message = "a resource that exists already cannot be taken over by a template".to_owned();
            self.problems.push(problem(registration, Some("import".to_owned()), message));
        }
        if registration.provider {
            let reason = "who deploys a template configures the provider";
            self.report.left_out.push(left_out(registration, Some("provider"), reason));
        }
        let mut fields =
            Fields::new(&registration.key, &registration.name, &registration.resource_type, inputs);
        (mapping.map)(&mut fields);
        let mut mapped = fields.finish();
        self.problems.append(&mut mapped.problems);
        self.report.left_out.append(&mut mapped.report.left_out);
        self.report.secrets.append(&mut mapped.report.secrets);
        for (property, archive) in std::mem::take(&mut mapped.archives) {
            match archive::zip_bytes(&archive, &self.settings.base) {
                Ok(bytes) => {
                    let value = self.asset(bytes, registration, places);
                    mapped.properties.insert(property, value);
                }
                Err(error) => {
                    let source = std::error::Error::source(&error);
                    let message =
                        source.map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
                    self.problems.push(problem(registration, Some("code".to_owned()), message));
                }
            }
        }
        mapped.retain |= registration.retain;
        mapped
    }

    fn asset(
        &mut self,
        bytes: Vec<u8>,
        registration: &Registration,
        places: &BTreeMap<String, Place>,
    ) -> Json {
        let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let value = json!({ "S3Bucket": { "Ref": ASSET_BUCKET }, "S3Key": format!("{sha256}.zip") });
        let entry = self.assets.entry(sha256.clone());
        let asset = entry.or_insert_with(|| Asset { sha256, bytes, used_by: BTreeSet::new() });
        if let Some(Place::Resource(name)) = places.get(&registration.key) {
            asset.used_by.insert(name.clone());
        }
        value
    }

    fn resource(
        &mut self,
        resource: Resource<'_>,
        name: &str,
        places: &BTreeMap<String, Place>,
        by_urn: &BTreeMap<&str, &Place>,
        awaited: &Awaited,
    ) -> (Json, BTreeSet<String>) {
        let mut resolver = Resolver::new(places);
        let properties = resolver.object(resource.properties, "");
        for (property, message) in resolver.problems {
            self.problems.push(problem(resource.registration, Some(property), message));
        }
        let mut written = json!({ "Type": resource.mapping.cloudformation });
        if !properties.is_empty() {
            written["Properties"] = Json::Object(properties);
        }
        // What is referred to is waited for anyway.
        let mut depends_on: BTreeSet<&str> = resource
            .dependencies
            .iter()
            .filter_map(|urn| match by_urn.get(urn.as_str()) {
                Some(Place::Resource(other)) if other != name && !resolver.used.contains(other) => {
                    Some(other.as_str())
                }
                _ => None,
            })
            .collect();
        let waited_for = depends_on.iter().copied().chain(resolver.used.iter().map(String::as_str));
        let companions: Vec<&str> =
            waited_for.filter_map(|name| awaited.get(name)).flatten().map(String::as_str).collect();
        depends_on.extend(companions);
        if !depends_on.is_empty() {
            written["DependsOn"] = json!(depends_on);
        }
        if resource.retain {
            written["DeletionPolicy"] = json!("Retain");
            written["UpdateReplacePolicy"] = json!("Retain");
        }
        let waits_for = depends_on.into_iter().map(str::to_owned).chain(resolver.used).collect();
        (written, waits_for)
    }

    fn companion(
        &mut self,
        registration: &Registration,
        companion: Companion,
        places: &BTreeMap<String, Place>,
    ) -> (Json, BTreeSet<String>) {
        let mut resolver = Resolver::new(places);
        let properties = resolver.object(companion.properties, "");
        for (property, message) in resolver.problems {
            self.problems.push(problem(registration, Some(property), message));
        }
        (json!({ "Type": companion.cloudformation, "Properties": properties }), resolver.used)
    }

    fn outputs(
        &mut self,
        outputs: &BTreeMap<String, Value>,
        places: &BTreeMap<String, Place>,
    ) -> Map<String, Json> {
        let mut written = Map::new();
        for (key, value) in outputs {
            let name = logical_id::output_key(key);
            let mut wrong = |message: &str| {
                self.problems.push(Problem {
                    resource: "the stack".to_owned(),
                    resource_type: "pulumi:pulumi:Stack".to_owned(),
                    property: Some(key.clone()),
                    message: message.to_owned(),
                });
            };
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
                wrong("the key of an output must be letters and digits");
                continue;
            }
            let (value, secret) = match value {
                Value::Secret(inner) => (inner.as_ref(), true),
                value => (value, false),
            };
            let json = match value {
                Value::Null => continue,
                Value::String(text) => Json::String(text.clone()),
                Value::Bool(flag) => Json::String(flag.to_string()),
                Value::Number(number) => Json::String(number.to_string()),
                _ => {
                    wrong("an output must be a text, a number or a truth value");
                    continue;
                }
            };
            if secret {
                self.report.secrets.push(format!("the stack's output {key}"));
            }
            let mut resolver = Resolver::new(places);
            let resolved = resolver.value(json, key);
            for (_, message) in resolver.problems {
                wrong(&message);
            }
            written.insert(name, json!({ "Value": resolved }));
        }
        written
    }
}
