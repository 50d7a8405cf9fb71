//! Where everything is: flags, then the environment, then the file `.local/env` of a checkout.
//!
//! The place is taken as a whole. Where flags or environment name it (`MIYABI_API_URL` or `AWS_ENDPOINT_URL`), the
//! file serves only if it is about the same place; else the file's address, region and credentials go together, so
//! that a region or real credentials from the shell never reach the local cloud.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use miyabi_shared::config::Environment;
use miyabi_shared::{LogGroup, local};

use crate::credential::ApiCredentials;
use crate::sign_in::store::Store;
use crate::spool::LogsDestination;

const AWS_SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
const AWS_DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
const AWS_PROFILE: &str = "AWS_PROFILE";
const AWS_ENDPOINT_URL_LOGS: &str = "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS";
/// The project of everything that is run.
pub(crate) const PROJECT: &str = "MIYABI_PROJECT";

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Configuration {
    /// The API.
    pub(crate) api_url: Option<String>,
    /// The page.
    pub(crate) dashboard_url: Option<String>,
    /// Whether logs can be written: there is an endpoint or a region.
    logs: Option<Logs>,
    /// Credentials that are known, and for which endpoint.
    pub(crate) credentials: Credentials,
    /// The file that the rest comes from, where it is about this place.
    file: Option<PathBuf>,
    groups: BTreeMap<&'static str, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Logs {
    endpoint: Option<String>,
    region: Option<String>,
}

/// Who says where something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) api: String,
    pub(crate) logs: String,
}

/// Credentials for one place.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Credentials {
    endpoint: Option<String>,
    keys: Option<Keys>,
    /// What the API is shown.
    pub(crate) api: ApiCredentials,
}

#[derive(Clone, PartialEq, Eq)]
struct Keys {
    id: String,
    secret: String,
    token: Option<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Credentials").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Credentials {
    /// The keys for `endpoint`, where they are known; otherwise AWS's own chain finds some.
    pub(crate) fn keys_for(
        &self,
        endpoint: Option<&str>,
    ) -> Option<aws_sdk_cloudwatchlogs::config::Credentials> {
        use aws_sdk_cloudwatchlogs::config::Credentials;
        let endpoint = endpoint?;
        match &self.keys {
            Some(keys) if self.endpoint.as_deref() == Some(endpoint) => {
                Some(Credentials::new(&keys.id, &keys.secret, keys.token.clone(), None, "miyabi"))
            }
            // An emulator on this machine takes any.
            _ if is_loopback(endpoint) => Some(Credentials::new("test", "test", None, None, "miyabi")),
            _ => None,
        }
    }
}

fn is_loopback(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| {
        url.host_str().is_some_and(|host| host == "localhost" || host.starts_with("127.") || host == "[::1]")
    })
}

impl Configuration {
    /// Finds out where everything is. `places` are the folders to begin the search for `.local/env` in.
    pub(crate) fn find(api_url: Option<&str>, environment: &dyn Environment, places: &[PathBuf]) -> Self {
        let (path, file) = places.iter().find_map(|place| find_file(place)).unzip();
        let found = Self::from_parts(api_url, environment, &file.unwrap_or_default());
        // Where the file is about another place, it said nothing.
        Self { file: path.filter(|_| found.file.is_some()), ..found }
    }

