//! How long logs are kept.

use std::fmt;

use miyabi_shared::{LogGroup, Stage};
use serde_json::Value as Json;

use super::section::Section;

/// The logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogsSettings {
    /// What jobs write.
    pub jobs: Retention,
    /// What the platform itself says of jobs that are neither deployments nor agents.
    pub system: Retention,
    /// The functions' own.
    pub functions: Retention,
    /// Who called the API, and which connections the network has seen.
    pub access: Retention,
}

/// The days that CloudWatch Logs takes; with none of them lines would be kept, and paid, for ever.
pub const RETENTION_DAYS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

/// For how many days lines are kept: one of [`RETENTION_DAYS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Retention(u32);

impl Retention {
    /// So many days, where CloudWatch Logs takes that.
    pub fn of_days(days: u32) -> Option<Self> {
        RETENTION_DAYS.contains(&days).then_some(Self(days))
    }

    /// How many days.
    pub const fn days(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Retention {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} days", self.0)
    }
}

impl LogsSettings {
    pub(super) fn of(stage: Stage) -> Self {
        let (jobs, system, functions, access) = match stage {
            Stage::Local | Stage::Stg => (30, 90, 30, 30),
            Stage::Dev => (14, 14, 7, 7),
            Stage::Prod => (30, 90, 90, 365),
        };
        Self {
            jobs: Retention(jobs),
            system: Retention(system),
            functions: Retention(functions),
            access: Retention(access),
        }
    }

    /// How long a group that jobs write to is kept.
    pub fn of_group(&self, group: LogGroup) -> Retention {
        match group {
            LogGroup::CdkDeploy | LogGroup::Agents => self.jobs,
            LogGroup::System => self.system,
        }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        for (key, field) in [
            ("jobsDays", &mut self.jobs),
            ("systemDays", &mut self.system),
            ("functionsDays", &mut self.functions),
            ("accessDays", &mut self.access),
        ] {
            section.read(key, field, retention);
        }
    }
}

fn retention(value: &Json) -> Result<Retention, String> {
    let days = match value {
        Json::Number(number) => number.as_u64().and_then(|days| u32::try_from(days).ok()),
        Json::String(text) => text.parse().ok(),
        _ => None,
    };
    days.and_then(Retention::of_days).ok_or_else(|| {
        let days: Vec<String> = RETENTION_DAYS.iter().map(u32::to_string).collect();
        format!(
            "expected days that CloudWatch Logs takes: {}",
            super::section::listed(days.iter().map(String::as_str))
        )
    })
}
