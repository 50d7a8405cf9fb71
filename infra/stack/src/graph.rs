//! The program's registrations as JSON: for a person to read, and for reviews as the difference of two of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use pulumi::mocks::{Mocks, NewResource, Recorder};
use pulumi::{
    Archive, ArchiveSource, Asset, AssetOrArchive, AssetSource, RunError, RunInfo, Value, run_with, urn, wire,
};
use serde_json::{Map, Value as Json, json};

use crate::settings::Settings;
use crate::stack::{PROJECT, deploy};

/// Runs the program and returns what it registered, in the order of URNs.
///
/// # Errors
/// Everything that failed in the program.
pub async fn registrations(settings: &Settings) -> Result<Arc<Recorder<References>>, RunError> {
    let recorder = Arc::new(Recorder::new(References));
    let settings = settings.clone();
    run_with(recorder.clone(), RunInfo::new(PROJECT, settings.stage.name()), |context| async move {
        deploy(&context, &settings);
        Ok::<_, pulumi::Error>(())
    })
    .await?;
    Ok(recorder)
}

/// The registrations and the stack's outputs as JSON.
///
/// # Errors
/// Everything that failed in the program.
pub async fn graph(settings: &Settings) -> Result<Json, RunError> {
    let recorder = registrations(settings).await?;
    let resources: Vec<_> = recorder.resources().iter().map(resource).collect();
    let outputs = recorder.stack_outputs();
    Ok(json!({ "stage": settings.stage.name(), "resources": resources, "outputs": object(&outputs) }))
}

/// Answers every output with a text that says what it is: `${name.arn}`.
#[derive(Debug, Clone, Copy)]
pub struct References;

/// Where every cache is.
const CACHE_ADDRESS: &str = "cache.example";

/// Outputs that the program passes on.
const OUTPUTS: &[&str] = &[
    "allocationId",
    "arn",
    "bucketDomainName",
    "bucketRegionalDomainName",
    "certificateArn",
    "domainName",
    "executionArn",
    "fqdn",
    "hostedZoneId",
    "invokeArn",
    "invokeUrl",
    "keyId",
    "name",
    "regionalDomainName",
    "regionalZoneId",
    "replicationGroupId",
    "resourceId",
    "rootResourceId",
    "scalableDimension",
    "serviceNamespace",
    "stageName",
    "streamArn",
    "url",
    "userGroupId",
    "userId",
    "version",
    "vpcId",
];

impl Mocks for References {
    fn new_resource(&self, resource: &NewResource) -> (String, BTreeMap<String, Value>) {
        let short = urn::type_of(&resource.urn).rsplit(':').next().unwrap_or_default();
        let reference = |output: &str| format!("${{{short}.{}.{output}}}", resource.name);
        let mut state = resource.inputs.clone();
        // It becomes a part of a URL, which a reference could not.
        state
            .entry("primaryEndpointAddress".to_owned())
            .or_insert_with(|| Value::String(CACHE_ADDRESS.to_owned()));
        for output in OUTPUTS {
            state.entry((*output).to_owned()).or_insert_with(|| Value::String(reference(output)));
        }
        if resource.token == "aws:acm/certificate:Certificate" {
            let record = ["resourceRecordName", "resourceRecordType", "resourceRecordValue"]
                .map(|key| (key, Value::String(reference(key))));
            state.insert("domainValidationOptions".to_owned(), Value::Array(vec![Value::object(record)]));
        }
        (reference("id"), state)
    }

    fn invoke(&self, token: &str, _arguments: &BTreeMap<String, Value>) -> Option<BTreeMap<String, Value>> {
        let known = |keys: &[&str]| {
            let value = |key: &&str| ((*key).to_owned(), Value::String(format!("${{{key}}}")));
            Some(keys.iter().map(value).collect())
        };
        match token {
            "aws:index/getCallerIdentity:getCallerIdentity" => known(&["accountId", "arn", "id", "userId"]),
            "aws:index/getPartition:getPartition" => {
                known(&["dnsSuffix", "id", "partition", "reverseDnsPrefix"])
            }
            "aws:index/getRegion:getRegion" => known(&["description", "endpoint", "id", "name", "region"]),
            "aws:index/getAvailabilityZones:getAvailabilityZones" => {
                let zone = |number: usize| Value::String(format!("${{zone-{number}}}"));
                let mut zones = known(&["id", "region"])?;
                zones.insert("names".to_owned(), Value::Array((0..6).map(zone).collect()));
                zones.insert("groupNames".to_owned(), Value::Array(Vec::new()));
                zones.insert("zoneIds".to_owned(), Value::Array(Vec::new()));
                Some(zones)
            }
            _ => None,
        }
    }
}

