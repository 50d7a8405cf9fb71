//! Configuration of a stack: typed, secret, required.

use std::fmt;
use std::str::FromStr;

use crate::context::Context;
use crate::output::{Held, Output};
use crate::value::FromValue;

/// The configuration of one namespace, by default the project's name: what `pulumi config set` has set.
#[derive(Debug, Clone)]
pub struct Config {
    context: Context,
    namespace: String,
}

/// What is wrong with a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// It must be set.
    #[error("{key} is not set; set it by `pulumi config set {}{key} VALUE`", if *.secret { "--secret " } else { "" })]
    Missing {
        /// The key with its namespace.
        key: String,
        /// Whether it should be a secret.
        secret: bool,
    },
    /// It is set to something else than expected.
    #[error("{key} is {value}: {problem}")]
    Invalid {
        /// The key with its namespace.
        key: String,
        /// What it holds, unless that is secret.
        value: String,
        /// Why that is wrong.
        problem: String,
    },
}

impl Config {
    /// The configuration with that namespace: a project's name, or a package such as `aws`.
    pub fn new(context: &Context, namespace: impl Into<String>) -> Self {
        Self { context: context.clone(), namespace: namespace.into() }
    }

    fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.namespace)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.context.run_info().config.get(&self.key(key)).map(String::as_str)
    }

    /// Every key that is set, without the namespace, with its text. For programs that refuse keys which they do not know.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.context.run_info().config.iter().filter_map(|(key, text)| {
            let key = key.strip_prefix(&self.namespace)?.strip_prefix(':')?;
            Some((key, text.as_str()))
        })
    }

    /// Whether the key holds a secret.
    pub fn is_secret(&self, key: &str) -> bool {
        self.context.run_info().config_secret_keys.contains(&self.key(key))
    }

    fn invalid(&self, key: &str, text: &str, problem: &dyn fmt::Display) -> ConfigError {
        // What is wrong with a secret may quote it.
        let (value, problem) = if self.is_secret(key) {
            ("a secret".to_owned(), "it is not what was expected".to_owned())
        } else {
            (format!("{text:?}"), problem.to_string())
        };
        ConfigError::Invalid { key: self.key(key), value, problem }
    }

    /// A key's value, if it is set. Also of a secret key: what is read by this is no longer secret.
    ///
    /// # Errors
    /// When it is set to something else than a `T`.
    pub fn get<T>(&self, key: &str) -> Result<Option<T>, ConfigError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        let Some(text) = self.text(key) else { return Ok(None) };
        text.parse().map(Some).map_err(|problem| self.invalid(key, text, &problem))
    }

    /// A key's value, which must be set.
    ///
    /// # Errors
    /// When it is not set, or to something else than a `T`.
    pub fn require<T>(&self, key: &str) -> Result<T, ConfigError>
    where
        T: FromStr<Err: fmt::Display>,
    {
        self.get(key)?.ok_or_else(|| ConfigError::Missing { key: self.key(key), secret: false })
    }

    /// A key's value as a secret, if it is set.
    ///
    /// # Errors
    /// When it is set to something else than a `T`.
    pub fn get_secret<T>(&self, key: &str) -> Result<Option<Output<T>>, ConfigError>
    where
        T: FromStr<Err: fmt::Display> + Held,
    {
        Ok(self.get(key)?.map(Output::secret))
    }

    /// A key's value as a secret, which must be set.
    ///
    /// # Errors
    /// When it is not set, or to something else than a `T`.
    pub fn require_secret<T>(&self, key: &str) -> Result<Output<T>, ConfigError>
    where
        T: FromStr<Err: fmt::Display> + Held,
    {
        self.get_secret(key)?.ok_or_else(|| ConfigError::Missing { key: self.key(key), secret: true })
    }

    /// A structured value, as `pulumi config set --path` makes it, if it is set.
    ///
    /// # Errors
    /// When it is set to something else than a `T`.
    pub fn get_object<T: FromValue>(&self, key: &str) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(key) else { return Ok(None) };
        let json: serde_json::Value =
            serde_json::from_str(text).map_err(|problem| self.invalid(key, text, &problem))?;
        let value = T::from_value(crate::json::to_value(json));
        value.map(Some).map_err(|problem| self.invalid(key, text, &problem))
    }

    /// A structured value, which must be set.
    ///
    /// # Errors
    /// When it is not set, or to something else than a `T`.
    pub fn require_object<T: FromValue>(&self, key: &str) -> Result<T, ConfigError> {
        self.get_object(key)?.ok_or_else(|| ConfigError::Missing { key: self.key(key), secret: false })
    }

    /// A structured value as a secret, if it is set.
    ///
    /// # Errors
    /// When it is set to something else than a `T`.
    pub fn get_secret_object<T: FromValue + Held>(
        &self,
        key: &str,
    ) -> Result<Option<Output<T>>, ConfigError> {
        Ok(self.get_object(key)?.map(Output::secret))
    }

    /// A structured value as a secret, which must be set.
    ///
    /// # Errors
    /// When it is not set, or to something else than a `T`.
    pub fn require_secret_object<T: FromValue + Held>(&self, key: &str) -> Result<Output<T>, ConfigError> {
        self.get_secret_object(key)?.ok_or_else(|| ConfigError::Missing { key: self.key(key), secret: true })
    }
}
