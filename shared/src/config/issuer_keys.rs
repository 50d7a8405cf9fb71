//! What the function reads that keeps an issuer's keys.

use std::collections::BTreeMap;

use super::authentication::{CREDENTIALS_TABLE, TOKEN_KEYS_URL, URL_EXPECTED, url};
use super::environment::{ConfigErrors, Environment, Reader, Variable};
use super::functions::{LOG_LEVEL, log_level_variable, read_log_level};

/// The configuration of the function that keeps an issuer's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerKeysConfig {
    /// `MIYABI_ISSUER_JWKS_URL`: where the issuer's public keys are (JWKS).
    pub keys_url: String,
    /// `MIYABI_CALLERS_TABLE`: the table where they are kept.
    pub credentials_table: String,
    /// `MIYABI_LOG_LEVEL`: the least important lines that are logged.
    pub log_level: String,
}

impl IssuerKeysConfig {
    /// Reads it.
    ///
    /// # Errors
    /// Everything that is missing or wrong, together.
    pub fn from_env(environment: &dyn Environment) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(environment);
        let config = Self {
            keys_url: reader.parsed(TOKEN_KEYS_URL, URL_EXPECTED, url).unwrap_or_default(),
            credentials_table: reader.required(CREDENTIALS_TABLE, "the name of the table of credentials"),
            log_level: read_log_level(&mut reader),
        };
        reader.finish(config)
    }

    /// Writes it.
    pub fn to_env(&self) -> BTreeMap<&'static str, String> {
        BTreeMap::from([
            (TOKEN_KEYS_URL, self.keys_url.clone()),
            (CREDENTIALS_TABLE, self.credentials_table.clone()),
            (LOG_LEVEL, self.log_level.clone()),
        ])
    }

    /// Its variables, for the reference page.
    pub fn variables() -> Vec<Variable> {
        vec![
            Variable { name: TOKEN_KEYS_URL, default: None, meaning: "Where the issuer's keys are (JWKS)." },
            Variable {
                name: CREDENTIALS_TABLE,
                default: None,
                meaning: "Name of the table where they are kept.",
            },
            log_level_variable(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_infra_writes_is_what_the_function_reads() {
        let config = IssuerKeysConfig {
            keys_url: "https://issuer.example/keys".to_owned(),
            credentials_table: "credentials".to_owned(),
            log_level: "info".to_owned(),
        };
        assert_eq!(IssuerKeysConfig::from_env(&config.to_env()).unwrap(), config);
        let message = IssuerKeysConfig::from_env(&BTreeMap::<&str, String>::new()).unwrap_err().to_string();
        assert!(
            message.contains("MIYABI_ISSUER_JWKS_URL") && message.contains("MIYABI_CALLERS_TABLE"),
            "{message}"
        );
    }
}
