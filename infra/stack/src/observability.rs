//! What is watched: an alarm for each way in which people would notice first, and a topic that tells somebody.

mod alarm;

use miyabi_shared::function::Trigger;
use miyabi_shared::{Function, Table};
use pulumi::{Component, Context, Output, ResourceOptions, ToInput as _, json};
use pulumi_aws::{GetCallerIdentityArgs, get_caller_identity, sns};

pub use alarm::{Anchor, RUNBOOK};

use crate::budget;
use crate::compute::Compute;
use crate::data::Tables;
use crate::settings::Settings;
use crate::tags::Tags;
use alarm::{Alarm, Alarms, Metric};

/// What is watched.
#[derive(Debug)]
pub struct ObservabilityArgs<'args> {
    /// What the stage is like.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// The functions.
    pub compute: &'args Compute,
    /// The tables.
    pub tables: &'args Tables,
    /// The name of the API, which its metrics carry.
    pub api: &'args Output<String>,
}

/// Who is told.
#[derive(Debug)]
pub struct Observability {
    /// The topic that alarms are sent to.
    pub topic: Output<String>,
    _component: Component,
}

/// API Gateway gives up at 29 s; a page that waits for two is slow.
const SLOW_MILLISECONDS: f64 = 2000.0;
/// Lines older than this when they are read make progress that is late for whoever looks.
const LATE_MILLISECONDS: f64 = 60_000.0;
/// A function that takes this part of its time is about to be ended.
const NEAR_TIMEOUT: f64 = 0.8;

impl Observability {
    /// Declares it, in a stage that is watched.
    pub fn new(context: &Context, name: &str, args: ObservabilityArgs<'_>) -> Option<Self> {
        if !args.settings.operation.watched {
            return None;
        }
        let component = context.component("miyabi:observability:Observability", name, ResourceOptions::new());
        let context = component.context();
        let tags = args.tags.of(name);
        let topic = topic(context, args.settings, &tags);
        let alarms = Alarms { context, topic: topic.arn(), tags: &tags };
        for function in args.settings.functions() {
            watch_function(&alarms, function, &args);
        }
        watch_api(&alarms, args.api);
        for table in args.settings.tables() {
            watch_table(&alarms, table, args.tables);
        }
        budget::declare(context, args.settings, args.tags, &topic.arn());
        component.register_outputs([("topic", topic.arn().to_input())]);
        Some(Self { topic: topic.arn(), _component: component })
    }
}

fn watch_function(alarms: &Alarms<'_>, function: Function, args: &ObservabilityArgs<'_>) {
    let name = function.name();
    let metric = |metric, statistic| Metric {
        namespace: "AWS/Lambda",
        name: metric,
        dimensions: vec![("FunctionName", args.compute.function(function).resource.name())],
        statistic,
    };
    alarms.add(Alarm {
        threshold: 0.0,
        ..Alarm::new(format!("{name}-errors"), Anchor::FunctionErrors, metric("Errors", "Sum"))
    });
    alarms.add(Alarm {
        threshold: 0.0,
        ..Alarm::new(format!("{name}-throttles"), Anchor::FunctionThrottles, metric("Throttles", "Sum"))
    });
    let timeout = f64::from(function.declaration().timeout_seconds) * 1000.0;
    alarms.add(Alarm {
        threshold: timeout * NEAR_TIMEOUT,
        ..Alarm::new(format!("{name}-duration"), Anchor::FunctionDuration, metric("Duration", "p99"))
    });
    if let Some(queue) = &args.compute.function(function).dead_letters {
        let metric = Metric {
            namespace: "AWS/SQS",
            name: "ApproximateNumberOfMessagesVisible",
            dimensions: vec![("QueueName", queue.name())],
            statistic: "Maximum",
        };
        alarms.add(Alarm {
            threshold: 0.0,
            ..Alarm::new(format!("{name}-dead-letters"), Anchor::DeadLetters, metric)
        });
    }
    let Trigger::LogLines(groups) = function.declaration().trigger else { return };
    for group in groups {
        let short = crate::logs::resource_name(*group);
        alarms.add(Alarm {
            threshold: LATE_MILLISECONDS,
            ..Alarm::new(
                format!("{short}-late"),
                Anchor::Freshness,
                // The function itself says how old the lines were that it read.
                Metric {
                    namespace: "Miyabi",
                    name: "LogDelay",
                    dimensions: vec![
                        ("Function", Output::known(name.to_owned())),
                        ("LogGroup", Output::known(group.name().to_owned())),
                    ],
                    statistic: "p90",
                },
            )
        });
    }
}

fn watch_api(alarms: &Alarms<'_>, api: &Output<String>) {
    let metric = |metric, statistic| Metric {
        namespace: "AWS/ApiGateway",
        name: metric,
        dimensions: vec![("ApiName", api.clone())],
        statistic,
    };
    alarms.add(Alarm {
        // One in a hundred: the metric is 1 for each request that failed.
        threshold: 0.01,
        ..Alarm::new("api-errors".to_owned(), Anchor::ApiErrors, metric("5XXError", "Average"))
    });
    alarms.add(Alarm {
        threshold: SLOW_MILLISECONDS,
        ..Alarm::new("api-latency".to_owned(), Anchor::ApiLatency, metric("Latency", "p99"))
    });
}

fn watch_table(alarms: &Alarms<'_>, table: Table, tables: &Tables) {
    let short = table.declaration().name.trim_start_matches("miyabi-");
    for (kind, metric) in [("reads", "ReadThrottleEvents"), ("writes", "WriteThrottleEvents")] {
        let dimensions = vec![("TableName", tables.table(table).name())];
        alarms.add(Alarm {
            threshold: 0.0,
            ..Alarm::new(
                format!("{short}-throttled-{kind}"),
                Anchor::TableThrottles,
                Metric { namespace: "AWS/DynamoDB", name: metric, dimensions, statistic: "Sum" },
            )
        });
    }
}

/// The topic, which only this account's alarms and budgets may send to, and by TLS alone.
fn topic(context: &Context, settings: &Settings, tags: &crate::tags::ComponentTags) -> sns::Topic {
    let topic = sns::Topic::new(
        context,
        "alarms",
        sns::TopicArgs::new()
            .name(format!("miyabi-{}-alarms", settings.stage))
            .display_name("Miyabi")
            .tags(tags),
    );
    let account =
        get_caller_identity(context, GetCallerIdentityArgs::new()).map(|identity| identity.account_id);
    sns::TopicPolicy::new(
        context,
        "alarms",
        sns::TopicPolicyArgs::new().arn(topic.arn()).policy(json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Alarms",
                    "Effect": "Allow",
                    "Principal": { "Service": ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"] },
                    "Action": "sns:Publish",
                    "Resource": topic.arn(),
                    "Condition": { "StringEquals": { "aws:SourceAccount": account } },
                },
                {
                    "Sid": "TlsAlone",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sns:Publish",
                    "Resource": topic.arn(),
                    "Condition": { "Bool": { "aws:SecureTransport": "false" } },
                },
            ],
        })),
    );
    if let Some(email) = &settings.operation.email {
        sns::TopicSubscription::new(
            context,
            "alarms",
            sns::TopicSubscriptionArgs::new().topic(topic.arn()).protocol("email").endpoint(email.as_str()),
        );
    }
    topic
}
