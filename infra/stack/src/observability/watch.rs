//! What is watched: every metric that somebody is told about, and those that only the dashboard shows.

use miyabi_shared::function::{Function, FunctionDeclaration, Trigger};
use miyabi_shared::{Access, Table, metric};
use pulumi::{Output, interpolate};
use pulumi_aws::sqs;

use super::ObservabilityArgs;
use super::alarm::Alarm;
use super::anchor::{Anchor, Section};
use super::dashboard::Graph;
use super::metric::{Metric, Statistic};
use crate::backup::vault_name;
use crate::settings::CacheSettings;

/// API Gateway gives up at 29 s; a page that waits for two is slow.
const SLOW_MILLISECONDS: f64 = 2000.0;
/// One in a hundred: the metric is 1 for each request that failed.
const FAILED_SHARE: f64 = 0.01;
/// What is older than this when it is read is late for whoever looks.
const LATE_MILLISECONDS: f64 = 60_000.0;
/// A viewer is told of a change within a second; so much later it is of no use to be told at all.
const LATE_PUSH_MILLISECONDS: f64 = 10_000.0;
/// A function that takes this part of its time is about to be ended.
const NEAR_TIMEOUT: f64 = 0.8;
/// One thread does all the work of a cache; above this what is asked begins to wait.
const BUSY_PERCENT: f64 = 80.0;
/// A quarter is reserved for copying; above this the cache soon drops what is still wanted.
const FULL_PERCENT: f64 = 85.0;
/// So few credits last some minutes; without any, a node is as slow as its baseline.
const FEW_CREDITS: f64 = 10.0;
/// So many answers a minute without the cache are no accident.
const MANY_BYPASSES: f64 = 10.0;
/// How many times as many connections as copies of functions there may be, while new copies take over from old ones.
const CONNECTIONS_A_COPY: f64 = 2.0;
/// What a node takes at most, where functions have no limit.
const MOST_CONNECTIONS: f64 = 60_000.0;

/// Everything that is watched.
#[derive(Debug, Default)]
pub(super) struct Watched {
    pub(super) alarms: Vec<Alarm>,
    pub(super) graphs: Vec<Graph>,
}

impl Watched {
    /// What a stage has to watch.
    pub(super) fn of(args: &ObservabilityArgs<'_>) -> Self {
        let mut watched = Self::default();
        watched.api(args);
        for function in args.settings.functions() {
            watched.function(function, args);
        }
        watched.socket(args);
        watched.queues(args);
        for table in args.settings.tables() {
            watched.table(table, args);
        }
        watched.cache(args);
        watched.network(args);
        watched.backups(args);
        watched
    }

    fn queues(&mut self, args: &ObservabilityArgs<'_>) {
        for (queue, pair) in args.queues.iter().flat_map(|queues| queues.all()) {
            let waiting = |queue: &sqs::Queue| {
                Metric::of_service(
                    "AWS/SQS",
                    "ApproximateNumberOfMessagesVisible",
                    Statistic::MAXIMUM,
                    [("QueueName", queue.name())],
                )
            };
            let name = format!("jobs-{}-dead-letters", queue.short_name());
            self.alarm(name, Anchor::DeadLetters, waiting(&pair.dead_letters), 0.0);
            self.graph(Section::Load, "Queues: jobs that wait", [waiting(&pair.jobs)]);
        }
    }

    fn alarm(&mut self, name: impl Into<String>, anchor: Anchor, metric: Metric, limit: f64) {
        self.alarms.push(Alarm::above(name, anchor, metric, limit));
    }

    /// A graph of all metrics that are added under the same title.
    fn graph(&mut self, section: Section, title: &'static str, metrics: impl IntoIterator<Item = Metric>) {
        match self.graphs.iter_mut().find(|graph| graph.title == title) {
            Some(graph) => graph.metrics.extend(metrics),
            None => self.graphs.push(Graph { section, title, metrics: metrics.into_iter().collect() }),
        }
    }

    fn api(&mut self, args: &ObservabilityArgs<'_>) {
        let metric = |name, statistic| {
            Metric::of_service("AWS/ApiGateway", name, statistic, [("ApiName", args.api.clone())])
        };
        let latency = metric("Latency", Statistic::P99);
        self.alarm("api-errors", Anchor::ApiErrors, metric("5XXError", Statistic::AVERAGE), FAILED_SHARE);
        self.alarm("api-latency", Anchor::ApiLatency, latency, SLOW_MILLISECONDS);
        let requests = ["Count", "4XXError", "5XXError"].map(|name| metric(name, Statistic::SUM));
        self.graph(Section::Load, "API: requests", requests);
    }

