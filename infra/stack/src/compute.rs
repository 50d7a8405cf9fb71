//! The functions, each with a role, a log of its own and what starts it.

mod role;
mod subscription;

use std::collections::BTreeMap;

use miyabi_shared::config::{
    CACHE_TIMEOUT_MILLISECONDS, CacheEndpoint, ProgressCollectorConfig, StoreConfig, TaskApiConfig,
};
use miyabi_shared::function::{Function, Trigger};
use miyabi_shared::table::{Table, tasks};
use pulumi::{Archive, Args as _, Asset, Component, Context, Output, ResourceOptions, ToInput as _, all};
use pulumi_aws::{cloudwatch, lambda};

use crate::data::Tables;
use crate::logs::{self, LogGroups};
use crate::rules::{EVERYWHERE, IN_AWS, LOCAL, Rule, Waiver};
use crate::settings::{CacheSettings, Choice as _, Settings};

/// Keeps lambda_http from putting the API's stage in front of every path.
const IGNORE_STAGE_IN_PATH: &str = "AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH";

/// What the functions need.
#[derive(Debug)]
pub struct ComputeArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The tables.
    pub tables: &'args Tables,
    /// The log groups that jobs write to.
    pub log_groups: &'args LogGroups,
}

/// The functions.
#[derive(Debug)]
pub struct Compute {
    functions: BTreeMap<Function, lambda::Function>,
    _component: Component,
}

impl Compute {
    /// Declares them.
    pub fn new(context: &Context, name: &str, args: ComputeArgs<'_>) -> Self {
        let component = context.component("miyabi:compute:Compute", name, ResourceOptions::new());
        let declare = |function: Function| (function, declare(component.context(), function, &args));
        let functions: BTreeMap<_, _> = Function::ALL.into_iter().map(declare).collect();
        component.register_outputs(
            functions.iter().map(|(function, resource)| (function.name(), resource.arn().to_input())),
        );
        Self { functions, _component: component }
    }

    /// The resource of a function.
    pub fn function(&self, function: Function) -> &lambda::Function {
        // `Compute::new` declares every function.
        &self.functions[&function]
    }
}

/// A function, with everything that it needs before it can run and everything that starts it.
fn declare(context: &Context, function: Function, args: &ComputeArgs<'_>) -> lambda::Function {
    let declaration = function.declaration();
    let own_log = logs::declare(
        context,
        &format!("{}-log", declaration.name),
        &function.own_log_group(),
        args.settings.logs.functions,
        ResourceOptions::new(),
    );
    let role = role::Role::new(context, function, &own_log, args);
    // Without its permissions a function that is called at once would fail and leave no trace of it.
    let options = ResourceOptions::new().depends_on(&role.policy);
    let function_args = function_args(function, &role, &own_log, args);
    let resource = lambda::Function::with_options(context, declaration.name, function_args, options);
    match declaration.trigger {
        // The API calls it.
        Trigger::Http => {}
        Trigger::LogLines(groups) => {
            subscription::declare(context, function, &resource, groups, args.log_groups);
        }
    }
    resource
}

fn function_args(
    function: Function,
    role: &role::Role,
    own_log: &cloudwatch::LogGroup,
    args: &ComputeArgs<'_>,
) -> lambda::FunctionArgs {
    let declaration = function.declaration();
    let settings = args.settings;
    let bootstrap = format!("{}/{}", settings.functions, function.bootstrap_path());
    let logging = lambda::FunctionLoggingConfigArgs::new().log_format("Text").log_group(own_log.name());
    lambda::FunctionArgs::new()
        .name(function.binary())
        .description(declaration.description)
        .role(role.role.arn())
        .runtime("provided.al2023")
        .architectures([settings.compute.architecture.word()])
        .handler("bootstrap")
        .code(Archive::assets([("bootstrap", Asset::file(bootstrap))]))
        .memory_size(declaration.memory_megabytes)
        .timeout(declaration.timeout_seconds)
        .environment(lambda::FunctionEnvironmentArgs::new().variables(variables(function, args)))
        .logging_config(logging)
        .when(settings.compute.tracing, |args| {
            args.tracing_config(lambda::FunctionTracingConfigArgs::new().mode("Active"))
        })
        .optional(settings.compute.reserved_concurrency.get(&function), |args, limit| {
            args.reserved_concurrent_executions(*limit)
        })
}

