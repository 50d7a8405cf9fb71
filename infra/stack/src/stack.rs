//! The only wiring: every capability gets what those before it made, and nothing looks back.

use miyabi_shared::Stage;
use miyabi_shared::bucket::outputs;
use miyabi_shared::config::CacheEndpoint;
use miyabi_shared::function::Function;
use miyabi_shared::table::Table;
use pulumi::Context;

use crate::api::{Api, ApiArgs};
use crate::compute::{Compute, ComputeArgs};
use crate::data::{Data, DataArgs};
use crate::edge::{Edge, EdgeArgs};
use crate::logs::{Logs, LogsArgs};

/// The project's name, which is also in the name of the stack's root resource.
pub const PROJECT: &str = "miyabi";

/// What a deployment is told from outside. What differs by stage is in `Stage::settings` alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackArgs {
    /// The stage.
    pub stage: Stage,
    /// The folder of built functions: `<function>/bootstrap` below it.
    pub functions: String,
    /// The cache of a stage without a network of its own.
    pub cache: CacheEndpoint,
}

/// Declares everything that a stage has.
pub fn deploy(context: &Context, args: &StackArgs) {
    let settings = args.stage.settings();
    let logs = Logs::new(context, "logs", LogsArgs { settings });
    let data = Data::new(context, "data", DataArgs { settings });
    let compute = Compute::new(
        context,
        "compute",
        ComputeArgs {
            settings,
            functions: &args.functions,
            cache: &args.cache,
            tables: &data.tables,
            log_groups: &logs.groups,
        },
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