    fn function(&mut self, function: Function, args: &ObservabilityArgs<'_>) {
        let (name, declaration) = (function.name(), function.declaration());
        let deployed = args.compute.function(function);
        let metric = |metric, statistic| {
            Metric::of_service("AWS/Lambda", metric, statistic, [("FunctionName", deployed.resource.name())])
        };
        let errors = metric("Errors", Statistic::SUM);
        self.alarm(format!("{name}-errors"), Anchor::FunctionErrors, errors, 0.0);
        let throttles = metric("Throttles", Statistic::SUM);
        self.alarm(format!("{name}-throttles"), Anchor::FunctionThrottles, throttles, 0.0);
        let limit = f64::from(declaration.timeout_seconds) * 1000.0 * NEAR_TIMEOUT;
        let duration = metric("Duration", Statistic::P99);
        self.alarm(format!("{name}-duration"), Anchor::FunctionDuration, duration, limit);
        self.graph(Section::Load, "Functions: calls", [metric("Invocations", Statistic::SUM)]);
        let copies = metric("ConcurrentExecutions", Statistic::MAXIMUM);
        self.graph(Section::Load, "Functions: copies at once", [copies]);
        if let Some(queue) = &deployed.dead_letters {
            let waiting = Metric::of_service(
                "AWS/SQS",
                "ApproximateNumberOfMessagesVisible",
                Statistic::MAXIMUM,
                [("QueueName", queue.name())],
            );
            self.alarm(format!("{name}-dead-letters"), Anchor::DeadLetters, waiting, 0.0);
            let lost = metric("DestinationDeliveryFailures", Statistic::SUM);
            self.alarms.push(Alarm::once(format!("{name}-lost-events"), Anchor::LostEvents, lost));
        }
        // Who answers says so; who only writes to the cache leaves it to them.
        if declaration.trigger == Trigger::Http
            && declaration.access.contains(&Access::Cache)
            && args.cache.is_some()
        {
            let bypassed = of_function(declaration, metric::CACHE_BYPASSED, Statistic::SUM);
            self.alarm(format!("{name}-without-cache"), Anchor::CacheFailures, bypassed, MANY_BYPASSES);
        }
        match declaration.trigger {
            Trigger::LogLines(groups) => {
                for group in groups {
                    let delay = Metric::of_platform(
                        metric::LOG_DELAY,
                        Statistic::P90,
                        [(metric::FUNCTION, name.to_owned()), (metric::LOG_GROUP, group.name().to_owned())],
                    );
                    let alarm = format!("{}-late", crate::logs::resource_name(*group));
                    self.alarm(alarm, Anchor::Freshness, delay, LATE_MILLISECONDS);
                }
            }
            Trigger::ChangesAndSocket(..) => {
                let delay = of_function(declaration, metric::PUSH_DELAY, Statistic::P90);
                self.alarm(format!("{name}-late"), Anchor::LatePush, delay, LATE_PUSH_MILLISECONDS);
            }
            Trigger::Changes(_) | Trigger::EveryMinute | Trigger::Http => {}
        }
        if matches!(declaration.trigger, Trigger::ChangesAndSocket(..) | Trigger::Changes(_)) {
            let behind = metric("IteratorAge", Statistic::MAXIMUM);
            self.alarm(format!("{name}-behind"), Anchor::LateEvents, behind, LATE_MILLISECONDS);
            let unreadable = of_function(declaration, metric::UNREADABLE_RECORDS, Statistic::SUM);
            self.alarms.push(Alarm::once(format!("{name}-unreadable"), Anchor::UnreadableEvents, unreadable));
        }
    }

    fn socket(&mut self, args: &ObservabilityArgs<'_>) {
        let Some(socket) = args.socket else { return };
        let metric = |name, statistic| {
            let dimensions = [("ApiId", socket.id()), ("Stage", socket.stage())];
            Metric::of_service("AWS/ApiGateway", name, statistic, dimensions)
        };
        for (name, failed) in [("socket-gateway", "ExecutionError"), ("socket-function", "IntegrationError")]
        {
            self.alarm(name, Anchor::SocketErrors, metric(failed, Statistic::SUM), 0.0);
        }
        let load = ["ConnectCount", "MessageCount"].map(|name| metric(name, Statistic::SUM));
        self.graph(Section::Load, "Socket: connections and messages", load);
    }

