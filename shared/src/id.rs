//! Identifiers: checked once where they enter, and valid from then on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::limits;

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is no {kind}: expected 1 to 128 characters of A-Z a-z 0-9 . _ : -")]
pub struct InvalidId {
    /// What the identifier would have named, such as `task id`.
    pub kind: &'static str,
    /// What was given, cut to 200 characters.
    pub value: String,
}

fn check(kind: &'static str, value: &str) -> Result<(), InvalidId> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-');
    if !value.is_empty() && value.len() <= limits::ID_BYTES && value.bytes().all(allowed) {
        Ok(())
    } else {
        Err(InvalidId { kind, value: value.chars().take(200).collect() })
    }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $kind:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "openapi", schema(value_type = String, pattern = "^[A-Za-z0-9._:-]{1,128}$"))]
        pub struct $name(String);

        impl $name {
            /// Checks `value` and takes it over.
            ///
            /// # Errors
            /// When `value` is not 1 to 128 characters of `[A-Za-z0-9._:-]`.
            pub fn new(value: impl Into<String>) -> Result<Self, InvalidId> {
                let value = value.into();
                check($kind, &value)?;
                Ok(Self(value))
            }

            /// The identifier with every character that is not allowed replaced by `-`, and cut to the longest
            /// length; `fallback` where nothing is left. For identifiers made from what a tool or a user calls a thing.
            pub fn from_words(words: &str, fallback: &'static str) -> Self {
                Self(from_words(words, fallback))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(value: String) -> Result<Self, InvalidId> {
                Self::new(value)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(value: &str) -> Result<Self, InvalidId> {
                Self::new(value)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

identifier!(
    /// Names one task; also the name of its log stream.
    TaskId, "task id"
);
identifier!(
    /// Names one project: what a team's tasks are grouped by.
    ProjectId, "project id"
);
identifier!(
    /// Names a step within its task, such as `MiyabiWebUIStack` or `MiyabiWebUIStack:Table`.
    StepId, "step id"
);
identifier!(
    /// What kind of job a task is. Open, so that a team can have types of its own; the known ones are
    /// the associated constants' names.
    TaskType, "task type"
);

impl TaskType {
    /// `cdk deploy` and its relatives.
    pub const CDK_DEPLOY: &'static str = "cdk-deploy";
    /// An agent at work.
    pub const AGENT: &'static str = "agent";
    /// A compilation or packaging.
    pub const BUILD: &'static str = "build";
    /// A test run.
    pub const TEST: &'static str = "test";
    /// `pulumi up` and its relatives.
    pub const PULUMI: &'static str = "pulumi";
    /// `terraform apply`, `tofu apply` and their relatives.
    pub const TERRAFORM: &'static str = "terraform";
    /// Any other command.
    pub const COMMAND: &'static str = "command";
    /// What the platform itself does.
    pub const SYSTEM: &'static str = "system";
}

fn from_words(words: &str, fallback: &'static str) -> String {
    let mut text = String::with_capacity(words.len().min(limits::ID_BYTES));
    for character in words.trim().chars() {
        let next = match character {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '.' | '_' | ':' | '-' => character,
            _ => '-',
        };
        if text.len() == limits::ID_BYTES {
            break;
        }
        if !(next == '-' && text.ends_with('-')) {
            text.push(next);
        }
    }
    let text = text.trim_matches('-');
    if text.is_empty() { fallback.to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_holds_exactly_the_allowed_characters_and_lengths() {
        for good in ["a", "A.b_c:d-9", &"x".repeat(128)] {
            assert_eq!(TaskId::new(good).unwrap().as_str(), good);
        }
        for bad in ["", "a b", "ä", "a/b", "a\n", "\0", &"x".repeat(129)] {
            let error = TaskId::new(bad).unwrap_err();
            assert!(error.to_string().contains("task id"), "{error}");
        }
    }

    #[test]
    fn json_that_holds_a_bad_identifier_is_refused_with_the_rule() {
        let error = serde_json::from_str::<ProjectId>("\"a b\"").unwrap_err();
        assert!(error.to_string().contains("expected 1 to 128 characters"), "{error}");
    }

    #[test]
    fn words_become_an_identifier_that_is_always_valid() {
        for (words, expected) in
            [("npx cdk deploy", "npx-cdk-deploy"), ("  //", "x"), ("日本", "x"), ("a  b", "a-b")]
        {
            let id = TaskId::from_words(words, "x");
            assert_eq!(id.as_str(), expected);
            TaskId::new(id.as_str()).unwrap();
        }
        TaskId::new(TaskId::from_words(&"é!".repeat(500), "x").as_str()).unwrap();
    }
}
