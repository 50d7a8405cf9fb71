//! The rules that hold for everything that is deployed, and where one of them does not, why.
//!
//! A rule is checked by the tests against the registrations of every stage. A [`Waiver`] stands beside the resource that
//! breaks a rule, with its reason; one that nothing needs fails the tests, so that none outlives its cause.
//! `docs/POLICIES.md` is written from both.

mod page;
mod rule;

use miyabi_shared::Stage;

pub use page::page;
pub use rule::Rule;

/// A rule that a resource does not follow, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiver {
    /// The rule.
    pub rule: Rule,
    /// The resource's type, in short: `lambda.Function`.
    pub kind: &'static str,
    /// Which of that type.
    pub of: Of,
    /// The stages in which it holds.
    pub stages: &'static [Stage],
    /// Why it is right all the same.
    pub reason: &'static str,
}

/// The resources that a waiver is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Every resource of the type.
    All,
    /// Those of these names.
    Named(&'static [&'static str]),
}

/// Every stage.
pub const EVERYWHERE: &[Stage] = &Stage::ALL;
/// The emulator on a laptop.
pub const LOCAL: &[Stage] = &[Stage::Local];
/// Every stage in AWS.
pub const IN_AWS: &[Stage] = &[Stage::Dev, Stage::Stg, Stage::Prod];
/// Every stage in which nothing is kept.
pub const BEFORE_PRODUCTION: &[Stage] = &[Stage::Dev, Stage::Stg];
/// Every stage but production.
pub const NOT_PRODUCTION: &[Stage] = &[Stage::Local, Stage::Dev, Stage::Stg];

impl Waiver {
    /// A waiver for every resource of a type.
    pub const fn of_all(
        rule: Rule,
        kind: &'static str,
        stages: &'static [Stage],
        reason: &'static str,
    ) -> Self {
        Self { rule, kind, of: Of::All, stages, reason }
    }

    /// A waiver for the resources of these names.
    pub const fn of(
        rule: Rule,
        kind: &'static str,
        names: &'static [&'static str],
        stages: &'static [Stage],
        reason: &'static str,
    ) -> Self {
        Self { rule, kind, of: Of::Named(names), stages, reason }
    }

    /// Whether it is for this resource, in this stage.
    pub fn covers(&self, rule: Rule, stage: Stage, kind: &str, name: &str) -> bool {
        let named = match self.of {
            Of::All => true,
            Of::Named(names) => names.contains(&name),
        };
        self.rule == rule && self.stages.contains(&stage) && self.kind == kind && named
    }
}

/// Every waiver of the program, in the order of its components.
pub fn waivers() -> Vec<Waiver> {
    [
        crate::roles::WAIVERS,
        crate::logs::WAIVERS,
        crate::network::WAIVERS,
        crate::data::WAIVERS,
        crate::cache::WAIVERS,
        crate::compute::WAIVERS,
        crate::queues::WAIVERS,
        crate::api::WAIVERS,
        crate::socket::WAIVERS,
        crate::edge::WAIVERS,
        crate::backup::WAIVERS,
        crate::observability::WAIVERS,
    ]
    .concat()
}
