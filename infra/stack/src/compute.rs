//! The functions, each with a log of its own, what it may do, and what starts it.

mod access;
mod changes;
mod clock;
mod dead_letters;
mod due;
mod release;
mod subscription;

use std::collections::BTreeMap;

use miyabi_shared::config::{
    Authentication, AuthenticationConfig, CACHE_TIMEOUT_MILLISECONDS, CacheEndpoint, IssuerKeysConfig,
    JobQueues, ProgressCollectorConfig, PushConfig, StoreConfig, StreamProcessorConfig, TaskApiConfig,
};
use miyabi_shared::function::{Function, Trigger};
use miyabi_shared::table::{Table, tasks};
use pulumi::{Archive, Args as _, Asset, Component, Context, Output, ResourceOptions, ToInput as _, all};
use pulumi_aws::{cloudwatch, lambda, sqs};

pub use release::Callable;

use crate::cache::Cache;
use crate::data::Tables;
use crate::keys::Keys;
use crate::logs::{self, Kept, LogGroups};
use crate::network::{Network, ids};
use crate::people::People;
use crate::place::Place;
use crate::queues::Queues;
use crate::roles::Roles;
use crate::rules::{EVERYWHERE, IN_AWS, LOCAL, NOT_PRODUCTION, Rule, Waiver};
use crate::settings::{Authorizer, CacheSettings, Choice as _, Settings};
use crate::socket::Socket;
use crate::tags::{ComponentTags, Tags};

/// Keeps lambda_http from putting the API's stage in front of every path.
const IGNORE_STAGE_IN_PATH: &str = "AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH";

/// What the functions need.
#[derive(Debug)]
pub struct ComputeArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// Where the stack is.
    pub place: &'args Place,
    /// The functions' roles.
    pub roles: &'args Roles,
    /// The keys of this stack.
    pub keys: &'args Keys,
    /// The network, where there is one.
    pub network: Option<&'args Network>,
    /// The cache, where it is this stack's own.
    pub cache: Option<&'args Cache>,
    /// The tables.
    pub tables: &'args Tables,
    /// The log groups that jobs write to.
    pub log_groups: &'args LogGroups,
    /// Whose tokens are believed, where some are.
    pub people: Option<&'args People>,
    /// The socket, where there is one.
    pub socket: Option<&'args Socket>,
    /// The queues of jobs, where there are some.
    pub queues: Option<&'args Queues>,
}

/// The functions.
#[derive(Debug)]
pub struct Compute {
    functions: BTreeMap<Function, Deployed>,
    _component: Component,
}

/// A function as it is deployed.
#[derive(Debug)]
pub struct Deployed {
    /// The function.
    pub resource: lambda::Function,
    /// How it is called.
    pub callable: Callable,
    /// Its own log.
    pub own_log: cloudwatch::LogGroup,
    /// Where events go that it could not handle, if it gets events.
    pub dead_letters: Option<sqs::Queue>,
    /// What it sends to itself, if it does.
    pub due: Option<sqs::Queue>,
}

impl Compute {
    /// Declares them.
    pub fn new(context: &Context, name: &str, args: ComputeArgs<'_>) -> Self {
        let component = context.component("miyabi:compute:Compute", name, ResourceOptions::new());
        let tags = args.tags.of(name);
        let declare = |function: Function| (function, declare(component.context(), function, &args, &tags));
        let functions: BTreeMap<_, _> = args.settings.functions().map(declare).collect();
        component.register_outputs(
            functions
                .iter()
                .map(|(function, deployed)| (function.name(), deployed.resource.arn().to_input())),
        );
        Self { functions, _component: component }
    }

    /// A function.
    pub fn function(&self, function: Function) -> &Deployed {
        // `Compute::new` declares every function that the stage has, and only such are asked for.
        &self.functions[&function]
    }
}