    fn from_parts(
        api_url: Option<&str>,
        environment: &dyn Environment,
        file: &BTreeMap<String, String>,
    ) -> Self {
        let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
        let filed = |name: &str| file.get(name).cloned();
        let named_api = api_url.map(str::to_owned).or_else(|| set(local::API_URL)).map(trimmed);
        let named_endpoint = set(AWS_ENDPOINT_URL_LOGS).or_else(|| set(local::AWS_ENDPOINT_URL)).map(trimmed);
        let same = |named: &Option<String>, name: &str| {
            named.as_ref().is_none_or(|named| filed(name).map(trimmed).as_ref() == Some(named))
        };
        let file_serves = same(&named_api, local::API_URL)
            && same(&named_endpoint, local::AWS_ENDPOINT_URL)
            && !file.is_empty();
        let mut groups = BTreeMap::new();
        for (group, name) in [
            (LogGroup::CdkDeploy, local::LOG_GROUP_CDK_DEPLOY),
            (LogGroup::Agents, local::LOG_GROUP_AGENTS),
            (LogGroup::System, local::LOG_GROUP_SYSTEM),
        ] {
            let filed = if file_serves { filed(name) } else { None };
            groups.insert(group.name(), set(name).or(filed).unwrap_or_else(|| group.name().to_owned()));
        }
        let keys = |get: &dyn Fn(&str) -> Option<String>| {
            Some(Keys {
                id: get(local::AWS_ACCESS_KEY_ID)?,
                secret: get(local::AWS_SECRET_ACCESS_KEY)?,
                token: get(AWS_SESSION_TOKEN),
            })
        };
        // What the shell has is for the place that the shell names; the file's own is for the file's.
        let shell = |name: &'static str| set(name).filter(|_| named_api.is_some());
        let from_file = |name: &'static str| if file_serves { filed(name) } else { None };
        let api = ApiCredentials::new(
            named_api.clone().or_else(|| from_file(local::API_URL).map(trimmed)),
            &[&shell, &from_file],
            Store::of(environment),
        );
        if file_serves {
            let endpoint = filed(local::AWS_ENDPOINT_URL).map(trimmed);
            let region = filed(local::AWS_REGION);
            return Self {
                api_url: named_api.or_else(|| filed(local::API_URL).map(trimmed)),
                dashboard_url: set(local::DASHBOARD_URL).or_else(|| filed(local::DASHBOARD_URL)).map(trimmed),
                logs: (endpoint.is_some() || region.is_some())
                    .then(|| Logs { endpoint: endpoint.clone(), region }),
                credentials: Credentials { endpoint, keys: keys(&filed), api },
                file: Some(PathBuf::new()),
                groups,
            };
        }
        let region = set(local::AWS_REGION).or_else(|| set(AWS_DEFAULT_REGION));
        // A profile may name the region.
        let profile = set(AWS_PROFILE).is_some();
        // Credentials for some work in AWS are in many shells; only with one of our addresses is it our AWS.
        let ours = named_api.is_some() || named_endpoint.is_some();
        let logs = (ours && (named_endpoint.is_some() || region.is_some() || profile))
            .then(|| Logs { endpoint: named_endpoint.clone(), region });
        Self {
            api_url: named_api,
            dashboard_url: set(local::DASHBOARD_URL).map(trimmed),
            logs,
            credentials: Credentials { keys: keys(&set), endpoint: named_endpoint, api },
            file: None,
            groups,
        }
    }

    /// Where the lines of a task of that kind go; `None` where nothing says where AWS is.
    pub(crate) fn logs(&self, group: LogGroup) -> Option<LogsDestination> {
        let logs = self.logs.as_ref()?;
        Some(LogsDestination {
            endpoint: logs.endpoint.clone(),
            // An emulator does not say; AWS itself takes the profile's.
            region: logs.region.clone().or_else(|| logs.endpoint.as_ref().map(|_| local::REGION.to_owned())),
            group: self.groups.get(group.name()).cloned().unwrap_or_else(|| group.name().to_owned()),
        })
    }

    /// Who says where the API and the logs are.
    pub(crate) fn origin(&self, flag: Option<&str>, environment: &dyn Environment) -> Origin {
        let set = |name: &'static str| environment.get(name).filter(|value| !value.is_empty()).map(|_| name);
        let file = self.file.as_ref().map(|path| format!("from {}", path.display()));
        let variables = |names: &[&'static str]| {
            let set: Vec<_> = names.iter().filter_map(|name| set(name)).collect();
            format!("from {}", if set.is_empty() { "nowhere".to_owned() } else { set.join(" and ") })
        };
        Origin {
            api: match (flag, set(local::API_URL), &file) {
                (Some(_), ..) => "from --api-url".to_owned(),
                (None, None, Some(file)) => file.clone(),
                _ => variables(&[local::API_URL]),
            },
            logs: file.unwrap_or_else(|| {
                variables(&[
                    AWS_ENDPOINT_URL_LOGS,
                    local::AWS_ENDPOINT_URL,
                    local::AWS_REGION,
                    AWS_DEFAULT_REGION,
                    AWS_PROFILE,
                ])
            }),
        }
    }

    /// Where people see a task.
    pub(crate) fn task_url(&self, task_id: &str) -> Option<String> {
        let page = self.dashboard_url.as_ref().or(self.api_url.as_ref())?;
        Some(format!("{page}/tasks/{task_id}"))
    }
}

fn trimmed(url: String) -> String {
    url.trim_end_matches('/').to_owned()
}

/// What to do where nothing says where the API is.
pub(crate) const NOT_CONFIGURED: &str = "nothing says where the Miyabi API is. Start the local cloud with `./just up` \
     in its checkout and work inside that checkout, or set MIYABI_API_URL (and AWS_REGION for the logs)";

/// The folders to begin the search for `.local/env` in: the working directory, and the place of this program as it was called.
pub(crate) fn places(environment: &dyn Environment) -> Vec<PathBuf> {
    let mut places = Vec::new();
    places.extend(std::env::current_dir().ok());
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    // `current_exe` would follow the link from `.local/bin` to the folder of builds.
    let program = if called.components().count() > 1 {
        std::path::absolute(called).ok()
    } else {
        let path = environment.get("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|folder| folder.join(&called)).find(|program| program.is_file())
    };
    places.extend(program.and_then(|program| program.parent().map(Path::to_owned)));
    places
}

/// The nearest `.local/env` at or above `place` that says where an API is.
fn find_file(place: &Path) -> Option<(PathBuf, BTreeMap<String, String>)> {
    place.ancestors().find_map(|folder| {
        let path = folder.join(local::FOLDER).join(local::ENV_FILE);
        // A file that someone else left in a shared folder must not decide where output is sent.
        let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&path).ok()?);
        if owner != rustix::process::geteuid().as_raw() && owner != 0 {
            return None;
        }
        let values = parse(&std::fs::read_to_string(&path).ok()?);
        values.contains_key(local::API_URL).then_some((path, values))
    })
}

