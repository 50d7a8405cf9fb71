//! The provider's schema, and what it says about values.

use std::collections::BTreeMap;

use pulumi::Value;
use serde_json::Value as Json;

/// The schema that the typed resources are made from.
const SCHEMA: &str = include_str!("../../pulumi-aws/schema/aws.json");

/// What is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, as `code.assets` or `rules[2].port`.
    pub path: String,
    /// What.
    pub reason: String,
}

/// The provider's schema.
#[derive(Debug)]
pub struct Schema {
    json: Json,
}

impl Schema {
    /// Reads the schema.
    ///
    /// # Errors
    /// When it is no JSON.
    pub fn read() -> serde_json::Result<Self> {
        Ok(Self { json: serde_json::from_str(SCHEMA)? })
    }

    /// The version of the provider that it is of.
    pub fn version(&self) -> &str {
        self.json["version"].as_str().unwrap_or_default()
    }

    /// What is wrong with a resource's inputs.
    pub fn check(&self, token: &str, inputs: &BTreeMap<String, Value>) -> Vec<Problem> {
        let Some(resource) = self.json["resources"].get(token) else {
            return vec![unknown("resource", token)];
        };
        let mut problems = Vec::new();
        self.object(&resource["inputProperties"], &resource["requiredInputs"], inputs, "", &mut problems);
        problems
    }

    /// What is wrong with the provider's own configuration.
    pub fn check_provider(&self, inputs: &BTreeMap<String, Value>) -> Vec<Problem> {
        let mut inputs = inputs.clone();
        // The engine adds it, and structured configuration comes as JSON in a text.
        inputs.remove("version");
        let text = |value: &Value| matches!(value, Value::String(_));
        inputs.retain(|_, value| !text(value));
        let mut problems = Vec::new();
        self.object(&self.json["provider"]["inputProperties"], &Json::Null, &inputs, "", &mut problems);
        problems
    }

    /// What is wrong with a function's arguments.
    pub fn check_function(&self, token: &str, arguments: &BTreeMap<String, Value>) -> Vec<Problem> {
        let Some(function) = self.json["functions"].get(token) else {
            return vec![unknown("function", token)];
        };
        let (inputs, mut problems) = (&function["inputs"], Vec::new());
        self.object(&inputs["properties"], &inputs["required"], arguments, "", &mut problems);
        problems
    }

    /// Whether a type of resource has an input at a path such as `rules[].port`.
    #[cfg(test)]
    pub(crate) fn has_input(&self, token: &str, path: &str) -> bool {
        let mut properties = &self.json["resources"][token]["inputProperties"];
        let mut kind = &Json::Null;
        for step in path.split('.') {
            let name = step.strip_suffix("[]").unwrap_or(step);
            let Some(found) = properties.get(name) else { return false };
            kind = if step.ends_with("[]") { &found["items"] } else { found };
            properties = self.referred(kind).map_or(&Json::Null, |kind| &kind["properties"]);
        }
        !kind.is_null()
    }

    /// Whether a type of resource has an output; every one has an identifier.
    pub(crate) fn has_output(&self, token: &str, name: &str) -> bool {
        name == "id" || self.json["resources"][token]["properties"].get(name).is_some()
    }

    /// A resource's outputs: its inputs, and something for whatever the provider always says.
    pub fn outputs(
        &self,
        token: &str,
        name: &str,
        inputs: &BTreeMap<String, Value>,
        known: bool,
    ) -> BTreeMap<String, Value> {
        let resource = &self.json["resources"][token];
        self.complete(&resource["properties"], &resource["required"], token, name, inputs.clone(), known)
    }

    /// What a function returns.
    pub fn returned(&self, token: &str) -> BTreeMap<String, Value> {
        let outputs = &self.json["functions"][token]["outputs"];
        self.complete(&outputs["properties"], &outputs["required"], token, "invoked", BTreeMap::new(), true)
    }

    fn complete(
        &self,
        properties: &Json,
        required: &Json,
        token: &str,
        name: &str,
        mut state: BTreeMap<String, Value>,
        known: bool,
    ) -> BTreeMap<String, Value> {
        for key in required.as_array().into_iter().flatten().filter_map(Json::as_str) {
            let kind = &properties[key];
            let value = || if known { self.invented(kind, token, name, key) } else { Value::Unknown };
            state.entry(key.to_owned()).or_insert_with(value);
        }
        state
    }

    fn invented(&self, kind: &Json, token: &str, name: &str, key: &str) -> Value {
        if let Some(kind) = self.referred(kind) {
            let (properties, required) = (&kind["properties"], &kind["required"]);
            return Value::Object(self.complete(properties, required, token, name, BTreeMap::new(), true));
        }
        let service = token.split([':', '/']).nth(1).unwrap_or_default();
        match kind["type"].as_str() {
            Some("boolean") => Value::Bool(false),
            Some("integer" | "number") => Value::Number(0.0),
            Some("array") => Value::Array(Vec::new()),
            Some("object") => Value::Object(BTreeMap::new()),
            _ if key == "accountId" => Value::String("123456789012".to_owned()),
            _ if key.to_lowercase().ends_with("arn") => {
                Value::String(format!("arn:aws:{service}:eu-west-1:123456789012:{name}"))
            }
            _ => Value::String(format!("{name}-{key}")),
        }
    }

