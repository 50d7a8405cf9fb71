//! The network: where it is, how it is cut, and the ways out of it.

use std::collections::BTreeSet;

use miyabi_shared::Stage;

use super::section::{Choice, Problems, Section, listed, number};
use crate::cidr::{CUT_PREFIXES, Cidr, MOST_ZONES, ZoneBlocks, zone_blocks};

/// The network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkSettings {
    /// Its addresses. The stages' do not overlap, so that they can be joined with each other.
    pub cidr: Cidr,
    /// Over which zones it is spread.
    pub zones: Zones,
    /// Subnets that were given instead of cut, the first for the first zone: all of the public ones, or none.
    pub public_subnets: Vec<Cidr>,
    /// See [`public_subnets`](Self::public_subnets).
    pub private_subnets: Vec<Cidr>,
    /// How what is inside reaches the internet.
    pub nat_gateways: NatGateways,
    /// Services that are reached without the internet, besides S3 and DynamoDB, which always are. Each costs by the hour and
    /// zone.
    pub interface_endpoints: BTreeSet<InterfaceEndpoint>,
    /// Which connections are logged.
    pub flow_logs: FlowLogs,
}

/// Zones of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zones {
    /// So many, the first ones by name that need no opting in.
    Count(u32),
    /// These.
    Named(Vec<String>),
}

impl Zones {
    /// Their names, where they are named.
    pub fn names(&self) -> &[String] {
        match self {
            Self::Count(_) => &[],
            Self::Named(names) => names,
        }
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        match self {
            Self::Count(count) => *count,
            Self::Named(names) => u32::try_from(names.len()).unwrap_or(u32::MAX),
        }
    }
}

/// How many NAT gateways there are. Each costs by the hour, whether it is used or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NatGateways {
    /// None: what is inside reaches endpoints alone.
    None,
    /// One for all zones: without its zone, no zone reaches the internet.
    One,
    /// One in each zone.
    OnePerZone,
}

impl Choice for NatGateways {
    const ALL: &'static [Self] = &[Self::None, Self::One, Self::OnePerZone];

    fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::One => "one",
            Self::OnePerZone => "one-per-zone",
        }
    }
}

/// Which connections are logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowLogs {
    /// None.
    Off,
    /// Those that were rejected.
    Rejected,
    /// All.
    All,
}

impl Choice for FlowLogs {
    const ALL: &'static [Self] = &[Self::Off, Self::Rejected, Self::All];

    fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Rejected => "rejected",
            Self::All => "all",
        }
    }
}

/// A service that can be reached through an interface within the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InterfaceEndpoint {
    /// Container images: the API.
    EcrApi,
    /// Container images: the registry.
    EcrDkr,
    /// Keys.
    Kms,
    /// CloudWatch Logs.
    Logs,
    /// CloudWatch metrics.
    Monitoring,
    /// Secrets.
    SecretsManager,
    /// Topics.
    Sns,
    /// Queues.
    Sqs,
    /// Traces.
    Xray,
}

impl Choice for InterfaceEndpoint {
    const ALL: &'static [Self] = &[
        Self::EcrApi,
        Self::EcrDkr,
        Self::Kms,
        Self::Logs,
        Self::Monitoring,
        Self::SecretsManager,
        Self::Sns,
        Self::Sqs,
        Self::Xray,
    ];

    /// The last part of the service's name, as AWS spells it.
    fn word(self) -> &'static str {
        match self {
            Self::EcrApi => "ecr.api",
            Self::EcrDkr => "ecr.dkr",
            Self::Kms => "kms",
            Self::Logs => "logs",
            Self::Monitoring => "monitoring",
            Self::SecretsManager => "secretsmanager",
            Self::Sns => "sns",
            Self::Sqs => "sqs",
            Self::Xray => "xray",
        }
    }
}

/// A network of one zone would go with it, and ElastiCache spreads over two at least.
const FEWEST_ZONES: u32 = 2;
/// What AWS takes for a network and for a subnet.
const AWS_PREFIXES: std::ops::RangeInclusive<u8> = 16..=28;

impl NetworkSettings {
    pub(super) fn of(stage: Stage) -> Option<Self> {
        let network = |second: u8, zones, nat_gateways, flow_logs| Self {
            cidr: Cidr::of_16(10, second),
            zones: Zones::Count(zones),
            public_subnets: Vec::new(),
            private_subnets: Vec::new(),
            nat_gateways,
            interface_endpoints: BTreeSet::new(),
            flow_logs,
        };
        match stage {
            Stage::Local => None,
            Stage::Dev => Some(Self {
                // Cheaper than a NAT gateway, and the only service outside that a function inside calls.
                interface_endpoints: BTreeSet::from([InterfaceEndpoint::Logs]),
                ..network(20, 2, NatGateways::None, FlowLogs::Rejected)
            }),
            Stage::Stg => Some(network(30, 2, NatGateways::One, FlowLogs::Rejected)),
            Stage::Prod => Some(network(40, 3, NatGateways::OnePerZone, FlowLogs::All)),
        }
    }

    pub(super) fn read(settings: &mut Option<Self>, top: &mut Section<'_>) {
        top.section("network", |section| {
            let mut enabled = settings.is_some();
            section.flag("enabled", &mut enabled);
            let mut network = settings.take().or_else(|| Self::of(Stage::Dev));
            if let Some(network) = &mut network {
                network.read_values(section);
            }
            *settings = network.filter(|_| enabled);
        });
    }

