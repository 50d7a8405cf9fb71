//! The queues of jobs: for each size with workers and each priority one, and one beside it for what no worker brought to an end.

use std::collections::{BTreeMap, BTreeSet};

use miyabi_shared::config::JobQueues;
use miyabi_shared::job::{JobQueue, RECEIVES, Size};
use pulumi::{Component, Context, Output, ResourceOptions, ToInput as _, interpolate, json};
use pulumi_aws::{kms, sqs};

use crate::encrypted_queue;
use crate::place::Place;
use crate::rules::{LOCAL, Rule, Waiver};
use crate::settings::Settings;
use crate::tags::{ComponentTags, Tags};

/// What the queues need.
#[derive(Debug)]
pub struct QueuesArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// Where the stack is.
    pub place: &'args Place,
    /// The key that messages are encrypted with, where the stage has one of its own.
    pub key: Option<&'args kms::Key>,
}

/// The queues.
#[derive(Debug)]
pub struct Queues {
    queues: BTreeMap<JobQueue, Pair>,
    prefix: Output<String>,
    sizes: BTreeSet<Size>,
    _component: Component,
}

/// A queue, and the one of its dead letters.
#[derive(Debug)]
pub struct Pair {
    /// The queue.
    pub jobs: sqs::Queue,
    /// Its dead letters.
    pub dead_letters: sqs::Queue,
}

impl Queues {
    /// Declares them.
    pub fn new(context: &Context, name: &str, args: QueuesArgs<'_>) -> Self {
        let component = context.component("miyabi:queues:Queues", name, ResourceOptions::new());
        let tags = args.tags.of(name);
        let all = args.settings.jobs.sizes.iter().copied().flat_map(JobQueue::of);
        let queues: BTreeMap<_, _> =
            all.map(|queue| (queue, pair(component.context(), queue, &args, &tags))).collect();
        let place = args.place;
        let prefix = interpolate!(
            "https://sqs.{}.amazonaws.com/{}/{}",
            &place.region,
            &place.account,
            JobQueue::PREFIX
        );
        component.register_outputs(
            queues
                .iter()
                .map(|(queue, pair): (&JobQueue, &Pair)| (queue.short_name(), pair.jobs.arn().to_input())),
        );
        Self { queues, prefix, sizes: args.settings.jobs.sizes.clone(), _component: component }
    }

    /// Each queue with its dead letters.
    pub fn all(&self) -> impl Iterator<Item = (JobQueue, &Pair)> {
        self.queues.iter().map(|(queue, pair)| (*queue, pair))
    }

    /// Where they are, as functions and workers read it.
    pub fn addresses(&self) -> Output<JobQueues> {
        let sizes = self.sizes.clone();
        self.prefix.clone().map(move |prefix| JobQueues { prefix, sizes })
    }
}

fn pair(context: &Context, queue: JobQueue, args: &QueuesArgs<'_>, tags: &ComponentTags) -> Pair {
    let (stage, key) = (args.settings.stage, args.key);
    let own_name = |name: String| name.trim_start_matches("miyabi-").to_owned();
    let dead_letters =
        encrypted_queue::declare(context, &own_name(queue.dead_letters_name()), stage, key, |args| {
            args.message_retention_seconds(JobQueue::DEAD_LETTER_RETENTION_SECONDS).tags(tags)
        });
    let redrive =
        json!({ "deadLetterTargetArn": dead_letters.arn(), "maxReceiveCount": f64::from(RECEIVES) });
    let jobs = encrypted_queue::declare(context, &own_name(queue.name()), stage, key, |args| {
        args.message_retention_seconds(JobQueue::RETENTION_SECONDS)
            .visibility_timeout_seconds(JobQueue::VISIBILITY_SECONDS)
            .redrive_policy(redrive)
            .tags(tags)
    });
    Pair { jobs, dead_letters }
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[
    Waiver::of_all(
        Rule::DeadLetterAlarm,
        "sqs.Queue",
        LOCAL,
        "A laptop is watched by who sits there; `GET /api/queues` counts what was set aside.",
    ),
    Waiver::of(
        Rule::QueuePolicy,
        "sqs.Queue",
        LOCAL_QUEUES,
        LOCAL,
        "The emulator takes no TLS, and listens on loopback.",
    ),
];

/// The queues of a laptop, whose one worker runs jobs of every size.
const LOCAL_QUEUES: &[&str] = &[
    "jobs-xl-high",
    "jobs-xl-high-dead-letters",
    "jobs-xl-low",
    "jobs-xl-low-dead-letters",
    "jobs-xl-standard",
    "jobs-xl-standard-dead-letters",
];
