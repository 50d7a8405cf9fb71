//! The tables: how they are kept, and what they can take.

use miyabi_shared::Stage;

use super::section::{Choice, Problems, Section};

/// The tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSettings {
    /// Whether tables and jobs' logs can be deleted only after a person has allowed it, and stay when the stack goes.
    pub protect: bool,
    /// To any second of how many last days tables can be set back; 0 is not at all.
    pub recovery_days: u32,
    /// What they can take.
    pub capacity: Capacity,
}

/// What a table can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capacity {
    /// Whatever comes, paid by the request.
    OnDemand,
    /// Units by the second, paid whether they are used or not, that follow the load. Each index has the same of its own:
    /// one with less would hold up the writes of its table.
    Provisioned {
        /// Reads.
        read: Range,
        /// Writes.
        write: Range,
        /// At how many percent of use they grow.
        utilization_percent: u32,
    },
}

/// From where to where a capacity goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub least: u32,
    /// The most.
    pub most: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum Billing {
    OnDemand,
    Provisioned,
}

impl Choice for Billing {
    const ALL: &'static [Self] = &[Self::OnDemand, Self::Provisioned];

    fn word(self) -> &'static str {
        match self {
            Self::OnDemand => "on-demand",
            Self::Provisioned => "provisioned",
        }
    }
}

/// What one table may have by the account's quota.
const MOST_UNITS: u32 = 40_000;

impl DataSettings {
    pub(super) fn of(stage: Stage) -> Self {
        Self {
            protect: stage == Stage::Prod,
            recovery_days: match stage {
                Stage::Local => 0,
                Stage::Dev => 7,
                Stage::Stg | Stage::Prod => 35,
            },
            capacity: Capacity::OnDemand,
        }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        section.flag("protect", &mut self.protect);
        section.number("recoveryDays", &mut self.recovery_days, 0..=35);
        let mut billing = Billing::OnDemand;
        section.choice("billing", &mut billing);
        let mut read = Range { least: 5, most: 100 };
        let mut write = read;
        let mut utilization_percent = 70;
        let units = section.has("read") || section.has("write") || section.has("utilizationPercent");
        section.section("read", |section| read.read(section));
        section.section("write", |section| write.read(section));
        section.number("utilizationPercent", &mut utilization_percent, 20..=90);
        match billing {
            Billing::Provisioned => self.capacity = Capacity::Provisioned { read, write, utilization_percent },
            Billing::OnDemand if units => section.problem(
                "miyabi:data has units of capacity, and its billing is on-demand, which has none: expected billing \
                 provisioned with them",
            ),
            Billing::OnDemand => {}
        }
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let Capacity::Provisioned { read, write, .. } = self.capacity else { return };
        for (key, range) in [("read", read), ("write", write)] {
            if range.least > range.most {
                problems.add(format!(
                    "miyabi:data.{key} is from {} to {}: expected the least not to be above the most",
                    range.least, range.most
                ));
            }
        }
    }
}

impl Range {
    fn read(&mut self, section: &mut Section<'_>) {
        section.number("least", &mut self.least, 1..=MOST_UNITS);
        section.number("most", &mut self.most, 1..=MOST_UNITS);
    }
}
