//! The network: public and private subnets over several zones, the ways out of it, and what watches it.
//!
//! It is there for the cache, which cannot be outside of one, and for the functions that use the cache.

mod endpoints;
mod flow_logs;
mod routes;

use std::time::Duration;

use pulumi::{Component, Context, CustomTimeouts, Output, ResourceOptions, ToInput as _};
use pulumi_aws::{
    GetAvailabilityZonesArgs, GetAvailabilityZonesFilterArgs, ec2, get_availability_zones, kms, vpc,
};

use crate::cidr::{Cidr, ZoneBlocks};
use crate::place::Place;
use crate::roles::Roles;
use crate::rules::{BEFORE_PRODUCTION, Rule, Waiver};
use crate::settings::{LogsSettings, NetworkSettings, Zones};
use crate::tags::{ComponentTags, Tags};
use endpoints::Reached;
use routes::Routes;

/// What the network needs.
#[derive(Debug)]
pub struct NetworkArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args NetworkSettings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// How long logs are kept.
    pub logs: &'args LogsSettings,
    /// What encrypts logs, where that is a key of this stack.
    pub logs_key: Option<&'args kms::Key>,
    /// Where the stack is.
    pub place: &'args Place,
    /// The functions' roles.
    pub roles: &'args Roles,
}

/// The network.
#[derive(Debug)]
pub struct Network {
    /// The VPC.
    pub vpc: ec2::Vpc,
    /// The subnets that nothing outside reaches, one a zone.
    pub private_subnets: Vec<ec2::Subnet>,
    /// The subnets with a way from and to the internet, one a zone.
    pub public_subnets: Vec<ec2::Subnet>,
    /// The gateways through which what is inside reaches the internet.
    pub nat_gateways: Vec<ec2::NatGateway>,
    /// What functions in the network carry: nothing comes in, and what goes out is encrypted or goes to the cache.
    pub functions: ec2::SecurityGroup,
    _component: Component,
}

const PUBLIC: &str = "public";
const PRIVATE: &str = "private";

/// Lambda takes a function's interfaces out up to 20 minutes after the function; AWS has been seen to take twice that.
const INTERFACES_GONE: Duration = Duration::from_secs(45 * 60);

impl Network {
    /// Declares it.
    pub fn new(context: &Context, name: &str, args: NetworkArgs<'_>) -> Self {
        let component = context.component("miyabi:network:Network", name, ResourceOptions::new());
        let context = component.context();
        let tags = args.tags.of(name);
        let vpc = ec2::Vpc::new(
            context,
            "network",
            ec2::VpcArgs::new()
                .cidr_block(args.settings.cidr.to_string())
                // Interface endpoints are found by the names that their services have anywhere.
                .enable_dns_support(true)
                .enable_dns_hostnames(true)
                .tags(tags.named("miyabi")),
        );
        // Whatever is made without a security group of its own gets this one, and reaches nothing.
        ec2::DefaultSecurityGroup::new(
            context,
            "closed",
            ec2::DefaultSecurityGroupArgs::new().vpc_id(vpc.id()).tags(tags.named("miyabi-closed")),
        );
        let zones = zones(context, &args.settings.zones);
        let subnets = |kind: &str, block: fn(ZoneBlocks) -> Cidr| -> Vec<ec2::Subnet> {
            let each = (0_u32..).zip(&zones).filter_map(|(number, zone)| {
                // The settings were checked: every zone has its blocks.
                let block = block(args.settings.blocks(number)?);
                let options = match kind {
                    PRIVATE => holds_interfaces(args.roles),
                    _ => ResourceOptions::new(),
                };
                let name = format!("{kind}-{number}");
                let args = ec2::SubnetArgs::new()
                    .vpc_id(vpc.id())
                    .availability_zone(zone)
                    .cidr_block(block.to_string())
                    .map_public_ip_on_launch(false)
                    .tags(tags.named(format!("miyabi-{name}")));
                Some(ec2::Subnet::with_options(context, name, args, options))
            });
            each.collect()
        };
        let public_subnets = subnets(PUBLIC, |blocks| blocks.public);
        let private_subnets = subnets(PRIVATE, |blocks| blocks.private);
        let routes = Routes { context, vpc: &vpc, tags: &tags };
        let (tables, nat_gateways) =
            routes.declare(&public_subnets, &private_subnets, args.settings.nat_gateways);
        let functions = functions_group(context, &vpc, args.roles, &tags);
        let reached =
            Reached { vpc: &vpc, subnets: &private_subnets, tables: &tables, functions: &functions };
        endpoints::declare(context, &args, &tags, &reached);
        flow_logs::declare(context, &args, &vpc, &tags);
        component.register_outputs([
            ("vpcId", vpc.id().to_input()),
            ("privateSubnetIds", ids(&private_subnets).to_input()),
            ("publicSubnetIds", ids(&public_subnets).to_input()),
        ]);
        Self { vpc, private_subnets, public_subnets, nat_gateways, functions, _component: component }
    }
}

