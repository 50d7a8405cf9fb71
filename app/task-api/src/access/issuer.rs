//! The public keys of an issuer (JWKS), as they change.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use miyabi_issuer_keys::{Fetcher, KeysError};
use miyabi_shared::config::{KeysFrom, TokenConfig};
use miyabi_shared::table::credentials::{DOCUMENT, ISSUER};
use tokio::sync::Mutex;

use super::credentials::{Credentials, text_of};
use crate::error::ApiError;

/// After how long keys are asked for again. Until that succeeds, those that are known go on being good.
const FRESH_FOR: Duration = Duration::from_secs(60 * 60);
/// How often the issuer is asked at most, whatever tokens come.
const ASKED_EVERY: Duration = Duration::from_secs(5);

type Keys = HashMap<String, (Algorithm, DecodingKey)>;

#[derive(Debug, Default)]
struct Known {
    keys: Arc<Keys>,
    learnt_at: Option<Instant>,
}

/// Where keys are asked for.
#[derive(Debug)]
enum Source {
    Issuer(Fetcher),
    Table(Credentials),
}

/// An issuer's keys. They are asked for when the first token comes.
#[derive(Debug)]
pub(crate) struct IssuerKeys {
    url: String,
    source: Source,
    known: RwLock<Known>,
    /// When the issuer was asked last. Held while it is asked, so that one asks and the others wait.
    asked_at: Mutex<Option<Instant>>,
}

impl IssuerKeys {
    pub(crate) fn new(config: &TokenConfig, credentials: &Credentials) -> Self {
        let source = match config.keys_from {
            KeysFrom::Issuer => Source::Issuer(Fetcher::new(&config.keys_url)),
            KeysFrom::Table => Source::Table(credentials.clone()),
        };
        Self { url: config.keys_url.clone(), source, known: RwLock::default(), asked_at: Mutex::new(None) }
    }

    /// The key of that name; `None` where the issuer has none.
    pub(crate) async fn key(&self, name: &str) -> Result<Option<(Algorithm, DecodingKey)>, KeysError> {
        let (found, fresh, any) = self.look_up(name);
        if found.is_some() && fresh {
            return Ok(found);
        }
        match (self.refresh().await, any) {
            // What was known goes on being good while the issuer is out.
            (Err(error), true) => {
                tracing::warn!(error = %miyabi_telemetry::Chain(&error), "keys could not be refreshed");
            }
            (Err(error), false) => return Err(error),
            (Ok(()), _) => {}
        }
        Ok(self.look_up(name).0)
    }

    /// The key, whether what is known is fresh, and whether anything is known.
    fn look_up(&self, name: &str) -> (Option<(Algorithm, DecodingKey)>, bool, bool) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.learnt_at.is_some_and(|at| at.elapsed() < FRESH_FOR);
        (known.keys.get(name).cloned(), fresh, known.learnt_at.is_some())
    }

    /// Asks the issuer, unless it was asked a moment ago.
    async fn refresh(&self) -> Result<(), KeysError> {
        let mut asked_at = self.asked_at.lock().await;
        if asked_at.is_some_and(|at| at.elapsed() < ASKED_EVERY) {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner).learnt_at.is_some();
            let what = "nothing a moment ago".to_owned();
            return if known { Ok(()) } else { Err(KeysError::NoKeys { url: self.url.clone(), what }) };
        }
        *asked_at = Some(Instant::now());
        let keys = self.ask().await?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known { keys: Arc::new(keys), learnt_at: Some(Instant::now()) };
        Ok(())
    }

    async fn ask(&self) -> Result<Keys, KeysError> {
        let no_keys = |what: String| KeysError::NoKeys { url: self.url.clone(), what };
        let document = match &self.source {
            Source::Issuer(fetcher) => fetcher.document().await?,
            Source::Table(credentials) => {
                let found = credentials.read(ISSUER, &self.url).await;
                let unreachable =
                    |error: ApiError| KeysError::Unreachable { url: self.url.clone(), source: error.into() };
                let item = found.map_err(unreachable)?;
                let document = item.as_ref().and_then(|item| text_of(item, DOCUMENT));
                document.ok_or_else(|| no_keys("nothing yet: nobody kept its keys".to_owned()))?.into_bytes()
            }
        };
        let set: JwkSet = serde_json::from_slice(&document)
            .map_err(|error| no_keys(format!("what is no set of keys: {error}")))?;
        Ok(usable(&set))
    }
}

/// The keys that tokens may be signed with: RSA with SHA-256, and P-256 with SHA-256. Which of the two is for the key to
/// say, and never for a token.
fn usable(set: &JwkSet) -> Keys {
    let mut keys = Keys::new();
    for jwk in &set.keys {
        let algorithm = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => Algorithm::RS256,
            AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => {
                Algorithm::ES256
            }
            _ => continue,
        };
        let named = jwk.common.key_algorithm.map(|named| named.to_string());
        let for_signatures =
            jwk.common.public_key_use.as_ref().is_none_or(|used| *used == PublicKeyUse::Signature);
        let agrees = named.is_none_or(|named| named == format!("{algorithm:?}"));
        if let (Some(name), true, true, Ok(key)) =
            (jwk.common.key_id.clone(), for_signatures, agrees, DecodingKey::from_jwk(jwk))
        {
            keys.insert(name, (algorithm, key));
        }
    }
    keys
}
