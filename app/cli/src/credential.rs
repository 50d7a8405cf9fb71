//! What the API is shown: a key or a token that is configured, else the sign-in of this user.

use std::sync::Arc;

use miyabi_client::{Client, ClientError, CredentialError, Retries, Secret};
use miyabi_shared::local;

use crate::sign_in::session::SignedIn;
use crate::sign_in::store::Store;

/// Looks a variable up.
pub(crate) type Lookup<'lookup> = &'lookup dyn Fn(&'static str) -> Option<String>;

/// What is shown, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ApiCredentials {
    /// The one API that a configured key or token is for; what was configured, and by which variable.
    configured: Option<(String, Secret, &'static str)>,
    store: Option<Store>,
}

/// What an API is shown, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shown {
    /// What this variable holds.
    Variable(&'static str),
    /// The sign-in of this user.
    SignIn,
    Nothing,
}

impl ApiCredentials {
    /// What the first of `places` that has a key or a token says, for the API at `url`.
    pub(crate) fn new(url: Option<String>, places: &[Lookup<'_>], store: Option<Store>) -> Self {
        let configured = url.and_then(|url| {
            let variables = [local::API_KEY, local::TOKEN];
            let found = places.iter().find_map(|place| {
                variables.iter().find_map(|name| {
                    let text = place(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
                    text.map(|text| (Secret::new(text), *name))
                })
            });
            found.map(|(secret, name)| (url, secret, name))
        });
        Self { configured, store }
    }

    /// What the API at `url` is shown.
    pub(crate) fn shown(&self, url: &str) -> Result<Shown, ClientError> {
        if let Some(name) = self.configured_for(url).map(|(_, name)| name) {
            return Ok(Shown::Variable(name));
        }
        Ok(if self.signed_in(url)?.is_some() { Shown::SignIn } else { Shown::Nothing })
    }

    fn configured_for(&self, url: &str) -> Option<(&Secret, &'static str)> {
        let (place, secret, name) = self.configured.as_ref()?;
        (place == url.trim_end_matches('/')).then_some((secret, name))
    }

    fn signed_in(&self, url: &str) -> Result<Option<SignedIn>, ClientError> {
        let Some(store) = &self.store else { return Ok(None) };
        let found = SignedIn::find(url.trim_end_matches('/'), store);
        found.map_err(|error| ClientError::Credential(CredentialError::from(error)))
    }

    /// A client of the API at `url` that shows what there is for it.
    pub(crate) fn client(&self, url: &str) -> Result<Client, ClientError> {
        let client = Client::new(url)?;
        if let Some((secret, _)) = self.configured_for(url) {
            return Ok(client.with_secret(secret.clone()));
        }
        Ok(match self.signed_in(url)? {
            Some(source) => client.with_source(Arc::new(source)),
            None => client,
        })
    }

    /// The same for whoever repeats calls by itself.
    pub(crate) fn patient_client(&self, url: &str) -> Result<Client, ClientError> {
        Ok(self.client(url)?.with_retries(Retries::NONE))
    }
}
