//! A graph as rules see it: resources with their inputs as JSON, where an output of another resource is a text that
//! names it, `${Function.task-api.arn}`.

use serde_json::Value as Json;

/// A resource.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    /// Its type, in short: `lambda.Function`.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) inputs: Json,
}

/// Everything that a stage registers.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub(super) resources: Vec<Resource>,
}

/// A resource that breaks a rule, and how.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) message: String,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, resource: &Resource, message: impl Into<String>) {
        let Resource { kind, name, .. } = resource.clone();
        self.0.push(Finding { kind, name, message: message.into() });
    }

    /// Notes it where `holds` is false.
    pub(super) fn expect(&mut self, holds: bool, resource: &Resource, message: impl Into<String>) {
        if !holds {
            self.add(resource, message);
        }
    }
}

/// `aws:lambda/function:Function` in short.
pub(super) fn short(token: &str) -> String {
    let module = token.split(':').nth(1).and_then(|path| path.split('/').next()).unwrap_or_default();
    format!("{module}.{}", token.rsplit(':').next().unwrap_or_default())
}

impl Graph {
    /// Reads the JSON of [`miyabi_infra::graph::graph`].
    pub(super) fn read(json: &Json) -> Self {
        let resources =
            json["resources"].as_array().unwrap().iter().filter(|json| json.get("inputs").is_some());
        Self {
            resources: resources
                .map(|json| Resource {
                    kind: short(json["type"].as_str().unwrap()),
                    name: json["name"].as_str().unwrap().to_owned(),
                    inputs: json["inputs"].clone(),
                })
                .collect(),
        }
    }

    pub(super) fn of(&self, kind: &str) -> Vec<&Resource> {
        self.resources.iter().filter(|resource| resource.kind == kind).collect()
    }

    pub(super) fn of_any(&self, kinds: &[&str]) -> Vec<&Resource> {
        self.resources.iter().filter(|resource| kinds.contains(&resource.kind.as_str())).collect()
    }

    /// The first of a kind whose input refers to `target`.
    pub(super) fn about(&self, kind: &str, input: &str, target: &Resource) -> Option<&Resource> {
        self.of(kind).into_iter().find(|resource| target.is_named_by(&resource.inputs[input]))
    }
}

impl Resource {
    /// The resource's type without its module, as references spell it.
    fn type_name(&self) -> &str {
        self.kind.rsplit('.').next().unwrap_or_default()
    }

    /// Whether a value refers to this resource: by a reference anywhere within it, or by its physical name.
    pub(super) fn is_named_by(&self, value: &Json) -> bool {
        let reference = format!("${{{}.{}.", self.type_name(), self.name);
        match value {
            Json::String(text) => {
                text.contains(&reference)
                    || ["name", "bucket", "stageName", "alarmName"]
                        .iter()
                        .any(|key| self.inputs[*key].as_str() == Some(text.as_str()))
            }
            Json::Array(items) => items.iter().any(|item| self.is_named_by(item)),
            Json::Object(members) => members.values().any(|member| self.is_named_by(member)),
            _ => false,
        }
    }

    /// An input by its path: `/settings/dataTraceEnabled`.
    pub(super) fn at(&self, path: &str) -> &Json {
        self.inputs.pointer(path).unwrap_or(&Json::Null)
    }

    pub(super) fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_default()
    }

    pub(super) fn is_true(&self, path: &str) -> bool {
        self.at(path) == &Json::Bool(true)
    }

    pub(super) fn has(&self, path: &str) -> bool {
        !self.at(path).is_null()
    }
}

/// What is in a JSON document given as text.
pub(super) fn document(value: &Json) -> &Json {
    value.get("json").unwrap_or(value)
}

/// A value, or the items of a list of values.
pub(super) fn items(value: &Json) -> Vec<&Json> {
    match value {
        Json::Null => Vec::new(),
        Json::Array(items) => items.iter().collect(),
        other => vec![other],
    }
}

/// Texts, one or many.
pub(super) fn texts(value: &Json) -> Vec<&str> {
    items(value).into_iter().filter_map(Json::as_str).collect()
}

/// The statements of a policy.
pub(super) fn statements(policy: &Json) -> Vec<&Json> {
    items(&document(policy)["Statement"])
}

/// Whether a statement of a policy denies whoever comes without TLS.
pub(super) fn denies_plain_text(policy: &Json) -> bool {
    statements(policy).iter().any(|statement| {
        let condition = &statement["Condition"]["Bool"]["aws:SecureTransport"];
        statement["Effect"] == "Deny"
            && names_everyone(&statement["Principal"])
            && (condition == "false" || condition == &Json::Bool(false))
    })
}

/// Whether a principal is everyone.
pub(super) fn names_everyone(principal: &Json) -> bool {
    principal == "*" || texts(&principal["AWS"]).contains(&"*")
}

/// Whether a policy lets anyone in.
pub(super) fn lets_anyone_in(policy: &Json) -> bool {
    statements(policy).iter().any(|statement| {
        statement["Effect"] == "Allow"
            && names_everyone(&statement["Principal"])
            && statement.get("Condition").is_none()
    })
}
