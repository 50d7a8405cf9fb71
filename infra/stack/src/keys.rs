//! Keys of this stack, for stages whose data is not encrypted by AWS's own.
//!
//! One for each kind of use, because each is used by somebody else: who may use a key says its policy, action by action.

use pulumi::{Component, Context, Json, Output, ResourceOptions, ToInput as _, interpolate};
use pulumi_aws::kms;

use crate::data::protection;
use crate::place::Place;
use crate::policy::{Statement, document};
use crate::settings::Settings;
use crate::tags::{ComponentTags, Tags};

/// What the keys need.
#[derive(Debug)]
pub struct KeysArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// Where the stack is.
    pub place: &'args Place,
}

/// The keys that this stage has.
#[derive(Debug)]
pub struct Keys {
    /// Of the tables and the cache.
    pub data: Option<kms::Key>,
    /// Of the logs.
    pub logs: Option<kms::Key>,
    /// Of the functions' environment and dead letters.
    pub functions: Option<kms::Key>,
    _component: Component,
}

const FUNCTIONS: &str = "functions";

/// What whoever administers the account may do with a key: everything but use it. In place of `kms:*`, so that no policy
/// of a user or role can give away what the key protects.
const ADMINISTER: &[&str] = &[
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
];

/// What a service does with a key on behalf of who uses the service.
pub const USE: &[&str] = &[
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
];

impl Keys {
    /// Declares them.
    pub fn new(context: &Context, name: &str, args: KeysArgs<'_>) -> Self {
        let component = context.component("miyabi:keys:Keys", name, ResourceOptions::new());
        let encryption = args.settings.encryption;
        let place = args.place;
        let tags = args.tags.of(name);
        let key = |wanted: bool, name: &str, purpose: &str, policy: fn(&Place) -> Json| {
            // Without its key, what was kept of the data could never be read again.
            let options = match name {
                FUNCTIONS => ResourceOptions::new(),
                _ => protection(args.settings),
            };
            let days = encryption.deletion_days;
            wanted.then(|| key(component.context(), (name, purpose), days, policy(place), &tags, options))
        };
        let data = key(encryption.data_key, "data", "tables and cache", data_policy);
        let logs = key(encryption.logs_key, "logs", "logs", logs_policy);
        let functions = key(
            encryption.functions_key,
            FUNCTIONS,
            "environment and dead letters of functions",
            functions_policy,
        );
        component.register_outputs([
            ("data", data.as_ref().map(kms::Key::arn).to_input()),
            ("logs", logs.as_ref().map(kms::Key::arn).to_input()),
            (FUNCTIONS, functions.as_ref().map(kms::Key::arn).to_input()),
        ]);
        Self { data, logs, functions, _component: component }
    }
}

fn key(
    context: &Context,
    (name, purpose): (&str, &str),
    deletion_days: u32,
    policy: Json,
    tags: &ComponentTags,
    options: ResourceOptions,
) -> kms::Key {
    let key = kms::Key::with_options(
        context,
        format!("{name}-key"),
        kms::KeyArgs::new()
            .description(format!("Miyabi: {purpose}"))
            .enable_key_rotation(true)
            .deletion_window_in_days(deletion_days)
            .policy(policy)
            .tags(tags),
        options,
    );
    kms::Alias::new(
        context,
        format!("{name}-key"),
        kms::AliasArgs::new().name(format!("alias/miyabi-{name}")).target_key_id(key.key_id()),
    );
    key
}

fn administer(place: &Place) -> Statement {
    Statement::allow("Administer").account(root(place)).actions(ADMINISTER.iter().copied()).on_everything()
}

/// The account itself, which stands for everybody in it whom another policy allows the same.
fn root(place: &Place) -> Output<String> {
    interpolate!("arn:{}:iam::{}:root", &place.partition, &place.account)
}

/// Through these services alone, and by whom a policy of the account allows it.
fn through(identifier: &str, place: &Place, services: &[&str]) -> Statement {
    let services =
        services.iter().map(|service| interpolate!("{}.{}.amazonaws.com", service, &place.region)).collect();
    Statement::allow(identifier)
        .account(root(place))
        .on_everything()
        .when_one_of("StringEquals", "kms:ViaService", services)
        .when("StringEquals", "kms:CallerAccount", &place.account)
}

/// Services give themselves a grant on the key, and nobody else does.
fn grants(place: &Place, services: &[&str]) -> Statement {
    let of_service = Output::known("true".to_owned());
    through("Grant", place, services).actions(["kms:CreateGrant"]).when(
        "Bool",
        "kms:GrantIsForAWSResource",
        &of_service,
    )
}

/// A table and a cache keep a grant, which whoever makes them gives.
fn data_policy(place: &Place) -> Json {
    const SERVICES: &[&str] = &["dynamodb", "elasticache"];
    document([
        administer(place),
        through("Use", place, SERVICES).actions(USE.iter().copied()),
        grants(place, SERVICES),
    ])
}

/// CloudWatch Logs itself, for log groups of this platform.
fn logs_policy(place: &Place) -> Json {
    let groups = ["/miyabi/*", "/aws/lambda/miyabi-*", "/aws/vpc/miyabi", "API-Gateway-Execution-Logs_*"];
    let groups = groups.map(|group| place.arn("logs", format!("log-group:{group}"))).to_vec();
    document([
        administer(place),
        Statement::allow("Logs")
            .service(interpolate!("logs.{}.amazonaws.com", &place.region))
            .actions(USE.iter().copied())
            .on_everything()
            .when_one_of("ArnLike", "kms:EncryptionContext:aws:logs:arn", groups),
    ])
}

/// Lambda, which keeps a grant on what encrypts an environment, and queues.
fn functions_policy(place: &Place) -> Json {
    const SERVICES: &[&str] = &["lambda", "sqs"];
    document([
        administer(place),
        through("Use", place, SERVICES).actions(USE.iter().copied()),
        grants(place, SERVICES),
    ])
}
