//! A resource's inputs, looked at through secrets and outputs.

use std::collections::BTreeMap;

use pulumi::Value;

/// Properties by their names.
pub(crate) type Entries = BTreeMap<String, Value>;

/// How much of a value a message shows.
const SHOWN: usize = 80;

/// A resource's inputs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inputs<'a>(pub(crate) &'a Entries);

/// A value with where it is.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    /// As `environment.variables` or `rules[2].port`.
    pub(crate) path: String,
    pub(crate) value: &'a Value,
    /// Whether it, or something around it, is secret.
    pub(crate) secret: bool,
}

impl<'a> Inputs<'a> {
    /// What is at a path such as `rules[].port`; what is null is not there.
    pub(crate) fn at(&self, path: &str) -> Vec<Found<'a>> {
        let mut steps = path.split('.');
        let (name, list) = step(steps.next().unwrap_or_default());
        let mut found = Vec::new();
        if let Some(value) = self.0.get(name) {
            found.extend(Found::new(name.to_owned(), value, false).spread(list));
        }
        for text in steps {
            let (name, list) = step(text);
            found = found
                .into_iter()
                .filter_map(|outer| match outer.value {
                    Value::Object(entries) => {
                        let path = format!("{}.{name}", outer.path);
                        Some(Found::new(path, entries.get(name)?, outer.secret).spread(list))
                    }
                    _ => None,
                })
                .flatten()
                .collect();
        }
        found.retain(|found| *found.value != Value::Null);
        found
    }

    fn one(&self, path: &str) -> Option<&'a Value> {
        self.at(path).first().map(|found| found.value)
    }

    /// Whether something is there, known or not.
    pub(crate) fn has(&self, path: &str) -> bool {
        self.one(path).is_some()
    }

    /// Whether it will only be known later.
    pub(crate) fn unknown(&self, path: &str) -> bool {
        self.one(path) == Some(&Value::Unknown)
    }

    pub(crate) fn text(&self, path: &str) -> Option<&'a str> {
        match self.one(path) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn number(&self, path: &str) -> Option<f64> {
        match self.one(path) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn is_true(&self, path: &str) -> bool {
        self.one(path) == Some(&Value::Bool(true))
    }

    /// The objects of a list, each with its path.
    pub(crate) fn objects(&self, path: &str) -> Vec<(String, Inputs<'a>)> {
        let object = |found: Found<'a>| match found.value {
            Value::Object(entries) => Some((found.path, Inputs(entries))),
            _ => None,
        };
        self.at(path).into_iter().filter_map(object).collect()
    }

    /// The texts that are known at a path.
    pub(crate) fn texts(&self, path: &str) -> Vec<&'a str> {
        let text = |found: Found<'a>| match found.value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        };
        self.at(path).into_iter().filter_map(text).collect()
    }
}

impl<'a> Found<'a> {
    fn new(path: String, value: &'a Value, secret: bool) -> Self {
        match value {
            Value::Secret(inner) => Self::new(path, inner, true),
            Value::Output(output) => match &output.value {
                Some(inner) => Self::new(path, inner, secret || output.secret),
                None => Self { path, value: &Value::Unknown, secret },
            },
            value => Self { path, value, secret },
        }
    }

    /// The members of a list, if `[]` follows the name.
    fn spread(self, list: bool) -> Vec<Self> {
        match self.value {
            Value::Array(items) if list => {
                let item = |(index, item)| Self::new(format!("{}[{index}]", self.path), item, self.secret);
                items.iter().enumerate().map(item).collect()
            }
            _ => vec![self],
        }
    }

    /// The value for a message, without what is secret.
    pub(crate) fn shown(&self) -> String {
        if self.secret { "a secret value".to_owned() } else { shown(self.value) }
    }
}

fn step(text: &str) -> (&str, bool) {
    text.strip_suffix("[]").map_or((text, false), |name| (name, true))
}

/// A value for a message.
pub(crate) fn shown(value: &Value) -> String {
    let text = written(value);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entry = |(key, value): (&String, &Value)| format!("{key}: {}", written(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Output(output) if !output.secret => {
            output.value.as_ref().map_or_else(|| "unknown".to_owned(), written)
        }
        value => value.kind().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_through_lists_secrets_and_objects() {
        let rule = |port: f64| Value::object([("port", Value::Secret(Box::new(Value::Number(port))))]);
        let inputs = Entries::from([("rules".to_owned(), Value::Array(vec![rule(1.0), rule(2.0)]))]);
        let found = Inputs(&inputs).at("rules[].port");
        let seen: Vec<_> = found.iter().map(|found| (found.path.as_str(), found.shown())).collect();
        assert_eq!(
            seen,
            [("rules[0].port", "a secret value".to_owned()), ("rules[1].port", "a secret value".to_owned())]
        );
        assert_eq!(Inputs(&inputs).at("rules").len(), 1);
        assert!(!Inputs(&inputs).has("rules[].name"));
    }

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(shown(&Value::String("é".repeat(200))).chars().count(), SHOWN + 1);
    }
}
