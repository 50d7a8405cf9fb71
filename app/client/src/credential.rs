//! What a caller shows itself with.

use std::fmt::{Debug, Formatter};
use std::future::Future;
use std::pin::Pin;

/// An API key, an access token or the token of a share link. It is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A secret of that text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for whoever sends or keeps it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Debug for Secret {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Why there is nothing to show.
pub type CredentialError = Box<dyn std::error::Error + Send + Sync>;

/// What a [`CredentialSource`] answers.
pub type SecretFuture<'source> =
    Pin<Box<dyn Future<Output = Result<Option<Secret>, CredentialError>> + Send + 'source>>;

/// Where a client gets what it shows itself with: asked before every call, so that it can renew what ends.
pub trait CredentialSource: Debug + Send + Sync {
    /// What to show now; nothing where there is nothing. `refused` is what the API has just refused: a source that can get
    /// another one does so.
    fn secret<'source>(&'source self, refused: Option<&'source Secret>) -> SecretFuture<'source>;
}

impl CredentialSource for Secret {
    fn secret<'source>(&'source self, _: Option<&'source Self>) -> SecretFuture<'source> {
        Box::pin(std::future::ready(Ok(Some(self.clone()))))
    }
}
