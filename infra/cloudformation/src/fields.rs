//! Reading a resource's inputs in Pulumi's spelling and writing its properties in CloudFormation's.
//!
//! What a mapping does not take is a problem: nothing is lost by being forgotten.

use std::collections::BTreeMap;

use pulumi::Value;
use serde_json::{Map, Value as Json};

use crate::problem::{LeftOut, Problem, Report};
use crate::token;

/// The inputs of a resource, or of an object within it, while they are mapped.
#[derive(Debug)]
pub(crate) struct Fields {
    key: String,
    resource: String,
    resource_type: String,
    /// Where this object is within the resource; empty for the resource itself.
    path: String,
    inputs: BTreeMap<String, Value>,
    properties: Map<String, Json>,
    archives: Vec<(String, pulumi::Archive)>,
    companions: Vec<Companion>,
    retain: bool,
    problems: Vec<Problem>,
    report: Report,
}

/// A resource that CloudFormation needs beside another, which the program knows nothing of.
#[derive(Debug, Clone)]
pub(crate) struct Companion {
    /// What is added to the other's name.
    pub(crate) suffix: &'static str,
    /// CloudFormation's type.
    pub(crate) cloudformation: &'static str,
    pub(crate) properties: Map<String, Json>,
    /// Whether it never changes, so that with each change of the other there must be another one.
    pub(crate) immutable: bool,
}

/// What a mapping makes of a resource.
#[derive(Debug)]
pub(crate) struct Mapped {
    pub(crate) properties: Map<String, Json>,
    /// Archives, each with the property that takes its place in the bucket of assets.
    pub(crate) archives: Vec<(String, pulumi::Archive)>,
    pub(crate) companions: Vec<Companion>,
    pub(crate) retain: bool,
    pub(crate) problems: Vec<Problem>,
    pub(crate) report: Report,
}

impl Fields {
    pub(crate) fn new(
        key: &str,
        resource: &str,
        resource_type: &str,
        inputs: BTreeMap<String, Value>,
    ) -> Self {
        Self {
            key: key.to_owned(),
            resource: resource.to_owned(),
            resource_type: resource_type.to_owned(),
            path: String::new(),
            inputs,
            properties: Map::new(),
            archives: Vec::new(),
            companions: Vec::new(),
            retain: false,
            problems: Vec::new(),
            report: Report::default(),
        }
    }

    /// The resource's name in the program.
    pub(crate) fn resource(&self) -> &str {
        &self.resource
    }

    /// Ends the mapping: what is left was not taken.
    pub(crate) fn finish(mut self) -> Mapped {
        for key in std::mem::take(&mut self.inputs).into_keys() {
            self.problem(&key, "has no counterpart in this mapping to CloudFormation");
        }
        let Self { properties, archives, companions, retain, problems, report, .. } = self;
        Mapped { properties, archives, companions, retain, problems, report }
    }

    pub(crate) fn problem(&mut self, key: &str, message: impl Into<String>) {
        let property = Some(self.place(key));
        let (resource, resource_type) = (self.resource.clone(), self.resource_type.clone());
        self.problems.push(Problem { resource, resource_type, property, message: message.into() });
    }

    fn place(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Takes an input as it is. Nothing stays nothing; what is inside a secret is noted and taken.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        let value = self.inputs.remove(key)?;
        match value {
            Value::Null => None,
            Value::Secret(inner) => {
                self.report.secrets.push(format!("{}: {}", self.resource, self.place(key)));
                Some(*inner)
            }
            Value::Output(output) => match output.value {
                Some(inner) => Some(inner),
                None => Some(Value::Unknown),
            },
            value => Some(value),
        }
    }

    /// Writes a property.
    pub(crate) fn put(&mut self, to: &str, value: impl Into<Json>) {
        self.properties.insert(to.to_owned(), value.into());
    }

    /// A property written before.
    pub(crate) fn property(&self, name: &str) -> Option<&Json> {
        self.properties.get(name)
    }

    fn wrong(&mut self, key: &str, expected: &str, found: &Value) {
        let message = match found {
            Value::String(text) if token::is_in(text) => {
                format!("expected {expected}, found a value that only the deployment knows")
            }
            Value::String(text) => format!("expected {expected}, found the text {text:?}"),
            Value::Number(number) => format!("expected {expected}, found the number {number}"),
            Value::Bool(flag) => format!("expected {expected}, found {flag}"),
            Value::Unknown => format!("expected {expected}, found an unknown value"),
            Value::Array(_) => format!("expected {expected}, found a list"),
            Value::Object(_) => format!("expected {expected}, found an object"),
            _ => format!("expected {expected}, found a value of another kind"),
        };
        self.problem(key, message);
    }

