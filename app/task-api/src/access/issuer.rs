//! The public keys of an issuer (JWKS), as they change.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http_body_util::{BodyExt as _, Limited};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, JwkSet, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use tokio::sync::Mutex;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const READ_TIMEOUT: Duration = Duration::from_secs(2);
/// Largest document of keys.
const BYTES: usize = 256 * 1024;
/// After how long keys are asked for again. Until that succeeds, those that are known go on being good.
const FRESH_FOR: Duration = Duration::from_secs(60 * 60);
/// How often the issuer is asked at most, whatever tokens come.
const ASKED_EVERY: Duration = Duration::from_secs(5);

/// Why a key cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    /// The issuer does not answer.
    #[error("asking {url} for the issuer's keys")]
    Unreachable {
        url: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The issuer answers something else.
    #[error("{url} answered with {what}")]
    NoKeys { url: String, what: String },
}

type Keys = HashMap<String, (Algorithm, DecodingKey)>;

#[derive(Debug, Default)]
struct Known {
    keys: Arc<Keys>,
    learnt_at: Option<Instant>,
}

/// An issuer's keys. They are asked for when the first token comes.
#[derive(Debug)]
pub(crate) struct IssuerKeys {
    url: String,
    http: Connector,
    known: RwLock<Known>,
    /// When the issuer was asked last. Held while it is asked, so that one asks and the others wait.
    asked_at: Mutex<Option<Instant>>,
}

impl IssuerKeys {
    pub(crate) fn new(url: &str) -> Self {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build();
        let mut http = Connector::builder().connector_settings(settings);
        http.set_sleep_impl(aws_smithy_async::rt::sleep::default_async_sleep());
        let http = http.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build();
        Self { url: url.to_owned(), http, known: RwLock::default(), asked_at: Mutex::new(None) }
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
        let unreachable = |source: Box<dyn std::error::Error + Send + Sync>| KeysError::Unreachable {
            url: self.url.clone(),
            source,
        };
        let no_keys = |what: String| KeysError::NoKeys { url: self.url.clone(), what };
        let request = HttpRequest::get(&self.url).map_err(|error| unreachable(error.into()))?;
        let response = self.http.call(request).await.map_err(|error| unreachable(error.into()))?;
        if !response.status().is_success() {
            return Err(no_keys(format!("status {}", response.status())));
        }
        let body = Limited::new(response.into_body(), BYTES).collect().await.map_err(unreachable)?;
        let set: JwkSet = serde_json::from_slice(&body.to_bytes())
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
