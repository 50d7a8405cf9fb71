//! What a request may end in when it does not succeed, and how that reads on the wire.
//!
//! 4xx: the caller can do something about it, and the body says what. They are not logged as errors. 503: something we
//! depend on is out; the same request may succeed in a moment. 500: our mistake; the body says nothing but the request's
//! identifier, and the log has the whole chain of causes.

use std::error::Error;
use std::sync::Arc;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use miyabi_shared::limits;
use miyabi_shared::problem::{self, FieldError, ProblemDetails};
use miyabi_shared::scope::Scope;
use miyabi_shared::{ProjectId, TaskId, TaskStatus};

/// Seconds after which a caller may try again when something we depend on is out.
const RETRY_AFTER_SECONDS: HeaderValue = HeaderValue::from_static("2");

/// Why a request did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// The request breaks rules: every one that was found, each with its place.
    #[error("the request is invalid")]
    Invalid(Vec<FieldError>),
    /// Who calls is not known.
    #[error("who calls is not known: {}", .0.detail())]
    Unauthenticated(Refusal),
    /// Who calls is known, and may not do this.
    #[error("the caller lacks {}", .0.name())]
    Forbidden(Scope),
    /// Who calls is not in this project.
    #[error("the caller is not in project {0}")]
    OtherProject(ProjectId),
    /// More callers that are not known have tried than can be looked at.
    #[error("too many attempts")]
    TooManyAttempts,
    /// There is no such key.
    #[error("key {0} is unknown")]
    UnknownKey(String),
    /// There is no such task.
    #[error("task {0} is unknown")]
    UnknownTask(TaskId),
    /// There is nothing at this path.
    #[error("there is nothing at {0}")]
    UnknownRoute(String),
    /// There is something at this path, but it does not take this method.
    #[error("{path} does not take {method}")]
    MethodNotAllowed {
        /// What was asked for.
        method: Method,
        /// Where.
        path: String,
    },
    /// A task with this identifier exists, and is another one.
    #[error("task {task_id} exists with another {field}")]
    TaskExists {
        /// The task.
        task_id: TaskId,
        /// What differs.
        field: &'static str,
    },
    /// The task ended, and in another way than it was asked to.
    #[error("task {task_id} is {status} already")]
    TaskEnded {
        /// The task.
        task_id: TaskId,
        /// How it ended.
        status: TaskStatus,
    },
    /// The task has to end before it can run again.
    #[error("task {task_id} is {status}")]
    TaskNotEnded {
        /// The task.
        task_id: TaskId,
        /// What it does.
        status: TaskStatus,
    },
    /// Nobody put the task into a queue: whoever created it runs it.
    #[error("task {0} is no job of a queue")]
    NoJob(TaskId),
    /// There is no such queue.
    #[error("queue {0} is unknown")]
    UnknownQueue(String),
    /// The `Idempotency-Key` came with another body before.
    #[error("the key was used with another body")]
    KeyReused,
    /// More requests are being served than can be.
    #[error("too many requests at a time")]
    Overloaded,
    /// The body is larger than [`limits::BODY_BYTES`].
    #[error("the body is too large")]
    BodyTooLarge,
    /// The body is not declared to be JSON.
    #[error("the body is not declared as JSON")]
    UnsupportedMediaType,
    /// Something that the answer depends on cannot be reached, or has too much to do.
    #[error("a dependency is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// Our mistake.
    #[error("an internal error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl ApiError {
    /// One mistake at one place.
    pub fn field(field: impl Into<String>, rule: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.into(), rule: rule.into() }])
    }

    /// The status code.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) | Self::OtherProject(_) => StatusCode::FORBIDDEN,
            Self::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
            Self::UnknownTask(_)
            | Self::UnknownRoute(_)
            | Self::UnknownKey(_)
            | Self::NoJob(_)
            | Self::UnknownQueue(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::TaskExists { .. }
            | Self::TaskEnded { .. }
            | Self::TaskNotEnded { .. }
            | Self::KeyReused => StatusCode::CONFLICT,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unavailable(_) | Self::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The body, without the request's identifier, which only the edge of the router knows.
    pub fn problem(&self) -> ProblemDetails {
        let (word, title, detail) = match self {
            Self::Invalid(errors) => ("invalid-request", "The request is invalid", invalid_detail(errors)),
            Self::Unauthenticated(refusal) => {
                ("unauthenticated", "Who calls is not known", refusal.detail().to_owned())
            }
            Self::Forbidden(scope) => (
                "forbidden",
                "This is not allowed",
                format!(
                    "It takes {}, for every project that it is about. GET /api/me says what the caller may do.",
                    scope.name()
                ),
            ),
            Self::OtherProject(project_id) => (
                "forbidden",
                "This is not allowed",
                format!("The caller is not in project {project_id}. GET /api/me says in which ones it is."),
            ),
            Self::TooManyAttempts => (
                "too-many-attempts",
                "Too many attempts",
                "Too many callers that are not known have tried within a moment. Try again in a second."
                    .to_owned(),
            ),
            Self::UnknownKey(key_id) => (
                "unknown-key",
                "There is no such key",
                format!("No key has the identifier {}.", shortened(key_id)),
            ),
            Self::UnknownTask(task_id) => {
                ("unknown-task", "There is no such task", format!("No task has the identifier {task_id}."))
            }
            Self::NoJob(task_id) => (
                "no-job",
                "The task is no job of a queue",
                format!("Task {task_id} was created without `run`: whoever created it runs it."),
            ),
            Self::UnknownQueue(name) => (
                "unknown-queue",
                "There is no such queue",
                format!("No queue has the name {}. GET /api/queues names them.", shortened(name)),
            ),
            Self::UnknownRoute(path) => (
                "unknown-route",
                "There is nothing at this path",
                format!("Nothing is at {}. GET /api/openapi.json describes what there is.", shortened(path)),
            ),
            Self::MethodNotAllowed { method, path } => (
                "method-not-allowed",
                "The path does not take this method",
                format!(
                    "{} does not take {}; the header `allow` says what it takes.",
                    shortened(path),
                    shortened(method.as_str())
                ),
            ),
            Self::TaskExists { task_id, field } => (
                "task-exists",
                "Another task has this identifier",
                format!("Task {task_id} exists, with another {field}. Choose another task_id."),
            ),
            Self::TaskEnded { task_id, status } => {
                ("task-ended", "The task has ended", format!("Task {task_id} is {status} already."))
            }
            Self::TaskNotEnded { task_id, status } => (
                "task-not-ended",
                "The task has not ended",
                format!("Task {task_id} is {status}: it can run again once it has ended. Cancel it first."),
            ),
            Self::KeyReused => (
                "key-reused",
                "The key was used for another task",
                "This Idempotency-Key came with another body within the last 24 hours. Choose another key."
                    .to_owned(),
            ),
            Self::Overloaded => (
                "overloaded",
                "Too much to do",
                "More requests are being served than can be. Try again in a moment.".to_owned(),
            ),
            Self::BodyTooLarge => (
                "body-too-large",
                "The body is too large",
                format!(
                    "A body may have {} kB at most. Send fewer events at a time.",
                    limits::BODY_BYTES / 1024
                ),
            ),
            Self::UnsupportedMediaType => (
                "unsupported-media-type",
                "The body is not declared as JSON",
                "Send the body as JSON, with the header `content-type: application/json`.".to_owned(),
            ),
            Self::Unavailable(_) => (
                "unavailable",
                "Not available at the moment",
                "Something that the answer depends on is out or has too much to do. Try again in a moment."
                    .to_owned(),
            ),
            Self::Internal(_) => (
                "internal",
                "Internal error",
                "The mistake is ours. The request's identifier finds it in the log.".to_owned(),
            ),
        };
        ProblemDetails {
            problem_type: format!("/problems/{word}"),
            title: title.to_owned(),
            status: self.status().as_u16(),
            detail,
            request_id: None,
            errors: match self {
                Self::Invalid(errors) => errors.clone(),
                _ => Vec::new(),
            },
        }
    }
}

