//! What the function that pushes reads.

use std::collections::BTreeMap;

use super::environment::{ConfigErrors, Environment, Reader, Variable};
use super::functions::{LOG_LEVEL, TASKS_TABLE, log_level_variable, read_log_level};

const CONNECTIONS_TABLE: &str = "MIYABI_CONNECTIONS_TABLE";
const DUE_QUEUE: &str = "MIYABI_PUSH_DUE_QUEUE_URL";
const SOCKET_ENDPOINT: &str = "MIYABI_SOCKET_ENDPOINT";

/// The configuration of the function that pushes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushConfig {
    /// `MIYABI_TASKS_TABLE`: the table of tasks.
    pub tasks_table: String,
    /// `MIYABI_CONNECTIONS_TABLE`: the table of connections.
    pub connections_table: String,
    /// `MIYABI_PUSH_DUE_QUEUE_URL`: the queue of who has to be told, and when.
    pub due_queue_url: String,
    /// `MIYABI_SOCKET_ENDPOINT`: where messages to connections are posted.
    pub socket_endpoint: String,
    /// `MIYABI_LOG_LEVEL`: the least important lines that are logged.
    pub log_level: String,
}

impl PushConfig {
    /// Reads it.
    ///
    /// # Errors
    /// Everything that is missing or wrong, together.
    pub fn from_env(environment: &dyn Environment) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(environment);
        let expected = "https://HOST/STAGE or http://HOST/…, where connections are managed";
        let endpoint = |text: &str| {
            let is_url = text.starts_with("https://") || text.starts_with("http://");
            is_url.then(|| text.trim_end_matches('/').to_owned())
        };
        let config = Self {
            tasks_table: reader.required(TASKS_TABLE, "the name of the table of tasks"),
            connections_table: reader.required(CONNECTIONS_TABLE, "the name of the table of connections"),
            due_queue_url: reader.required(DUE_QUEUE, "the address of the queue of who has to be told"),
            socket_endpoint: reader.parsed(SOCKET_ENDPOINT, expected, endpoint).unwrap_or_default(),
            log_level: read_log_level(&mut reader),
        };
        reader.finish(config)
    }

    /// Writes it.
    pub fn to_env(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([
            (TASKS_TABLE, self.tasks_table.clone()),
            (CONNECTIONS_TABLE, self.connections_table.clone()),
            (DUE_QUEUE, self.due_queue_url.clone()),
            (SOCKET_ENDPOINT, self.socket_endpoint.clone()),
            (LOG_LEVEL, self.log_level.clone()),
        ])
    }

    /// Its variables, for the reference page.
    pub fn variables() -> Vec<Variable> {
        vec![
            Variable { name: TASKS_TABLE, default: None, meaning: "Name of the table of tasks." },
            Variable { name: CONNECTIONS_TABLE, default: None, meaning: "Name of the table of connections." },
            Variable {
                name: DUE_QUEUE,
                default: None,
                meaning: "Address of the queue by which the function calls itself again, to tell later.",
            },
            Variable {
                name: SOCKET_ENDPOINT,
                default: None,
                meaning: "Where messages to connections are posted: the socket's address with its stage, by `https://`.",
            },
            log_level_variable(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_infra_writes_is_what_the_function_reads() {
        let config = PushConfig {
            tasks_table: "tasks".to_owned(),
            connections_table: "connections".to_owned(),
            due_queue_url: "https://sqs.us-east-1.amazonaws.com/1/due".to_owned(),
            socket_endpoint: "https://abc.execute-api.us-east-1.amazonaws.com/live".to_owned(),
            log_level: "warn".to_owned(),
        };
        assert_eq!(PushConfig::from_env(&config.to_env()).unwrap(), config);
        let mut documented: Vec<_> = PushConfig::variables().iter().map(|variable| variable.name).collect();
        documented.sort_unstable();
        assert_eq!(documented, config.to_env().into_keys().collect::<Vec<_>>());
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let environment = BTreeMap::from([("MIYABI_SOCKET_ENDPOINT", "wss://abc".to_owned())]);
        let message = PushConfig::from_env(&environment).unwrap_err().to_string();
        assert!(message.contains("MIYABI_CONNECTIONS_TABLE: missing"), "{message}");
        assert!(
            message.contains("MIYABI_SOCKET_ENDPOINT=\"wss://abc\": expected https://HOST/STAGE"),
            "{message}"
        );
    }
}