/// The identifiers of subnets.
pub(crate) fn ids(subnets: &[ec2::Subnet]) -> Vec<Output<String>> {
    subnets.iter().map(ec2::Subnet::id).collect()
}

/// The names of the zones. The provider lists those of a region in one order; who wants to be sure that a region which
/// grows does not change it names them.
fn zones(context: &Context, zones: &Zones) -> Vec<Output<String>> {
    let wanted = match zones {
        Zones::Named(names) => return names.iter().cloned().map(Output::known).collect(),
        Zones::Count(wanted) => *wanted,
    };
    let args = GetAvailabilityZonesArgs::new().state("available").filters([
        // Zones near to one city must be opted in to, and have not everything.
        GetAvailabilityZonesFilterArgs::new().name("opt-in-status").values(["opt-in-not-required"]),
    ]);
    let found = get_availability_zones(context, args);
    let name = |number: u32| {
        found.try_map(move |found| {
            let names = found.names;
            let name = usize::try_from(number).ok().and_then(|number| names.get(number)).cloned();
            name.ok_or_else(|| {
                format!(
                    "the region has the zones {}: expected {wanted}, as miyabi:network.zones says",
                    names.join(", ")
                )
            })
        })
    };
    (0..wanted).map(name).collect()
}

/// Options of what the functions' interfaces are in: it can be deleted only after them.
fn holds_interfaces(roles: &Roles) -> ResourceOptions {
    let timeouts = CustomTimeouts { delete: Some(INTERFACES_GONE), ..CustomTimeouts::default() };
    roles.outlive(ResourceOptions::new().custom_timeouts(timeouts))
}

fn functions_group(
    context: &Context,
    vpc: &ec2::Vpc,
    roles: &Roles,
    tags: &ComponentTags,
) -> ec2::SecurityGroup {
    let group = ec2::SecurityGroup::with_options(
        context,
        "functions",
        ec2::SecurityGroupArgs::new()
            .description("Functions that use the cache; nothing comes in")
            .vpc_id(vpc.id())
            .tags(tags.named("miyabi-functions")),
        holds_interfaces(roles),
    );
    // How far this goes is said by the routes, and by the policies of the endpoints that they end at.
    vpc::SecurityGroupEgressRule::new(
        context,
        "functions-to-services",
        vpc::SecurityGroupEgressRuleArgs::new()
            .security_group_id(group.id())
            .description("Services of AWS")
            .ip_protocol("tcp")
            .from_port(HTTPS)
            .to_port(HTTPS)
            .cidr_ipv4("0.0.0.0/0")
            .tags(tags),
    );
    group
}

pub(crate) const HTTPS: u16 = 443;

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[Waiver::of(
    Rule::LogKey,
    "cloudwatch.LogGroup",
    &["flow-logs"],
    BEFORE_PRODUCTION,
    "The lines hold addresses of this network; CloudWatch encrypts them with a key that costs nothing.",
)];