impl ApiError {
    /// What the caller would have to show (RFC 6750).
    fn challenge(&self) -> Option<HeaderValue> {
        let text = match self {
            Self::Unauthenticated(Refusal::Nothing) => "Bearer realm=\"miyabi\"".to_owned(),
            Self::Unauthenticated(_) => "Bearer realm=\"miyabi\", error=\"invalid_token\"".to_owned(),
            Self::Forbidden(scope) => {
                format!("Bearer realm=\"miyabi\", error=\"insufficient_scope\", scope=\"{}\"", scope.name())
            }
            _ => return None,
        };
        HeaderValue::try_from(text).ok()
    }
}

/// Why who calls is not known. It says what to do, and nothing about what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The request shows nothing.
    Nothing,
    /// What it shows is of no kind that is taken here.
    Unknown,
    /// No such key is good.
    Key,
    /// No such share link is good.
    Share,
    /// It was good, or will be.
    Expired,
    /// It is no token, or was changed.
    Token,
    /// The issuer has no such key.
    TokenKey,
    /// It is of another issuer.
    TokenIssuer,
    /// It is for somebody else.
    TokenAudience,
    /// It is no access token.
    TokenUse,
}

impl Refusal {
    fn detail(self) -> &'static str {
        match self {
            Self::Nothing => {
                "Sign in: send `authorization: Bearer …` with an access token, an API key or the token of a share link."
            }
            Self::Unknown => {
                "What the request shows is neither an API key nor a share link, and tokens are not taken here."
            }
            Self::Key => {
                "The API key is unknown, was revoked, or has expired. An administrator makes another one."
            }
            Self::Share => {
                "The share link is not complete, or was taken back. Ask who sent it for another one."
            }
            Self::Expired => "The time of what the request shows is over. Sign in again.",
            Self::Token => "The access token cannot be read, or was not signed by its issuer.",
            Self::TokenKey => {
                "The access token is signed with a key that its issuer does not have, or has no longer."
            }
            Self::TokenIssuer => "The access token is of another issuer than the one that is believed here.",
            Self::TokenAudience => "The access token is not for this API.",
            Self::TokenUse => {
                "The token is no access token. An identity token says who somebody is, and allows nothing."
            }
        }
    }
}

