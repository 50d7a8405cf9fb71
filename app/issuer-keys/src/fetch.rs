//! Asks an issuer for its keys (JWKS).

use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector as _, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http_body_util::{BodyExt as _, Limited};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const READ_TIMEOUT: Duration = Duration::from_secs(2);
/// Largest document of keys: with room for all else, what an item of a table takes.
const BYTES: usize = 256 * 1024;

/// Why there are no keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The issuer does not answer.
    #[error("asking {url} for the issuer's keys")]
    Unreachable {
        /// Where its keys are.
        url: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The issuer, or whoever keeps its keys, has something else.
    #[error("{url} answered with {what}")]
    NoKeys {
        /// Where its keys are.
        url: String,
        /// What there is instead.
        what: String,
    },
}

/// Asks one issuer.
#[derive(Debug)]
pub struct Fetcher {
    url: String,
    http: Connector,
}

impl Fetcher {
    /// Asks at that address.
    pub fn new(url: &str) -> Self {
        let settings = HttpConnectorSettings::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build();
        let mut http = Connector::builder().connector_settings(settings);
        http.set_sleep_impl(aws_smithy_async::rt::sleep::default_async_sleep());
        let http = http.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build();
        Self { url: url.to_owned(), http }
    }

    /// The document of keys, as the issuer writes it.
    ///
    /// # Errors
    /// When there is no answer in time, or none that says it is well.
    pub async fn document(&self) -> Result<Vec<u8>, KeysError> {
        let unreachable = |source: Box<dyn std::error::Error + Send + Sync>| KeysError::Unreachable {
            url: self.url.clone(),
            source,
        };
        let request = HttpRequest::get(&self.url).map_err(|error| unreachable(error.into()))?;
        let response = self.http.call(request).await.map_err(|error| unreachable(error.into()))?;
        if !response.status().is_success() {
            let what = format!("status {}", response.status());
            return Err(KeysError::NoKeys { url: self.url.clone(), what });
        }
        let body = Limited::new(response.into_body(), BYTES).collect().await.map_err(unreachable)?;
        Ok(body.to_bytes().into())
    }
}
