//! The only wiring: every capability gets what those before it made, and nothing looks back.
//!
//! What is made first goes last, so this is also the order of a `destroy`, backwards: see ADR 0005.

use miyabi_shared::function::Function;
use pulumi::{Context, Output};

use crate::api::{Api, ApiArgs};
use crate::backup;
use crate::cache::{Cache, CacheArgs};
use crate::compute::{Compute, ComputeArgs};
use crate::data::{Data, DataArgs};
use crate::edge::{Edge, EdgeArgs, Origin};
use crate::keys::{Keys, KeysArgs};
use crate::logs::{Logs, LogsArgs};
use crate::network::{Network, NetworkArgs};
use crate::observability::{Observability, ObservabilityArgs};
use crate::outputs::{self, Parts};
use crate::people::{People, PeopleArgs};
use crate::place::Place;
use crate::queues::{Queues, QueuesArgs};
use crate::roles::{Roles, RolesArgs};
use crate::settings::{CacheSettings, Settings};
use crate::socket::{Socket, SocketArgs};
use crate::tags::Tags;

/// The project's name, which is also in the name of the stack's root resource.
pub const PROJECT: &str = "miyabi";

/// Declares everything that a stage has.
pub fn deploy(context: &Context, settings: &Settings) {
    let place = Place::new(context);
    let tags = Tags::new(settings.stage, settings.operation.cost_owner.as_str());
    let roles = Roles::new(context, "roles", RolesArgs { settings, tags: &tags, place: &place });
    let keys = Keys::new(context, "keys", KeysArgs { settings, tags: &tags, place: &place });
    let logs = Logs::new(context, "logs", LogsArgs { settings, tags: &tags, key: keys.logs.as_ref() });
    let network = settings.network.as_ref().map(|network| {
        let args = NetworkArgs {
            settings: network,
            tags: &tags,
            logs: &settings.logs,
            logs_key: keys.logs.as_ref(),
            place: &place,
            roles: &roles,
        };
        Network::new(context, "network", args)
    });
    let data = Data::new(context, "data", DataArgs { settings, tags: &tags, key: keys.data.as_ref() });
    let cache = match (&settings.cache, &network) {
        (CacheSettings::Managed(settings), Some(network)) => {
            let args = CacheArgs { settings, tags: &tags, network, key: keys.data.as_ref() };
            Some(Cache::new(context, "cache", args))
        }
        _ => None,
    };
    let people = People::new(context, "people", PeopleArgs { settings, tags: &tags, place: &place });
    let socket = settings
        .socket
        .enabled
        .then(|| Socket::new(context, "socket", SocketArgs { settings, tags: &tags, place: &place }));
    let queues = (!settings.jobs.sizes.is_empty()).then(|| {
        let args = QueuesArgs { settings, tags: &tags, place: &place, key: keys.functions.as_ref() };
        Queues::new(context, "queues", args)
    });
    let compute = Compute::new(
        context,
        "compute",
        ComputeArgs {
            settings,
            tags: &tags,
            place: &place,
            roles: &roles,
            keys: &keys,
            network: network.as_ref(),
            cache: cache.as_ref(),
            tables: &data.tables,
            log_groups: &logs.groups,
            people: people.as_ref(),
            socket: socket.as_ref(),
            queues: queues.as_ref(),
        },
    );
    let function = &compute.function(Function::TaskApi).callable;
    let api =
        Api::new(context, "api", ApiArgs { settings, tags: &tags, function, logs_key: keys.logs.as_ref() });
    let origin = Origin { id: api.id.clone(), stage: api.stage.clone() };
    let socket_origin = socket.as_ref().map(|socket| Origin { id: socket.id(), stage: socket.stage() });
    let sign_in_origins = people
        .as_ref()
        .map_or_else(|| Output::known(Vec::new()), |people| people.sign_in_origins(settings, &place));
    let edge = Edge::new(
        context,
        "edge",
        EdgeArgs { settings, tags: &tags, api: origin, socket: socket_origin, sign_in_origins },
    );
    let people_client = people.as_ref().and_then(|people| people.tell(settings, &edge));
    backup::declare(context, settings, &tags, &data.tables);
    let observability = Observability::new(
        context,
        "observability",
        ObservabilityArgs {
            settings,
            tags: &tags,
            place: &place,
            compute: &compute,
            tables: &data.tables,
            api: &api.name,
            socket: socket.as_ref(),
            cache: cache.as_ref(),
            network: network.as_ref(),
            queues: queues.as_ref(),
        },
    );
    if let Some(socket) = &socket {
        socket.lead_to(&compute.function(Function::Push).callable);
    }
    let parts = Parts {
        network: network.as_ref(),
        cache: cache.as_ref(),
        data: &data,
        compute: &compute,
        api: &api,
        people: people.as_ref(),
        people_client: people_client.as_ref(),
        socket: socket.as_ref(),
        edge: &edge,
        observability: observability.as_ref(),
    };
    outputs::export(context, settings, &parts);
}