/// A function, with everything that it needs before it can run and everything that starts it.
fn declare(context: &Context, function: Function, args: &ComputeArgs<'_>, tags: &ComponentTags) -> Deployed {
    let declaration = function.declaration();
    let kept = Kept {
        name: function.own_log_group().into(),
        retention: args.settings.logs.functions,
        key: args.keys.logs.as_ref(),
        tags,
    };
    let own_log = logs::declare(context, &format!("{}-log", declaration.name), kept, ResourceOptions::new());
    // Who waits for an answer of a function sees it fail; an event that fails is seen by nobody.
    // What the clock asks is asked again in a minute.
    let gets_events = !matches!(declaration.trigger, Trigger::Http | Trigger::EveryMinute);
    let dead_letters = (gets_events && args.settings.compute.dead_letters).then(|| {
        dead_letters::queue(context, function, args.settings.stage, args.keys.functions.as_ref(), tags)
    });
    let due = match declaration.trigger {
        Trigger::ChangesAndSocket(_, queue) => {
            let kept = due::Kept {
                stage: args.settings.stage,
                dead_letters: dead_letters.as_ref(),
                key: args.keys.functions.as_ref(),
                tags,
            };
            Some(due::queue(context, queue, kept))
        }
        _ => None,
    };
    let queues = access::Queues { dead_letters: dead_letters.as_ref(), due: due.as_ref() };
    let access = access::declare(context, function, &own_log, queues, args);
    // Without its permissions a function that is called at once would fail and leave no trace of it.
    let options = ResourceOptions::new().depends_on(&access);
    let function_args = function_args(function, &own_log, due.as_ref(), args).tags(tags);
    let options = match (args.settings.in_network(function), args.network) {
        (true, Some(_)) => args.roles.outlive(options),
        _ => options,
    };
    let resource = lambda::Function::with_options(context, declaration.name, function_args, options);
    let callable = release::declare(context, function, &resource, &args.settings.compute);
    if let (Some(queue), Trigger::LogLines(_)) = (&dead_letters, declaration.trigger) {
        dead_letters::send(context, function, &callable, queue);
    }
    if let Some(queue) = &due {
        let options = ResourceOptions::new().depends_on(&access);
        let source = due::arguments(&callable, queue).tags(tags);
        // Lambda checks that the role may read the queue when the mapping is made.
        lambda::EventSourceMapping::with_options(
            context,
            format!("{}-due", function.name()),
            source,
            options,
        );
    }
    match declaration.trigger {
        // The API calls it.
        Trigger::Http => {}
        Trigger::EveryMinute => clock::declare(context, function, &callable, tags),
        Trigger::LogLines(groups) => {
            subscription::declare(context, function, &callable, groups, args);
        }
        Trigger::ChangesAndSocket(table, _) | Trigger::Changes(table) => {
            let table = args.tables.table(table);
            let options = ResourceOptions::new().depends_on(&access);
            let source = changes::arguments(&callable, table, dead_letters.as_ref()).tags(tags);
            let name = format!("{}-changes", function.name());
            // Lambda checks that the role may read the changes when the mapping is made.
            lambda::EventSourceMapping::with_options(context, name, source, options);
        }
    }
    Deployed { resource, callable, own_log, dead_letters, due }
}