    fn read_values(&mut self, section: &mut Section<'_>) {
        section.text("cidr", &mut self.cidr, cidr);
        section.read("zones", &mut self.zones, |value| match value.as_array() {
            None => number(value, FEWEST_ZONES..=MOST_ZONES)
                .map(Zones::Count)
                .map_err(|expected| format!("{expected}, or a list of zones")),
            Some(names) => {
                let name =
                    |name: &serde_json::Value| name.as_str().filter(|name| is_zone(name)).map(str::to_owned);
                let names: Option<Vec<_>> = names.iter().map(name).collect();
                names.map(Zones::Named).ok_or_else(|| "expected zones such as eu-west-1a".to_owned())
            }
        });
        section.texts("publicSubnets", &mut self.public_subnets, cidr);
        section.texts("privateSubnets", &mut self.private_subnets, cidr);
        section.choice("natGateways", &mut self.nat_gateways);
        section.choices("interfaceEndpoints", &mut self.interface_endpoints);
        section.choice("flowLogs", &mut self.flow_logs);
    }

    /// The subnets of the zone with that number; `None` where its blocks are wrong, which [`check`](Self::check) says.
    pub fn blocks(&self, zone: u32) -> Option<ZoneBlocks> {
        if self.public_subnets.is_empty() && self.private_subnets.is_empty() {
            return zone_blocks(self.cidr, zone);
        }
        let index = usize::try_from(zone).ok()?;
        Some(ZoneBlocks {
            public: *self.public_subnets.get(index)?,
            private: *self.private_subnets.get(index)?,
        })
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        self.check_zones(problems);
        let block = self.cidr;
        let given = !(self.public_subnets.is_empty() && self.private_subnets.is_empty());
        let prefixes = if given { AWS_PREFIXES } else { CUT_PREFIXES };
        if !prefixes.contains(&block.prefix()) {
            problems.add(format!(
                "miyabi:network.cidr is {block}: expected a block from /{} to /{}{}",
                prefixes.start(),
                prefixes.end(),
                if given { "" } else { ", which can be cut into subnets" },
            ));
        }
        if !block.is_private() {
            problems.add(format!(
                "miyabi:network.cidr is {block}: expected a block of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or \
                 100.64.0.0/10, since others belong to somebody on the internet"
            ));
        }
        if given {
            self.check_subnets(problems);
        }
    }

    fn check_zones(&self, problems: &mut Problems) {
        let Zones::Named(names) = &self.zones else { return };
        if !(FEWEST_ZONES..=MOST_ZONES).contains(&self.zones.count()) {
            problems.add(format!(
                "miyabi:network.zones has {} zones: expected {FEWEST_ZONES} to {MOST_ZONES}",
                names.len()
            ));
        }
        let twice: BTreeSet<&str> = names
            .iter()
            .enumerate()
            .filter(|(index, name)| names[..*index].contains(name))
            .map(|(_, name)| name.as_str())
            .collect();
        if !twice.is_empty() {
            problems
                .add(format!("miyabi:network.zones names {} twice: expected each zone once", listed(twice)));
        }
    }

    fn check_subnets(&self, problems: &mut Problems) {
        let zones = self.zones.count();
        let mut subnets = Vec::new();
        for (key, blocks) in
            [("publicSubnets", &self.public_subnets), ("privateSubnets", &self.private_subnets)]
        {
            if u32::try_from(blocks.len()) != Ok(zones) {
                problems.add(format!(
                    "miyabi:network.{key} has {} blocks: expected {zones}, one a zone",
                    blocks.len()
                ));
            }
            subnets
                .extend(blocks.iter().enumerate().map(|(index, block)| (format!("{key}[{index}]"), *block)));
        }
        for (index, (place, block)) in subnets.iter().enumerate() {
            if !self.cidr.contains(*block) {
                problems
                    .add(format!("miyabi:network.{place} is {block}: expected a block within {}", self.cidr));
            }
            if !AWS_PREFIXES.contains(&block.prefix()) {
                problems.add(format!("miyabi:network.{place} is {block}: expected a block from /16 to /28"));
            }
            for (other_place, other) in &subnets[index + 1..] {
                if block.overlaps(*other) {
                    problems.add(format!(
                        "miyabi:network.{place} {block} overlaps {other_place} {other}: expected subnets that share \
                         no address"
                    ));
                }
            }
        }
    }
}

fn cidr(text: &str) -> Result<Cidr, String> {
    text.parse().map_err(|problem: crate::cidr::InvalidCidr| problem.to_string())
}

/// Whether a text has the shape of a zone's name: a region and a letter.
fn is_zone(text: &str) -> bool {
    let Some((region, letter)) = text.split_at_checked(text.len().saturating_sub(1)) else { return false };
    letter.bytes().all(|byte| byte.is_ascii_lowercase()) && !letter.is_empty() && is_region(region)
}

/// Whether a text has the shape of a region's name: `eu-west-1`, `us-gov-east-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [words @ .., number] = parts.as_slice() else { return false };
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.len() >= 2
        && words.iter().all(is_word)
        && number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
}
