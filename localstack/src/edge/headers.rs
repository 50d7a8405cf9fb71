//! Headers that the edge adds, and those that end at it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use miyabi_shared::page;

/// Headers that belong to one connection and are not passed on.
const HOP_BY_HOP: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Adds the headers that every answer has.
pub(super) fn secure(headers: &mut HeaderMap) {
    let always = [
        (header::CONTENT_SECURITY_POLICY, page::CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, page::REFERRER_POLICY),
    ];
    let further = page::HEADERS.map(|(name, value)| (HeaderName::from_static(name), value));
    for (name, value) in always.into_iter().chain(further) {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}

/// Takes out what belongs to one connection: the known headers, and those that the connection names.
pub(super) fn end_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_one_connection_is_not_passed_on() {
        let mut headers = HeaderMap::new();
        for (name, value) in
            [("connection", "close, X-Own"), ("x-own", "1"), ("transfer-encoding", "chunked"), ("etag", "a")]
        {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        end_connection(&mut headers);
        assert_eq!(headers.keys().collect::<Vec<_>>(), [header::ETAG]);
    }

    #[test]
    fn an_answer_keeps_a_policy_of_its_own() {
        let mut headers = HeaderMap::new();
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("origin"));
        secure(&mut headers);
        assert_eq!(headers[header::REFERRER_POLICY], "origin");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
}
