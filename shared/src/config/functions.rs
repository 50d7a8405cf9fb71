//! What each function reads.

use std::collections::BTreeMap;

use super::authentication::AuthenticationConfig;
use super::cache::{CacheEndpoint, ManagedCache};
use super::environment::{ConfigErrors, Environment, Reader, Variable};
use super::jobs::JobQueues;

pub(super) const TASKS_TABLE: &str = "MIYABI_TASKS_TABLE";
const PROJECTS_TABLE: &str = "MIYABI_PROJECTS_TABLE";
const REDIS_URL: &str = "REDIS_URL";
const CACHE_USER: &str = "MIYABI_CACHE_USER";
const CACHE_REPLICATION_GROUP: &str = "MIYABI_CACHE_REPLICATION_GROUP";
pub(super) const LOG_LEVEL: &str = "MIYABI_LOG_LEVEL";
const TASK_RETENTION_DAYS: &str = "MIYABI_TASK_RETENTION_DAYS";
const CACHE_TIMEOUT: &str = "MIYABI_CACHE_TIMEOUT_MILLISECONDS";

const LOG_LEVELS: &str = "error, warn, info, debug or trace";
const USER_EXPECTED: &str = "the user of the managed cache";
const REPLICATION_GROUP_EXPECTED: &str = "the replication group of the managed cache";
const DAYS_EXPECTED: &str = "a whole number of days from 1 to 3650";
const CACHE_TIMEOUT_EXPECTED: &str = "a whole number of milliseconds from 1 to 10000";

/// An answer of the cache takes under 1 ms; what takes longer than this is slower than the table.
pub const CACHE_TIMEOUT_MILLISECONDS: u32 = 50;

/// Where tasks and projects are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreConfig {
    /// `MIYABI_TASKS_TABLE`: the table of tasks.
    pub tasks_table: String,
    /// `MIYABI_PROJECTS_TABLE`: the table of projects.
    pub projects_table: String,
    /// `REDIS_URL`, with `MIYABI_CACHE_USER` and `MIYABI_CACHE_REPLICATION_GROUP` where the cache is managed: the cache.
    pub cache: CacheEndpoint,
    /// `MIYABI_CACHE_TIMEOUT_MILLISECONDS`: after how long the cache is given up on and the tables are asked.
    pub cache_timeout_milliseconds: u32,
    /// `MIYABI_TASK_RETENTION_DAYS`: how long a task is kept after its last change.
    pub task_retention_days: u32,
}

