//! What a caller of the API may do, as its key or token says it.

use serde::{Deserialize, Serialize};

/// The API's name among the APIs of an issuer: what stands before its scopes, or is the audience of its tokens.
pub const AUDIENCE: &str = "miyabi";
/// The claim with a person's groups, as Cognito spells it.
pub const GROUPS_CLAIM: &str = "cognito:groups";

/// A scope of a key or an access token. Each holds those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Scope {
    /// Look at tasks, projects and logs.
    #[serde(rename = "tasks:read")]
    Read,
    /// Make tasks and send events about them.
    #[serde(rename = "tasks:write")]
    Write,
    /// Make tasks with something to run, which workers then run.
    #[serde(rename = "tasks:run")]
    Run,
    /// Do what only an operator should.
    #[serde(rename = "tasks:admin")]
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Run, Self::Admin];

    /// The scope's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "tasks:read",
            Self::Write => "tasks:write",
            Self::Run => "tasks:run",
            Self::Admin => "tasks:admin",
        }
    }

    /// The scope of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// What it allows, for whoever grants it.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Read => "Look at tasks, projects and logs",
            Self::Write => "Make tasks and send events about them",
            Self::Run => "Have commands run by workers",
            Self::Admin => "Everything",
        }
    }
}