fn parse(text: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        if line.starts_with('#') {
            continue;
        }
        if let Some((name, value)) = line.split_once('=') {
            let value = value.trim();
            let quoted =
                ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
            values.insert(name.trim().to_owned(), quoted.unwrap_or(value).to_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> BTreeMap<String, String> {
        parse(
            "# where everything is\nMIYABI_API_URL=http://127.0.0.1:8780\nexport AWS_ENDPOINT_URL='http://127.0.0.1:4566/'\n\
             AWS_REGION=us-east-1\nAWS_ACCESS_KEY_ID=\"test\"\nAWS_SECRET_ACCESS_KEY=test\nMIYABI_LOG_GROUP_SYSTEM=/other\n",
        )
    }

    #[test]
    fn the_file_of_the_checkout_serves_as_a_whole() {
        let environment = BTreeMap::from([
            ("AWS_REGION", "eu-west-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "AKIAREAL".to_owned()),
        ]);
        let found = Configuration::from_parts(None, &environment, &file());
        assert_eq!(found.api_url.as_deref(), Some("http://127.0.0.1:8780"));
        let logs = found.logs(LogGroup::System).unwrap();
        assert_eq!(logs.endpoint.as_deref(), Some("http://127.0.0.1:4566"));
        assert_eq!(logs.region.as_deref(), Some("us-east-1"));
        assert_eq!(logs.group, "/other");
        assert_eq!(found.credentials.keys.as_ref().unwrap().id, "test");
        assert_eq!(found.logs(LogGroup::CdkDeploy).unwrap().group, "/miyabi/cdk-deploy");
    }

    #[test]
    fn a_place_that_the_environment_names_takes_nothing_from_a_file_about_another() {
        let environment = BTreeMap::from([
            ("MIYABI_API_URL", "https://miyabi.example.com/".to_owned()),
            ("AWS_REGION", "eu-west-1".to_owned()),
        ]);
        let found = Configuration::from_parts(None, &environment, &file());
        assert_eq!(found.api_url.as_deref(), Some("https://miyabi.example.com"));
        let logs = found.logs(LogGroup::System).unwrap();
        assert_eq!((logs.endpoint, logs.region.as_deref()), (None, Some("eu-west-1")));
        assert!(found.credentials.keys.is_none());
        assert_eq!(logs.group, "/miyabi/system");
    }

    #[test]
    fn a_flag_outranks_the_environment_and_a_file_about_the_same_place_fills_the_rest() {
        let environment = BTreeMap::from([("MIYABI_API_URL", "https://other.example.com".to_owned())]);
        let found = Configuration::from_parts(Some("http://127.0.0.1:8780/"), &environment, &file());
        assert_eq!(found.api_url.as_deref(), Some("http://127.0.0.1:8780"));
        assert!(found.logs(LogGroup::System).is_some());
        assert_eq!(found.task_url("x").as_deref(), Some("http://127.0.0.1:8780/tasks/x"));
    }

    #[test]
    fn credentials_alone_are_no_place_for_logs() {
        let environment = BTreeMap::from([("AWS_REGION", "eu-west-1".to_owned())]);
        let found = Configuration::from_parts(None, &environment, &BTreeMap::new());
        assert_eq!((found.api_url.clone(), found.logs(LogGroup::System)), (None, None));
    }

    #[test]
    fn the_file_is_found_from_a_folder_below_and_one_about_something_else_is_passed_by() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("a/b");
        std::fs::create_dir_all(below.join(".local")).unwrap();
        std::fs::create_dir_all(folder.path().join(".local")).unwrap();
        std::fs::write(below.join(".local/env"), "PATH=/x\n").unwrap();
        std::fs::write(folder.path().join(".local/env"), "MIYABI_API_URL=http://127.0.0.1:1\n").unwrap();
        let found = Configuration::find(None, &BTreeMap::<String, String>::new(), &[below]);
        assert_eq!(found.api_url.as_deref(), Some("http://127.0.0.1:1"));
    }

    #[test]
    fn credentials_go_only_to_the_place_that_they_are_for() {
        let found = Configuration::from_parts(None, &BTreeMap::<String, String>::new(), &file());
        assert!(found.credentials.keys_for(Some("http://127.0.0.1:4566")).is_some());
        assert!(found.credentials.keys_for(Some("https://logs.example.com")).is_none());
        assert!(found.credentials.keys_for(None).is_none());
        assert!(!format!("{:?}", found.credentials).contains("test"));
    }
}