/// The environment, written by the type that the function reads it with.
fn variables(function: Function, args: &ComputeArgs<'_>) -> Output<BTreeMap<String, String>> {
    let cache = match &args.settings.cache {
        CacheSettings::Elsewhere(cache) => cache.clone(),
        CacheSettings::Managed(_) => CacheEndpoint::None,
    };
    let log_level = args.settings.compute.log_level;
    let names = (args.tables.table(Table::Tasks).name(), args.tables.table(Table::Projects).name());
    all(names).map(move |(tasks_table, projects_table)| {
        let store = StoreConfig {
            tasks_table,
            projects_table,
            cache,
            cache_timeout_milliseconds: CACHE_TIMEOUT_MILLISECONDS,
            task_retention_days: tasks::RETENTION_DAYS,
        };
        let log_level = log_level.word().to_owned();
        let variables = match function {
            Function::TaskApi => TaskApiConfig { store, log_level }.to_env(),
            Function::ProgressCollector => ProgressCollectorConfig { store, log_level }.to_env(),
        };
        let mut variables: BTreeMap<_, _> =
            variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        if matches!(function.declaration().trigger, Trigger::Http) {
            variables.insert(IGNORE_STAGE_IN_PATH.to_owned(), "true".to_owned());
        }
        variables
    })
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[
    Waiver::of_all(
        Rule::FunctionRuntime,
        "lambda.Function",
        LOCAL,
        "The emulator runs functions as processes, on the CPU that the machine has.",
    ),
    Waiver::of_all(
        Rule::EnvironmentKey,
        "lambda.Function",
        EVERYWHERE,
        "The environment holds names and limits, no secret; Lambda encrypts it with a key that costs nothing.",
    ),
    Waiver::of_all(
        Rule::ReservedConcurrency,
        "lambda.Function",
        LOCAL,
        "The emulator does not limit concurrency.",
    ),
    Waiver::of(
        Rule::FailedEventsAreKept,
        "lambda.Function",
        &["progress-collector"],
        EVERYWHERE,
        "Lines stay in their log group whatever becomes of a call, and CloudWatch Logs tries again for a day.",
    ),
    Waiver::of_all(Rule::FunctionTracing, "lambda.Function", LOCAL, "The emulator keeps no traces."),
    Waiver::of_all(
        Rule::FunctionInVpc,
        "lambda.Function",
        EVERYWHERE,
        "It reaches nothing but AWS's own interfaces, which ask for a signature wherever it runs.",
    ),
    Waiver::of_all(
        Rule::CodeSigning,
        "lambda.Function",
        EVERYWHERE,
        "Code comes from this repository by one road, the deployment, whose role is the only one that may change it.",
    ),
    Waiver::of_all(
        Rule::NoWildcardResources,
        "iam.RolePolicy",
        IN_AWS,
        "Traces belong to no resource: X-Ray takes no other here than all of them.",
    ),
    Waiver::of(
        Rule::TrustedAccount,
        "iam.Role",
        &["progress-collector-role", "task-api-role"],
        EVERYWHERE,
        "Lambda names no source when it takes the role of a function: with a condition no function would start.",
    ),
    Waiver::of(
        Rule::LogKey,
        "cloudwatch.LogGroup",
        &["progress-collector-log", "task-api-log"],
        EVERYWHERE,
        "The lines hold identifiers and counts; CloudWatch encrypts them with a key that costs nothing.",
    ),
    Waiver::of_all(
        Rule::ThrottleAlarm,
        "lambda.Function",
        LOCAL,
        "A laptop is watched by who sits there, and the emulator refuses no call.",
    ),
];
