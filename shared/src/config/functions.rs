//! What each function reads.

use std::collections::BTreeMap;

use super::environment::{ConfigErrors, Environment, Reader, Variable};

const TASKS_TABLE: &str = "MIYABI_TASKS_TABLE";
const PROJECTS_TABLE: &str = "MIYABI_PROJECTS_TABLE";
const REDIS_URL: &str = "REDIS_URL";
const LOG_LEVEL: &str = "MIYABI_LOG_LEVEL";
const TASK_RETENTION_DAYS: &str = "MIYABI_TASK_RETENTION_DAYS";
const CACHE_TIMEOUT: &str = "MIYABI_CACHE_TIMEOUT_MILLISECONDS";

const LOG_LEVELS: &str = "error, warn, info, debug or trace";
const CACHE_EXPECTED: &str = "redis://HOST:PORT, rediss://HOST:PORT or none";
const DAYS_EXPECTED: &str = "a whole number of days from 1 to 3650";
const CACHE_TIMEOUT_EXPECTED: &str = "a whole number of milliseconds from 1 to 10000";

/// An answer of the cache takes under 1 ms; what takes longer than this is slower than the table.
pub const CACHE_TIMEOUT_MILLISECONDS: u32 = 50;

/// Where the cache is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheEndpoint {
    /// A Redis or Valkey at this address.
    Url(String),
    /// There is none: every read goes to the tables.
    None,
}

impl CacheEndpoint {
    /// Reads `redis://HOST:PORT`, `rediss://HOST:PORT` or `none`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            url if url.starts_with("redis://") || url.starts_with("rediss://") => {
                Some(Self::Url(url.to_owned()))
            }
            _ => None,
        }
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Url(url) => url,
            Self::None => "none",
        }
    }
}

/// Where tasks and projects are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `MIYABI_TASKS_TABLE`: the table of tasks.
    pub tasks_table: String,
    /// `MIYABI_PROJECTS_TABLE`: the table of projects.
    pub projects_table: String,
    /// `REDIS_URL`: the cache.
    pub cache: CacheEndpoint,
    /// `MIYABI_CACHE_TIMEOUT_MILLISECONDS`: after how long the cache is given up on and the tables are asked.
    pub cache_timeout_milliseconds: u32,
    /// `MIYABI_TASK_RETENTION_DAYS`: how long a task is kept after its last change.
    pub task_retention_days: u32,
}

impl StoreConfig {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            tasks_table: reader.required(TASKS_TABLE, "the name of the table of tasks"),
            projects_table: reader.required(PROJECTS_TABLE, "the name of the table of projects"),
            cache: reader
                .parsed(REDIS_URL, CACHE_EXPECTED, CacheEndpoint::parse)
                .unwrap_or(CacheEndpoint::None),
            cache_timeout_milliseconds: reader.optional(
                CACHE_TIMEOUT,
                CACHE_TIMEOUT_EXPECTED,
                CACHE_TIMEOUT_MILLISECONDS,
                |text| text.parse().ok().filter(|milliseconds| (1..=10_000).contains(milliseconds)),
            ),
            task_retention_days: reader.optional(
                TASK_RETENTION_DAYS,
                DAYS_EXPECTED,
                crate::table::tasks::RETENTION_DAYS,
                |text| text.parse().ok().filter(|days| (1..=3650).contains(days)),
            ),
        }
    }

    fn write(&self, variables: &mut BTreeMap<&'static str, String>) {
        variables.insert(TASKS_TABLE, self.tasks_table.clone());
        variables.insert(PROJECTS_TABLE, self.projects_table.clone());
        variables.insert(REDIS_URL, self.cache.as_str().to_owned());
        variables.insert(CACHE_TIMEOUT, self.cache_timeout_milliseconds.to_string());
        variables.insert(TASK_RETENTION_DAYS, self.task_retention_days.to_string());
    }

    fn variables() -> Vec<Variable> {
        vec![
            Variable { name: TASKS_TABLE, default: None, meaning: "Name of the table of tasks." },
            Variable { name: PROJECTS_TABLE, default: None, meaning: "Name of the table of projects." },
            Variable {
                name: REDIS_URL,
                default: None,
                meaning: "Address of the cache, `redis://` or `rediss://`; `none` where there is none.",
            },
            Variable {
                name: CACHE_TIMEOUT,
                default: Some(CACHE_TIMEOUT_MILLISECONDS.to_string()),
                meaning: "Milliseconds after which an answer of the cache is given up on and the tables are asked.",
            },
            Variable {
                name: TASK_RETENTION_DAYS,
                default: Some(crate::table::tasks::RETENTION_DAYS.to_string()),
                meaning: "Days for which a task is kept after its last change.",
            },
        ]
    }
}

