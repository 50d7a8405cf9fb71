//! The API: how it knows who is there, and how much it lets through.

use miyabi_shared::Stage;

use super::domain::{Domain, checked};
use super::oidc::OidcSettings;
use super::section::{Choice, Problems, Section, listed};

/// The API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiSettings {
    /// Whether API Gateway itself does anything for this API: asks, throttles, validates, logs. Without, it passes
    /// everything on, as the emulator does.
    pub gateway: bool,
    /// How it knows who is there.
    pub authorizer: Authorizer,
    /// The issuer whose tokens are believed, where it is none of this stack.
    pub oidc: Option<OidcSettings>,
    /// So many requests a second are let through, over all callers. The account's own limit is 10,000.
    pub requests_per_second: u32,
    /// So many may come at once.
    pub burst: u32,
    /// What of executions is logged.
    pub execution_log: ExecutionLog,
    /// Names of callers that are counted one by one. With any, every caller needs a key.
    pub keys: Vec<String>,
    /// So many requests a day are let through for each key.
    pub requests_per_day_and_key: u32,
    /// Whether this stack sets the role by which API Gateway writes logs: one for an account and region.
    pub log_role: bool,
    /// Its own name.
    pub domain: Option<Domain>,
}

/// How the API knows who is there. Except with `iam`, API keys and share links are good too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorizer {
    /// It does not ask. Only for the emulator on a laptop.
    None,
    /// Tokens of a user pool that this stack makes, with scopes.
    Cognito,
    /// Tokens of an issuer elsewhere, which `miyabi:api.oidc` describes.
    Oidc,
    /// Requests signed by an identity of the account.
    Iam,
}

impl Choice for Authorizer {
    const ALL: &'static [Self] = &[Self::None, Self::Cognito, Self::Oidc, Self::Iam];

    fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Cognito => "cognito",
            Self::Oidc => "oidc",
            Self::Iam => "iam",
        }
    }
}

/// What of executions is logged. Bodies never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionLog {
    /// What went wrong within API Gateway.
    Errors,
    /// Every step of every request.
    Everything,
}

impl Choice for ExecutionLog {
    const ALL: &'static [Self] = &[Self::Errors, Self::Everything];

    fn word(self) -> &'static str {
        match self {
            Self::Errors => "errors",
            Self::Everything => "everything",
        }
    }
}

impl ExecutionLog {
    /// The level as API Gateway spells it.
    pub const fn level(self) -> &'static str {
        match self {
            Self::Errors => "ERROR",
            Self::Everything => "INFO",
        }
    }
}

impl ApiSettings {
    pub(super) fn of(stage: Stage) -> Self {
        let on_aws = stage != Stage::Local;
        Self {
            gateway: on_aws,
            authorizer: if on_aws { Authorizer::Cognito } else { Authorizer::None },
            oidc: None,
            requests_per_second: 1000,
            burst: 2000,
            execution_log: if stage == Stage::Dev { ExecutionLog::Everything } else { ExecutionLog::Errors },
            keys: Vec::new(),
            requests_per_day_and_key: 1_000_000,
            log_role: true,
            domain: None,
        }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        section.choice("authorizer", &mut self.authorizer);
        OidcSettings::read(&mut self.oidc, section);
        section.number("requestsPerSecond", &mut self.requests_per_second, 1..=10_000);
        section.number("burst", &mut self.burst, 1..=5_000);
        section.choice("executionLog", &mut self.execution_log);
        section.texts("keys", &mut self.keys, |text| {
            checked(text, is_name, "expected at most 64 letters, digits, - and _")
        });
        section.number("requestsPerDayAndKey", &mut self.requests_per_day_and_key, 1..=1_000_000_000);
        section.flag("logRole", &mut self.log_role);
        Domain::read(&mut self.domain, section);
    }

    pub(super) fn check(&self, stage: Stage, problems: &mut Problems) {
        match (stage, self.authorizer) {
            (Stage::Local, Authorizer::Cognito | Authorizer::Oidc | Authorizer::Iam) => problems.add(format!(
                "miyabi:api.authorizer is {}: expected none in the stage local, since the emulator knows no callers",
                self.authorizer.word()
            )),
            (Stage::Dev | Stage::Stg | Stage::Prod, Authorizer::None) => problems.add(format!(
                "miyabi:api.authorizer is none: expected {} outside of a laptop, where anyone could call the API",
                listed([Authorizer::Cognito.word(), Authorizer::Oidc.word(), Authorizer::Iam.word()])
            )),
            _ => {}
        }
        match (self.authorizer == Authorizer::Oidc, &self.oidc) {
            (true, None) => problems.add(
                "miyabi:api.authorizer is oidc and miyabi:api.oidc is not set: expected the issuer to believe",
            ),
            (false, Some(_)) => problems.add(format!(
                "miyabi:api.oidc is set and miyabi:api.authorizer is {}: expected oidc, or nobody asks that issuer",
                self.authorizer.word()
            )),
            _ => {}
        }
        if self.domain.is_some() && !self.gateway {
            problems.add("miyabi:api.domain is set: expected none in the stage local, which has no names");
        }
        let mut names = self.keys.clone();
        names.sort_unstable();
        if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            problems.add(format!("miyabi:api.keys names {:?} twice: expected each caller once", twice[0]));
        }
    }
}

fn is_name(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"-_".contains(&letter))
}
