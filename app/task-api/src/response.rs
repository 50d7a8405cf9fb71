//! Answers that readers may keep and ask about again.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use miyabi_queue::QueueError;
use miyabi_store::{Answer, Source, StoreError};

use crate::error::ApiError;

/// Says where an answer came from: `hit`, `miss` or `bypass`.
pub(crate) const X_CACHE: HeaderName = HeaderName::from_static("x-cache");

/// A reader may keep the answer, and asks each time whether it still holds. Nobody in between may keep it.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the caller holds already, by its tags. Several headers are one list.
pub(crate) fn held_tags(headers: &HeaderMap) -> Option<String> {
    let values: Vec<_> =
        headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// The answer to a read: 200 with its JSON, or 304 where the caller holds it already.
pub(crate) fn tagged<T>(
    answer: Answer<T>,
    to_json: impl FnOnce(&T) -> Vec<u8>,
) -> Result<Response, ApiError> {
    let tag = HeaderValue::try_from(&answer.tag).map_err(|error| ApiError::Internal(error.into()))?;
    let mut response = match &answer.value {
        Some(value) => json(StatusCode::OK, to_json(value)),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, tag);
    headers.insert(CACHE_CONTROL, ASK_AGAIN);
    headers.insert(X_CACHE, source(answer.source));
    Ok(response)
}

fn source(source: Source) -> HeaderValue {
    HeaderValue::from_static(source.as_str())
}

/// JSON text as a response that is good for this once.
pub(crate) fn json(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(CONTENT_TYPE, JSON), (CACHE_CONTROL, ASK_AGAIN)], body).into_response()
}

/// A value as JSON.
pub(crate) fn json_of<T: serde::Serialize>(status: StatusCode, value: &T) -> Result<Response, ApiError> {
    let body = serde_json::to_vec(value).map_err(|error| ApiError::Internal(error.into()))?;
    Ok(json(status, body))
}

impl From<QueueError> for ApiError {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Unavailable { .. } => Self::Unavailable(error.into()),
            QueueError::Refused { .. } => Self::Internal(error.into()),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(task_id) => Self::UnknownTask(task_id),
            StoreError::Conflict { task_id, field } => Self::TaskExists { task_id, field },
            StoreError::Ended { task_id, status } => Self::TaskEnded { task_id, status },
            StoreError::NotEnded { task_id, status } => Self::TaskNotEnded { task_id, status },
            StoreError::KeyReused => Self::KeyReused,
            StoreError::InvalidCursor => {
                Self::field("cursor", "the next_cursor of an earlier page with the same parameters")
            }
            temporary if temporary.is_temporary() => Self::Unavailable(temporary.into()),
            other => Self::Internal(other.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use miyabi_shared::TaskStatus;

    use super::*;

    /// The errors of the store, each as the status that a caller sees.
    #[test]
    fn every_error_of_the_store_has_its_status() {
        let task_id = miyabi_shared::TaskId::new("t1").unwrap();
        for (error, status) in [
            (StoreError::NotFound(task_id.clone()), 404),
            (StoreError::Conflict { task_id: task_id.clone(), field: "name" }, 409),
            (StoreError::Ended { task_id: task_id.clone(), status: TaskStatus::Failed }, 409),
            (StoreError::NotEnded { task_id, status: TaskStatus::Running }, 409),
            (StoreError::KeyReused, 409),
            (StoreError::InvalidCursor, 400),
            (StoreError::Contended { what: "task t1".to_owned(), attempts: 8 }, 503),
            (StoreError::Unavailable { act: "reading a task", source: "connection refused".into() }, 503),
            (StoreError::Refused { act: "reading a task", source: "AccessDenied".into() }, 500),
            (StoreError::ParserStateTooLarge(1), 500),
        ] {
            assert_eq!(ApiError::from(error).status(), status);
        }
    }

    #[test]
    fn tags_of_several_headers_are_one_list() {
        let mut headers = HeaderMap::new();
        assert_eq!(held_tags(&headers), None);
        headers.append(IF_NONE_MATCH, HeaderValue::from_static("\"a\""));
        headers.append(IF_NONE_MATCH, HeaderValue::from_static("W/\"b\""));
        assert_eq!(held_tags(&headers).as_deref(), Some("\"a\", W/\"b\""));
    }
}
