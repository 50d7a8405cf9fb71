//! Values to and from protocol buffers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use prost_types::value::Kind;
use prost_types::{ListValue, Struct};

use super::signature;
use crate::value::{
    Archive, ArchiveSource, Asset, AssetOrArchive, AssetSource, OutputValue, ResourceReference, Value,
    ValueError, ValueErrorKind,
};

/// How deep values may nest: protocol buffers refuse 100 levels of messages, of which each value takes several.
const DEEPEST: usize = 64;

/// Writes an object.
///
/// # Errors
/// When something in it cannot be carried: a number that is not finite, a reserved text or key.
pub fn encode_struct(entries: &BTreeMap<String, Value>) -> Result<Struct, ValueError> {
    encode_entries(entries, 0)
}

/// Writes a value. The result always has a kind.
///
/// # Errors
/// When something in it cannot be carried: a number that is not finite, a reserved text or key.
pub fn encode_value(value: &Value) -> Result<prost_types::Value, ValueError> {
    encode(value, 0)
}

fn encode_entries(entries: &BTreeMap<String, Value>, depth: usize) -> Result<Struct, ValueError> {
    let mut fields = BTreeMap::new();
    for (key, value) in entries {
        if key == signature::KEY {
            return Err(ValueErrorKind::Reserved(key.clone()).into());
        }
        let value = encode(value, depth + 1).map_err(|error| error.in_key(key))?;
        fields.insert(key.clone(), value);
    }
    Ok(Struct { fields })
}

fn encode(value: &Value, depth: usize) -> Result<prost_types::Value, ValueError> {
    if depth > DEEPEST {
        return Err(ValueErrorKind::TooDeep(DEEPEST).into());
    }
    let kind = match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(value) => Kind::BoolValue(*value),
        Value::Number(value) if value.is_finite() => Kind::NumberValue(*value),
        Value::Number(value) => return Err(ValueErrorKind::NotFinite(*value).into()),
        Value::String(value) if signature::UNKNOWNS.contains(&value.as_str()) => {
            return Err(ValueErrorKind::Reserved(value.clone()).into());
        }
        Value::String(value) => Kind::StringValue(value.clone()),
        Value::Bytes(bytes) => special(signature::BYTES, [("value", text(&BASE64.encode(bytes)))]),
        Value::Array(items) => {
            let encode_item =
                |(index, item)| encode(item, depth + 1).map_err(|error: ValueError| error.in_index(index));
            let values = items.iter().enumerate().map(encode_item).collect::<Result<_, _>>()?;
            Kind::ListValue(ListValue { values })
        }
        Value::Object(entries) => Kind::StructValue(encode_entries(entries, depth)?),
        Value::Unknown => Kind::StringValue(signature::UNKNOWN.to_owned()),
        Value::Secret(value) => special(signature::SECRET, [("value", encode(value, depth + 1)?)]),
        Value::Asset(asset) => encode_asset(asset),
        Value::Archive(archive) => encode_archive(archive, depth)?,
        Value::Resource(resource) => encode_resource(resource),
        Value::Output(output) => encode_output(output, depth)?,
    };
    Ok(prost_types::Value { kind: Some(kind) })
}

fn special<const N: usize>(signature: &str, fields: [(&str, prost_types::Value); N]) -> Kind {
    let mut fields: BTreeMap<_, _> = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    fields.insert(signature::KEY.to_owned(), text(signature));
    Kind::StructValue(Struct { fields })
}

fn text(text: &str) -> prost_types::Value {
    prost_types::Value { kind: Some(Kind::StringValue(text.to_owned())) }
}

fn with_hash(mut kind: Kind, hash: Option<&String>) -> Kind {
    if let (Kind::StructValue(fields), Some(hash)) = (&mut kind, hash) {
        fields.fields.insert("hash".to_owned(), text(hash));
    }
    kind
}

fn encode_asset(asset: &Asset) -> Kind {
    let (key, value) = match &asset.source {
        AssetSource::Text(value) => ("text", value),
        AssetSource::Path(value) => ("path", value),
        AssetSource::Uri(value) => ("uri", value),
    };
    with_hash(special(signature::ASSET, [(key, text(value))]), asset.hash.as_ref())
}

fn encode_archive(archive: &Archive, depth: usize) -> Result<Kind, ValueError> {
    if depth > DEEPEST {
        return Err(ValueErrorKind::TooDeep(DEEPEST).into());
    }
    let (key, value) = match &archive.source {
        ArchiveSource::Assets(members) => {
            let mut fields = BTreeMap::new();
            for (name, member) in members {
                let kind = match member {
                    AssetOrArchive::Asset(asset) => encode_asset(asset),
                    AssetOrArchive::Archive(archive) => encode_archive(archive, depth + 1)?,
                };
                fields.insert(name.clone(), prost_types::Value { kind: Some(kind) });
            }
            ("assets", prost_types::Value { kind: Some(Kind::StructValue(Struct { fields })) })
        }
        ArchiveSource::Path(value) => ("path", text(value)),
        ArchiveSource::Uri(value) => ("uri", text(value)),
    };
    Ok(with_hash(special(signature::ARCHIVE, [(key, value)]), archive.hash.as_ref()))
}