fn invalid_detail(errors: &[FieldError]) -> String {
    match errors {
        [only] => format!("{}: {}.", only.field, only.rule),
        many => format!("{} mistakes; `errors` names each with its place and the rule.", many.len()),
    }
}

/// What a caller sent, short enough to send back.
pub(crate) fn shortened(text: &str) -> String {
    const CHARACTERS: usize = 100;
    match text.char_indices().nth(CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// Marks a response as a problem, so that the edge of the router can add the request's identifier and log the cause.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) problem: ProblemDetails,
    /// Only where it is to be logged: errors that are not the caller's.
    pub(crate) cause: Option<Arc<ApiError>>,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = self.problem();
        let mut response = problem_response(&problem);
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if matches!(self, Self::TooManyAttempts) {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if let Some(challenge) = self.challenge() {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        let cause = matches!(self, Self::Unavailable(_) | Self::Internal(_)).then(|| Arc::new(self));
        response.extensions_mut().insert(Report { problem, cause });
        response
    }
}

/// The response that `problem` is the body of.
pub(crate) fn problem_response(problem: &ProblemDetails) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    // Strings and numbers always have a JSON form; an empty body keeps at least the status.
    let body = serde_json::to_vec(problem).unwrap_or_default();
    (status, [(CONTENT_TYPE, HeaderValue::from_static(problem::CONTENT_TYPE))], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Box<dyn Error + Send + Sync> {
        "secret detail".into()
    }

    /// Every kind of error with its status, the word that programs key on, and whether its cause is logged.
    #[test]
    fn every_error_has_its_status_its_word_and_a_body_that_gives_nothing_away() {
        let task_id = TaskId::new("t1").unwrap();
        let table = [
            (ApiError::field("name", "1 to 256 characters"), 400, "invalid-request", false),
            (ApiError::Unauthenticated(Refusal::Nothing), 401, "unauthenticated", false),
            (ApiError::Forbidden(Scope::Write), 403, "forbidden", false),
            (ApiError::OtherProject(ProjectId::new("p").unwrap()), 403, "forbidden", false),
            (ApiError::TooManyAttempts, 429, "too-many-attempts", false),
            (ApiError::UnknownKey("k".to_owned()), 404, "unknown-key", false),
            (ApiError::UnknownTask(task_id.clone()), 404, "unknown-task", false),
            (ApiError::UnknownRoute("/x".to_owned()), 404, "unknown-route", false),
            (ApiError::NoJob(task_id.clone()), 404, "no-job", false),
            (ApiError::UnknownQueue("x".to_owned()), 404, "unknown-queue", false),
            (
                ApiError::MethodNotAllowed { method: Method::PUT, path: "/api/tasks".to_owned() },
                405,
                "method-not-allowed",
                false,
            ),
            (ApiError::TaskExists { task_id: task_id.clone(), field: "name" }, 409, "task-exists", false),
            (
                ApiError::TaskEnded { task_id: task_id.clone(), status: TaskStatus::Failed },
                409,
                "task-ended",
                false,
            ),
            (ApiError::TaskNotEnded { task_id, status: TaskStatus::Running }, 409, "task-not-ended", false),
            (ApiError::KeyReused, 409, "key-reused", false),
            (ApiError::Overloaded, 503, "overloaded", false),
            (ApiError::BodyTooLarge, 413, "body-too-large", false),
            (ApiError::UnsupportedMediaType, 415, "unsupported-media-type", false),
            (ApiError::Internal(source()), 500, "internal", true),
            (ApiError::Unavailable(source()), 503, "unavailable", true),
        ];
        for (error, status, word, logged) in table {
            let response = error.into_response();
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()[CONTENT_TYPE], problem::CONTENT_TYPE);
            assert_eq!(response.headers().contains_key(RETRY_AFTER), matches!(status, 429 | 503), "{word}");
            let report = response.extensions().get::<Report>().unwrap();
            assert_eq!(report.problem.problem_type, format!("/problems/{word}"));
            assert_eq!(report.problem.status, status);
            assert_eq!(report.cause.is_some(), logged, "{word}");
            assert!(!serde_json::to_string(&report.problem).unwrap().contains("secret"), "{word}");
        }
    }

    #[test]
    fn one_mistake_is_named_in_the_detail_and_several_are_counted() {
        assert_eq!(
            ApiError::field("name", "1 to 256 characters").problem().detail,
            "name: 1 to 256 characters."
        );
        let mistakes = ["name", "project_id"]
            .map(|field| FieldError { field: field.to_owned(), rule: "is missing".to_owned() })
            .to_vec();
        let problem = ApiError::Invalid(mistakes).problem();
        assert!(problem.detail.starts_with("2 mistakes"), "{}", problem.detail);
        assert_eq!(problem.errors.len(), 2);
    }

    #[test]
    fn a_long_path_is_sent_back_cut() {
        let problem = ApiError::UnknownRoute("/é".repeat(5000)).problem();
        assert!(problem.detail.len() < 400, "{}", problem.detail.len());
    }
}