fn read_log_level(reader: &mut Reader<'_>) -> String {
    reader.optional(LOG_LEVEL, LOG_LEVELS, "info".to_owned(), |text| {
        matches!(text, "error" | "warn" | "info" | "debug" | "trace").then(|| text.to_owned())
    })
}

fn log_level_variable() -> Variable {
    Variable {
        name: LOG_LEVEL,
        default: Some("info".to_owned()),
        meaning: "How much the function logs: error, warn, info, debug or trace.",
    }
}

/// What the task API reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskApiConfig {
    /// Where tasks and projects are kept.
    pub store: StoreConfig,
    /// `MIYABI_LOG_LEVEL`: how much it logs.
    pub log_level: String,
}

/// What the progress collector reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressCollectorConfig {
    /// Where tasks and projects are kept.
    pub store: StoreConfig,
    /// `MIYABI_LOG_LEVEL`: how much it logs.
    pub log_level: String,
}

macro_rules! function_config {
    ($name:ident) => {
        impl $name {
            /// Reads the configuration.
            ///
            /// # Errors
            /// Names every variable that is missing or wrong, with its value and what was expected.
            pub fn from_env(environment: &dyn Environment) -> Result<Self, ConfigErrors> {
                let mut reader = Reader::new(environment);
                let config =
                    Self { store: StoreConfig::read(&mut reader), log_level: read_log_level(&mut reader) };
                reader.finish(config)
            }

            /// The variables that [`from_env`](Self::from_env) reads this configuration from.
            pub fn to_env(&self) -> BTreeMap<&'static str, String> {
                let mut variables = BTreeMap::from([(LOG_LEVEL, self.log_level.clone())]);
                self.store.write(&mut variables);
                variables
            }

            /// The variables, for the reference page.
            pub fn variables() -> Vec<Variable> {
                let mut variables = StoreConfig::variables();
                variables.push(log_level_variable());
                variables
            }
        }
    };
}

function_config!(TaskApiConfig);
function_config!(ProgressCollectorConfig);

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> StoreConfig {
        StoreConfig {
            tasks_table: "tasks".to_owned(),
            projects_table: "projects".to_owned(),
            cache: CacheEndpoint::Url("redis://127.0.0.1:6390".to_owned()),
            cache_timeout_milliseconds: 20,
            task_retention_days: 7,
        }
    }

    #[test]
    fn what_infra_writes_is_what_a_function_reads() {
        let config = TaskApiConfig { store: store(), log_level: "debug".to_owned() };
        assert_eq!(TaskApiConfig::from_env(&config.to_env()).unwrap(), config);
        let config = ProgressCollectorConfig {
            store: StoreConfig { cache: CacheEndpoint::None, ..store() },
            log_level: "info".to_owned(),
        };
        assert_eq!(ProgressCollectorConfig::from_env(&config.to_env()).unwrap(), config);
    }

    #[test]
    fn the_reference_page_names_every_variable_that_is_written() {
        let config = TaskApiConfig { store: store(), log_level: "info".to_owned() };
        let written: Vec<_> = config.to_env().into_keys().collect();
        let mut documented: Vec<_> =
            TaskApiConfig::variables().iter().map(|variable| variable.name).collect();
        documented.sort_unstable();
        assert_eq!(documented, written);
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let environment = BTreeMap::from([
            ("REDIS_URL", "localhost".to_owned()),
            ("MIYABI_TASK_RETENTION_DAYS", "ten".to_owned()),
            ("MIYABI_LOG_LEVEL", "loud".to_owned()),
        ]);
        let message = TaskApiConfig::from_env(&environment).unwrap_err().to_string();
        for part in [
            "MIYABI_TASKS_TABLE: missing, expected the name of the table of tasks",
            "MIYABI_PROJECTS_TABLE: missing",
            "REDIS_URL=\"localhost\": expected redis://HOST:PORT, rediss://HOST:PORT or none",
            "MIYABI_TASK_RETENTION_DAYS=\"ten\": expected a whole number of days from 1 to 3650",
            "MIYABI_LOG_LEVEL=\"loud\": expected error, warn, info, debug or trace",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }
}
