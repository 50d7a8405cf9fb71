//! Rules of one service between several of a resource's inputs, which take code to say.

mod compute;
mod data;
mod network;
mod surface;
mod watch;

use super::Place;
use crate::inputs::Inputs;
use crate::schema::Problem;

pub(super) fn problems(token: &str, inputs: Inputs<'_>, place: &Place) -> Vec<Problem> {
    let mut problems = Problems(Vec::new());
    let service = token.split([':', '/']).nth(1).unwrap_or_default();
    match service {
        "lambda" | "appautoscaling" | "scheduler" => compute::check(token, inputs, &mut problems),
        "dynamodb" | "elasticache" | "backup" | "sqs" => data::check(token, inputs, &mut problems),
        "ec2" | "vpc" => network::check(token, inputs, place, &mut problems),
        "apigateway" | "apigatewayv2" | "cloudfront" | "wafv2" | "acm" => {
            surface::check(token, inputs, place, &mut problems);
        }
        "cloudwatch" | "budgets" => watch::check(token, inputs, &mut problems),
        _ => {}
    }
    problems.0
}

/// Collects what is wrong.
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.0.push(Problem { path: path.into(), reason: reason.into() });
    }

    /// Tells of what is given although it must not be.
    fn not_with(&mut self, inputs: Inputs<'_>, paths: &[&str], why: &str) {
        for path in paths.iter().filter(|path| inputs.has(path)) {
            self.add(*path, format!("is given, expected none {why}"));
        }
    }

    /// Tells of what is not given although it must be.
    fn required(&mut self, inputs: Inputs<'_>, paths: &[&str], why: &str) {
        for path in paths.iter().filter(|path| !inputs.has(path)) {
            self.add(*path, format!("is required {why}"));
        }
    }
}

/// What the tests of these rules share.
#[cfg(test)]
mod testing {
    use pulumi::Value;
    use serde_json::Value as Json;

    use super::{Place, problems};
    use crate::inputs::{Entries, Inputs};

    pub(super) fn value(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Bool(*flag),
            Json::Number(number) => Value::Number(number.as_f64().unwrap()),
            Json::String(text) => Value::String(text.clone()),
            Json::Array(items) => Value::Array(items.iter().map(value).collect()),
            Json::Object(entries) => {
                Value::Object(entries.iter().map(|(key, json)| (key.clone(), value(json))).collect())
            }
        }
    }

    /// What is wrong with inputs in eu-west-1, as `path reason`.
    pub(super) fn reasons(token: &str, json: Json) -> Vec<String> {
        let Value::Object(entries) = value(&json) else { panic!("{json} is no object") };
        let entries: Entries = entries;
        let place = Place { region: "eu-west-1".to_owned() };
        let problems = problems(token, Inputs(&entries), &place);
        problems.into_iter().map(|problem| format!("{} {}", problem.path, problem.reason)).collect()
    }
}