fn encode_resource(resource: &ResourceReference) -> Kind {
    let mut kind = special(
        signature::RESOURCE,
        [("urn", text(&resource.urn)), ("packageVersion", text(&resource.package_version))],
    );
    if let (Kind::StructValue(fields), Some(id)) = (&mut kind, &resource.id) {
        fields.fields.insert("id".to_owned(), text(id.as_deref().unwrap_or(signature::UNKNOWN)));
    }
    kind
}

fn encode_output(output: &OutputValue, depth: usize) -> Result<Kind, ValueError> {
    let dependencies = output.dependencies.iter().map(|urn| text(urn)).collect();
    let mut kind = special(
        signature::OUTPUT,
        [
            ("secret", prost_types::Value { kind: Some(Kind::BoolValue(output.secret)) }),
            (
                "dependencies",
                prost_types::Value { kind: Some(Kind::ListValue(ListValue { values: dependencies })) },
            ),
        ],
    );
    if let (Kind::StructValue(fields), Some(value)) = (&mut kind, &output.value) {
        fields.fields.insert("value".to_owned(), encode(value, depth + 1)?);
    }
    Ok(kind)
}

/// Reads an object.
///
/// # Errors
/// When a special value in it is malformed or of a kind that this SDK does not know.
pub fn decode_struct(fields: &Struct) -> Result<BTreeMap<String, Value>, ValueError> {
    decode_entries(fields, 0)
}

/// Reads a value.
///
/// # Errors
/// When a special value in it is malformed or of a kind that this SDK does not know, or a value has no kind.
pub fn decode_value(value: &prost_types::Value) -> Result<Value, ValueError> {
    decode(value, 0)
}

fn decode_entries(fields: &Struct, depth: usize) -> Result<BTreeMap<String, Value>, ValueError> {
    fields
        .fields
        .iter()
        .map(|(key, value)| match decode(value, depth + 1) {
            Ok(value) => Ok((key.clone(), value)),
            Err(error) => Err(error.in_key(key)),
        })
        .collect()
}

fn decode(value: &prost_types::Value, depth: usize) -> Result<Value, ValueError> {
    if depth > DEEPEST {
        return Err(ValueErrorKind::TooDeep(DEEPEST).into());
    }
    Ok(match value.kind.as_ref().ok_or(ValueErrorKind::NoKind)? {
        Kind::NullValue(_) => Value::Null,
        Kind::BoolValue(value) => Value::Bool(*value),
        Kind::NumberValue(value) => Value::Number(*value),
        Kind::StringValue(value) if signature::UNKNOWNS.contains(&value.as_str()) => Value::Unknown,
        Kind::StringValue(value) => Value::String(value.clone()),
        Kind::ListValue(list) => {
            let decode_item =
                |(index, item)| decode(item, depth + 1).map_err(|error: ValueError| error.in_index(index));
            Value::Array(list.values.iter().enumerate().map(decode_item).collect::<Result<_, _>>()?)
        }
        Kind::StructValue(fields) => match fields.fields.get(signature::KEY) {
            None => Value::Object(decode_entries(fields, depth)?),
            Some(signature) => decode_special(signature, fields, depth)?,
        },
    })
}

fn decode_special(
    signature: &prost_types::Value,
    fields: &Struct,
    depth: usize,
) -> Result<Value, ValueError> {
    let Some(Kind::StringValue(signature)) = &signature.kind else {
        return Err(malformed("special value", "its signature is no text"));
    };
    match signature.as_str() {
        signature::SECRET => {
            let value = fields.fields.get("value").ok_or_else(|| malformed("secret", "it has no `value`"))?;
            Ok(Value::Secret(Box::new(decode(value, depth + 1)?)))
        }
        signature::ASSET => decode_asset(fields).map(Value::Asset),
        signature::ARCHIVE => decode_archive(fields, depth).map(Value::Archive),
        signature::RESOURCE => decode_resource(fields).map(Value::Resource),
        signature::OUTPUT => decode_output(fields, depth).map(|output| Value::Output(Box::new(output))),
        signature::BYTES => {
            let encoded = optional_text(fields, "value", "byte string")?
                .ok_or_else(|| malformed("byte string", "it has no `value`"))?;
            let bytes = BASE64.decode(encoded).map_err(|_| malformed("byte string", "it is not base64"))?;
            Ok(String::from_utf8(bytes).map_or_else(|error| Value::Bytes(error.into_bytes()), Value::String))
        }
        other => Err(ValueErrorKind::UnknownSignature(other.to_owned()).into()),
    }
}

