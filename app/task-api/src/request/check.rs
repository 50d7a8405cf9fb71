//! The rules of a JSON body, checked one by one on the parsed value. Types stop at the first mistake; this does not.

use std::ops::RangeInclusive;

use miyabi_shared::problem::FieldError;
use miyabi_shared::{TaskId, Timestamp, limits};
use serde_json::{Map, Value};

use crate::error::{ApiError, shortened};

/// The rule of every identifier.
pub(crate) const ID_RULE: &str = "1 to 128 characters of A-Z a-z 0-9 . _ : -";

/// Most mistakes that are named at once.
const MISTAKES: usize = 100;

/// Collects the mistakes of a body.
#[derive(Debug, Default)]
pub(crate) struct Checker {
    errors: Vec<FieldError>,
}

/// Whether a field may be left out or `null`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    Required,
    Optional,
}

/// An object of the body: its place, its members, and which of them are known.
#[derive(Debug)]
pub(crate) struct Object<'body> {
    place: String,
    members: &'body Map<String, Value>,
}

impl Object<'_> {
    /// The place of one of its members.
    pub(crate) fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }
}

impl<'body> Object<'body> {
    /// A member that is there and not `null`.
    pub(crate) fn get(&self, name: &str) -> Option<&'body Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }
}

impl Checker {
    /// Notes a mistake.
    pub(crate) fn mistake(&mut self, field: impl Into<String>, rule: impl Into<String>) {
        if self.errors.len() < MISTAKES {
            self.errors.push(FieldError { field: field.into(), rule: rule.into() });
        }
    }

    /// What was wrong, if anything was.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.errors)) }
    }

    /// `value` as an object that has no members but `known`.
    pub(crate) fn object<'body>(
        &mut self,
        place: &str,
        value: &'body Value,
        known: &[&str],
    ) -> Option<Object<'body>> {
        let object = self.open_object(place, value)?;
        for name in object.members.keys().filter(|name| !known.contains(&name.as_str())) {
            self.mistake(
                object.place_of(&shortened(name)),
                format!("is unknown: expected {}", known.join(", ")),
            );
        }
        Some(object)
    }

    /// `value` as an object whose members are checked later.
    pub(crate) fn open_object<'body>(&mut self, place: &str, value: &'body Value) -> Option<Object<'body>> {
        match value.as_object() {
            Some(members) => Some(Object { place: place.to_owned(), members }),
            None => {
                self.mistake(if place.is_empty() { "body" } else { place }, "a JSON object");
                None
            }
        }
    }

    /// A member; notes where one that is required is missing.
    fn member<'body>(
        &mut self,
        object: &Object<'body>,
        name: &str,
        presence: Presence,
        rule: &str,
    ) -> Option<&'body Value> {
        let value = object.get(name);
        if value.is_none() && presence == Presence::Required {
            self.mistake(object.place_of(name), format!("is missing: expected {rule}"));
        }
        value
    }

    /// A list of `range` members.
    pub(crate) fn list<'body>(
        &mut self,
        object: &Object<'body>,
        name: &str,
        range: RangeInclusive<usize>,
    ) -> &'body [Value] {
        let rule = format!("a list of {} to {} members", range.start(), range.end());
        let Some(value) = self.member(object, name, Presence::Required, &rule) else { return &[] };
        match value.as_array() {
            Some(list) if range.contains(&list.len()) => list,
            _ => {
                self.mistake(object.place_of(name), rule);
                &[]
            }
        }
    }

    /// Text with a length within `range`, in characters.
    pub(crate) fn text<'body>(
        &mut self,
        object: &Object<'body>,
        name: &str,
        presence: Presence,
        range: RangeInclusive<usize>,
    ) -> Option<&'body str> {
        let rule = text_rule(&range);
        let value = self.member(object, name, presence, &rule)?;
        self.text_value(&object.place_of(name), value, &range)
    }

    /// `value` as text with a length within `range`, in characters.
    pub(crate) fn text_value<'body>(
        &mut self,
        place: &str,
        value: &'body Value,
        range: &RangeInclusive<usize>,
    ) -> Option<&'body str> {
        let text = value.as_str().filter(|text| range.contains(&text.chars().count()));
        if text.is_none() {
            self.mistake(place, text_rule(range));
        }
        text
    }

    /// An identifier.
    pub(crate) fn id(&mut self, object: &Object<'_>, name: &str, presence: Presence) {
        if let Some(value) = self.member(object, name, presence, ID_RULE) {
            // Every kind of identifier has the same rule.
            if value.as_str().is_none_or(|text| TaskId::new(text).is_err()) {
                self.mistake(object.place_of(name), ID_RULE);
            }
        }
    }

    /// `value` as an identifier.
    pub(crate) fn id_value(&mut self, place: &str, value: &Value) {
        if value.as_str().is_none_or(|text| TaskId::new(text).is_err()) {
            self.mistake(place, ID_RULE);
        }
    }

    /// One word of a few.
    pub(crate) fn word<'body>(
        &mut self,
        object: &Object<'body>,
        name: &str,
        words: &[&str],
    ) -> Option<&'body str> {
        let rule = format!("one of {}", words.join(", "));
        let value = self.member(object, name, Presence::Required, &rule)?;
        let word = value.as_str().filter(|text| words.contains(text));
        if word.is_none() {
            self.mistake(object.place_of(name), rule);
        }
        word
    }

    /// A whole number within `range`.
    pub(crate) fn number(
        &mut self,
        object: &Object<'_>,
        name: &str,
        presence: Presence,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let rule = format!("a whole number from {} to {}", range.start(), range.end());
        let value = self.member(object, name, presence, &rule)?;
        let number = value.as_i64().filter(|number| range.contains(number));
        if number.is_none() {
            self.mistake(object.place_of(name), rule);
        }
        number
    }

    /// A time that history can hold.
    pub(crate) fn time(&mut self, object: &Object<'_>, name: &str) {
        // Sort keys at and below zero are not history.
        const RULE: &str = "a time after 1970 as RFC 3339, such as 2026-11-22T04:30:00.250Z";
        if let Some(value) = self.member(object, name, Presence::Required, RULE) {
            let time = value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
            if time.is_none_or(|time| time.as_millis() <= 0) {
                self.mistake(object.place_of(name), RULE);
            }
        }
    }

    /// Labels: text by text.
    pub(crate) fn labels(&mut self, object: &Object<'_>, name: &str) {
        let place = object.place_of(name);
        let Some(labels) = object.members.get(name) else { return };
        let Some(labels) = self.open_object(&place, labels) else { return };
        if labels.members.len() > limits::LABELS {
            self.mistake(&*place, format!("at most {} labels", limits::LABELS));
        }
        for (key, value) in labels.members {
            let label = format!("{place}.{}", shortened(key));
            if !(1..=limits::LABEL_CHARACTERS).contains(&key.chars().count()) {
                self.mistake(&*label, format!("a key of 1 to {} characters", limits::LABEL_CHARACTERS));
            }
            self.text_value(&label, value, &(0..=limits::LABEL_CHARACTERS));
        }
    }
}

fn text_rule(range: &RangeInclusive<usize>) -> String {
    format!("text of {} to {} characters", range.start(), range.end())
}
