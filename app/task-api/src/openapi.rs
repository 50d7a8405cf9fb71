//! The OpenAPI document. Paths and bodies come from the handlers; what every route has in common is added here, from the
//! values that the router really sends.

mod examples;

use axum::http::Method;
use miyabi_shared::TaskId;
use miyabi_shared::problem::{self, FieldError, ProblemDetails};
use miyabi_shared::scope::Scope;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::server::ServerBuilder;
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Response};
use utoipa::{PartialSchema as _, ToSchema as _};

use crate::access::{Need, need};
use crate::error::{ApiError, Refusal};
use crate::router::documented;

const DESCRIPTION: &str = "\
Miyabi shows how far every long-running job of a team has come. A *task* is one job; *events* say what happens to it; \
*steps* are its parts.\n\n\
An event carries `(attempt, sequence)`: newer ones win, duplicates and late ones change nothing, so that every call can be \
repeated. Within an attempt the percentage never falls; it is 100 only with success, and `null` while the total is unknown.\n\n\
Reads carry an `ETag` and where the answer came from (`x-cache`). Errors are problem details (RFC 9457); every answer has an \
`x-request-id`.";

const BEARER: &str = "bearer";
const KEY: &str = "key";

/// The whole document.
pub fn document() -> OpenApi {
    let (_, mut document) = documented().split_for_parts();
    document.info = InfoBuilder::new()
        .title("Miyabi")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(DESCRIPTION))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    document.servers = Some(vec![
        ServerBuilder::new().url("/").description(Some("Where this document was read from.")).build(),
    ]);
    document.tags = Some(
        [
            ("tasks", "Jobs, and how far they have come."),
            ("jobs", "Tasks that workers run, and the queues that they wait in."),
            ("projects", "What tasks are grouped by."),
            ("access", "Who calls: keys and share links."),
            ("service", "The API itself."),
        ]
        .map(|(name, description)| TagBuilder::new().name(name).description(Some(description)).build())
        .to_vec(),
    );
    let components = document.components.get_or_insert_default();
    for (name, schema) in [
        (ProblemDetails::name(), ProblemDetails::schema()),
        (FieldError::name(), FieldError::schema()),
        (TaskId::name(), TaskId::schema()),
    ] {
        components.schemas.insert(name.into_owned(), schema);
    }
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "An access token of the deployment's issuer, an API key (`mky_…`), or the token of a share link (`mys_…`).",
    ));
    let key = ApiKeyValue::with_description("x-api-key", "An API key (`mky_…`).");
    components.security_schemes.insert(BEARER.to_owned(), SecurityScheme::Http(bearer.build()).into());
    components.security_schemes.insert(KEY.to_owned(), SecurityScheme::ApiKey(ApiKey::Header(key)).into());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            secure(operation, need(&method, path, None).unwrap_or(Need::Scope(Scope::Admin)));
            complete(operation);
        }
    }
    document
}

/// The document as it is served and as it is kept in the repository.
pub(crate) fn document_text() -> Result<String, serde_json::Error> {
    document().to_pretty_json().map(|text| text + "\n")
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PUT, &mut item.put),
        (Method::PATCH, &mut item.patch),
        (Method::DELETE, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// Says what an operation needs of its caller, and how it ends without.
fn secure(operation: &mut Operation, need: Need) {
    let scope = match need {
        Need::Nothing => {
            operation.security = Some(Vec::new());
            // Only looking deeper needs a caller.
            if operation.operation_id.as_deref() != Some("getHealth") {
                return;
            }
            Some(Scope::Read)
        }
        Need::Known => None,
        Need::Scope(scope) => Some(scope),
        Need::ReadOrShare => Some(Scope::Read),
    };
    if need != Need::Nothing {
        let scopes: Vec<_> = scope.map(Scope::name).into_iter().collect();
        operation.security = Some(
            [BEARER, KEY].map(|scheme| SecurityRequirement::new(scheme, scopes.iter().copied())).to_vec(),
        );
    }
    let responses = &mut operation.responses.responses;
    let mut add = |status: &str, description: String| {
        responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(Response::new(description)));
    };
    add("401", "Who calls is not known: nothing was shown, or what is not good.".to_owned());
    if let Some(scope) = scope {
        add("403", format!("The caller is known, and lacks `{}` or is not in the project.", scope.name()));
    }
    add("429", "Too many callers that are not known have tried within a moment.".to_owned());
}

