//! What is watched: an alarm for each way in which something goes wrong, one over all of what people notice, a dashboard
//! and traces from the same declarations, and a topic that tells somebody.

mod alarm;
mod anchor;
mod dashboard;
mod metric;
mod topic;
mod traces;
mod watch;

use pulumi::{Component, Context, Output, ResourceOptions, ToInput as _};

pub use anchor::{Anchor, RUNBOOK, Section};
pub(crate) use topic::AlarmTopic;

use crate::budget;
use crate::cache::Cache;
use crate::compute::Compute;
use crate::data::Tables;
use crate::network::Network;
use crate::place::Place;
use crate::queues::Queues;
use crate::rules::{LOCAL, Rule, Waiver};
use crate::settings::Settings;
use crate::socket::Socket;
use crate::tags::Tags;
use alarm::Alarms;
use dashboard::Dashboard;
use watch::Watched;

/// What is watched.
#[derive(Debug)]
pub struct ObservabilityArgs<'args> {
    /// What the stage is like.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// Where the stack is.
    pub place: &'args Place,
    /// The functions.
    pub compute: &'args Compute,
    /// The tables.
    pub tables: &'args Tables,
    /// The queues of jobs, where there are some.
    pub queues: Option<&'args Queues>,
    /// The name of the API, which its metrics carry.
    pub api: &'args Output<String>,
    /// The socket, where there is one.
    pub socket: Option<&'args Socket>,
    /// The cache, where it is this stack's own.
    pub cache: Option<&'args Cache>,
    /// The network, where there is one.
    pub network: Option<&'args Network>,
}

/// Who is told, and where to look.
#[derive(Debug)]
pub struct Observability {
    /// The topic that alarms are sent to.
    pub topic: Output<String>,
    /// Where the dashboard is, in the console.
    pub dashboard: Output<String>,
    _component: Component,
}

impl Observability {
    /// Declares it, in a stage that is watched.
    pub fn new(context: &Context, name: &str, args: ObservabilityArgs<'_>) -> Option<Self> {
        if !args.settings.operation.watched {
            return None;
        }
        let component = context.component("miyabi:observability:Observability", name, ResourceOptions::new());
        let context = component.context();
        let tags = args.tags.of(name);
        let topic = topic::declare(context, args.settings, args.place, &tags);
        let alarms = Alarms { context, topic: topic.arn.clone(), tags: &tags };
        let watched = Watched::of(&args);
        let declared: Vec<_> =
            watched.alarms.iter().map(|alarm| (alarm.anchor, alarms.declare(alarm))).collect();
        let noticed: Vec<_> =
            declared.iter().filter(|(anchor, _)| anchor.is_noticed()).map(|(_, alarm)| alarm).collect();
        let impaired = alarms.declare_noticed(&noticed);
        let dashboard = Dashboard {
            region: &args.place.region,
            alarms: &watched.alarms,
            graphs: &watched.graphs,
            arns: std::iter::once(impaired.arn())
                .chain(declared.iter().map(|(_, alarm)| alarm.arn()))
                .collect(),
        };
        let dashboard = dashboard.declare(context, &format!("miyabi-{}", args.settings.stage));
        traces::declare(context, &args, &tags);
        budget::declare(context, args.settings, args.tags, &topic);
        let address = pulumi::interpolate!(
            "https://console.aws.amazon.com/cloudwatch/home?region={}#dashboards/dashboard/{}",
            &args.place.region,
            dashboard.dashboard_name()
        );
        component.register_outputs([("topic", topic.arn.to_input()), ("dashboard", address.to_input())]);
        Some(Self { topic: topic.arn, dashboard: address, _component: component })
    }
}

const ON_A_LAPTOP: &str = "A laptop is watched by who sits there.";

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[
    Waiver::of_all(Rule::Watched, "apigateway.RestApi", LOCAL, ON_A_LAPTOP),
    Waiver::of_all(Rule::Watched, "apigatewayv2.Api", LOCAL, ON_A_LAPTOP),
    Waiver::of_all(Rule::Watched, "dynamodb.Table", LOCAL, ON_A_LAPTOP),
    Waiver::of_all(Rule::Watched, "lambda.Function", LOCAL, ON_A_LAPTOP),
];
