//! The functions: how many of them run at once, and how a new version takes over.

use std::collections::BTreeMap;

use miyabi_shared::function::Trigger;
use miyabi_shared::{Function, Stage};
use serde_json::Value as Json;

use super::section::{Choice, Problems, Section, listed, number};

/// The functions.
#[derive(Debug, Clone, PartialEq)]
pub struct ComputeSettings {
    /// The CPU that they are built for.
    pub architecture: Architecture,
    /// Whether calls are traced.
    pub tracing: bool,
    /// How much they log.
    pub log_level: LogLevel,
    /// At most so many copies of each at once, which no other function of the account can take away; those without are
    /// limited by the account alone.
    pub reserved_concurrency: BTreeMap<Function, u32>,
    /// So many copies of each are kept ready, which cost by the hour.
    pub provisioned_concurrency: BTreeMap<Function, u32>,
    /// Whether callers go through an alias, behind which versions change.
    pub versions: bool,
    /// Which callers an earlier version still answers.
    pub traffic_shift: BTreeMap<Function, TrafficShift>,
    /// Whether events that a function could not handle are kept in a queue.
    pub dead_letters: bool,
}

/// An earlier version that still answers some of the calls.
#[derive(Debug, Clone, PartialEq)]
pub struct TrafficShift {
    /// The version's number.
    pub version: String,
    /// How many of a hundred calls it answers.
    pub percent: u32,
}

/// A CPU architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// 64-bit Arm.
    Arm64,
    /// 64-bit x86.
    X86_64,
}

impl Choice for Architecture {
    const ALL: &'static [Self] = &[Self::Arm64, Self::X86_64];

    /// As Lambda spells it.
    fn word(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }
}

impl Architecture {
    /// That of the machine that this runs on: what an emulator without virtual machines can run.
    pub const fn host() -> Self {
        if cfg!(target_arch = "aarch64") { Self::Arm64 } else { Self::X86_64 }
    }
}

/// How much a function logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// And what went wrong but did not matter.
    Warn,
    /// And what happened.
    Info,
    /// And how.
    Debug,
    /// And everything else.
    Trace,
}

impl Choice for LogLevel {
    const ALL: &'static [Self] = &[Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// What an account has at first; more is asked for.
const MOST_COPIES: u32 = 1000;

impl ComputeSettings {
    pub(super) fn of(stage: Stage) -> Self {
        let reserved = match stage {
            Stage::Local => None,
            Stage::Dev => Some(10),
            Stage::Stg => Some(50),
            Stage::Prod => Some(100),
        };
        let on_aws = stage != Stage::Local;
        Self {
            architecture: if on_aws { Architecture::Arm64 } else { Architecture::host() },
            tracing: on_aws,
            log_level: LogLevel::Info,
            reserved_concurrency: Function::ALL
                .into_iter()
                .filter_map(|function| {
                    // Whom the clock calls runs once.
                    let once = function.declaration().trigger == Trigger::EveryMinute;
                    reserved.map(|copies| (function, if once { 1 } else { copies }))
                })
                .collect(),
            // A cold start takes some 100 ms of one call in hundreds: not worth a copy that is always paid.
            provisioned_concurrency: BTreeMap::new(),
            versions: on_aws,
            traffic_shift: BTreeMap::new(),
            dead_letters: on_aws,
        }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        section.choice("architecture", &mut self.architecture);
        section.flag("tracing", &mut self.tracing);
        section.choice("logLevel", &mut self.log_level);
        section.read("reservedConcurrency", &mut self.reserved_concurrency, by_function);
        section.read("provisionedConcurrency", &mut self.provisioned_concurrency, by_function);
        section.flag("versions", &mut self.versions);
        section.flag("deadLetters", &mut self.dead_letters);
        section.section("trafficShift", |section| {
            for function in Function::ALL {
                if !section.has(function.name()) {
                    continue;
                }
                let mut shift = TrafficShift { version: String::new(), percent: 0 };
                section.section(function.name(), |section| shift.read(section));
                self.traffic_shift.insert(function, shift);
            }
            for function in Function::ALL {
                // Known, whether it is set or not.
                section.section(function.name(), |_| {});
            }
        });
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        for (function, copies) in &self.provisioned_concurrency {
            let name = function.name();
            if let Some(reserved) = self.reserved_concurrency.get(function)
                && copies > reserved
            {
                problems.add(format!(
                    "miyabi:compute.provisionedConcurrency keeps {copies} copies of {name} ready: expected at most the \
                     {reserved} that miyabi:compute.reservedConcurrency allows"
                ));
            }
            if self.traffic_shift.contains_key(function) {
                problems.add(format!(
                    "miyabi:compute.provisionedConcurrency and miyabi:compute.trafficShift are both set for {name}: expected \
                     one of them, since Lambda keeps no copies ready behind an alias of two versions"
                ));
            }
            if !self.versions {
                problems.add(format!(
                    "miyabi:compute.provisionedConcurrency is set for {name}, and miyabi:compute.versions is false: \
                     expected versions, since only a version can be kept ready"
                ));
            }
        }
        if !self.versions && !self.traffic_shift.is_empty() {
            problems.add(
                "miyabi:compute.trafficShift is set and miyabi:compute.versions is false: expected versions, between \
                 which calls can be shifted",
            );
        }
        let reserved: u32 = self.reserved_concurrency.values().sum();
        // Lambda refuses a reservation that leaves the account's other functions less than this.
        const LEFT: u32 = 100;
        if reserved > MOST_COPIES - LEFT {
            problems.add(format!(
                "miyabi:compute.reservedConcurrency reserves {reserved} copies in all: expected at most {}, since Lambda \
                 keeps {LEFT} of the account's {MOST_COPIES} for other functions",
                MOST_COPIES - LEFT
            ));
        }
    }
}

impl TrafficShift {
    fn read(&mut self, section: &mut Section<'_>) {
        for key in ["version", "percent"] {
            if !section.has(key) {
                section.missing(
                    key,
                    "expected the number of an earlier version and the percentage of calls that it answers",
                );
            }
        }
        section.read("version", &mut self.version, |value| {
            number(value, 1..=u32::MAX)
                .map(|version| version.to_string())
                .map_err(|_| "expected the number of an earlier version".to_owned())
        });
        section.number("percent", &mut self.percent, 1..=99);
    }
}

/// One number for every function, or a number by the function's name.
fn by_function(value: &Json) -> Result<BTreeMap<Function, u32>, String> {
    let names = || listed(Function::ALL.iter().map(|function| function.name()));
    let expected = |problem: String| format!("{problem}, or such numbers by {}", names());
    match value {
        Json::Object(entries) => entries
            .iter()
            .map(|(name, value)| {
                let function = Function::ALL.into_iter().find(|function| function.name() == name);
                let function =
                    function.ok_or_else(|| format!("{name:?} is no function: expected {}", names()))?;
                Ok((function, number(value, 1..=MOST_COPIES)?))
            })
            .collect(),
        // Nothing is reserved by saying none, since 0 would stop the function.
        Json::String(text) if text == "none" => Ok(BTreeMap::new()),
        value => {
            let copies = number(value, 1..=MOST_COPIES).map_err(expected)?;
            Ok(Function::ALL.into_iter().map(|function| (function, copies)).collect())
        }
    }
}
