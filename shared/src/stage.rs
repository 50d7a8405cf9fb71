//! The stages.

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
