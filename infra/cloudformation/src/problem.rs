//! What stands in the way of a template, and what was left out of it.

use std::fmt;

/// Something that has no place in the template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub struct Problem {
    /// The resource's name in the program; empty for the stack itself.
    pub resource: String,
    /// The resource's type.
    pub resource_type: String,
    /// The property, where it is about one.
    pub property: Option<String>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resource, resource_type, property, message } = self;
        write!(formatter, "{resource} ({resource_type})")?;
        if let Some(property) = property {
            write!(formatter, ": {property}")?;
        }
        write!(formatter, ": {message}")
    }
}

/// Everything that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("these registrations cannot be written as a CloudFormation template:")?;
        for problem in &self.0 {
            write!(formatter, "\n  {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// What the template does not say, and why that is right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LeftOut {
    /// The resource's name in the program.
    pub resource: String,
    /// The resource's type.
    pub resource_type: String,
    /// The property; `None` where the whole resource was left out.
    pub property: Option<String>,
    /// Why.
    pub reason: String,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resource, resource_type, property, reason } = self;
        write!(formatter, "left out: {resource} ({resource_type})")?;
        if let Some(property) = property {
            write!(formatter, ": {property}")?;
        }
        write!(formatter, ": {reason}")
    }
}

/// What a reader of the template should know besides it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What was left out.
    pub left_out: Vec<LeftOut>,
    /// Secrets that stand in the template in the clear, as `resource: property`.
    pub secrets: Vec<String>,
}

impl Report {
    /// The report as lines for people.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        let left_out = self.left_out.iter().map(LeftOut::to_string);
        left_out.chain(self.secrets.iter().map(|secret| format!("in the clear: {secret} is a secret")))
    }
}