fn function_args(
    function: Function,
    own_log: &cloudwatch::LogGroup,
    due: Option<&sqs::Queue>,
    args: &ComputeArgs<'_>,
) -> lambda::FunctionArgs {
    let declaration = function.declaration();
    let settings = args.settings;
    let bootstrap = format!("{}/{}", settings.functions, function.bootstrap_path());
    let logging = lambda::FunctionLoggingConfigArgs::new().log_format("Text").log_group(own_log.name());
    let network = args.network.filter(|_| settings.in_network(function));
    lambda::FunctionArgs::new()
        .name(function.binary())
        .description(declaration.description)
        .role(args.roles.role(function).arn())
        .runtime("provided.al2023")
        .architectures([settings.compute.architecture.word()])
        .handler("bootstrap")
        .code(Archive::assets([("bootstrap", Asset::file(bootstrap))]))
        .memory_size(declaration.memory_megabytes)
        .timeout(declaration.timeout_seconds)
        .environment(lambda::FunctionEnvironmentArgs::new().variables(variables(function, due, args)))
        .logging_config(logging)
        .when(settings.compute.versions, |args| args.publish(true))
        .when(settings.compute.tracing, |args| {
            args.tracing_config(lambda::FunctionTracingConfigArgs::new().mode("Active"))
        })
        .optional(settings.compute.reserved_concurrency.get(&function), |args, limit| {
            args.reserved_concurrent_executions(*limit)
        })
        .optional(args.keys.functions.as_ref(), |args, key| args.kms_key_arn(key.arn()))
        .optional(network, |args, network| {
            args.vpc_config(
                lambda::FunctionVpcConfigArgs::new()
                    .subnet_ids(ids(&network.private_subnets))
                    .security_group_ids([network.functions.id()]),
            )
        })
}

