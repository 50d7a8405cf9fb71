//! The cache: a replication group that only functions reach, and only as a user that can do what the store does.
//!
//! Nobody has a password for it. Functions sign in by a token that their role signs, which is good for 15 minutes, as a
//! user whose list of commands and keys is `miyabi_shared::cache`.

use miyabi_shared::Stage;
use miyabi_shared::cache::access_string;
use miyabi_shared::config::{CacheEndpoint, ManagedCache};
use miyabi_shared::table::Table;
use pulumi::{Args as _, Component, Context, Output, ResourceOptions, ToInput as _, all};
use pulumi_aws::{ec2, elasticache, kms, vpc};

use crate::network::{Network, ids};
use crate::rules::{IN_AWS, Rule, Waiver};
use crate::settings::{Choice as _, Engine, ManagedCacheSettings};
use crate::tags::{ComponentTags, Tags};

/// What the cache needs.
#[derive(Debug)]
pub struct CacheArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args ManagedCacheSettings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// The network that it is in.
    pub network: &'args Network,
    /// What encrypts it, where that is a key of this stack.
    pub key: Option<&'args kms::Key>,
}

/// The cache.
#[derive(Debug)]
pub struct Cache {
    /// The replication group.
    pub group: elasticache::ReplicationGroup,
    /// The user that functions sign in as.
    pub user: elasticache::User,
    _component: Component,
}

const PORT: u16 = 6379;
/// The replication group's identifier. The token of who signs in names it, so it is known before the group is.
const GROUP: &str = "miyabi";
/// Who signs in by a role is called like its identifier.
const USER: &str = "miyabi-functions";

impl Cache {
    /// Declares it.
    pub fn new(context: &Context, name: &str, args: CacheArgs<'_>) -> Self {
        let component = context.component("miyabi:cache:Cache", name, ResourceOptions::new());
        let context = component.context();
        let settings = args.settings;
        let tags = args.tags.of(name);
        let security_group = security_group(context, args.network, &tags);
        let subnets = elasticache::SubnetGroup::new(
            context,
            "cache",
            elasticache::SubnetGroupArgs::new()
                .name(GROUP)
                .description("Where the cache is")
                .subnet_ids(ids(&args.network.private_subnets))
                .tags(&tags),
        );
        let (user, users) = users(context, settings.engine, &tags);
        let replicated = settings.replicas > 0;
        let group = elasticache::ReplicationGroup::new(
            context,
            "cache",
            elasticache::ReplicationGroupArgs::new()
                .replication_group_id(GROUP)
                .description("The cache of Miyabi: a copy of what the tables hold")
                .engine(settings.engine.word())
                .engine_version(settings.engine_version.as_str())
                .node_type(settings.node_type.as_str())
                .num_cache_clusters(settings.replicas + 1)
                .automatic_failover_enabled(replicated)
                .multi_az_enabled(replicated)
                .port(PORT)
                .subnet_group_name(subnets.name())
                .security_group_ids([security_group.id()])
                .parameter_group_name(parameters(context, settings, &tags).name())
                .user_group_ids([users.id()])
                .transit_encryption_enabled(true)
                .transit_encryption_mode("required")
                .at_rest_encryption_enabled(true)
                .optional(args.key, |args, key| args.kms_key_id(key.arn()))
                .auto_minor_version_upgrade(true)
                .maintenance_window(settings.maintenance_window.as_str())
                .snapshot_retention_limit(settings.snapshot_retention_days)
                .apply_immediately(settings.apply_immediately)
                .tags(tags.named(GROUP)),
        );
        component.register_outputs([("address", group.primary_endpoint_address().to_input())]);
        Self { group, user, _component: component }
    }

    /// How a function reaches it and signs in to it.
    pub fn endpoint(&self) -> Output<CacheEndpoint> {
        let parts =
            (self.group.primary_endpoint_address(), self.user.user_id(), self.group.replication_group_id());
        all(parts).map(|(host, user_id, replication_group_id)| {
            CacheEndpoint::Managed(ManagedCache { host, port: PORT, user_id, replication_group_id })
        })
    }
}

