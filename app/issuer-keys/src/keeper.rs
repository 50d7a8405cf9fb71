//! Keeps what the issuer shows.

use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_aws::Limits;
use miyabi_shared::Timestamp;
use miyabi_shared::config::IssuerKeysConfig;
use miyabi_shared::table::credentials::{DOCUMENT, ID, ISSUER, KIND, LEARNT_AT};
use serde_json::Value;
use tokio::sync::Mutex;

use crate::fetch::{Fetcher, KeysError};

/// Keys that did not change are written again after so long, so that one can see that they are looked after.
const WRITTEN_EVERY: Duration = Duration::from_secs(10 * 60);

/// Why nothing was kept. What was kept before goes on being good.
#[derive(Debug, thiserror::Error)]
pub enum KeeperError {
    /// The issuer shows no keys.
    #[error(transparent)]
    Issuer(#[from] KeysError),
    /// The table takes nothing.
    #[error("keeping the keys of {url}")]
    Table {
        /// Where the issuer's keys are.
        url: String,
        /// Why.
        #[source]
        source: Box<aws_sdk_dynamodb::Error>,
    },
}

/// Brings an issuer's keys to the table of credentials.
#[derive(Debug)]
pub struct Keeper {
    url: String,
    fetcher: Fetcher,
    client: Client,
    table: String,
    /// What this process wrote last.
    written: Mutex<Option<(Instant, String)>>,
}

impl Keeper {
    /// Asks nobody yet.
    pub fn new(config: &IssuerKeysConfig, aws: &SdkConfig) -> Self {
        Self {
            url: config.keys_url.clone(),
            fetcher: Fetcher::new(&config.keys_url),
            client: Client::new(&Limits::WAITED_FOR.of(aws)),
            table: config.credentials_table.clone(),
            written: Mutex::new(None),
        }
    }

    /// Asks the issuer, and keeps what it shows.
    ///
    /// # Errors
    /// When the issuer shows no keys, or the table does not take them.
    pub async fn keep(&self) -> Result<(), KeeperError> {
        let document = keys(&self.url, &self.fetcher.document().await?)?;
        let mut written = self.written.lock().await;
        let known =
            written.as_ref().is_some_and(|(at, old)| *old == document && at.elapsed() < WRITTEN_EVERY);
        if known {
            return Ok(());
        }
        self.client
            .put_item()
            .table_name(&self.table)
            .item(KIND, AttributeValue::S(ISSUER.to_owned()))
            .item(ID, AttributeValue::S(self.url.clone()))
            .item(DOCUMENT, AttributeValue::S(document.clone()))
            .item(LEARNT_AT, AttributeValue::N(Timestamp::now().as_millis().to_string()))
            .send()
            .await
            .map_err(|error| KeeperError::Table { url: self.url.clone(), source: Box::new(error.into()) })?;
        *written = Some((Instant::now(), document));
        Ok(())
    }
}

/// The keys and nothing else of a document. One without any would lock everybody out, so it is none.
fn keys(url: &str, document: &[u8]) -> Result<String, KeysError> {
    let no_keys = |what: String| KeysError::NoKeys { url: url.to_owned(), what };
    let document: Value =
        serde_json::from_slice(document).map_err(|error| no_keys(format!("what is no JSON: {error}")))?;
    match document.get("keys") {
        Some(Value::Array(keys)) if !keys.is_empty() => Ok(serde_json::json!({ "keys": keys }).to_string()),
        _ => Err(no_keys("a document without keys".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_document_with_keys_takes_the_place_of_another() {
        let kept = keys("u", br#"{"x": 1, "keys": [{"kid": "a"}]}"#).unwrap();
        assert_eq!(kept, r#"{"keys":[{"kid":"a"}]}"#);
        for bad in ["", "<html>", "{}", r#"{"keys": []}"#, r#"{"keys": 7}"#] {
            assert!(keys("u", bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
