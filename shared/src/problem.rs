//! Errors as the API speaks them: RFC 9457 problem details.

use serde::{Deserialize, Serialize};

/// The media type of an error's body.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// An error's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProblemDetails {
    /// Names the kind of error for programs: `/problems/` and a word that never changes.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schema(example = "/problems/invalid-request"))]
    pub problem_type: String,
    /// The kind of error for people.
    pub title: String,
    /// The HTTP status code.
    pub status: u16,
    /// What was wrong this time, where, and what was expected.
    pub detail: String,
    /// Identifies the request in the logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Every mistake of the request, where it has several or they have a place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// One mistake in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// Where: a path into the body such as `events[2].current`, or the name of a parameter.
    pub field: String,
    /// The rule that it breaks.
    pub rule: String,
}
