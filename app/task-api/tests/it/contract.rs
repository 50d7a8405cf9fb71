//! The document against the answers: every status and every header that the API sends is described.

use std::sync::LazyLock;

use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::Value;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(miyabi_task_api::document()).expect("a document is JSON"));

/// The operation that serves a path, and its place in the document.
fn operation(method: &Method, path: &str) -> Option<(String, &'static Value)> {
    let method = if method == Method::HEAD { "get".to_owned() } else { method.as_str().to_lowercase() };
    let parts: Vec<&str> = path.split('/').collect();
    let (template, item) = DOCUMENT["paths"].as_object()?.iter().find(|(template, _)| {
        let expected: Vec<&str> = template.split('/').collect();
        expected.len() == parts.len()
            && expected
                .iter()
                .zip(&parts)
                .all(|(expected, part)| expected == part || (expected.starts_with('{') && !part.is_empty()))
    })?;
    Some((format!("{method} {template}"), item.get(&method)?))
}

/// Holds one answer against the document. What is at no path of it has nothing to keep to.
pub(crate) fn check(method: &Method, path: &str, status: StatusCode, headers: &HeaderMap) {
    let Some((place, operation)) = operation(method, path) else { return };
    let response = &operation["responses"][status.as_str()];
    assert!(!response.is_null(), "{place}: {status} is not in the document");
    let described: Vec<String> =
        response["headers"].as_object().into_iter().flatten().map(|(name, _)| name.to_lowercase()).collect();
    for name in headers.keys().map(axum::http::HeaderName::as_str) {
        let of_http = ["content-type", "content-length"].contains(&name);
        assert!(
            of_http || described.iter().any(|described| described == name),
            "{place} {status}: {name} is not in the document"
        );
    }
}

#[test]
fn the_header_that_saves_an_answer_is_described_where_a_304_is() {
    let mut tagged = 0;
    for (path, item) in DOCUMENT["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let names: Vec<_> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .filter(|parameter| parameter["in"] == "header")
                .map(|parameter| parameter["name"].as_str().unwrap())
                .collect();
            let has_304 = !operation["responses"]["304"].is_null();
            assert_eq!(names.contains(&"If-None-Match"), has_304, "{method} {path}: {names:?}");
            tagged += usize::from(has_304);
        }
    }
    assert!(tagged >= 3, "{tagged}");
}
