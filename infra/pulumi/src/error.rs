//! What can go wrong in a program: one shared error that every output that comes from it carries.

use std::fmt;
use std::sync::Arc;

use crate::value::ValueError;

/// Why an output has no value. Cheap to clone: everything that depends on a failed output carries the same error.
#[derive(Clone)]
pub struct Error(Arc<Failure>);

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A resource was not registered.
    #[error("resource {name} [{token}] failed to register")]
    Registration {
        /// The resource's name.
        name: String,
        /// The resource's type.
        token: String,
        /// Why.
        #[source]
        source: Error,
    },
    /// An input has no value.
    #[error("input {property}")]
    Input {
        /// The property.
        property: String,
        /// Why.
        #[source]
        source: Error,
    },
    /// A resource's output is not what its type says.
    #[error("output {property} of resource {name} [{token}]")]
    Property {
        /// The property.
        property: String,
        /// The resource's name.
        name: String,
        /// The resource's type.
        token: String,
        /// Why.
        #[source]
        source: ValueError,
    },
    /// A stack output has no value.
    #[error("stack output {key}")]
    StackOutput {
        /// The output's key.
        key: String,
        /// Why.
        #[source]
        source: Error,
    },
    /// A function could not be invoked.
    #[error("invoking {token}")]
    Invocation {
        /// The function.
        token: String,
        /// Why.
        #[source]
        source: Error,
    },
    /// An answer that is not known yet, where a plain value is waited for.
    #[error("the answer is not known yet, as in a preview: use the form that gives an output")]
    UnknownAnswer,
    /// A function of the program could not be made known to the engine.
    #[error("registering {what}")]
    Callback {
        /// What was to be registered.
        what: String,
        /// Why.
        #[source]
        source: Error,
    },
    /// A transform that some would escape, and others not.
    #[error("it comes after the first {0}: register it before, so that none escapes it")]
    LateTransform(&'static str),
    /// A package could not be registered.
    #[error("registering the package {name}")]
    Package {
        /// The package.
        name: String,
        /// Why.
        #[source]
        source: Error,
    },
    /// The Pulumi CLI is too old or too new for the program.
    #[error("the program requires a Pulumi CLI {range}")]
    Version {
        /// The versions that it requires.
        range: String,
        /// What the engine said.
        #[source]
        source: Error,
    },
    /// A function refused its arguments.
    #[error("{0}")]
    Refused(String),
    /// A value cannot be sent.
    #[error("a value that the engine cannot carry")]
    Value(#[source] ValueError),
    /// An answer of the engine cannot be read.
    #[error("the engine's answer cannot be read")]
    Answer(#[source] ValueError),
    /// The engine refused a call.
    #[error("the engine answered {code:?}: {message}")]
    Engine {
        /// The gRPC code.
        code: tonic::Code,
        /// What it said.
        message: String,
    },
    /// The engine has gone, after having said why.
    #[error("the engine is shutting down")]
    EngineGone,
    /// The engine did not carry a registration out, because it or one that it depends on failed.
    #[error("the engine reported it as {0}")]
    NotCarriedOut(&'static str),
    /// A callback or the program itself returned an error.
    #[error("{what} failed")]
    Program {
        /// What returned it.
        what: &'static str,
        /// What it returned.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A callback or the program itself panicked.
    #[error("{what} panicked: {message}")]
    Panic {
        /// What panicked.
        what: &'static str,
        /// The panic's message.
        message: String,
    },
    /// A task of the program ended without a result.
    #[error("a task of the program was lost before it had ended")]
    LostTask,
    /// A resource depends on a component that it is part of.
    #[error("it depends on its own parent {0}")]
    DependsOnParent(String),
    /// Resources wait for each other.
    #[error("dependency cycle: these resources wait for each other: {0}")]
    Cycle(String),
    /// The program waits for a value that never comes.
    #[error(
        "dependency cycle: the program waits for a value that never comes, because these wait for each other or for the program to go on: {0}"
    )]
    Stuck(String),
    /// Nobody gave a deferred output its value.
    #[error("a deferred output was never resolved")]
    Unresolved,
    /// The engine is too old for something that the program uses.
    #[error("the engine does not support {0}; update the Pulumi CLI")]
    Unsupported(&'static str),
}

impl Error {
    /// What went wrong.
    pub fn failure(&self) -> &Failure {
        &self.0
    }

    /// The error of this SDK that this one follows from.
    fn cause(&self) -> Option<&Self> {
        match self.failure() {
            Failure::Registration { source, .. }
            | Failure::Input { source, .. }
            | Failure::StackOutput { source, .. }
            | Failure::Invocation { source, .. }
            | Failure::Callback { source, .. }
            | Failure::Package { source, .. }
            | Failure::Version { source, .. } => Some(source),
            _ => None,
        }
    }

    /// The error and those that it follows from.
    fn causes(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |error| error.cause())
    }

    /// The error at the start of the chain, which every error that follows from it shares.
    pub(crate) fn root(&self) -> &Self {
        self.causes().last().unwrap_or(self)
    }

    /// Whether a resource was not registered because of it, which nothing makes good.
    pub(crate) fn has_registration(&self) -> bool {
        self.causes()
            .any(|error| matches!(error.failure(), Failure::Registration { .. } | Failure::EngineGone))
    }

    /// Whether both are the same occurrence.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How many errors of this SDK the chain has.
    pub(crate) fn depth(&self) -> usize {
        self.causes().count()
    }

    /// Whether the chain says which resource, function or stack output it is about.
    pub(crate) fn names_its_subject(&self) -> bool {
        !matches!(
            self.failure(),
            Failure::Input { .. }
                | Failure::Value(_)
                | Failure::Program { .. }
                | Failure::Panic { .. }
                | Failure::Engine { .. }
                | Failure::Unresolved
        )
    }

    /// The error and its sources in one line, as logs show them.
    pub fn chain(&self) -> String {
        chain_of(self)
    }
}

/// An error and its sources in one line.
pub(crate) fn chain_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self(Arc::new(failure))
    }
}

impl From<tonic::Status> for Error {
    fn from(status: tonic::Status) -> Self {
        match status.code() {
            tonic::Code::Unavailable | tonic::Code::Cancelled => Failure::EngineGone.into(),
            // tonic reports a connection that broke during a call as Unknown.
            tonic::Code::Unknown if status.message().contains("transport error") => {
                Failure::EngineGone.into()
            }
            code => Failure::Engine { code, message: status.message().to_owned() }.into(),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.failure())
    }
}

/// What a panic said.
pub(crate) fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
