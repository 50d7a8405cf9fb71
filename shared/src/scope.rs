//! What a caller of the API may do, as its token says it.

/// A scope of an access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Look at tasks, projects and logs.
    Read,
    /// Make tasks and send events about them.
    Write,
    /// Do what only an operator should.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// The scope's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "tasks:read",
            Self::Write => "tasks:write",
            Self::Admin => "tasks:admin",
        }
    }

    /// What it allows, for whoever grants it.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Read => "Look at tasks, projects and logs",
            Self::Write => "Make tasks and send events about them",
            Self::Admin => "Everything",
        }
    }
}
