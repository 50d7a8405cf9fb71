//! What to do about what the API refuses.

use miyabi_client::{ClientError, chain};
use reqwest::StatusCode;

/// Which command helps.
pub(crate) fn hint(error: &ClientError) -> Option<&'static str> {
    match error {
        ClientError::Refused { status: StatusCode::UNAUTHORIZED, shown: false, .. } => {
            Some("sign in with `miyabi login`, or set MIYABI_API_KEY")
        }
        ClientError::Refused { status: StatusCode::UNAUTHORIZED, .. } => {
            Some("`miyabi doctor` says what was shown; `miyabi login` or another MIYABI_API_KEY mends it")
        }
        ClientError::Refused { status: StatusCode::FORBIDDEN, .. } => {
            Some("`miyabi doctor` says who you are and what you may do")
        }
        ClientError::Credential(_) => Some("`miyabi login` signs in anew"),
        _ => None,
    }
}

/// An error in one line, with the command that helps.
pub(crate) fn tell(error: &ClientError) -> String {
    match hint(error) {
        Some(hint) => format!("{}; {hint}", chain(error)),
        None => chain(error),
    }
}
