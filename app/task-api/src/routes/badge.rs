//! A task as a small picture, for a README or a wiki.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use miyabi_shared::{Task, TaskId, TaskStatus};
use utoipa::IntoParams;

use crate::error::ApiError;
use crate::request::{Parameters, Query, QueryReader, TaskPath};
use crate::state::AppState;

const SVG: HeaderValue = HeaderValue::from_static("image/svg+xml");
/// Those who show pictures keep them; this long is still of use.
const KEEP_A_MINUTE: HeaderValue = HeaderValue::from_static("private, max-age=60");
/// What a character takes, in pixels: of this font and size none takes more but a few capitals.
const CHARACTER: usize = 7;
/// Longest name that is shown.
const NAME_CHARACTERS: usize = 40;

/// Who asks.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct BadgeParameters {
    /// The token of a share link, for those who show a picture and can send no header.
    #[param(value_type = Option<String>, example = "mys_…")]
    share: (),
}

impl Parameters for BadgeParameters {
    fn read(reader: &mut QueryReader) -> Self {
        // It was read already, by what stands before the handler.
        reader.text("share");
        Self { share: () }
    }
}

/// Get a task's badge
///
/// The task's name and status as an SVG picture.
#[utoipa::path(
    get,
    path = "/api/tasks/{task_id}/badge.svg",
    tag = "tasks",
    operation_id = "getBadge",
    params(("task_id" = TaskId, Path, description = "The task.", example = "deploy-2026-11-22-1"), BadgeParameters),
    responses(
        (status = 200, description = "The picture.", body = String, content_type = "image/svg+xml",
            headers(("Cache-Control" = String, description = "It may be kept for a minute."))),
        (status = 400, description = "A parameter is unknown or breaks its rule."),
        (status = 404, description = "No task has this identifier."),
        (status = 503, description = "The tables are out."),
    ),
)]
pub(crate) async fn get_badge(
    State(state): State<AppState>,
    TaskPath(task_id): TaskPath,
    Query(BadgeParameters { share: () }): Query<BadgeParameters>,
) -> Result<Response, ApiError> {
    let answer = state.store.task(&task_id, None).await?;
    let task: Option<Task> = answer.value.map(|document| document.parse()).transpose()?;
    let task = task.ok_or(ApiError::UnknownTask(task_id))?;
    Ok((StatusCode::OK, [(CONTENT_TYPE, SVG), (CACHE_CONTROL, KEEP_A_MINUTE)], badge(&task)).into_response())
}

fn badge(task: &Task) -> String {
    let mut name: String = task.name.chars().take(NAME_CHARACTERS).collect();
    if task.name.chars().nth(NAME_CHARACTERS).is_some() {
        name.push('…');
    }
    let status = match (task.status, task.progress.percentage) {
        (TaskStatus::Running, Some(percentage)) => format!("running {percentage:.0} %"),
        (status, _) => status.as_str().to_owned(),
    };
    let colour = match task.status {
        TaskStatus::Queued => "#57606a",
        TaskStatus::Running => "#0969da",
        TaskStatus::Succeeded => "#1a7f37",
        TaskStatus::Failed => "#cf222e",
        TaskStatus::Cancelled => "#6e7781",
    };
    let width = |text: &str| text.chars().count() * CHARACTER + 12;
    let (left, right) = (width(&name), width(&status));
    let (whole, name_at, status_at) = (left + right, left / 2, left + right / 2);
    let (name, status) = (escaped(&name), escaped(&status));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" role=\"img\" \
         aria-label=\"{name}: {status}\"><title>{name}: {status}</title>\
         <rect width=\"{left}\" height=\"20\" fill=\"#24292f\"/>\
         <rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{colour}\"/>\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
         <text x=\"{name_at}\" y=\"14\">{name}</text><text x=\"{status_at}\" y=\"14\">{status}</text></g></svg>"
    )
}

/// Text that cannot become markup; of what XML has no character for, nothing is left.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_stays_text() {
        let text = escaped("<script>alert(\"1\")</script>&'\u{0}");
        assert_eq!(text, "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39; ");
    }
}
