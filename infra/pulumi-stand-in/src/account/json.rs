//! Properties as JSON in their wire form, which keeps secrets and files what they are.

use std::io;

use prost_types::value::Kind;
use prost_types::{ListValue, Struct, Value as Wire};
use pulumi::wire::{decode_struct, encode_struct};
use serde_json::{Map, Number, Value as Json};

use crate::inputs::Entries;

pub(super) fn from_entries(entries: &Entries) -> io::Result<Json> {
    let wire = encode_struct(entries).map_err(io::Error::other)?;
    Ok(object(&wire))
}

pub(super) fn to_entries(json: &Json) -> io::Result<Entries> {
    let Json::Object(entries) = json else {
        return Err(io::Error::other("expected an object"));
    };
    decode_struct(&wire_object(entries)).map_err(io::Error::other)
}

fn object(wire: &Struct) -> Json {
    Json::Object(wire.fields.iter().map(|(key, value)| (key.clone(), json(value))).collect())
}

fn json(wire: &Wire) -> Json {
    match &wire.kind {
        None | Some(Kind::NullValue(_)) => Json::Null,
        Some(Kind::BoolValue(flag)) => (*flag).into(),
        Some(Kind::NumberValue(number)) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
        Some(Kind::StringValue(text)) => text.clone().into(),
        Some(Kind::ListValue(list)) => list.values.iter().map(json).collect(),
        Some(Kind::StructValue(fields)) => object(fields),
    }
}

fn wire_object(entries: &Map<String, Json>) -> Struct {
    Struct { fields: entries.iter().map(|(key, json)| (key.clone(), wire(json))).collect() }
}

fn wire(json: &Json) -> Wire {
    let kind = match json {
        Json::Null => Kind::NullValue(0),
        Json::Bool(flag) => Kind::BoolValue(*flag),
        // JSON's numbers came from the wire's.
        Json::Number(number) => Kind::NumberValue(number.as_f64().unwrap_or_default()),
        Json::String(text) => Kind::StringValue(text.clone()),
        Json::Array(items) => Kind::ListValue(ListValue { values: items.iter().map(wire).collect() }),
        Json::Object(entries) => Kind::StructValue(wire_object(entries)),
    };
    Wire { kind: Some(kind) }
}
