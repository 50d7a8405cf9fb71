//! Why a call did not do what it should.

use std::time::Duration;

use miyabi_shared::problem::ProblemDetails;
use reqwest::StatusCode;

use crate::credential::CredentialError;

/// Why a call did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is none.
    #[error("{0:?} is no address of an API: expected http:// or https:// and a host")]
    Address(String),
    /// A secret would go over the network for anybody to read.
    #[error("{0} is reached in the clear, and keys and tokens are sent only by https or to this machine")]
    InTheClear(String),
    /// There is nothing to show, though there should be.
    #[error("there is no good key or token for the API")]
    Credential(#[source] CredentialError),
    /// No answer came.
    #[error("the API at {url} does not answer")]
    Unreachable {
        /// The API's address.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The API refused.
    #[error("the API answered {status}: {detail}")]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// What the API said, in one line.
        detail: String,
        /// All that the API said, where it spoke as the API does.
        problem: Option<Box<ProblemDetails>>,
        /// How long to wait before the next attempt, where the API said so.
        retry_after: Option<Duration>,
        /// Whether the caller showed something.
        shown: bool,
    },
    /// The answer was not what was expected.
    #[error("the answer of the API at {url} cannot be read; is it a Miyabi API, and of this version?")]
    Answer {
        /// The API's address.
        url: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
}

impl ClientError {
    /// Whether the same call may succeed later: also after a person has signed in or was allowed more.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Credential(_) => true,
            Self::Refused { status, .. } => {
                status.is_server_error()
                    || matches!(
                        *status,
                        StatusCode::TOO_MANY_REQUESTS
                            | StatusCode::REQUEST_TIMEOUT
                            | StatusCode::UNAUTHORIZED
                            | StatusCode::FORBIDDEN
                    )
            }
            Self::Address(_) | Self::InTheClear(_) | Self::Answer { .. } => false,
        }
    }

    /// Whether another attempt in a moment makes sense.
    pub(crate) fn is_momentary(&self) -> bool {
        match self {
            Self::Unreachable { .. } => true,
            Self::Refused { status, .. } => matches!(
                *status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::REQUEST_TIMEOUT
                    | StatusCode::BAD_GATEWAY
                    | StatusCode::SERVICE_UNAVAILABLE
                    | StatusCode::GATEWAY_TIMEOUT
            ),
            _ => false,
        }
    }

    /// The HTTP status, where there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// How long to wait before the next attempt, where the API said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// An error and everything under it, in one line; of an HTTP client's many layers only the last one, which says why.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(mut error) = source {
        if error.is::<reqwest::Error>() {
            while let Some(deeper) = error.source() {
                error = deeper;
            }
        }
        let part = error.to_string();
        if !text.contains(&part) {
            text.push_str(": ");
            text.push_str(&part);
        }
        source = error.source();
    }
    text
}
