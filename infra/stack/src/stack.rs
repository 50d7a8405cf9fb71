//! The only wiring: every capability gets what those before it made, and nothing looks back.

use miyabi_shared::bucket::outputs;
use miyabi_shared::function::Function;
use miyabi_shared::table::Table;
use pulumi::Context;

use crate::api::{Api, ApiArgs};
use crate::backup;
use crate::compute::{Compute, ComputeArgs};
use crate::data::{Data, DataArgs};
use crate::edge::{Edge, EdgeArgs, Origin};
use crate::logs::{Logs, LogsArgs};
use crate::observability::{Observability, ObservabilityArgs};
use crate::settings::Settings;
use crate::tags::Tags;

/// The project's name, which is also in the name of the stack's root resource.
pub const PROJECT: &str = "miyabi";

/// Declares everything that a stage has.
pub fn deploy(context: &Context, settings: &Settings) {
    let logs = Logs::new(context, "logs", LogsArgs { settings });
    let data = Data::new(context, "data", DataArgs { settings });
    let compute = Compute::new(
        context,
        "compute",
        ComputeArgs { settings, tables: &data.tables, log_groups: &logs.groups },
    );
    let tags = Tags::new(settings.stage, settings.operation.cost_owner.as_str());
    let function = compute.function(Function::TaskApi);
    let api = Api::new(context, "api", ApiArgs { settings, tags: &tags, function });
    let origin = Origin { id: api.id.clone(), stage: api.stage.clone() };
    let edge = Edge::new(context, "edge", EdgeArgs { settings, tags: &tags, api: origin, socket: None });

    backup::declare(context, settings, &tags, &data.tables);
    let observability = Observability::new(
        context,
        "observability",
        ObservabilityArgs { settings, tags: &tags, compute: &compute, tables: &data.tables, api: &api.name },
    );

    if let Some(observability) = observability {
        context.export(outputs::ALARM_TOPIC, observability.topic);
    }
    context.export(outputs::API_ID, api.id);
    context.export(outputs::API_STAGE, api.stage);
    context.export(outputs::API_URL, api.url);
    context.export(outputs::DASHBOARD_BUCKET, edge.bucket);
    if let Some(delivery) = edge.delivery {
        context.export(outputs::PAGE_URL, delivery.url);
        context.export(outputs::DISTRIBUTION_ID, delivery.id);
    }
    if let Some(sign_in) = api.sign_in {
        context.export(outputs::USER_POOL_ID, sign_in.user_pool_id);
        context.export(outputs::MACHINE_CLIENT_ID, sign_in.machine_client_id);
        if let Some(page) = sign_in.page_client_id {
            context.export(outputs::PAGE_CLIENT_ID, page);
        }
    }
    context.export(outputs::TASKS_TABLE, data.tables.table(Table::Tasks).name());
    context.export(outputs::PROJECTS_TABLE, data.tables.table(Table::Projects).name());
}