/// Adds what every operation has: the internal error, bodies of errors, and headers.
fn complete(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    responses.entry("500".to_owned()).or_insert_with(|| {
        RefOr::T(Response::new("A mistake of ours; the request's identifier finds it in the log."))
    });
    responses.entry("503".to_owned()).or_insert_with(|| {
        RefOr::T(Response::new(
            "More requests are being served than can be; the same request may succeed in a moment.",
        ))
    });
    // Every read that may answer 304 is tagged, and says where it came from.
    let tagged = responses.contains_key("304");
    if tagged {
        let text = ObjectBuilder::new().schema_type(Type::String).build();
        let held = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .description(Some(
                "The `ETag` of what the caller holds: while it still holds, the answer is an empty 304.",
            ))
            .schema(Some(text))
            .example(Some("\"1795322123456789.42\"".into()))
            .build();
        operation.parameters.get_or_insert_default().push(RefOr::T(held));
    }
    for (status, response) in responses {
        let RefOr::T(response) = response else { continue };
        header(response, "Vary", "What the answer depends on besides the address.", None);
        header(response, "x-content-type-options", "The answer is what its type says.", None);
        if matches!(status.as_str(), "401" | "403") {
            header(response, "WWW-Authenticate", "What would have to be shown (RFC 6750).", None);
        }
        if status == "429" {
            header(response, "Retry-After", "Seconds after which to try again.", None);
        }
        header(response, "x-request-id", "Identifies the request in the logs.", None);
        if status == "304" || response.content.contains_key("application/json") {
            let rule = "A reader may keep the answer, and asks each time whether it still holds.";
            header(response, "Cache-Control", rule, None);
        }
        if tagged && matches!(status.as_str(), "200" | "304") {
            header(response, "ETag", "Names this state; to be sent back in `If-None-Match`.", None);
            let sources = ["hit", "miss", "bypass"];
            header(
                response,
                "x-cache",
                "Where the answer came from: the cache, the tables, or the tables for want of a cache.",
                Some(&sources),
            );
        }
        if status == "503" {
            header(response, "Retry-After", "Seconds after which to try again.", None);
        }
        for content in response.content.values_mut() {
            // Where a handler gives an example of its own, that one tells more.
            let RefOr::T(content) = content else { continue };
            if let (None, Some(RefOr::Ref(schema))) = (&content.example, &content.schema) {
                let name = schema.ref_location.rsplit('/').next().unwrap_or_default();
                content.example = examples::example(name);
            }
        }
        if let Some(example) = problem_of(status)
            && response.content.is_empty()
        {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(ProblemDetails::name())))
                .example(serde_json::to_value(example).ok())
                .build();
            response.content.insert(problem::CONTENT_TYPE.to_owned(), content.into());
        }
    }
}

fn header(response: &mut Response, name: &str, description: &str, values: Option<&[&str]>) {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(values.map(|values| values.iter().map(|value| (*value).to_owned())))
        .build();
    let header = HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build();
    response.headers.insert(name.to_owned(), header.into());
}

