//! What a deployment tells the world: one list, from which the stack exports and which a reader can rely on.
//!
//! A key is never given another meaning. One that goes away is first said to do so in the changelog.

use miyabi_shared::{Function, Table, outputs as key};
use pulumi::{Context, Output};

use crate::api::Api;
use crate::cache::Cache;
use crate::compute::Compute;
use crate::data::Data;
use crate::edge::Edge;
use crate::network::Network;
use crate::observability::Observability;
use crate::people::{People, Pool};
use crate::settings::{Authorizer, CacheSettings, Settings};
use crate::socket::Socket;

/// An output of the stack.
#[derive(Debug, Clone, Copy)]
pub struct StackOutput {
    /// Its key.
    pub key: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Who reads it.
    pub reader: &'static str,
    /// Whether a stage that is told this has it.
    pub given: fn(&Settings) -> bool,
    value: fn(&Parts<'_>) -> Option<Output<String>>,
}

/// What outputs are read from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parts<'parts> {
    pub(crate) network: Option<&'parts Network>,
    pub(crate) cache: Option<&'parts Cache>,
    pub(crate) data: &'parts Data,
    pub(crate) compute: &'parts Compute,
    pub(crate) api: &'parts Api,
    pub(crate) people: Option<&'parts People>,
    pub(crate) people_client: Option<&'parts Output<String>>,
    pub(crate) socket: Option<&'parts Socket>,
    pub(crate) edge: &'parts Edge,
    pub(crate) observability: Option<&'parts Observability>,
}

const LOCAL_CLOUD: &str = "the local cloud, to send requests there";
const CALLERS: &str = "whoever calls the API";
const OPERATOR: &str = "an operator";
const ROLLOUT: &str = "an operator, for miyabi:compute.trafficShift of the next deployment";

fn always(_: &Settings) -> bool {
    true
}

fn with_users(settings: &Settings) -> bool {
    settings.api.authorizer == Authorizer::Cognito
}

fn with_people(settings: &Settings) -> bool {
    with_users(settings) || settings.api.authorizer == Authorizer::Oidc
}

fn with_versions(settings: &Settings) -> bool {
    settings.compute.versions
}

fn with_socket(settings: &Settings) -> bool {
    settings.socket.enabled
}

