//! How large a part of a worker a job needs.

use std::fmt;
use std::str::FromStr;

/// A size class. Workers have one too: it is how much they can run at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Size {
    /// 0.25 vCPU, 512 MB.
    Light,
    /// 0.5 vCPU, 1 GB.
    Standard,
    /// 1 vCPU, 2 GB.
    Medium,
    /// 2 vCPU, 4 GB.
    Heavy,
    /// 4 vCPU, 8 GB.
    Xl,
}

/// Why a text is no size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no size: expected light, standard, medium, heavy or xl")]
pub struct InvalidSize(String);

impl Size {
    /// Every size, the smallest first.
    pub const ALL: [Self; 5] = [Self::Light, Self::Standard, Self::Medium, Self::Heavy, Self::Xl];

    /// The size as the API spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Standard => "standard",
            Self::Medium => "medium",
            Self::Heavy => "heavy",
            Self::Xl => "xl",
        }
    }

    /// Its share of a processor, in 1024ths as Fargate counts them.
    pub const fn cpu_units(self) -> u32 {
        match self {
            Self::Light => 256,
            Self::Standard => 512,
            Self::Medium => 1024,
            Self::Heavy => 2048,
            Self::Xl => 4096,
        }
    }

    /// Its memory in MB.
    pub const fn memory_megabytes(self) -> u32 {
        self.cpu_units() * 2
    }

    /// How many jobs of a size run on a worker of this one at a time: as many as its processors hold.
    pub const fn holds(self, job: Self) -> u32 {
        self.cpu_units() / job.cpu_units()
    }
}

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Size {
    type Err = InvalidSize;
    fn from_str(text: &str) -> Result<Self, InvalidSize> {
        Self::ALL.into_iter().find(|size| size.as_str() == text).ok_or_else(|| InvalidSize(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_fargate_and_hold_each_other() {
        let table: Vec<_> = Size::ALL.map(|size| (size.cpu_units(), size.memory_megabytes())).into();
        assert_eq!(table, [(256, 512), (512, 1024), (1024, 2048), (2048, 4096), (4096, 8192)]);
        assert_eq!((Size::Xl.holds(Size::Light), Size::Light.holds(Size::Standard)), (16, 0));
        for size in Size::ALL {
            assert_eq!(size.as_str().parse::<Size>().unwrap(), size);
        }
    }
}