/// An error of that status, as the router sends it.
fn problem_of(status: &str) -> Option<ProblemDetails> {
    let task_id = TaskId::from_words("deploy-2026-11-22-1", "task");
    let error = match status {
        "400" => ApiError::field("events[2].current", "at most total, which is 29"),
        "401" => ApiError::Unauthenticated(Refusal::Nothing),
        "403" => ApiError::Forbidden(Scope::Write),
        "429" => ApiError::TooManyAttempts,
        "404" => ApiError::UnknownTask(task_id),
        "405" => ApiError::MethodNotAllowed { method: Method::DELETE, path: "/api/tasks".to_owned() },
        "409" => ApiError::TaskExists { task_id, field: "name" },
        "413" => ApiError::BodyTooLarge,
        "415" => ApiError::UnsupportedMediaType,
        "500" => ApiError::Internal("an example".into()),
        "503" => ApiError::Unavailable("an example".into()),
        _ => return None,
    };
    let request_id = Some("0193512f-3c1a-7b6e-9d55-0f6c6a1f2b3c".to_owned());
    Some(ProblemDetails { request_id, ..error.problem() })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use miyabi_shared::config::{Environment as _, ProcessEnvironment};
    use serde_json::{Value, json};

    use super::*;

    /// The dashboard makes its types from the file. `MIYABI_UPDATE_DOCS=1` rewrites it.
    #[test]
    fn the_document_in_the_repository_is_the_one_that_is_served() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        let served = document_text().unwrap();
        if ProcessEnvironment.get("MIYABI_UPDATE_DOCS").as_deref() == Some("1") {
            std::fs::write(&file, &served).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == served,
            "openapi.json is out of date: MIYABI_UPDATE_DOCS=1 cargo test -p miyabi-task-api --lib openapi"
        );
    }

    #[test]
    fn every_operation_is_described_with_every_error_it_can_end_in() {
        let document = serde_json::to_value(document()).unwrap();
        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let place = format!("{method} {path}");
                for member in ["summary", "description", "operationId", "tags"] {
                    assert!(!operation[member].is_null(), "{place}: no {member}");
                }
                let mut expected = vec!["400", "500"];
                if path.contains("{task_id}") {
                    expected.push("404");
                }
                if !operation["requestBody"].is_null() {
                    expected.extend(["413", "415"]);
                }
                for status in expected {
                    assert!(!operation["responses"][status].is_null(), "{place}: no {status}");
                }
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let place = format!("{place} {status}");
                    assert!(!response["description"].as_str().unwrap().is_empty(), "{place}");
                    assert!(!response["headers"]["x-request-id"].is_null(), "{place}");
                    for body in response["content"].as_object().into_iter().flat_map(|bodies| bodies.values())
                    {
                        let Some(reference) = body["schema"]["$ref"].as_str() else { continue };
                        assert!(!body["example"].is_null(), "{place}: no example of {reference}");
                        let mistakes = mistakes(&document, &body["schema"], &body["example"], "example");
                        assert!(mistakes.is_empty(), "{place}: {mistakes:#?}");
                    }
                    let has_a_body = status.as_str() >= "400";
                    assert!(!has_a_body || response["content"].as_object().is_some(), "{place}: no body");
                }
            }
        }
    }

    /// Where a value is not what a schema says. Of the words of JSON Schema, those that this document uses for answers.
    fn mistakes(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        if let Some(reference) = schema["$ref"].as_str() {
            return mistakes(document, document.pointer(&reference[1..]).unwrap(), value, at);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let all: Vec<_> = choices.iter().map(|choice| mistakes(document, choice, value, at)).collect();
            let fits = all.iter().any(Vec::is_empty);
            return if fits { Vec::new() } else { all.into_iter().flatten().collect() };
        }
        let mut found = Vec::new();
        let types: Vec<_> = match &schema["type"] {
            Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let is = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        if !types.is_empty() && !types.contains(&is) {
            found.push(format!("{at}: {is} and not {types:?}"));
        }
        if let Some(words) = schema["enum"].as_array()
            && !words.contains(value)
        {
            found.push(format!("{at}: {value} and not one of {words:?}"));
        }
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            found.extend(mistakes(document, &schema["items"], item, &format!("{at}[{index}]")));
        }
        let (properties, required) = members(document, schema);
        for name in required {
            if value.get(&name).is_none() {
                found.push(format!("{at}.{name}: missing"));
            }
        }
        for (name, member) in value.as_object().into_iter().flatten() {
            match properties.get(name).or_else(|| schema.get("additionalProperties")) {
                Some(schema) => found.extend(mistakes(document, schema, member, &format!("{at}.{name}"))),
                None => found.push(format!("{at}.{name}: unknown")),
            }
        }
        found
    }

    /// The members of an object and those that it must have, those of its parts included.
    fn members(document: &Value, schema: &Value) -> (serde_json::Map<String, Value>, Vec<String>) {
        if let Some(reference) = schema["$ref"].as_str() {
            return members(document, document.pointer(&reference[1..]).unwrap());
        }
        let mut properties = schema["properties"].as_object().cloned().unwrap_or_default();
        let mut required: Vec<String> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let (more, needed) = members(document, part);
            properties.extend(more);
            required.extend(needed);
        }
        (properties, required)
    }

    #[test]
    fn an_example_that_breaks_its_schema_is_found() {
        let document = serde_json::to_value(document()).unwrap();
        let schema = json!({ "$ref": "#/components/schemas/TaskList" });
        let mut wrong = examples::example("TaskList").unwrap();
        assert_eq!(mistakes(&document, &schema, &wrong, "example"), [] as [String; 0]);
        wrong["tasks"][0]["status"] = json!("done");
        wrong["tasks"][0]["attempt"] = json!("first");
        wrong["tasks"][0].as_object_mut().unwrap().remove("labels");
        wrong["more"] = json!(true);
        let found = mistakes(&document, &schema, &wrong, "example").join("; ");
        for part in
            ["tasks[0].status: \"done\" and", "attempt: string and", "labels: missing", "more: unknown"]
        {
            assert!(found.contains(part), "{part} is not in {found}");
        }
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        fn references(value: &Value, found: &mut Vec<String>) {
            match value {
                Value::Object(members) => {
                    found.extend(members.get("$ref").and_then(|text| text.as_str()).map(str::to_owned));
                    members.values().for_each(|value| references(value, found));
                }
                Value::Array(list) => list.iter().for_each(|value| references(value, found)),
                _ => {}
            }
        }
        let document = serde_json::to_value(document()).unwrap();
        let mut found = Vec::new();
        references(&document, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            let target = document.pointer(reference.trim_start_matches('#'));
            assert!(target.is_some(), "{reference} leads nowhere");
        }
    }
}