/// Every output, in the order of keys.
pub const OUTPUTS: &[StackOutput] = &[
    StackOutput {
        key: key::ALARM_DASHBOARD,
        meaning: "Where the dashboard of alarms and metrics is, in the console",
        reader: OPERATOR,
        given: |settings| settings.operation.watched,
        value: |parts| parts.observability.map(|observability| observability.dashboard.clone()),
    },
    StackOutput {
        key: key::ALARM_TOPIC,
        meaning: "Topic that alarms are sent to",
        reader: OPERATOR,
        given: |settings| settings.operation.watched,
        value: |parts| parts.observability.map(|observability| observability.topic.clone()),
    },
    StackOutput {
        key: key::API_ID,
        meaning: "Identifier of the REST API",
        reader: LOCAL_CLOUD,
        given: always,
        value: |parts| Some(parts.api.id.clone()),
    },
    StackOutput {
        key: key::API_STAGE,
        meaning: "Name of the REST API's stage",
        reader: LOCAL_CLOUD,
        given: always,
        value: |parts| Some(parts.api.stage.clone()),
    },
    StackOutput {
        key: key::API_URL,
        meaning: "Address of the REST API in AWS",
        reader: "the `miyabi` command and whoever calls the API",
        given: always,
        value: |parts| Some(parts.api.url.clone()),
    },
    StackOutput {
        key: key::CACHE_ADDRESS,
        meaning: "Address of the cache's primary node",
        reader: OPERATOR,
        given: |settings| matches!(settings.cache, CacheSettings::Managed(_)),
        value: |parts| parts.cache.map(|cache| cache.group.primary_endpoint_address()),
    },
    StackOutput {
        key: key::DASHBOARD_BUCKET,
        meaning: "Name of the dashboard's bucket",
        reader: "the upload of the page",
        given: always,
        value: |parts| Some(parts.edge.bucket.clone()),
    },
    StackOutput {
        key: key::DISTRIBUTION_ID,
        meaning: "Identifier of the network in front of the page",
        reader: "the upload of the page",
        given: |settings| settings.edge.delivery,
        value: |parts| parts.edge.delivery.as_ref().map(|delivery| delivery.id.clone()),
    },
    StackOutput {
        key: key::MACHINE_CLIENT_ID,
        meaning: "Client by which programs get a token",
        reader: CALLERS,
        given: with_users,
        value: |parts| pool(parts).map(|pool| pool.machine_client_id.clone()),
    },
    StackOutput {
        key: key::NETWORK_ID,
        meaning: "Identifier of the network",
        reader: "an operator, to join it with others",
        given: |settings| settings.network.is_some(),
        value: |parts| parts.network.map(|network| network.vpc.id()),
    },
    StackOutput {
        key: key::PAGE_CLIENT_ID,
        meaning: "Client by which people sign in to the page and the command",
        reader: "the page and the command, which read it in config.json",
        // People need a page to come back to.
        given: |settings| with_people(settings) && settings.edge.delivery,
        value: |parts| parts.people_client.cloned(),
    },
    StackOutput {
        key: key::PAGE_URL,
        meaning: "Where people find the page",
        reader: "people",
        given: |settings| settings.edge.delivery,
        value: |parts| parts.edge.delivery.as_ref().map(|delivery| delivery.url.clone()),
    },
    StackOutput {
        key: key::PROGRESS_COLLECTOR_VERSION,
        meaning: "Newest version of the function that reads logs",
        reader: ROLLOUT,
        given: with_versions,
        value: |parts| version(parts, Function::ProgressCollector),
    },
    StackOutput {
        key: key::PROJECTS_TABLE,
        meaning: "Name of the table of projects",
        reader: OPERATOR,
        given: always,
        value: |parts| Some(parts.data.tables.table(Table::Projects).name()),
    },
    StackOutput {
        key: key::SOCKET_ID,
        meaning: "Identifier of the socket",
        reader: LOCAL_CLOUD,
        given: with_socket,
        value: |parts| parts.socket.map(Socket::id),
    },
    StackOutput {
        key: key::SOCKET_STAGE,
        meaning: "Name of the socket's stage",
        reader: LOCAL_CLOUD,
        given: with_socket,
        value: |parts| parts.socket.map(Socket::stage),
    },
    StackOutput {
        key: key::TASK_API_VERSION,
        meaning: "Newest version of the function that answers the API",
        reader: ROLLOUT,
        given: with_versions,
        value: |parts| version(parts, Function::TaskApi),
    },
    StackOutput {
        key: key::TASKS_TABLE,
        meaning: "Name of the table of tasks",
        reader: OPERATOR,
        given: always,
        value: |parts| Some(parts.data.tables.table(Table::Tasks).name()),
    },
    StackOutput {
        key: key::USER_POOL_ID,
        meaning: "User pool that gives callers their tokens",
        reader: CALLERS,
        given: with_users,
        value: |parts| pool(parts).map(|pool| pool.user_pool_id.clone()),
    },
];

fn pool<'parts>(parts: &Parts<'parts>) -> Option<&'parts Pool> {
    parts.people.and_then(|people| people.pool.as_ref())
}

fn version(parts: &Parts<'_>, function: Function) -> Option<Output<String>> {
    Some(parts.compute.function(function).resource.version())
}

/// Exports what a stage that is told this has.
pub(crate) fn export(context: &Context, settings: &Settings, parts: &Parts<'_>) {
    for output in OUTPUTS.iter().filter(|output| (output.given)(settings)) {
        if let Some(value) = (output.value)(parts) {
            context.export(output.key, value);
        }
    }
}