/// The environment, written by the type that the function reads it with.
fn variables(
    function: Function,
    due: Option<&sqs::Queue>,
    args: &ComputeArgs<'_>,
) -> Output<BTreeMap<String, String>> {
    let cache = match (&args.settings.cache, args.cache) {
        (_, Some(cache)) => cache.endpoint(),
        (CacheSettings::Elsewhere(cache), None) => Output::known(cache.clone()),
        (CacheSettings::Managed(_), None) => Output::known(CacheEndpoint::None),
    };
    let log_level = args.settings.compute.log_level;
    let table = |table: Table| args.tables.table(table).name();
    let connections = args.socket.map_or_else(|| Output::known(String::new()), |_| table(Table::Connections));
    let socket = args.socket.map_or_else(|| Output::known(String::new()), Socket::management_endpoint);
    let due = due.map_or_else(|| Output::known(String::new()), sqs::Queue::url);
    let authentication = match args.settings.api.authorizer {
        Authorizer::None => Authentication::Open,
        Authorizer::Cognito | Authorizer::Oidc => Authentication::Required,
        Authorizer::Iam => Authentication::Gateway,
    };
    let tokens = match args.people {
        Some(people) => people.tokens.map(Some),
        None => Output::known(None),
    };
    let credentials = table(Table::Credentials);
    let credentials = all((credentials, tokens));
    let queues = args.queues.map_or_else(|| Output::known(JobQueues::default()), Queues::addresses);
    let parts =
        (table(Table::Tasks), table(Table::Projects), cache, connections, due, socket, credentials, queues);
    all(parts).map(
        move |(
            tasks_table,
            projects_table,
            cache,
            connections_table,
            due_queue_url,
            socket_endpoint,
            (credentials_table, tokens),
            queues,
        )| {
            let store = StoreConfig {
                tasks_table,
                projects_table,
                cache,
                cache_timeout_milliseconds: CACHE_TIMEOUT_MILLISECONDS,
                task_retention_days: tasks::RETENTION_DAYS,
            };
            let log_level = log_level.word().to_owned();
            let variables = match function {
                Function::TaskApi => {
                    let authentication = AuthenticationConfig { authentication, credentials_table, tokens };
                    TaskApiConfig { store, authentication, queues, log_level }.to_env()
                }
                Function::IssuerKeys => {
                    // The stage has this function only with an issuer.
                    let keys_url = tokens.map(|tokens| tokens.keys_url).unwrap_or_default();
                    IssuerKeysConfig { keys_url, credentials_table, log_level }.to_env()
                }
                Function::ProgressCollector => ProgressCollectorConfig { store, log_level }.to_env(),
                Function::StreamProcessor => StreamProcessorConfig { store, log_level }.to_env(),
                Function::Push => {
                    let tasks_table = store.tasks_table;
                    PushConfig { tasks_table, connections_table, due_queue_url, socket_endpoint, log_level }
                        .to_env()
                }
            };
            let mut variables: BTreeMap<_, _> =
                variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            if matches!(function.declaration().trigger, Trigger::Http) {
                variables.insert(IGNORE_STAGE_IN_PATH.to_owned(), "true".to_owned());
            }
            variables
        },
    )
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
        NOT_PRODUCTION,
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
        &["issuer-keys"],
        IN_AWS,
        "The clock's call holds nothing: what it asks for is asked for again in the next minute, and an alarm counts failures.",
    ),
    Waiver::of(
        Rule::FailedEventsAreKept,
        "lambda.Function",
        &["progress-collector"],
        LOCAL,
        "Lines stay in their log group whatever becomes of a call, and CloudWatch Logs tries again for a day.",
    ),
    Waiver::of_all(Rule::FunctionTracing, "lambda.Function", LOCAL, "The emulator keeps no traces."),
    Waiver::of_all(
        Rule::FunctionInVpc,
        "lambda.Function",
        LOCAL,
        "The emulator has no network, and the cache of a laptop is on the laptop.",
    ),
    Waiver::of(
        Rule::FunctionInVpc,
        "lambda.Function",
        &["issuer-keys"],
        IN_AWS,
        "It asks the issuer for public keys: from within the network there is no way to it, and nothing there is its business.",
    ),
    Waiver::of_all(
        Rule::CodeSigning,
        "lambda.Function",
        EVERYWHERE,
        "Code comes from this repository by one road, the deployment, whose role is the only one that may change it.",
    ),
    Waiver::of(
        Rule::NoWildcardResources,
        "iam.RolePolicy",
        &["issuer-keys-access", "progress-collector-access", "stream-processor-access", "task-api-access"],
        IN_AWS,
        "Traces belong to no resource: X-Ray takes no other here than all of them.",
    ),
    Waiver::of(
        Rule::TrustedAccount,
        "iam.Role",
        &[
            "issuer-keys-role",
            "progress-collector-role",
            "push-role",
            "stream-processor-role",
            "task-api-role",
        ],
        EVERYWHERE,
        "Lambda names no source when it takes the role of a function: with a condition no function would start.",
    ),
    Waiver::of(
        Rule::LogKey,
        "cloudwatch.LogGroup",
        &["issuer-keys-log", "progress-collector-log", "stream-processor-log", "task-api-log"],
        NOT_PRODUCTION,
        "The lines hold identifiers and counts; CloudWatch encrypts them with a key that costs nothing.",
    ),
    Waiver::of(Rule::LogKey, "cloudwatch.LogGroup", &["push-log"], LOCAL, "The emulator has no keys."),
    Waiver::of_all(
        Rule::FailedEventsAreKept,
        "lambda.EventSourceMapping",
        LOCAL,
        "Who was not told of a change reads it with the next look, and the cache asks the table now and then.",
    ),
    Waiver::of_all(
        Rule::StreamFailures,
        "lambda.EventSourceMapping",
        LOCAL,
        "Who was not told of a change reads it with the next look, and the cache asks the table now and then.",
    ),
    Waiver::of(
        Rule::QueuePolicy,
        "sqs.Queue",
        &["push-due"],
        LOCAL,
        "The emulator takes no TLS, and listens on loopback.",
    ),
    Waiver::of(
        Rule::QueueRedrive,
        "sqs.Queue",
        &["push-due"],
        LOCAL,
        "Who was not told of a change reads it with the next look.",
    ),
    Waiver::of(
        Rule::IteratorAgeAlarm,
        "lambda.Function",
        &["push", "stream-processor"],
        LOCAL,
        "A laptop is watched by who sits there.",
    ),
    Waiver::of_all(
        Rule::ThrottleAlarm,
        "lambda.Function",
        LOCAL,
        "A laptop is watched by who sits there, and the emulator refuses no call.",
    ),
];
