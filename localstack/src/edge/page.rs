//! Every other path: a file of the page's bucket, or the page itself, which has paths of its own.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::get_object::{GetObjectError, GetObjectOutput};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use miyabi_shared::page::{DOCUMENT, is_a_place_in_the_page};

use crate::deploy::Emulator;

const OUTAGE: &str = "Miyabi's local cloud does not answer.\n\n  ./just status   says what runs\n  \
                      ./just up       starts what is missing\n";

/// The page's bucket.
#[derive(Debug, Clone)]
pub(super) struct Page {
    emulator: Emulator,
    bucket: String,
}

enum Found {
    File(Box<GetObjectOutput>),
    Unchanged(String),
    Nothing,
    Outage,
}

impl Page {
    pub(super) fn new(emulator: Emulator, bucket: &str) -> Self {
        Self { emulator, bucket: bucket.to_owned() }
    }

    /// The file that a path names.
    pub(super) async fn serve(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        if method != Method::GET && method != Method::HEAD {
            return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
        }
        let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        let mut found = match key(path) {
            Some(key) => self.find(key, known).await,
            None => Found::Nothing,
        };
        if matches!(found, Found::Nothing) && is_a_place_in_the_page(path) {
            found = self.find(DOCUMENT, known).await;
        }
        match found {
            Found::File(file) => respond(*file, method).await,
            Found::Unchanged(tag) => (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response(),
            Found::Nothing => {
                (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], "There is no such file.\n")
                    .into_response()
            }
            Found::Outage => {
                (StatusCode::BAD_GATEWAY, [(header::CACHE_CONTROL, "no-store")], OUTAGE).into_response()
            }
        }
    }

    async fn find(&self, key: &str, known: Option<&str>) -> Found {
        let answer = self
            .emulator
            .s3()
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .set_if_none_match(known.map(str::to_owned))
            .send()
            .await;
        match answer {
            Ok(file) => Found::File(Box::new(file)),
            Err(error) => not_found(&error, known),
        }
    }
}

fn not_found(error: &SdkError<GetObjectError>, known: Option<&str>) -> Found {
    let status = error.raw_response().map(|response| response.status().as_u16());
    match (status, known) {
        (Some(304), Some(tag)) => Found::Unchanged(tag.to_owned()),
        (Some(404), _) if error.code() != Some("NoSuchBucket") => Found::Nothing,
        _ => Found::Outage,
    }
}

/// The object that a path names; `None` where it cannot name one.
fn key(path: &str) -> Option<&str> {
    match path.strip_prefix('/')? {
        "" => Some(DOCUMENT),
        // Names of files are plain; anything else is a place in the page, with an identifier in it.
        key if key.bytes().all(|letter| letter.is_ascii_alphanumeric() || b"/._-".contains(&letter)) => {
            Some(key)
        }
        _ => None,
    }
}

async fn respond(file: GetObjectOutput, method: &Method) -> Response {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: Option<&str>| {
        if let Some(value) = value.and_then(|value| value.parse().ok()) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, file.content_type());
    set(header::CACHE_CONTROL, Some(file.cache_control().unwrap_or("no-cache")));
    set(header::ETAG, file.e_tag());
    set(header::CONTENT_LENGTH, file.content_length().map(|length| length.to_string()).as_deref());
    if method == Method::HEAD {
        return (headers, Body::empty()).into_response();
    }
    // The page's files are small: nothing is gained by sending them on in pieces.
    match file.body.collect().await {
        Ok(content) => (headers, Body::from(content.into_bytes())).into_response(),
        Err(_) => (StatusCode::BAD_GATEWAY, OUTAGE).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_file_where_it_is_plain() {
        assert_eq!(key("/"), Some("index.html"));
        assert_eq!(key("/assets/index-D3f.js"), Some("assets/index-D3f.js"));
        assert_eq!(key("/tasks/a%20b"), None);
    }
}
