//! Reading variables, and saying everything that is wrong with them.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

/// Where variables come from: the process, or a map in a test.
pub trait Environment {
    /// The value of a variable, if it is set.
    fn get(&self, name: &str) -> Option<String>;

    /// Every variable that is set to text, with its value.
    fn all(&self) -> Vec<(String, String)>;
}

/// The variables of this process.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn all(&self) -> Vec<(String, String)> {
        // `vars` would panic at what is no text.
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        std::env::vars_os().filter_map(text).collect()
    }
}

impl<K: std::borrow::Borrow<str> + Ord> Environment for BTreeMap<K, String> {
    fn get(&self, name: &str) -> Option<String> {
        BTreeMap::get(self, name).cloned()
    }

    fn all(&self) -> Vec<(String, String)> {
        self.iter().map(|(name, value)| (name.borrow().to_owned(), value.clone())).collect()
    }
}

impl<K: std::borrow::Borrow<str> + Eq + std::hash::Hash> Environment for HashMap<K, String> {
    fn get(&self, name: &str) -> Option<String> {
        HashMap::get(self, name).cloned()
    }

    fn all(&self) -> Vec<(String, String)> {
        self.iter().map(|(name, value)| (name.borrow().to_owned(), value.clone())).collect()
    }
}

/// A variable, for the reference page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The variable's name.
    pub name: &'static str,
    /// What holds where it is not set; `None` where it must be, empty where that is the same as nothing.
    pub default: Option<String>,
    /// What it says, with its unit.
    pub meaning: &'static str,
}

/// One variable that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// It must be set, and is not.
    Missing {
        /// The variable's name.
        name: &'static str,
        /// What it should hold.
        expected: String,
    },
    /// It is set to something else than expected.
    Invalid {
        /// The variable's name.
        name: &'static str,
        /// What it holds.
        value: String,
        /// What it should hold.
        expected: String,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { name, expected } => write!(formatter, "{name}: missing, expected {expected}"),
            Self::Invalid { name, value, expected } => {
                write!(formatter, "{name}={value:?}: expected {expected}")
            }
        }
    }
}

/// Everything that is wrong with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("; ")?;
            }
            error.fmt(formatter)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// Reads variables one after the other and collects what is wrong with them.
pub struct Reader<'environment> {
    environment: &'environment dyn Environment,
    errors: Vec<ConfigError>,
}

impl fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reader").field("errors", &self.errors).finish_non_exhaustive()
    }
}

impl<'environment> Reader<'environment> {
    /// A reader of `environment`.
    pub fn new(environment: &'environment dyn Environment) -> Self {
        Self { environment, errors: Vec::new() }
    }

    /// A variable that must be set and not be empty.
    pub fn required(&mut self, name: &'static str, expected: &str) -> String {
        self.parsed(name, expected, |text| (!text.is_empty()).then(|| text.to_owned())).unwrap_or_default()
    }

    /// A variable that must be set, to something that `parse` takes.
    pub fn parsed<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let Some(value) = self.environment.get(name) else {
            self.errors.push(ConfigError::Missing { name, expected: expected.to_owned() });
            return None;
        };
        self.take(name, value, expected, parse)
    }

    /// A variable that may be left out; `default` where it is.
    pub fn optional<T>(
        &mut self,
        name: &'static str,
        expected: &str,
        default: T,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> T {
        match self.environment.get(name) {
            None => default,
            Some(value) => self.take(name, value, expected, parse).unwrap_or(default),
        }
    }

    fn take<T>(
        &mut self,
        name: &'static str,
        value: String,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(&value);
        if parsed.is_none() {
            self.errors.push(ConfigError::Invalid { name, value, expected: expected.to_owned() });
        }
        parsed
    }

    /// `value` where nothing was wrong, else everything that was.
    ///
    /// # Errors
    /// When a variable read so far is missing or wrong.
    pub fn finish<T>(self, value: T) -> Result<T, ConfigErrors> {
        if self.errors.is_empty() { Ok(value) } else { Err(ConfigErrors(self.errors)) }
    }
}
