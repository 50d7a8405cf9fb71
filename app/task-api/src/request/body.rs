//! JSON bodies: first syntax, then every rule at once, then the type.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use miyabi_shared::problem::FieldError;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::check::Checker;
use crate::error::{ApiError, shortened};

/// What a route takes as its body.
pub(crate) trait Body: DeserializeOwned {
    /// Checks every rule of the body.
    fn check(body: &Value, checker: &mut Checker);
}

/// A body that is JSON and keeps the rules of its type.
#[derive(Debug)]
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<S: Send + Sync, T: Body> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        if !is_json(request.headers()) {
            return Err(ApiError::UnsupportedMediaType);
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                ApiError::BodyTooLarge
            } else {
                ApiError::field("body", "could not be read to its end")
            }
        })?;
        parse(&bytes).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let declared = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn parse<T: Body>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value: Value =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| syntax_error(&error))?;
    deserializer.end().map_err(|error| ApiError::field("body", format!("is no JSON: {error}")))?;

    let mut checker = Checker::default();
    T::check(&value, &mut checker);
    checker.finish()?;

    // The rules above are stricter than the type, so this finds only what they forgot.
    serde_path_to_error::deserialize(value).map_err(|error| {
        let field = place(&error.path().to_string());
        ApiError::field(field, error.into_inner().to_string())
    })
}

fn syntax_error(error: &serde_path_to_error::Error<serde_json::Error>) -> ApiError {
    let field = place(&error.path().to_string());
    ApiError::Invalid(vec![FieldError { field, rule: format!("is no JSON: {}", error.inner()) }])
}

/// A path as we write it: `body` for the whole, and without the `?` of a member whose name was not read to its end.
fn place(path: &str) -> String {
    match path.trim_end_matches(['?', '.']) {
        "" => "body".to_owned(),
        path => shortened(path),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use miyabi_shared::event::{CreateTask, PostEvents};

    use super::*;

    fn mistake<T: Body>(body: &str) -> (String, String) {
        match parse::<T>(body.as_bytes()).map(|_| ()) {
            Err(ApiError::Invalid(errors)) => (errors[0].field.clone(), errors[0].rule.clone()),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn what_is_no_json_is_named_with_its_place() {
        let (field, rule) = mistake::<CreateTask>("{\"name\": ");
        assert_eq!(field, "name");
        assert!(rule.starts_with("is no JSON: EOF") && rule.contains("line 1 column"), "{rule}");
        for (body, place) in [
            ("", "body"),
            ("{} {}", "body"),
            ("{\"events\":[{\"current\":NaN}]}", "events[0].current"),
            ("{\"events\":[{\"current\":1e999}]}", "events[0].current"),
            ("\u{feff}{}", "body"),
        ] {
            assert_eq!(mistake::<PostEvents>(body).0, place, "{body}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(mistake::<PostEvents>(&deep).1.contains("recursion limit"));
    }

    #[test]
    fn bytes_that_are_no_text_are_no_json() {
        assert!(parse::<CreateTask>(b"{\"name\": \"\xff\"}").is_err());
    }

    #[test]
    fn json_is_recognised_by_its_media_type() {
        for (declared, expected) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/merge-patch+json", true),
            ("text/plain", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(declared))]);
            assert_eq!(is_json(&headers), expected, "{declared}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
