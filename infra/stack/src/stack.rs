//! The only wiring: every capability gets what those before it made, and nothing looks back.

use miyabi_shared::bucket::outputs;
use miyabi_shared::function::Function;
use miyabi_shared::table::Table;
use pulumi::Context;

use crate::api::{Api, ApiArgs};
use crate::compute::{Compute, ComputeArgs};
use crate::data::{Data, DataArgs};
use crate::edge::{Edge, EdgeArgs};
use crate::logs::{Logs, LogsArgs};
use crate::settings::Settings;

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
    let api = Api::new(context, "api", ApiArgs { settings, function: compute.function(Function::TaskApi) });
    let edge = Edge::new(context, "edge", EdgeArgs { settings });

    context.export(outputs::API_ID, api.id);
    context.export(outputs::API_STAGE, api.stage);
    context.export(outputs::API_URL, api.url);
    context.export(outputs::DASHBOARD_BUCKET, edge.bucket);
    context.export(outputs::TASKS_TABLE, data.tables.table(Table::Tasks).name());
    context.export(outputs::PROJECTS_TABLE, data.tables.table(Table::Projects).name());
}
