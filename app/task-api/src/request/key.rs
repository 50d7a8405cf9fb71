//! The header that makes a call repeatable.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use miyabi_shared::limits;

use crate::error::ApiError;

const NAME: &str = "idempotency-key";

/// The key that the caller chose for this call, if one was.
#[derive(Debug)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut values = parts.headers.get_all(NAME).iter();
        let Some(value) = values.next() else { return Ok(Self(None)) };
        // `to_str` takes visible ASCII alone.
        let key = value.to_str().ok().map(str::trim).filter(|key| {
            values.next().is_none() && (1..=limits::IDEMPOTENCY_KEY_CHARACTERS).contains(&key.len())
        });
        let rule = format!("1 to {} visible ASCII characters, once", limits::IDEMPOTENCY_KEY_CHARACTERS);
        key.map(|key| Self(Some(key.to_owned()))).ok_or_else(|| ApiError::field("Idempotency-Key", rule))
    }
}
