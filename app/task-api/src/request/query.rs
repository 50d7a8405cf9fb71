//! Query parameters. One that is unknown or given twice is a mistake: a filter that is misspelt must not show everything.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::Uri;
use axum::http::request::Parts;
use miyabi_shared::problem::FieldError;

use crate::error::{ApiError, shortened};

/// The parameters of a route.
pub(crate) trait Parameters: Sized {
    /// Takes each of its parameters out of `reader`.
    fn read(reader: &mut QueryReader) -> Self;
}

/// The parameters of a route that has none.
#[derive(Debug)]
pub(crate) struct NoParameters;

impl Parameters for NoParameters {
    fn read(_: &mut QueryReader) -> Self {
        Self
    }
}

/// A query string, read into its route's parameters.
#[derive(Debug)]
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: Parameters> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let mut reader = QueryReader::new(&parts.uri);
        let parameters = T::read(&mut reader);
        reader.finish(parameters).map(Self)
    }
}

/// Takes parameters out of a query string, and collects what is wrong with them.
#[derive(Debug)]
pub(crate) struct QueryReader {
    given: Vec<(String, String)>,
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl QueryReader {
    fn new(uri: &Uri) -> Self {
        // Pairs of text always parse: what is no UTF-8 after decoding is replaced, and fails its rule then.
        let given = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map(|query| query.0)
            .unwrap_or_default();
        Self { given, known: Vec::new(), errors: Vec::new() }
    }

    fn take(&mut self, name: &'static str) -> Option<String> {
        self.known.push(name);
        let mut values = Vec::new();
        self.given.retain_mut(|(given, value)| {
            let matches = given == name;
            if matches {
                values.push(std::mem::take(value));
            }
            !matches
        });
        if values.len() > 1 {
            self.mistake(name, "may be given once");
        }
        values.into_iter().next()
    }

    fn mistake(&mut self, field: impl Into<String>, rule: impl Into<String>) {
        self.errors.push(FieldError { field: field.into(), rule: rule.into() });
    }

    /// A parameter that its type reads; `rule` says what that type takes.
    pub(crate) fn parsed<T: FromStr>(&mut self, name: &'static str, rule: impl Display) -> Option<T> {
        let text = self.take(name)?;
        let value = text.parse().ok();
        if value.is_none() {
            self.mistake(name, rule.to_string());
        }
        value
    }

    /// A whole number within `range`; `default` where it is left out.
    pub(crate) fn number(&mut self, name: &'static str, range: RangeInclusive<u32>, default: u32) -> u32 {
        let Some(text) = self.take(name) else { return default };
        match text.parse() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                self.mistake(name, format!("a whole number from {} to {}", range.start(), range.end()));
                default
            }
        }
    }

    /// Text with a length within `range`, in characters.
    pub(crate) fn text_within(&mut self, name: &'static str, range: RangeInclusive<usize>) -> Option<String> {
        let text = self.take(name)?;
        if !range.contains(&text.chars().count()) {
            self.mistake(name, format!("text of {} to {} characters", range.start(), range.end()));
        }
        Some(text)
    }

    /// Any text.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<String> {
        self.take(name)
    }

    fn finish<T>(mut self, value: T) -> Result<T, ApiError> {
        let rule = if self.known.is_empty() {
            "is unknown: there are no parameters here".to_owned()
        } else {
            format!("is unknown: expected {}", self.known.join(", "))
        };
        for (name, _) in std::mem::take(&mut self.given) {
            self.mistake(shortened(&name), rule.clone());
        }
        if self.errors.is_empty() { Ok(value) } else { Err(ApiError::Invalid(self.errors)) }
    }
}

#[cfg(test)]
mod tests {
    use miyabi_shared::ProjectId;

    use super::*;

    fn read(query: &str) -> Result<(Option<ProjectId>, u32), Vec<String>> {
        let uri: Uri = format!("/api/tasks{query}").parse().unwrap();
        let mut reader = QueryReader::new(&uri);
        let values = (reader.parsed("project", "an identifier"), reader.number("limit", 1..=100, 50));
        reader.finish(values).map_err(|error| {
            error.problem().errors.iter().map(|error| format!("{} {}", error.field, error.rule)).collect()
        })
    }

    #[test]
    fn parameters_are_decoded_and_those_left_out_have_their_defaults() {
        assert_eq!(read(""), Ok((None, 50)));
        assert_eq!(read("?project=web%2Dui&limit=7"), Ok((Some(ProjectId::new("web-ui").unwrap()), 7)));
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        assert_eq!(
            read("?project=a%20b&limit=0&stauts=running&limit=1").unwrap_err(),
            [
                "project an identifier",
                "limit may be given once",
                "limit a whole number from 1 to 100",
                "stauts is unknown: expected project, limit",
            ]
        );
        for limit in ["-1", "101", "1.5", "", "99999999999", "x"] {
            assert_eq!(read(&format!("?limit={limit}")).unwrap_err().len(), 1, "{limit}");
        }
    }
}
