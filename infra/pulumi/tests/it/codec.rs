//! Values to the wire and back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use prost_types::value::Kind;
use pulumi::wire::{decode_struct, decode_value, encode_struct, encode_value};
use pulumi::{
    Archive, ArchiveSource, Asset, AssetOrArchive, AssetSource, FromValue, OutputValue, ResourceReference,
    ToInput, Value, ValueErrorKind,
};

const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";
const UNKNOWNS: [&str; 7] = [
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-zäß\"\\\\\n:.\\[\\]-]{0,12}"]
}

fn hash() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[0-9a-f]{8}")
}

fn asset() -> impl Strategy<Value = Asset> {
    let source = prop_oneof![
        text().prop_map(AssetSource::Text),
        text().prop_map(AssetSource::Path),
        text().prop_map(AssetSource::Uri),
    ];
    (source, hash()).prop_map(|(source, hash)| Asset { source, hash })
}

fn archive() -> impl Strategy<Value = Archive> {
    let leaf = prop_oneof![text().prop_map(ArchiveSource::Path), text().prop_map(ArchiveSource::Uri)];
    let leaf = (leaf, hash()).prop_map(|(source, hash)| Archive { source, hash });
    leaf.prop_recursive(3, 12, 4, |inner| {
        let member =
            prop_oneof![asset().prop_map(AssetOrArchive::Asset), inner.prop_map(AssetOrArchive::Archive)];
        let members = proptest::collection::btree_map(text(), member, 0..4);
        (members, hash()).prop_map(|(members, hash)| Archive { source: ArchiveSource::Assets(members), hash })
    })
}

fn value() -> impl Strategy<Value = Value> {
    let finite = any::<f64>().prop_filter("the wire carries finite numbers", |number| number.is_finite());
    let reference = (text(), proptest::option::of(proptest::option::of("[a-z]{1,5}")), text())
        .prop_map(|(urn, id, package_version)| ResourceReference { urn, id, package_version });
    let leaf = prop_oneof![
        Just(Value::Null),
        Just(Value::Unknown),
        any::<bool>().prop_map(Value::Bool),
        finite.prop_map(Value::Number),
        text().prop_map(Value::String),
        // What is a text comes back as one.
        proptest::collection::vec(any::<u8>(), 0..6)
            .prop_filter("bytes that are no text", |bytes| std::str::from_utf8(bytes).is_err())
            .prop_map(Value::Bytes),
        asset().prop_map(Value::Asset),
        archive().prop_map(Value::Archive),
        reference.prop_map(Value::Resource),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let known = inner.clone().prop_filter("an unknown is none", |value| *value != Value::Unknown);
        let output = (proptest::option::of(known), any::<bool>(), proptest::collection::vec(text(), 0..3))
            .prop_map(|(value, secret, dependencies)| {
                Value::Output(Box::new(OutputValue { value, secret, dependencies }))
            });
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map(text(), inner.clone(), 0..4).prop_map(Value::Object),
            inner.prop_map(|value| Value::Secret(Box::new(value))),
            output,
        ]
    })
}

fn kinds_everywhere(value: &prost_types::Value) -> bool {
    match &value.kind {
        None => false,
        Some(Kind::ListValue(list)) => list.values.iter().all(kinds_everywhere),
        Some(Kind::StructValue(fields)) => fields.fields.values().all(kinds_everywhere),
        Some(_) => true,
    }
}

/// Any protocol buffer value at all, with signatures and sentinels among its texts.
fn wire_value() -> impl Strategy<Value = prost_types::Value> {
    let signatures = [
        "1b47061264138c4ac30d75fd1eb44270",
        "c44067f5952c0a294b673a41bacd8c17",
        "0def7320c3a5731c473e5ecbe6d01bc7",
        "5cf8f73096256a8f31e491e813e4eb8e",
        "d0e6a833031e9bbcd3f4e8bde6ca49a4",
        "803fd3297a5875dc03ca845dda5d2a98",
        UNKNOWNS[0],
        "no signature",
    ];
    let keys =
        ["value", "text", "path", "uri", "assets", "urn", "id", "hash", "dependencies", "secret", SIGNATURE];
    let leaf = prop_oneof![
        Just(None),
        Just(Some(Kind::NullValue(0))),
        any::<bool>().prop_map(|value| Some(Kind::BoolValue(value))),
        any::<f64>().prop_map(|value| Some(Kind::NumberValue(value))),
        proptest::sample::select(signatures.to_vec())
            .prop_map(|text| Some(Kind::StringValue(text.to_owned()))),
    ]
    .prop_map(|kind| prost_types::Value { kind });
    leaf.prop_recursive(4, 24, 5, move |inner| {
        let key = proptest::sample::select(keys.to_vec()).prop_map(str::to_owned);
        let list = proptest::collection::vec(inner.clone(), 0..4)
            .prop_map(|values| Kind::ListValue(prost_types::ListValue { values }));
        let fields = proptest::collection::btree_map(key, inner, 0..5)
            .prop_map(|fields| Kind::StructValue(prost_types::Struct { fields }));
        prop_oneof![list, fields].prop_map(|kind| prost_types::Value { kind: Some(kind) })
    })
}

