//! Operation: who is told of what, what it may cost, and what is kept for the worst day.

use miyabi_shared::Stage;

use super::domain::{checked, is_email};
use super::section::{Problems, Section};

/// Operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationSettings {
    /// Whether anything is watched: by alarms. An emulator on a laptop is watched by who sits there.
    pub watched: bool,
    /// Who is told of alarms and of the budget.
    pub email: Option<String>,
    /// Who pays.
    pub cost_owner: String,
    /// What a month may cost, in USD; without, nothing watches it.
    pub monthly_budget: Option<u32>,
    /// How many of a hundred requests are traced, besides one a second.
    pub traced_percent: u32,
    /// For how many days daily backups are kept, apart from the tables; without, there are none.
    pub backup_days: Option<u32>,
}

impl OperationSettings {
    pub(super) fn of(stage: Stage) -> Self {
        let on_aws = stage != Stage::Local;
        Self {
            watched: on_aws,
            email: None,
            cost_owner: "unassigned".to_owned(),
            monthly_budget: match stage {
                Stage::Local => None,
                Stage::Dev => Some(60),
                Stage::Stg => Some(100),
                Stage::Prod => Some(500),
            },
            // A trace costs more than the request that it is of.
            traced_percent: if stage == Stage::Dev { 100 } else { 5 },
            // A year and a month: what is missed after the yearly accounts can still be had.
            backup_days: (stage == Stage::Prod).then_some(395),
        }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        section.text("email", &mut self.email, |text| {
            checked(text, is_email, "expected an address such as team@example.com").map(Some)
        });
        section.text("costOwner", &mut self.cost_owner, |text| {
            checked(text, is_tag, "expected at most 256 letters, digits, spaces and + - = . _ : / @")
        });
        section.number("tracedPercent", &mut self.traced_percent, 0..=100);
        let (mut budget, mut days) = (0, 0);
        let given = [section.has("monthlyBudget"), section.has("backupDays")];
        section.number("monthlyBudget", &mut budget, 1..=1_000_000);
        section.number("backupDays", &mut days, 1..=3650);
        if given[0] {
            self.monthly_budget = Some(budget);
        }
        if given[1] {
            self.backup_days = Some(days);
        }
    }

    pub(super) fn check(&self, stage: Stage, problems: &mut Problems) {
        if stage != Stage::Local {
            return;
        }
        let set = [
            ("email", self.email.is_some()),
            ("monthlyBudget", self.monthly_budget.is_some()),
            ("backupDays", self.backup_days.is_some()),
        ];
        for (key, _) in set.into_iter().filter(|(_, set)| *set) {
            problems.add(format!(
                "miyabi:operation.{key} is set: expected nothing of it in the stage local, which nothing watches"
            ));
        }
    }
}

/// What AWS takes as the value of a tag.
fn is_tag(text: &str) -> bool {
    (1..=256).contains(&text.len())
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || " +-=._:/@".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_holds_what_aws_takes() {
        assert!(
            is_tag("team-a/web@example.com") && !is_tag("a;b") && !is_tag("") && !is_tag(&"x".repeat(257))
        );
    }
}
