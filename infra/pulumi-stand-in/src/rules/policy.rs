//! Policy documents of IAM: known keys, known forms, and what their kind must have.

use serde_json::{Map, Value as Json};

use super::rule::Reason;

/// Whom a policy is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A role: who may take it on.
    Trust,
    /// A role: what it may do.
    Identity,
    /// A resource: who may do what with it.
    Resource,
}

const STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];
const OPERATORS: [&str; 27] = [
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "BinaryEquals",
    "Bool",
    "DateEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateNotEquals",
    "IpAddress",
    "NotIpAddress",
    "Null",
    "NumericEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericNotEquals",
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "StringNotEquals",
    "StringNotEqualsIgnoreCase",
    "StringNotLike",
];

/// What is wrong with a policy document.
pub(super) fn problems(text: &str, kind: Kind) -> Vec<Reason> {
    let document: Map<String, Json> = match serde_json::from_str(text) {
        Ok(document) => document,
        Err(error) => return vec![Reason::Expected(format!("a policy document in JSON: {error}"))],
    };
    let mut problems = Problems(Vec::new());
    for key in document.keys().filter(|key| !["Version", "Id", "Statement"].contains(&key.as_str())) {
        problems.add(key, "is no key of a policy", "Version, Id or Statement");
    }
    if !matches!(document.get("Version").and_then(Json::as_str), Some("2012-10-17" | "2008-10-17")) {
        problems.add("Version", &format!("is {}", shown(document.get("Version"))), "\"2012-10-17\"");
    }
    let statements = list(document.get("Statement"));
    if statements.is_empty() {
        problems.add("Statement", "is missing or empty", "a list of statements");
    }
    let mut identifiers = Vec::new();
    for (index, value) in statements.iter().enumerate() {
        let path = format!("Statement[{index}]");
        match value {
            Json::Object(statement) => {
                if let Some(identifier) = statement.get("Sid").and_then(Json::as_str) {
                    if identifiers.contains(&identifier) {
                        problems.add(
                            &format!("{path}.Sid"),
                            &format!("is {identifier:?} again"),
                            "one that no other statement has",
                        );
                    }
                    identifiers.push(identifier);
                }
                problems.of_statement(&path, statement, kind);
            }
            other => problems.add(&path, &format!("is {other}"), "an object"),
        }
    }
    problems.0.into_iter().map(Reason::Within).collect()
}

struct Problems(Vec<String>);

impl Problems {
    fn add(&mut self, path: &str, what: &str, expected: &str) {
        self.0.push(format!("{path} {what}, expected {expected}"));
    }

    fn of_statement(&mut self, path: &str, statement: &Map<String, Json>, kind: Kind) {
        for key in statement.keys().filter(|key| !STATEMENT.contains(&key.as_str())) {
            self.add(&format!("{path}.{key}"), "is no key of a statement", &STATEMENT.join(", "));
        }
        let has = |name: &str| statement.contains_key(name) || statement.contains_key(&format!("Not{name}"));
        let effect = statement.get("Effect");
        if !matches!(effect.and_then(Json::as_str), Some("Allow" | "Deny")) {
            self.add(&format!("{path}.Effect"), &format!("is {}", shown(effect)), "\"Allow\" or \"Deny\"");
        }
        if let Some(identifier) = statement.get("Sid") {
            // Policies of resources may have spaces there; those of IAM have letters and digits alone.
            let letters = identifier
                .as_str()
                .is_some_and(|text| text.chars().all(|letter| letter.is_ascii_alphanumeric()));
            if kind != Kind::Resource && !letters {
                self.add(&format!("{path}.Sid"), &format!("is {identifier}"), "letters and digits alone");
            }
        }
        if !has("Action") {
            self.add(&format!("{path}.Action"), "is missing", "a list of actions");
        }
        for action in list(statement.get("Action").or_else(|| statement.get("NotAction"))) {
            if !action.as_str().is_some_and(is_action) {
                self.add(
                    &format!("{path}.Action"),
                    &format!("has {action}"),
                    "actions such as \"logs:PutLogEvents\"",
                );
            }
        }
        match kind {
            Kind::Identity if has("Principal") => {
                self.add(&format!("{path}.Principal"), "is given", "none in a role's policy");
            }
            Kind::Identity if !has("Resource") => {
                self.add(&format!("{path}.Resource"), "is missing", "a list of ARNs");
            }
            Kind::Trust if has("Resource") => {
                self.add(&format!("{path}.Resource"), "is given", "none in a trust policy");
            }
            Kind::Trust | Kind::Resource if !has("Principal") => {
                self.add(&format!("{path}.Principal"), "is missing", "who is allowed");
            }
            _ => {}
        }
        if let Some(principal) = statement.get("Principal") {
            self.of_principal(&format!("{path}.Principal"), principal);
        }
        let resources = list(statement.get("Resource").or_else(|| statement.get("NotResource")));
        if has("Resource") && resources.is_empty() {
            self.add(&format!("{path}.Resource"), "is an empty list", "at least one ARN");
        }
        for resource in resources {
            let fits = resource.as_str().is_some_and(|text| {
                text == "*" || text.splitn(6, ':').count() == 6 && text.starts_with("arn:")
            });
            // API Gateway alone takes execute-api:/… for itself.
            if !fits && !resource.as_str().is_some_and(|text| text.starts_with("execute-api:/")) {
                self.add(&format!("{path}.Resource"), &format!("has {resource}"), "ARNs or \"*\"");
            }
        }
        self.of_condition(path, statement.get("Condition"));
    }