fn malformed(what: &'static str, problem: &'static str) -> ValueError {
    ValueErrorKind::Malformed { what, problem }.into()
}

/// A text field; null and an absent field are the same.
fn optional_text(fields: &Struct, key: &str, what: &'static str) -> Result<Option<String>, ValueError> {
    match fields.fields.get(key).and_then(|value| value.kind.as_ref()) {
        None | Some(Kind::NullValue(_)) => Ok(None),
        Some(Kind::StringValue(text)) => Ok(Some(text.clone())),
        Some(_) => Err(malformed(what, "a field that should be a text is none").in_key(key)),
    }
}

fn decode_asset(fields: &Struct) -> Result<Asset, ValueError> {
    const WHAT: &str = "asset";
    let sources = (
        optional_text(fields, "text", WHAT)?,
        optional_text(fields, "path", WHAT)?,
        optional_text(fields, "uri", WHAT)?,
    );
    let source = match sources {
        (Some(text), None, None) => AssetSource::Text(text),
        (None, Some(path), None) => AssetSource::Path(path),
        (None, None, Some(uri)) => AssetSource::Uri(uri),
        // Go leaves an empty text out.
        (None, None, None) => AssetSource::Text(String::new()),
        _ => return Err(malformed(WHAT, "it has more than one of `text`, `path` and `uri`")),
    };
    Ok(Asset { source, hash: optional_text(fields, "hash", WHAT)? })
}

fn decode_archive(fields: &Struct, depth: usize) -> Result<Archive, ValueError> {
    const WHAT: &str = "archive";
    let members = match fields.fields.get("assets").and_then(|value| value.kind.as_ref()) {
        None | Some(Kind::NullValue(_)) => None,
        Some(Kind::StructValue(members)) => Some(decode_members(members, depth)?),
        Some(_) => return Err(malformed(WHAT, "its `assets` is no map")),
    };
    let sources = (members, optional_text(fields, "path", WHAT)?, optional_text(fields, "uri", WHAT)?);
    let source = match sources {
        (Some(members), None, None) => ArchiveSource::Assets(members),
        (None, Some(path), None) => ArchiveSource::Path(path),
        (None, None, Some(uri)) => ArchiveSource::Uri(uri),
        (None, None, None) => ArchiveSource::Assets(BTreeMap::new()),
        _ => return Err(malformed(WHAT, "it has more than one of `assets`, `path` and `uri`")),
    };
    Ok(Archive { source, hash: optional_text(fields, "hash", WHAT)? })
}

fn decode_members(members: &Struct, depth: usize) -> Result<BTreeMap<String, AssetOrArchive>, ValueError> {
    let mut decoded = BTreeMap::new();
    for (name, member) in &members.fields {
        let member = match decode(member, depth + 1).map_err(|error| error.in_key(name))? {
            Value::Asset(asset) => AssetOrArchive::Asset(asset),
            Value::Archive(archive) => AssetOrArchive::Archive(archive),
            _ => return Err(malformed("archive", "a member is neither asset nor archive").in_key(name)),
        };
        decoded.insert(name.clone(), member);
    }
    Ok(decoded)
}

fn decode_resource(fields: &Struct) -> Result<ResourceReference, ValueError> {
    const WHAT: &str = "resource reference";
    let urn = optional_text(fields, "urn", WHAT)?.ok_or_else(|| malformed(WHAT, "it has no `urn`"))?;
    let id = optional_text(fields, "id", WHAT)?
        .map(|id| (!id.is_empty() && !signature::UNKNOWNS.contains(&id.as_str())).then_some(id));
    let package_version = optional_text(fields, "packageVersion", WHAT)?.unwrap_or_default();
    Ok(ResourceReference { urn, id, package_version })
}

fn decode_output(fields: &Struct, depth: usize) -> Result<OutputValue, ValueError> {
    const WHAT: &str = "output value";
    let value = fields.fields.get("value").map(|value| decode(value, depth + 1)).transpose()?;
    let secret = match fields.fields.get("secret").and_then(|value| value.kind.as_ref()) {
        None | Some(Kind::NullValue(_)) => false,
        Some(Kind::BoolValue(secret)) => *secret,
        Some(_) => return Err(malformed(WHAT, "its `secret` is no boolean")),
    };
    let dependencies = match fields.fields.get("dependencies").and_then(|value| value.kind.as_ref()) {
        None | Some(Kind::NullValue(_)) => Vec::new(),
        Some(Kind::ListValue(list)) => list
            .values
            .iter()
            .map(|item| match &item.kind {
                Some(Kind::StringValue(urn)) => Ok(urn.clone()),
                _ => Err(malformed(WHAT, "a dependency is no text")),
            })
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(malformed(WHAT, "its `dependencies` is no list")),
    };
    // An output value whose value is a bare unknown says the same as one without.
    Ok(OutputValue { value: value.filter(|value| *value != Value::Unknown), secret, dependencies })
}