    /// The type of ours that another one refers to.
    fn referred(&self, kind: &Json) -> Option<&Json> {
        let name = kind["$ref"].as_str()?.strip_prefix("#/types/")?.replace("%2F", "/");
        self.json["types"].get(&name)
    }

    fn object(
        &self,
        properties: &Json,
        required: &Json,
        values: &BTreeMap<String, Value>,
        path: &str,
        problems: &mut Vec<Problem>,
    ) {
        for key in required.as_array().into_iter().flatten().filter_map(Json::as_str) {
            if values.get(key).is_none_or(|value| *value == Value::Null) {
                problems.push(Problem { path: below(path, key), reason: "is required".to_owned() });
            }
        }
        for (key, value) in values.iter().filter(|(key, _)| !key.starts_with("__")) {
            let path = below(path, key);
            match properties.get(key) {
                Some(kind) => self.value(kind, value, &path, problems),
                None => problems.push(Problem { path, reason: "is no property".to_owned() }),
            }
        }
    }

    fn value(&self, kind: &Json, value: &Value, path: &str, problems: &mut Vec<Problem>) {
        let value = match value {
            Value::Secret(inner) => return self.value(kind, inner, path, problems),
            Value::Null | Value::Unknown => return,
            Value::Output(output) => match &output.value {
                Some(value) => return self.value(kind, value, path, problems),
                None => return,
            },
            value => value,
        };
        if let Some(reference) = kind["$ref"].as_str() {
            let fits = match (reference, value) {
                ("pulumi.json#/Archive", Value::Archive(_)) => true,
                ("pulumi.json#/Asset", Value::Asset(_) | Value::Archive(_)) => true,
                ("pulumi.json#/Any" | "pulumi.json#/Json", _) => true,
                _ => match (self.referred(kind), value) {
                    (Some(kind), Value::Object(entries)) => {
                        self.object(&kind["properties"], &kind["required"], entries, path, problems);
                        true
                    }
                    _ => false,
                },
            };
            if !fits {
                problems.push(wrong(path, reference, value));
            }
            return;
        }
        match (kind["type"].as_str().unwrap_or_default(), value) {
            ("string", Value::String(_)) | ("boolean", Value::Bool(_)) | ("number", Value::Number(_)) => {}
            ("integer", Value::Number(number)) if number.fract() == 0.0 => {}
            ("array", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.value(&kind["items"], item, &format!("{path}[{index}]"), problems);
                }
            }
            ("object", Value::Object(entries)) => {
                let text = serde_json::json!({ "type": "string" });
                let kind = kind.get("additionalProperties").unwrap_or(&text);
                for (key, item) in entries {
                    self.value(kind, item, &below(path, key), problems);
                }
            }
            (expected, value) => problems.push(wrong(path, expected, value)),
        }
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn unknown(what: &str, token: &str) -> Problem {
    Problem { path: String::new(), reason: format!("the schema has no {what} {token}") }
}

fn wrong(path: &str, expected: &str, value: &Value) -> Problem {
    Problem { path: path.to_owned(), reason: format!("is {}, expected {expected}", value.kind()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "aws:dynamodb/table:Table";
    const FUNCTION: &str = "aws:lambda/function:Function";

    fn problems(token: &str, inputs: &[(&str, Value)]) -> Vec<String> {
        let inputs = inputs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        let problems = Schema::read().unwrap().check(token, &inputs);
        problems.into_iter().map(|problem| format!("{} {}", problem.path, problem.reason)).collect()
    }

    #[test]
    fn what_the_provider_would_refuse_is_found_with_its_path() {
        let text = |text: &str| Value::String(text.to_owned());
        let wrong = Value::Object([("name".to_owned(), text("id")), ("kind".to_owned(), text("S"))].into());
        assert_eq!(
            problems(TABLE, &[("attributes", Value::Array(vec![wrong])), ("hash_key", text("id"))]),
            [
                "attributes[0].type is required",
                "attributes[0].kind is no property",
                "hash_key is no property"
            ]
        );
        assert_eq!(
            problems(FUNCTION, &[("timeout", Value::Number(1.5)), ("memorySize", text("512"))]),
            [
                "role is required",
                "memorySize is a string, expected integer",
                "timeout is a number, expected integer"
            ]
        );
        assert_eq!(problems("aws:no/such:Thing", &[]), [" the schema has no resource aws:no/such:Thing"]);
    }

    #[test]
    fn secrets_are_looked_through_and_what_is_unknown_is_given() {
        let role = Value::Secret(Box::new(Value::Unknown));
        assert!(problems(FUNCTION, &[("role", role), ("timeout", Value::Number(3.0))]).is_empty());
    }

    #[test]
    fn outputs_are_unknown_until_something_is_made() {
        let schema = Schema::read().unwrap();
        assert_eq!(schema.outputs(TABLE, "tasks", &BTreeMap::new(), false)["arn"], Value::Unknown);
        assert_eq!(
            schema.outputs(TABLE, "tasks", &BTreeMap::new(), true)["arn"],
            Value::String("arn:aws:dynamodb:eu-west-1:123456789012:tasks".to_owned())
        );
    }
}