    fn table(&mut self, table: Table, args: &ObservabilityArgs<'_>) {
        let declaration = table.declaration();
        let short = declaration.name.trim_start_matches("miyabi-");
        let name = args.tables.table(table).name();
        let of_table = [("TableName", name.clone())];
        let metric = |metric, dimensions: &[(&'static str, Output<String>)]| {
            Metric::of_service("AWS/DynamoDB", metric, Statistic::SUM, dimensions.iter().cloned())
        };
        for (kind, refused) in [("reads", "ReadThrottleEvents"), ("writes", "WriteThrottleEvents")] {
            let refused_of_table = metric(refused, &of_table);
            self.alarm(format!("{short}-throttled-{kind}"), Anchor::TableThrottles, refused_of_table, 0.0);
            // An index that refuses a write holds up the table's own, and is counted apart.
            for index in declaration.indexes {
                let of_index = [
                    ("TableName", name.clone()),
                    ("GlobalSecondaryIndexName", Output::known(index.name.to_owned())),
                ];
                let alarm = format!("{short}-{}-throttled-{kind}", index.name);
                self.alarm(alarm, Anchor::TableThrottles, metric(refused, &of_index), 0.0);
            }
        }
        let consumed = ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"];
        self.graph(Section::Load, "Tables: units a minute", consumed.map(|name| metric(name, &of_table)));
    }

    fn cache(&mut self, args: &ObservabilityArgs<'_>) {
        let (Some(cache), CacheSettings::Managed(settings)) = (args.cache, &args.settings.cache) else {
            return;
        };
        for number in 1..=settings.replicas + 1 {
            // ElastiCache calls the nodes of a group so, from the first on.
            let node = interpolate!("{}-{}", cache.group.replication_group_id(), format!("{number:03}"));
            let metric = |name, statistic| {
                Metric::of_service("AWS/ElastiCache", name, statistic, [("CacheClusterId", node.clone())])
            };
            let name = |what: &str| format!("cache-{number}-{what}");
            let engine = metric("EngineCPUUtilization", Statistic::AVERAGE);
            self.alarm(name("cpu"), Anchor::CacheCpu, engine, BUSY_PERCENT);
            if settings.is_burstable() {
                let credits = metric("CPUCreditBalance", Statistic::MINIMUM);
                self.alarms.push(Alarm::below(name("credits"), Anchor::CacheCredits, credits, FEW_CREDITS));
            }
            let memory = metric("DatabaseMemoryUsagePercentage", Statistic::MAXIMUM);
            self.alarm(name("memory"), Anchor::CacheMemory, memory, FULL_PERCENT);
            let evictions = metric("Evictions", Statistic::SUM);
            self.alarm(name("evictions"), Anchor::CacheEvictions, evictions, 0.0);
            let connections = metric("CurrConnections", Statistic::MAXIMUM);
            self.alarm(name("connections"), Anchor::CacheConnections, connections, most_connections(args));
            let answers = ["CacheHits", "CacheMisses"].map(|name| metric(name, Statistic::SUM));
            self.graph(Section::Load, "Cache: hits and misses", answers);
            let refused = ["AuthenticationFailures", "CommandAuthorizationFailures"];
            let refused = refused.map(|name| metric(name, Statistic::SUM));
            self.graph(Section::Data, "Cache: refused sign-ins and commands", refused);
        }
    }

    fn network(&mut self, args: &ObservabilityArgs<'_>) {
        for (number, gateway) in args.network.iter().flat_map(|network| &network.nat_gateways).enumerate() {
            let metric = |name| {
                let dimensions = [("NatGatewayId", gateway.id())];
                Metric::of_service("AWS/NATGateway", name, Statistic::SUM, dimensions)
            };
            let without = metric("ErrorPortAllocation");
            self.alarm(format!("nat-{number}-ports"), Anchor::NatPorts, without, 0.0);
            let bytes = metric("BytesOutToDestination");
            self.graph(Section::Network, "NAT gateways: bytes out", [bytes]);
        }
    }

    fn backups(&mut self, args: &ObservabilityArgs<'_>) {
        if args.settings.operation.backup_days.is_none() {
            return;
        }
        let dimensions = [("BackupVaultName", Output::known(vault_name(args.settings)))];
        let failed = Metric::of_service("AWS/Backup", "NumberOfBackupJobsFailed", Statistic::SUM, dimensions);
        self.alarms.push(Alarm::once("backup-failures", Anchor::BackupFailures, failed));
    }
}

fn of_function(function: &FunctionDeclaration, name: &'static str, statistic: Statistic) -> Metric {
    Metric::of_platform(name, statistic, [(metric::FUNCTION, function.name.to_owned())])
}

/// Each copy of a function holds one connection.
fn most_connections(args: &ObservabilityArgs<'_>) -> f64 {
    let within = args.settings.functions().filter(|function| args.settings.in_network(*function));
    let copies: Option<u32> =
        within.map(|function| args.settings.compute.reserved_concurrency.get(&function)).sum();
    copies.map_or(MOST_CONNECTIONS, |copies| f64::from(copies) * CONNECTIONS_A_COPY)
}
