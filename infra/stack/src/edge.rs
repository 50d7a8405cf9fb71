//! The page: its bucket, its files, and the network that brings both the page and the API to whoever asks.

mod bucket;
mod distribution;
mod files;
mod firewall;
mod headers;
mod name;
mod viewer;

use pulumi::{Component, Context, Output, ResourceOptions, ToInput as _};

pub use files::{PageFile, missing_page, page_files};
pub use viewer::{preflight_code, router_code, socket_code};

use crate::rules::{BEFORE_PRODUCTION, IN_AWS, LOCAL, Rule, Waiver};
use crate::settings::Settings;
use crate::tags::{ComponentTags, Tags};

/// What the page needs.
#[derive(Debug)]
pub struct EdgeArgs<'args> {
    /// What the stage is like.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// The API.
    pub api: Origin,
    /// The WebSocket API, where there is one.
    pub socket: Option<Origin>,
    /// Where people sign in: what the page asks besides its own origin.
    pub sign_in_origins: Output<Vec<String>>,
}

/// What stands behind the network: an API by its identifier, and its stage.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The identifier of the API.
    pub id: Output<String>,
    /// The name of the stage.
    pub stage: Output<String>,
}

/// Where the page is.
#[derive(Debug)]
pub struct Edge {
    /// The name of the page's bucket.
    pub bucket: Output<String>,
    /// The network in front, where there is one.
    pub delivery: Option<Delivery>,
    _component: Component,
}

/// The network in front of the page and the API.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its identifier.
    pub id: Output<String>,
    /// Where people find the page.
    pub url: Output<String>,
    /// The name of the firewall's metrics, where there is one.
    pub firewall: Option<String>,
}

/// What parts of the edge are made with.
struct Parts<'args> {
    context: &'args Context,
    args: &'args EdgeArgs<'args>,
    tags: ComponentTags,
}

impl Edge {
    /// Declares it.
    pub fn new(context: &Context, name: &str, args: EdgeArgs<'_>) -> Self {
        let component = context.component("miyabi:edge:Edge", name, ResourceOptions::new());
        let parts = Parts { context: component.context(), args: &args, tags: args.tags.of(name) };
        let logs = args.settings.edge.delivery.then(|| bucket::logs(&parts));
        let bucket = bucket::page(&parts, logs.as_ref());
        let delivery = logs.map(|logs| {
            let distribution = distribution::declare(&parts, &bucket, &logs);
            bucket::page_policy(&parts, &bucket, &distribution.arn);
            files::declare(&parts, &bucket);
            distribution.delivery
        });
        component.register_outputs([("bucket", bucket.id().to_input())]);
        Self { bucket: bucket.id(), delivery, _component: component }
    }
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[
    Waiver::of(
        Rule::BucketOwnership,
        "s3.Bucket",
        &["miyabi-logs"],
        IN_AWS,
        "CloudFront's standard logs are handed over by an access list, and by nothing else.",
    ),
    Waiver::of_all(
        Rule::DistributionTls,
        "cloudfront.Distribution",
        IN_AWS,
        "With CloudFront's own certificate the version is CloudFront's choice; with a domain of its own the stage takes TLS 1.2.",
    ),
    Waiver::of_all(
        Rule::Firewall,
        "cloudfront.Distribution",
        BEFORE_PRODUCTION,
        "A firewall costs more than the rest of such a stage; what is behind is throttled and asks who is there.",
    ),
    Waiver::of_all(
        Rule::BucketVersions,
        "s3.Bucket",
        LOCAL,
        "The page is built again in seconds, and the emulator forgets it all the same.",
    ),
    Waiver::of_all(
        Rule::BucketLifecycle,
        "s3.Bucket",
        LOCAL,
        "Nothing is overwritten there that a version would be kept of, and the emulator expires nothing.",
    ),
    Waiver::of_all(
        Rule::BucketTls,
        "s3.Bucket",
        LOCAL,
        "The emulator listens on this machine alone, and without TLS.",
    ),
    Waiver::of_all(
        Rule::BucketOwnership,
        "s3.Bucket",
        LOCAL,
        "The emulator knows one account, which owns everything.",
    ),
];