fn resource(resource: &NewResource) -> Json {
    let request = &resource.request;
    let mut shown = Map::new();
    shown.insert("type".to_owned(), resource.token.clone().into());
    shown.insert("name".to_owned(), resource.name.clone().into());
    if urn::type_of(&request.parent) != urn::STACK_TYPE {
        shown.insert("parent".to_owned(), reference(&request.parent).into());
    }
    if request.custom {
        shown.insert("inputs".to_owned(), object(&resource.inputs));
    }
    let options = options(request);
    if !options.is_empty() {
        shown.insert("options".to_owned(), options.into());
    }
    if !request.dependencies.is_empty() {
        let names: Vec<_> = request.dependencies.iter().map(|urn| reference(urn)).collect();
        shown.insert("dependencies".to_owned(), names.into());
    }
    Json::Object(shown)
}

/// A resource by its type and name.
fn reference(urn: &str) -> String {
    format!("{}::{}", urn::type_of(urn), urn::name_of(urn))
}

/// The options that were given. The provider's version is the same everywhere, and says nothing about a resource.
fn options(request: &wire::RegisterResourceRequest) -> Map<String, Json> {
    let mut options = Map::new();
    let mut add = |name: &str, value: Json| {
        options.insert(name.to_owned(), value);
    };
    if let Some(protect) = request.protect {
        add("protect", protect.into());
    }
    if let Some(retain) = request.retain_on_delete {
        add("retainOnDelete", retain.into());
    }
    if request.delete_before_replace_defined {
        add("deleteBeforeReplace", request.delete_before_replace.into());
    }
    let lists = [
        ("ignoreChanges", &request.ignore_changes),
        ("replaceOnChanges", &request.replace_on_changes),
        ("additionalSecretOutputs", &request.additional_secret_outputs),
        ("hideDiffs", &request.hide_diffs),
    ];
    for (name, list) in lists {
        if !list.is_empty() {
            add(name, list.clone().into());
        }
    }
    let delete = request.custom_timeouts.as_ref().map(|timeouts| timeouts.delete.as_str());
    if let Some(delete) = delete.filter(|delete| !delete.is_empty()) {
        add("deleteTimeout", delete.into());
    }
    if !request.import_id.is_empty() {
        add("import", request.import_id.clone().into());
    }
    options
}

fn object(entries: &BTreeMap<String, Value>) -> Json {
    Json::Object(entries.iter().map(|(key, value)| (key.clone(), shown(value))).collect())
}

fn shown(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) if number.fract() == 0.0 => (*number as i64).into(),
        Value::Number(number) => (*number).into(),
        Value::String(text) => shown_text(text),
        Value::Bytes(bytes) => json!({ "bytes": bytes }),
        Value::Array(items) => items.iter().map(shown).collect(),
        Value::Object(entries) => object(entries),
        Value::Unknown => json!({ "unknown": true }),
        Value::Secret(_) => json!({ "secret": true }),
        Value::Asset(asset) => shown_asset(asset),
        Value::Archive(archive) => shown_archive(archive),
        Value::Resource(resource) => reference(&resource.urn).into(),
        Value::Output(output) if output.secret => json!({ "secret": true }),
        Value::Output(output) => output.value.as_ref().map_or_else(|| json!({ "unknown": true }), shown),
    }
}

/// JSON within a text, such as a policy, as what it says.
fn shown_text(text: &str) -> Json {
    match serde_json::from_str::<Json>(text) {
        Ok(document @ Json::Object(_)) => json!({ "json": document }),
        _ => text.into(),
    }
}

fn shown_asset(asset: &Asset) -> Json {
    match &asset.source {
        AssetSource::Text(text) => json!({ "text": text }),
        AssetSource::Path(path) => json!({ "file": path }),
        AssetSource::Uri(uri) => json!({ "uri": uri }),
    }
}

fn shown_archive(archive: &Archive) -> Json {
    match &archive.source {
        ArchiveSource::Path(path) => json!({ "archive": path }),
        ArchiveSource::Uri(uri) => json!({ "archive": uri }),
        ArchiveSource::Assets(members) => {
            let member = |(name, member): (&String, &AssetOrArchive)| {
                let member = match member {
                    AssetOrArchive::Asset(asset) => shown_asset(asset),
                    AssetOrArchive::Archive(archive) => shown_archive(archive),
                };
                (name.clone(), member)
            };
            json!({ "archive": members.iter().map(member).collect::<Map<_, _>>() })
        }
    }
}