impl StoreConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            tasks_table: reader.required(TASKS_TABLE, "the name of the table of tasks"),
            projects_table: reader.required(PROJECTS_TABLE, "the name of the table of projects"),
            cache: read_cache(reader),
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

    pub(super) fn write(&self, variables: &mut BTreeMap<&'static str, String>) {
        variables.insert(TASKS_TABLE, self.tasks_table.clone());
        variables.insert(PROJECTS_TABLE, self.projects_table.clone());
        variables.insert(REDIS_URL, self.cache.address());
        if let CacheEndpoint::Managed(cache) = &self.cache {
            variables.insert(CACHE_USER, cache.user_id.clone());
            variables.insert(CACHE_REPLICATION_GROUP, cache.replication_group_id.clone());
        }
        variables.insert(CACHE_TIMEOUT, self.cache_timeout_milliseconds.to_string());
        variables.insert(TASK_RETENTION_DAYS, self.task_retention_days.to_string());
    }

    pub(super) fn variables() -> Vec<Variable> {
        vec![
            Variable { name: TASKS_TABLE, default: None, meaning: "Name of the table of tasks." },
            Variable { name: PROJECTS_TABLE, default: None, meaning: "Name of the table of projects." },
            Variable {
                name: REDIS_URL,
                default: None,
                meaning: "Address of the cache, `redis://` or `rediss://`; `none` where there is none.",
            },
            Variable {
                name: CACHE_USER,
                default: Some(String::new()),
                meaning: "User of a managed cache, as whom the function signs in by its role; set together with the replication group.",
            },
            Variable {
                name: CACHE_REPLICATION_GROUP,
                default: Some(String::new()),
                meaning: "Replication group of a managed cache, which its sign-in token names; set together with the user.",
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

/// The address alone is a cache that asks for nothing; with a user and a replication group it is a managed one.
fn read_cache(reader: &mut Reader<'_>) -> CacheEndpoint {
    let user_id = reader.optional(CACHE_USER, USER_EXPECTED, None, |text| name(text).map(Some));
    let replication_group_id =
        reader
            .optional(CACHE_REPLICATION_GROUP, REPLICATION_GROUP_EXPECTED, None, |text| name(text).map(Some));
    let (user_id, replication_group_id) = match (user_id, replication_group_id) {
        (None, None) => {
            return reader
                .parsed(REDIS_URL, CacheEndpoint::EXPECTED, CacheEndpoint::parse)
                .unwrap_or(CacheEndpoint::None);
        }
        // One without the other is reported as missing.
        (user_id, replication_group_id) => (
            user_id.or_else(|| reader.parsed(CACHE_USER, USER_EXPECTED, name)),
            replication_group_id
                .or_else(|| reader.parsed(CACHE_REPLICATION_GROUP, REPLICATION_GROUP_EXPECTED, name)),
        ),
    };
    let address = reader.parsed(REDIS_URL, ManagedCache::ADDRESS_EXPECTED, ManagedCache::parse_address);
    match (address, user_id, replication_group_id) {
        (Some((host, port)), Some(user_id), Some(replication_group_id)) => {
            CacheEndpoint::Managed(ManagedCache { host, port, user_id, replication_group_id })
        }
        _ => CacheEndpoint::None,
    }
}

fn name(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

pub(super) fn read_log_level(reader: &mut Reader<'_>) -> String {
    reader.optional(LOG_LEVEL, LOG_LEVELS, "info".to_owned(), |text| {
        matches!(text, "error" | "warn" | "info" | "debug" | "trace").then(|| text.to_owned())
    })
}

pub(super) fn log_level_variable() -> Variable {
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
    /// How it knows who calls.
    pub authentication: AuthenticationConfig,
    /// Where jobs go that come with something to run.
    pub queues: JobQueues,
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

/// What the stream processor reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamProcessorConfig {
    /// Where tasks and projects are kept.
    pub store: StoreConfig,
    /// `MIYABI_LOG_LEVEL`: how much it logs.
    pub log_level: String,
}

macro_rules! function_config {
    ($name:ident $(, $field:ident: $part:ident)*) => {
        impl $name {
            /// Reads the configuration.
            ///
            /// # Errors
            /// Names every variable that is missing or wrong, with its value and what was expected.
            pub fn from_env(environment: &dyn Environment) -> Result<Self, ConfigErrors> {
                let mut reader = Reader::new(environment);
                let config = Self {
                    store: StoreConfig::read(&mut reader),
                    $($field: $part::read(&mut reader),)*
                    log_level: read_log_level(&mut reader),
                };
                reader.finish(config)
            }

            /// The variables that [`from_env`](Self::from_env) reads this configuration from.
            pub fn to_env(&self) -> BTreeMap<&'static str, String> {
                let mut variables = BTreeMap::from([(LOG_LEVEL, self.log_level.clone())]);
                self.store.write(&mut variables);
                $(self.$field.write(&mut variables);)*
                variables
            }

            /// The variables, for the reference page.
            pub fn variables() -> Vec<Variable> {
                let mut variables = StoreConfig::variables();
                $(variables.extend($part::variables());)*
                variables.push(log_level_variable());
                variables
            }
        }
    };
}

function_config!(TaskApiConfig, authentication: AuthenticationConfig, queues: JobQueues);
function_config!(ProgressCollectorConfig);
function_config!(StreamProcessorConfig);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Authentication, KeysFrom, TokenConfig};
    use crate::job::Size;

    fn store() -> StoreConfig {
        StoreConfig {
            tasks_table: "tasks".to_owned(),
            projects_table: "projects".to_owned(),
            cache: CacheEndpoint::Url("redis://127.0.0.1:6390".to_owned()),
            cache_timeout_milliseconds: 20,
            task_retention_days: 7,
        }
    }

    fn authentication() -> AuthenticationConfig {
        AuthenticationConfig {
            authentication: Authentication::Required,
            credentials_table: "credentials".to_owned(),
            tokens: Some(TokenConfig {
                issuer: "https://issuer.example".to_owned(),
                audience: "miyabi".to_owned(),
                keys_url: "https://issuer.example/keys".to_owned(),
                keys_from: KeysFrom::Issuer,
                groups_claim: Some("groups".to_owned()),
                projects_claim: "projects".to_owned(),
            }),
        }
    }

    fn task_api(store: StoreConfig) -> TaskApiConfig {
        let queues =
            JobQueues { prefix: "https://sqs.example/1/jobs-".to_owned(), sizes: [Size::Standard].into() };
        TaskApiConfig { store, authentication: authentication(), queues, log_level: "info".to_owned() }
    }

    fn managed() -> CacheEndpoint {
        CacheEndpoint::Managed(ManagedCache {
            host: "primary.example".to_owned(),
            port: 6379,
            user_id: "miyabi-functions".to_owned(),
            replication_group_id: "miyabi".to_owned(),
        })
    }

    #[test]
    fn what_infra_writes_is_what_a_function_reads() {
        let config = task_api(store());
        assert_eq!(TaskApiConfig::from_env(&config.to_env()).unwrap(), config);
        let config = ProgressCollectorConfig {
            store: StoreConfig { cache: CacheEndpoint::None, ..store() },
            log_level: "info".to_owned(),
        };
        assert_eq!(ProgressCollectorConfig::from_env(&config.to_env()).unwrap(), config);
        let config = StreamProcessorConfig { store: store(), log_level: "warn".to_owned() };
        assert_eq!(StreamProcessorConfig::from_env(&config.to_env()).unwrap(), config);
        let config = TaskApiConfig {
            store: StoreConfig { cache: managed(), ..store() },
            authentication: authentication(),
            queues: JobQueues::default(),
            log_level: "debug".to_owned(),
        };
        assert_eq!(TaskApiConfig::from_env(&config.to_env()).unwrap(), config);
    }

    #[test]
    fn a_managed_cache_needs_a_user_a_replication_group_and_encryption() {
        let config = StoreConfig { cache: managed(), ..store() };
        let written = task_api(config).to_env();
        assert_eq!(written["REDIS_URL"], "rediss://primary.example:6379");
        let mut environment = written.clone();
        environment.remove("MIYABI_CACHE_USER");
        environment.insert("REDIS_URL", "redis://primary.example:6379".to_owned());
        assert_eq!(
            TaskApiConfig::from_env(&environment).unwrap_err().to_string(),
            "MIYABI_CACHE_USER: missing, expected the user of the managed cache; \
             REDIS_URL=\"redis://primary.example:6379\": expected rediss://HOST:PORT, since a managed cache is encrypted"
        );
        let mut environment = written;
        environment.remove("MIYABI_CACHE_REPLICATION_GROUP");
        assert_eq!(
            TaskApiConfig::from_env(&environment).unwrap_err().to_string(),
            "MIYABI_CACHE_REPLICATION_GROUP: missing, expected the replication group of the managed cache"
        );
    }

    #[test]
    fn the_reference_page_names_every_variable_that_is_written() {
        let store = StoreConfig { cache: managed(), ..store() };
        let config = task_api(store);
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