    fn of_principal(&mut self, path: &str, principal: &Json) {
        match principal {
            Json::String(text) if text == "*" => {}
            Json::Object(kinds) if !kinds.is_empty() => {
                for kind in kinds
                    .keys()
                    .filter(|kind| !["AWS", "CanonicalUser", "Federated", "Service"].contains(&kind.as_str()))
                {
                    self.add(
                        &format!("{path}.{kind}"),
                        "is no kind of principal",
                        "AWS, CanonicalUser, Federated or Service",
                    );
                }
                for service in list(kinds.get("Service")) {
                    if !service.as_str().is_some_and(|text| text.ends_with(".amazonaws.com")) {
                        self.add(
                            &format!("{path}.Service"),
                            &format!("has {service}"),
                            "services such as \"lambda.amazonaws.com\"",
                        );
                    }
                }
            }
            other => self.add(path, &format!("is {other}"), "\"*\" or an object such as { \"Service\": … }"),
        }
    }

    fn of_condition(&mut self, path: &str, condition: Option<&Json>) {
        for (operator, keys) in condition.and_then(Json::as_object).into_iter().flatten() {
            let bare = operator.rsplit(':').next().unwrap_or(operator);
            let bare = bare.strip_suffix("IfExists").unwrap_or(bare);
            if !OPERATORS.contains(&bare) {
                self.add(
                    &format!("{path}.Condition.{operator}"),
                    "is no operator",
                    "one such as StringEquals or ArnLike",
                );
            }
            for key in keys.as_object().into_iter().flat_map(Map::keys) {
                if !key.contains(':') {
                    self.add(
                        &format!("{path}.Condition.{operator}.{key}"),
                        "is no key",
                        "one such as aws:SourceArn",
                    );
                }
            }
        }
    }
}

fn list(value: Option<&Json>) -> Vec<&Json> {
    match value {
        Some(Json::Array(items)) => items.iter().collect(),
        Some(value) => vec![value],
        None => Vec::new(),
    }
}

fn is_action(text: &str) -> bool {
    let parts = text.split_once(':');
    text == "*"
        || parts.is_some_and(|(service, name)| {
            let service = !service.is_empty()
                && service
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-');
            service
                && !name.is_empty()
                && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "*?".contains(letter))
        })
}

fn shown(value: Option<&Json>) -> String {
    value.map_or_else(|| "missing".to_owned(), Json::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reasons(document: &Json, kind: Kind) -> Vec<String> {
        let reason = |reason| match reason {
            Reason::Within(text) | Reason::Expected(text) => text,
        };
        problems(&document.to_string(), kind).into_iter().map(reason).collect()
    }

    #[test]
    fn a_policy_as_it_should_be_is_taken() {
        let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "sts:AssumeRole", "Principal": { "Service": "lambda.amazonaws.com" } }] });
        assert_eq!(reasons(&trust, Kind::Trust), Vec::<String>::new());
        let identity = json!({ "Version": "2012-10-17", "Statement": { "Sid": "Write1", "Effect": "Allow", "Action": ["dynamodb:PutItem"], "Resource": "arn:aws:dynamodb:*:*:table/x", "Condition": { "ForAllValues:StringEqualsIfExists": { "aws:SourceAccount": "123456789012" } } } });
        assert_eq!(reasons(&identity, Kind::Identity), Vec::<String>::new());
    }

    #[test]
    fn every_mistake_is_told_with_its_place_and_what_was_expected() {
        let wrong = json!({
            "Versoin": "2012-10-17",
            "Statement": [
                { "Sid": "a b", "Effect": "allow", "Actions": [], "Resource": ["table"], "Condition": { "StringEqual": { "x": "y" } } },
                { "Effect": "Deny", "Action": "PutItem", "Resource": [], "Principal": { "Services": "x" } },
            ],
        });
        let reasons = reasons(&wrong, Kind::Identity);
        for part in [
            "Versoin is no key of a policy, expected Version",
            "Version is missing, expected \"2012-10-17\"",
            "Statement[0].Actions is no key of a statement",
            "Statement[0].Effect is \"allow\", expected \"Allow\" or \"Deny\"",
            "Statement[0].Sid is \"a b\", expected letters and digits",
            "Statement[0].Action is missing",
            "Statement[0].Resource has \"table\", expected ARNs",
            "Statement[0].Condition.StringEqual is no operator",
            "Statement[0].Condition.StringEqual.x is no key",
            "Statement[1].Action has \"PutItem\"",
            "Statement[1].Principal is given, expected none",
            "Statement[1].Principal.Services is no kind",
            "Statement[1].Resource is an empty list",
        ] {
            assert!(reasons.iter().any(|reason| reason.contains(part)), "{part} is not in {reasons:#?}");
        }
        assert_eq!(reasons.len(), 13, "{reasons:#?}");
    }

    #[test]
    fn a_trust_policy_says_who_and_a_role_policy_says_what() {
        let statement = |extra: (&str, Json)| {
            let mut statement = json!({ "Effect": "Allow", "Action": "sts:AssumeRole" });
            statement[extra.0] = extra.1;
            json!({ "Version": "2012-10-17", "Statement": [statement] })
        };
        let resource = statement(("Resource", "*".into()));
        assert_eq!(
            reasons(&resource, Kind::Trust),
            ["Statement[0].Resource is given, expected none in a trust policy"]
        );
        assert_eq!(
            reasons(&resource, Kind::Resource),
            ["Statement[0].Principal is missing, expected who is allowed"]
        );
    }
}
