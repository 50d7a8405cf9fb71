//! The stages, and what differs between them: one typed table of defaults.

use std::fmt;
use std::str::FromStr;

/// An environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// The emulator on a laptop.
    Local,
    /// Where developers try things.
    Dev,
    /// What production will be next.
    Stg,
    /// What people rely on.
    Prod,
}

/// What differs between stages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StageSettings {
    /// Whether there is a VPC with a cache in it; without, Redis comes from the configuration.
    pub network: bool,
    /// The CPU that functions are built for, as Lambda spells it.
    pub architecture: Architecture,
    /// Whether tables can be deleted only after a person has allowed it, and are kept when the stack goes.
    pub protect_data: bool,
    /// Whether tables can be set back to any second of the last 35 days.
    pub point_in_time_recovery: bool,
    /// At most so many copies of each function at once; `None` leaves it to the account's limit.
    pub reserved_concurrency: Option<u32>,
    /// Whether calls are traced.
    pub tracing: bool,
}

/// A CPU architecture, as Lambda spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// 64-bit Arm.
    Arm64,
    /// 64-bit x86.
    X86_64,
}

impl Architecture {
    /// The architecture as Lambda spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        }
    }

    /// The architecture of the machine that this runs on: what an emulator without virtual machines can run.
    pub const fn host() -> Self {
        if cfg!(target_arch = "aarch64") { Self::Arm64 } else { Self::X86_64 }
    }
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 4] = [Self::Local, Self::Dev, Self::Stg, Self::Prod];

    /// The stage's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Dev => "dev",
            Self::Stg => "stg",
            Self::Prod => "prod",
        }
    }

    /// What differs in this stage.
    pub const fn settings(self) -> StageSettings {
        match self {
            Self::Local => StageSettings {
                network: false,
                architecture: Architecture::host(),
                protect_data: false,
                point_in_time_recovery: false,
                reserved_concurrency: None,
                tracing: false,
            },
            Self::Dev => StageSettings {
                network: true,
                architecture: Architecture::Arm64,
                protect_data: false,
                point_in_time_recovery: true,
                reserved_concurrency: Some(10),
                tracing: true,
            },
            Self::Stg => StageSettings {
                network: true,
                architecture: Architecture::Arm64,
                protect_data: false,
                point_in_time_recovery: true,
                reserved_concurrency: Some(50),
                tracing: true,
            },
            Self::Prod => StageSettings {
                network: true,
                architecture: Architecture::Arm64,
                protect_data: true,
                point_in_time_recovery: true,
                reserved_concurrency: Some(100),
                tracing: true,
            },
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Why a text is no stage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no stage: expected local, dev, stg or prod")]
pub struct InvalidStage(String);

impl FromStr for Stage {
    type Err = InvalidStage;
    fn from_str(text: &str) -> Result<Self, InvalidStage> {
        Self::ALL.into_iter().find(|stage| stage.name() == text).ok_or_else(|| InvalidStage(text.to_owned()))
    }
}
