//! Who calls, and what that caller may do.
//!
//! [`rules`] says in one place what every route needs; [`guard`] asks it of every request before its handler runs, and
//! holds callers to their projects wherever a path names a task. Handlers that look at several tasks take the
//! [`Caller`] and hold it to its projects themselves.

mod caller;
mod credentials;
mod guard;
mod issuer;
mod keys;
mod rules;
mod secret;
mod share;
mod tokens;

use aws_config::SdkConfig;
use miyabi_shared::config::{Authentication, AuthenticationConfig, is_local_endpoint};

pub(crate) use caller::Caller;
pub(crate) use credentials::Credentials;
pub(crate) use guard::guard;
pub(crate) use rules::{Need, need};

use crate::state::StartError;
use tokens::Tokens;

/// What callers are known by.
#[derive(Debug, Clone)]
pub struct Access {
    pub(crate) authentication: Authentication,
    pub(crate) credentials: Credentials,
    pub(crate) tokens: Option<Tokens>,
}

impl Access {
    /// Nothing is asked of anybody yet.
    ///
    /// # Errors
    /// When everybody would be let in where others than this machine can ask.
    pub(crate) fn new(config: &AuthenticationConfig, aws: &SdkConfig) -> Result<Self, StartError> {
        let local = aws.endpoint_url().is_some_and(is_local_endpoint);
        if config.authentication == Authentication::Open && !local {
            return Err(StartError::OpenToOthers);
        }
        let credentials = Credentials::new(&config.credentials_table, aws);
        let tokens = config.tokens.as_ref().map(|tokens| Tokens::new(tokens, &credentials));
        Ok(Self { authentication: config.authentication, credentials, tokens })
    }
}