proptest! {
    #[test]
    fn every_value_comes_back_from_the_wire_as_it_was(value in value()) {
        let encoded = encode_value(&value).unwrap();
        prop_assert!(kinds_everywhere(&encoded));
        prop_assert_eq!(decode_value(&encoded).unwrap(), value);
    }

    #[test]
    fn whatever_is_on_the_wire_is_a_value_or_an_error_and_never_a_panic(encoded in wire_value()) {
        if let Ok(value) = decode_value(&encoded) {
            let _ = encode_value(&value);
        }
    }

    #[test]
    fn integers_to_two_to_the_53rd_are_exact_and_others_are_refused(number in any::<i64>()) {
        let property = number.to_input();
        match property {
            pulumi::Property::Value(value) => prop_assert_eq!(i64::from_value(value).unwrap(), number),
            pulumi::Property::Invalid(error) => {
                prop_assert!(number.unsigned_abs() > 1 << 53);
                prop_assert_eq!(error.kind(), &ValueErrorKind::IntegerTooLarge(number));
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

fn string(text: &str) -> prost_types::Value {
    prost_types::Value { kind: Some(Kind::StringValue(text.to_owned())) }
}

fn special(entries: &[(&str, prost_types::Value)]) -> prost_types::Value {
    let fields = entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    prost_types::Value { kind: Some(Kind::StructValue(prost_types::Struct { fields })) }
}

#[test]
fn all_seven_sentinels_are_unknown_and_one_is_sent() {
    for sentinel in UNKNOWNS {
        assert_eq!(decode_value(&string(sentinel)).unwrap(), Value::Unknown);
        let error = encode_value(&Value::String(sentinel.to_owned())).unwrap_err();
        assert_eq!(error.kind(), &ValueErrorKind::Reserved(sentinel.to_owned()));
    }
    assert_eq!(encode_value(&Value::Unknown).unwrap(), string(UNKNOWNS[2]));
}

#[test]
fn an_unrecognised_signature_is_an_error_that_says_where() {
    let mut entries = BTreeMap::new();
    entries.insert("code".to_owned(), special(&[(SIGNATURE, string("feed"))]));
    let error = decode_struct(&prost_types::Struct { fields: entries }).unwrap_err();
    assert_eq!(error.to_string(), "code: unrecognised signature \"feed\" of a special value");
}

#[test]
fn a_value_without_a_kind_is_an_error() {
    let error = decode_value(&prost_types::Value { kind: None }).unwrap_err();
    assert_eq!(error.kind(), &ValueErrorKind::NoKind);
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(encode_value(&Value::Number(number)).is_err());
    }
}

#[test]
fn an_object_cannot_pretend_to_be_a_special_value() {
    let value = Value::object([(SIGNATURE, Value::Null)]);
    assert!(matches!(encode_value(&value).unwrap_err().kind(), ValueErrorKind::Reserved(_)));
}

#[test]
fn byte_strings_are_read_as_texts_where_they_are_some() {
    let bytes =
        special(&[(SIGNATURE, string("803fd3297a5875dc03ca845dda5d2a98")), ("value", string("aMOkIQ=="))]);
    assert_eq!(decode_value(&bytes).unwrap(), Value::String("hä!".to_owned()));
    let bytes =
        special(&[(SIGNATURE, string("803fd3297a5875dc03ca845dda5d2a98")), ("value", string("gP7/"))]);
    assert_eq!(decode_value(&bytes).unwrap(), Value::Bytes(vec![0x80, 0xfe, 0xff]));
    let broken = special(&[(SIGNATURE, string("803fd3297a5875dc03ca845dda5d2a98")), ("value", string("!"))]);
    assert!(decode_value(&broken).is_err());
}

#[test]
fn nesting_has_an_end() {
    let deep = (0..200).fold(Value::Null, |inner, _| Value::Array(vec![inner]));
    let error = encode_value(&deep).unwrap_err();
    assert!(matches!(error.kind(), ValueErrorKind::TooDeep(_)));
}

#[test]
fn a_struct_keeps_its_nulls() {
    let entries = BTreeMap::from([("a".to_owned(), Value::Null)]);
    assert_eq!(decode_struct(&encode_struct(&entries).unwrap()).unwrap(), entries);
}

#[test]
fn debugging_a_secret_does_not_show_it() {
    let value = Value::object([("password", Value::Secret(Box::new(Value::String("hunter2".to_owned()))))]);
    assert_eq!(format!("{value:?}"), r#"{"password": Secret(…)}"#);
}
