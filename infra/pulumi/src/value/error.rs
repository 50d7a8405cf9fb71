//! What can be wrong with a value.

use std::fmt;

/// A value that cannot be written or read, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueError {
    path: Vec<Segment>,
    kind: ValueErrorKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Key(String),
    Index(usize),
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ValueErrorKind {
    /// It is of another kind.
    #[error("expected {expected}, found {found}")]
    Unexpected {
        /// What was expected.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A number where an integer is expected.
    #[error("expected an integer from -2^53 to 2^53, found {0}")]
    NotAnInteger(f64),
    /// An integer that the wire's numbers cannot carry.
    #[error("the integer {0} is beyond ±2^53, which is what the engine can carry")]
    IntegerTooLarge(i64),
    /// Infinite, or not a number.
    #[error("{0} is no finite number, and the engine carries only those")]
    NotFinite(f64),
    /// A text or key that the wire keeps for special values.
    #[error("{0:?} is reserved for the engine's special values")]
    Reserved(String),
    /// A special value of a kind that this SDK does not know.
    #[error("unrecognised signature {0:?} of a special value")]
    UnknownSignature(String),
    /// A special value that is not as it should be.
    #[error("malformed {what}: {problem}")]
    Malformed {
        /// What kind of special value it should be.
        what: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A protocol buffer's value without a kind.
    #[error("a value without a kind")]
    NoKind,
    /// Nested too deep to be honest.
    #[error("nested deeper than {0} levels")]
    TooDeep(usize),
    /// A text outside the values of an enumeration.
    #[error("{0:?} is none of the allowed values")]
    NotAllowed(String),
}

impl ValueError {
    /// An error of this kind, at the value itself.
    pub fn new(kind: ValueErrorKind) -> Self {
        Self { path: Vec::new(), kind }
    }

    /// A value of another kind than expected.
    pub fn unexpected(expected: &'static str, found: &'static str) -> Self {
        Self::new(ValueErrorKind::Unexpected { expected, found })
    }

    /// The same error, in the entry `key` of an object.
    #[must_use]
    pub fn in_key(mut self, key: impl Into<String>) -> Self {
        self.path.insert(0, Segment::Key(key.into()));
        self
    }

    /// The same error, in the item `index` of an array.
    #[must_use]
    pub fn in_index(mut self, index: usize) -> Self {
        self.path.insert(0, Segment::Index(index));
        self
    }

    /// What is wrong.
    pub fn kind(&self) -> &ValueErrorKind {
        &self.kind
    }
}

impl From<ValueErrorKind> for ValueError {
    fn from(kind: ValueErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for ValueError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.path.iter().enumerate() {
            match segment {
                Segment::Key(key) if position == 0 => write!(formatter, "{key}")?,
                Segment::Key(key) => write!(formatter, ".{key}")?,
                Segment::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        if !self.path.is_empty() {
            formatter.write_str(": ")?;
        }
        self.kind.fmt(formatter)
    }
}

impl std::error::Error for ValueError {}