    /// Takes a text.
    pub(crate) fn take_text(&mut self, key: &str) -> Option<String> {
        match self.take(key)? {
            Value::String(text) => Some(text),
            found => {
                self.wrong(key, "a text", &found);
                None
            }
        }
    }

    pub(crate) fn take_boolean(&mut self, key: &str) -> Option<bool> {
        match self.take(key)? {
            Value::Bool(flag) => Some(flag),
            found => {
                self.wrong(key, "true or false", &found);
                None
            }
        }
    }

    pub(crate) fn take_number(&mut self, key: &str) -> Option<Json> {
        match self.take(key)? {
            Value::Number(number) => Some(number_json(number)),
            found => {
                self.wrong(key, "a number", &found);
                None
            }
        }
    }

    fn take_list(&mut self, key: &str) -> Option<Vec<Value>> {
        match self.take(key)? {
            Value::Array(items) => Some(items),
            found => {
                self.wrong(key, "a list", &found);
                None
            }
        }
    }

    fn take_object(&mut self, key: &str) -> Option<BTreeMap<String, Value>> {
        match self.take(key)? {
            Value::Object(entries) => Some(entries),
            found => {
                self.wrong(key, "an object", &found);
                None
            }
        }
    }

    pub(crate) fn text(&mut self, from: &str, to: &str) {
        if let Some(text) = self.take_text(from) {
            self.put(to, text);
        }
    }

    pub(crate) fn number(&mut self, from: &str, to: &str) {
        if let Some(number) = self.take_number(from) {
            self.put(to, number);
        }
    }

    /// A number that Pulumi writes as text.
    pub(crate) fn number_in_text(&mut self, from: &str, to: &str) {
        let Some(text) = self.take_text(from) else { return };
        match text.parse::<f64>() {
            Ok(number) => self.put(to, number_json(number)),
            Err(_) => self.wrong(from, "a number", &Value::String(text)),
        }
    }

    pub(crate) fn boolean(&mut self, from: &str, to: &str) {
        if let Some(flag) = self.take_boolean(from) {
            self.put(to, flag);
        }
    }

    /// A text that CloudFormation takes as the only item of a list.
    pub(crate) fn text_as_list(&mut self, from: &str, to: &str) {
        if let Some(text) = self.take_text(from) {
            self.put(to, vec![text]);
        }
    }

    pub(crate) fn texts(&mut self, from: &str, to: &str) {
        if let Some(texts) = self.take_texts(from) {
            self.put(to, texts);
        }
    }

