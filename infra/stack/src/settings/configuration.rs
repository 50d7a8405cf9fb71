//! What the stack's configuration says: values by key, some of them structured.

use std::collections::{BTreeMap, BTreeSet};

use pulumi::Config;
use serde_json::{Map, Value as Json};

/// Values by key, without the project's name in front.
#[derive(Debug, Clone, Default)]
pub struct Configuration {
    values: BTreeMap<String, Json>,
    secrets: BTreeSet<String>,
}

impl Configuration {
    /// Nothing is set: what the stage's defaults say holds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that is set in one namespace of the stack's configuration.
    pub fn of(config: &Config) -> Self {
        let mut configuration = Self::new();
        for (key, text) in config.entries() {
            if config.is_secret(key) {
                configuration.secrets.insert(key.to_owned());
            }
            configuration.values.insert(key.to_owned(), structured(text));
        }
        configuration
    }

    /// Sets what `pulumi config set --path 'KEY.KEY' TEXT` sets.
    pub fn set(&mut self, path: &str, text: &str) {
        let mut keys = path.split('.');
        let first = keys.next().unwrap_or_default().to_owned();
        let mut place = self.values.entry(first).or_insert(Json::Null);
        for key in keys {
            if !place.is_object() {
                *place = Json::Object(Map::new());
            }
            let Json::Object(entries) = place else { return };
            place = entries.entry(key).or_insert(Json::Null);
        }
        *place = match serde_json::from_str(text) {
            Ok(Json::Null) | Err(_) => text.into(),
            Ok(value) => value,
        };
    }

    /// Sets a value where none is set.
    pub fn set_default(&mut self, key: &str, value: &str) {
        self.values.entry(key.to_owned()).or_insert_with(|| value.into());
    }

    /// The values, for who reads them.
    pub(super) fn into_values(self) -> (Map<String, Json>, BTreeSet<String>) {
        (self.values.into_iter().collect(), self.secrets)
    }
}

/// Structured values arrive as JSON, others as they are.
fn structured(text: &str) -> Json {
    match serde_json::from_str(text) {
        Ok(value @ (Json::Object(_) | Json::Array(_))) => value,
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_sets_one_value_within_others() {
        let mut configuration = Configuration::new();
        configuration.set("network.natGateways", "one");
        configuration.set("network.zones", "3");
        configuration.set("network.interfaceEndpoints", r#"["sqs"]"#);
        configuration.set("functions", "target/functions");
        let (values, _) = configuration.into_values();
        assert_eq!(
            Json::Object(values),
            json!({
                "functions": "target/functions",
                "network": { "natGateways": "one", "zones": 3, "interfaceEndpoints": ["sqs"] },
            })
        );
    }
}
