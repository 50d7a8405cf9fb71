//! A sign-in as what the client shows: renewed before it ends, however long a run takes.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use miyabi_client::{CredentialError, CredentialSource, Secret, SecretFuture, chain};
use miyabi_shared::Timestamp;

use super::issuer::{Asker, TokenError};
use super::store::{Session, Store};

/// A token is renewed when so much or less is left of it.
const RENEWED_BEFORE_END: Duration = Duration::from_secs(60);

/// Why a sign-in serves no more.
#[derive(Debug, thiserror::Error)]
enum SessionError {
    #[error("nobody is signed in to {0} any more")]
    Gone(String),
    #[error("the sign-in to {0} has ended, and its issuer renews none")]
    Ended(String),
    #[error("the sign-in to {url} has ended")]
    Refused {
        url: String,
        #[source]
        source: TokenError,
    },
    #[error("the sign-in to {url} cannot be renewed now")]
    Unreachable {
        url: String,
        #[source]
        source: TokenError,
    },
    #[error(transparent)]
    Store(#[from] anyhow::Error),
}

/// The sign-in to one API.
#[derive(Debug)]
pub(crate) struct SignedIn {
    url: String,
    store: Store,
    known: Mutex<Option<Session>>,
}

impl SignedIn {
    /// Who is signed in to the API at `url`; nothing where nobody is.
    pub(crate) fn find(url: &str, store: &Store) -> anyhow::Result<Option<Self>> {
        let found = store.get(url)?;
        Ok(found.map(|session| Self {
            url: url.to_owned(),
            store: store.clone(),
            known: Mutex::new(Some(session)),
        }))
    }

    fn known(&self) -> Option<Session> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn current(&self, refused: Option<&Secret>) -> Result<Secret, SessionError> {
        let serves = |session: &Session, left: Duration| {
            refused.is_none_or(|refused| refused.expose() != session.access_token)
                && session.expires_at > Timestamp::now().plus(left)
        };
        if let Some(session) = self.known().filter(|session| serves(session, RENEWED_BEFORE_END)) {
            return Ok(Secret::new(session.access_token));
        }
        let renewed = self.store.change(&self.url, async |session: Option<Session>| {
            let session = session.ok_or_else(|| SessionError::Gone(self.url.clone()))?;
            // Another process may have renewed it meanwhile.
            if serves(&session, RENEWED_BEFORE_END) { Ok(session) } else { self.renew(session).await }
        });
        match renewed.await {
            Ok(session) => {
                let secret = Secret::new(session.access_token.clone());
                *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(session);
                Ok(secret)
            }
            // What is left of it serves while the issuer is out.
            Err(error) => match self.known().filter(|session| serves(session, Duration::ZERO)) {
                Some(session) => Ok(Secret::new(session.access_token)),
                None => Err(error),
            },
        }
    }

    async fn renew(&self, session: Session) -> Result<Session, SessionError> {
        let url = || self.url.clone();
        let Some(refresh_token) = session.refresh_token.clone() else {
            return Err(SessionError::Ended(url()));
        };
        let asker = Asker::new()?;
        match asker.renewed(&session.ends, &session.client_id, &refresh_token).await {
            Ok(tokens) => Ok(Session {
                expires_at: tokens.expires_at(),
                // An issuer that gives no new one goes on taking this one.
                refresh_token: tokens.refresh_token.or(Some(refresh_token)),
                access_token: tokens.access_token,
                ..session
            }),
            Err(source @ TokenError::Refused(_)) => Err(SessionError::Refused { url: url(), source }),
            Err(source @ TokenError::Unreachable(..)) => {
                Err(SessionError::Unreachable { url: url(), source })
            }
        }
    }
}

impl CredentialSource for SignedIn {
    fn secret<'source>(&'source self, refused: Option<&'source Secret>) -> SecretFuture<'source> {
        Box::pin(async move {
            match self.current(refused).await {
                Ok(secret) => Ok(Some(secret)),
                Err(error) => Err(CredentialError::from(chain(&error))),
            }
        })
    }
}