    pub(crate) fn take_texts(&mut self, from: &str) -> Option<Vec<Json>> {
        let items = self.take_list(from)?;
        let mut texts: Vec<Json> = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.into()),
                found => self.wrong(&format!("{from}[{index}]"), "a text", &found),
            }
        }
        Some(texts)
    }

    /// A map whose values are plain: texts, numbers or truth values.
    pub(crate) fn map(&mut self, from: &str, to: &str) {
        if let Some(map) = self.take_map(from) {
            self.put(to, map);
        }
    }

    pub(crate) fn take_map(&mut self, from: &str) -> Option<Map<String, Json>> {
        let entries = self.take_object(from)?;
        let mut map = Map::new();
        for (key, value) in entries {
            let inside_secret = matches!(value, Value::Secret(_));
            let value = match value {
                Value::Secret(inner) => *inner,
                value => value,
            };
            if inside_secret {
                self.report.secrets.push(format!("{}: {}.{key}", self.resource, self.place(from)));
            }
            let json = match value {
                Value::String(text) => text.into(),
                Value::Number(number) => number_json(number),
                Value::Bool(flag) => flag.into(),
                Value::Null => continue,
                found => {
                    self.wrong(&format!("{from}.{key}"), "a text", &found);
                    continue;
                }
            };
            map.insert(key, json);
        }
        Some(map)
    }

    /// Tags: a map in Pulumi, a list of keys and values in CloudFormation.
    pub(crate) fn tags(&mut self) {
        self.pairs("tags", "Tags", "Key", "Value");
    }

    pub(crate) fn pairs(&mut self, from: &str, to: &str, key: &str, value: &str) {
        let Some(map) = self.take_map(from) else { return };
        let pairs = map.into_iter().map(|(name, text)| {
            let mut pair = Map::new();
            pair.insert(key.to_owned(), name.into());
            pair.insert(value.to_owned(), text);
            Json::Object(pair)
        });
        let pairs: Vec<Json> = pairs.collect();
        self.put(to, pairs);
    }

    /// JSON that Pulumi writes as text, and CloudFormation as an object.
    pub(crate) fn document(&mut self, from: &str, to: &str) {
        let Some(text) = self.take_text(from) else { return };
        match serde_json::from_str::<Json>(&text) {
            Ok(document @ Json::Object(_)) => self.put(to, document),
            Ok(_) => self.problem(from, "expected the text of a JSON object, found other JSON"),
            Err(error) => self.problem(from, format!("expected the text of a JSON object: {error}")),
        }
    }

    fn child(&self, path: String, inputs: BTreeMap<String, Value>) -> Self {
        Self { path, ..Self::new(&self.key, &self.resource, &self.resource_type, inputs) }
    }

    fn end_child(&mut self, child: Self) -> Map<String, Json> {
        let mapped = child.finish();
        self.problems.extend(mapped.problems);
        self.report.secrets.extend(mapped.report.secrets);
        self.report.left_out.extend(mapped.report.left_out);
        self.archives.extend(mapped.archives);
        mapped.properties
    }

    /// All inputs that are left, to be mapped to an object of their own.
    pub(crate) fn part(&mut self) -> Self {
        let inputs = std::mem::take(&mut self.inputs);
        self.child(self.path.clone(), inputs)
    }

    /// Ends such an object.
    pub(crate) fn end_part(&mut self, part: Self) -> Map<String, Json> {
        self.end_child(part)
    }

    pub(crate) fn object(&mut self, from: &str, to: &str, map: impl FnOnce(&mut Self)) {
        if let Some(object) = self.take_mapped(from, map) {
            self.put(to, object);
        }
    }

    /// An object whose properties, once mapped, are needed elsewhere.
    pub(crate) fn take_mapped(
        &mut self,
        from: &str,
        map: impl FnOnce(&mut Self),
    ) -> Option<Map<String, Json>> {
        let entries = self.take_object(from)?;
        let mut child = self.child(self.place(from), entries);
        map(&mut child);
        Some(self.end_child(child))
    }

    pub(crate) fn objects(&mut self, from: &str, to: &str, map: impl FnMut(&mut Self)) {
        if let Some(objects) = self.take_objects(from, map) {
            self.put(to, objects);
        }
    }

    pub(crate) fn take_objects(&mut self, from: &str, mut map: impl FnMut(&mut Self)) -> Option<Vec<Json>> {
        let items = self.take_list(from)?;
        let mut objects: Vec<Json> = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            match item {
                Value::Object(entries) => {
                    let mut child = self.child(format!("{}[{index}]", self.place(from)), entries);
                    map(&mut child);
                    objects.push(Json::Object(self.end_child(child)));
                }
                found => self.wrong(&format!("{from}[{index}]"), "an object", &found),
            }
        }
        Some(objects)
    }

    /// An archive. The property takes its place in the bucket of assets.
    pub(crate) fn archive(&mut self, from: &str, to: &str) {
        match self.take(from) {
            None => {}
            Some(Value::Archive(archive)) => self.archives.push((to.to_owned(), archive)),
            Some(found) => self.wrong(from, "an archive", &found),
        }
    }

    /// The start of a name, or a name within a resource: CloudFormation makes such names itself.
    pub(crate) fn made_by_cloudformation(&mut self, key: &str) {
        let _ = self.take(key);
    }

    /// What a template cannot say. Reported.
    pub(crate) fn leave_out(&mut self, key: &str, reason: &str) {
        if self.take(key).is_some() {
            self.report.left_out.push(LeftOut {
                resource: self.resource.clone(),
                resource_type: self.resource_type.clone(),
                property: Some(self.place(key)),
                reason: reason.to_owned(),
            });
        }
    }

    /// The reference to the resource itself.
    pub(crate) fn itself(&self) -> String {
        token::reference(&self.key)
    }

    /// A resource that CloudFormation needs beside this one. Whatever waits for this one waits for it as well.
    pub(crate) fn companion(
        &mut self,
        suffix: &'static str,
        cloudformation: &'static str,
        properties: Map<String, Json>,
    ) {
        self.companions.push(Companion { suffix, cloudformation, properties, immutable: false });
    }

    /// One that never changes.
    pub(crate) fn immutable_companion(
        &mut self,
        suffix: &'static str,
        cloudformation: &'static str,
        properties: Map<String, Json>,
    ) {
        self.companions.push(Companion { suffix, cloudformation, properties, immutable: true });
    }

    /// A switch that keeps the resource when the stack goes.
    pub(crate) fn retain(&mut self, key: &str) {
        if self.take_boolean(key) == Some(true) {
            self.retain = true;
        }
    }
}

/// A number as JSON: whole numbers without a fraction.
fn number_json(number: f64) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    if number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0 {
        Json::from(number as i64)
    } else {
        Json::from(number)
    }
}