/// Functions come in, nobody else, and nothing goes out.
fn security_group(context: &Context, network: &Network, tags: &ComponentTags) -> ec2::SecurityGroup {
    let group = ec2::SecurityGroup::new(
        context,
        "cache",
        ec2::SecurityGroupArgs::new()
            .description("The cache; functions come in")
            .vpc_id(network.vpc.id())
            .tags(tags.named("miyabi-cache")),
    );
    vpc::SecurityGroupIngressRule::new(
        context,
        "functions-to-cache",
        vpc::SecurityGroupIngressRuleArgs::new()
            .security_group_id(group.id())
            .description("Functions that use the cache")
            .ip_protocol("tcp")
            .from_port(PORT)
            .to_port(PORT)
            .referenced_security_group_id(network.functions.id())
            .tags(tags),
    );
    vpc::SecurityGroupEgressRule::new(
        context,
        "functions-to-cache",
        vpc::SecurityGroupEgressRuleArgs::new()
            .security_group_id(network.functions.id())
            .description("The cache")
            .ip_protocol("tcp")
            .from_port(PORT)
            .to_port(PORT)
            .referenced_security_group_id(group.id())
            .tags(tags),
    );
    group
}

fn parameters(
    context: &Context,
    settings: &ManagedCacheSettings,
    tags: &ComponentTags,
) -> elasticache::ParameterGroup {
    let major = settings.engine_version.split('.').next().unwrap_or_default();
    let family = format!("{}{major}", settings.engine.word());
    // A group belongs to a family for ever: with another one comes another group.
    let name = format!("{GROUP}-{family}");
    elasticache::ParameterGroup::new(
        context,
        name.as_str(),
        elasticache::ParameterGroupArgs::new()
            .name(name.as_str())
            .family(family)
            .description("How the cache of Miyabi runs")
            .parameters([elasticache::ParameterGroupParameterArgs::new()
                .name("maxmemory-policy")
                .value(settings.maxmemory_policy.word())])
            .tags(tags),
    )
}

/// The functions' user, and the group of all users.
///
/// Redis OSS wants a user called `default` in every group, so there it is one who is turned off and may do nothing.
/// Valkey wants none, and takes nobody who has neither a role nor a password.
fn users(
    context: &Context,
    engine: Engine,
    tags: &ComponentTags,
) -> (elasticache::User, elasticache::UserGroup) {
    let functions = elasticache::User::new(
        context,
        "functions",
        elasticache::UserArgs::new()
            .user_id(USER)
            .user_name(USER)
            .engine(engine.word())
            .access_string(access_string(Table::Tasks.declaration().name))
            .authentication_mode(elasticache::UserAuthenticationModeArgs::new().type_("iam"))
            .tags(tags),
    );
    let mut ids = vec![functions.user_id()];
    if engine == Engine::Redis {
        let nobody = elasticache::User::new(
            context,
            "nobody",
            elasticache::UserArgs::new()
                .user_id("miyabi-nobody")
                .user_name("default")
                .engine(engine.word())
                .access_string("off -@all")
                .authentication_mode(
                    elasticache::UserAuthenticationModeArgs::new().type_("no-password-required"),
                )
                .tags(tags),
        );
        ids.push(nobody.user_id());
    }
    let group = elasticache::UserGroup::new(
        context,
        "cache",
        elasticache::UserGroupArgs::new().user_group_id(GROUP).engine(engine.word()).user_ids(ids).tags(tags),
    );
    (functions, group)
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[
    Waiver::of_all(
        Rule::CacheSnapshots,
        "elasticache.ReplicationGroup",
        IN_AWS,
        "It is a copy of what the tables hold and believes nothing that an earlier server wrote: the first reader would \
         throw a snapshot away.",
    ),
    Waiver::of_all(
        Rule::CacheFailover,
        "elasticache.ReplicationGroup",
        &[Stage::Dev],
        "Without the cache reads are slower and never wrong, which this stage can bear for the price of a second node.",
    ),
];
