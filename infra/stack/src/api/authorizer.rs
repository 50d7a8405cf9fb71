//! How the gateway knows who is there.

use std::fmt;

use crate::settings::{ApiSettings, Authorizer};

/// What stands before a method.
#[derive(Clone, Copy)]
pub(super) enum Guard {
    /// Nothing: the function asks.
    Open { needs_key: bool },
    /// A signature by an identity of the account.
    Signature { needs_key: bool },
}

/// What of it is deployed, which is what an identifier stands for.
impl fmt::Debug for Guard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.needs_key() { "+key" } else { "" };
        match self {
            Self::Open { .. } => write!(formatter, "Open{key}"),
            Self::Signature { .. } => write!(formatter, "Signature{key}"),
        }
    }
}

impl Guard {
    /// What an API has.
    pub(super) fn of(settings: &ApiSettings) -> Self {
        let needs_key = !settings.keys.is_empty();
        match settings.authorizer {
            Authorizer::Iam => Self::Signature { needs_key },
            // Keys, share links and tokens of any issuer are the function's to check: the gateway knows none of them.
            Authorizer::None | Authorizer::Cognito | Authorizer::Oidc => Self::Open { needs_key },
        }
    }

    /// The same for what watches the API from outside, which has no name there.
    pub(super) fn open() -> Self {
        Self::Open { needs_key: false }
    }

    pub(super) fn asks(self) -> bool {
        matches!(self, Self::Signature { .. })
    }

    pub(super) fn authorization(self) -> &'static str {
        match self {
            Self::Open { .. } => "NONE",
            Self::Signature { .. } => "AWS_IAM",
        }
    }

    pub(super) fn needs_key(self) -> bool {
        match self {
            Self::Open { needs_key } | Self::Signature { needs_key } => needs_key,
        }
    }
}
