//! What one value must be like.

use pulumi::Value;
use regex_lite::Regex;
use serde::Deserialize;
use serde_json::Value as Json;

use super::address::{Arn, Cidr, ExpectedArn};
use super::{document, policy};
use crate::inputs::{Found, shown};
use crate::schema::Problem;

/// What one value must be like; all that is given must hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rule {
    one_of: Option<Vec<Json>>,
    range: Option<[f64; 2]>,
    length: Option<[usize; 2]>,
    items: Option<[usize; 2]>,
    pattern: Option<String>,
    /// The pattern of an object's keys.
    keys: Option<String>,
    /// What a pattern means, in words.
    is: String,
    /// What a pattern refuses; a test tries it.
    not: Option<String>,
    /// `service:resource` that an ARN begins its last parts with.
    arn: Option<String>,
    /// A form that takes code to know: `json`, `schedule`, `id vpc`, `cidr 16 28`, `trust policy` …
    shape: Option<String>,
    /// The longest text in bytes.
    bytes: Option<usize>,
}

impl Rule {
    /// What is wrong with a value, with what was expected instead.
    pub(crate) fn problems(&self, found: &Found<'_>) -> Vec<Problem> {
        if *found.value == Value::Unknown {
            return Vec::new();
        }
        let reasons = self.reasons(found.value).into_iter().map(|reason| match reason {
            Reason::Expected(expected) => format!("is {}, expected {expected}", found.shown()),
            Reason::Within(reason) => reason,
        });
        reasons.map(|reason| Problem { path: found.path.clone(), reason }).collect()
    }

    fn reasons(&self, value: &Value) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let mut expect = |holds: bool, expected: &dyn Fn() -> String| {
            if !holds {
                reasons.push(Reason::Expected(expected()));
            }
        };
        if let Some(allowed) = &self.one_of {
            expect(allowed.iter().any(|allowed| same(allowed, value)), &|| {
                format!("one of {}", allowed.iter().map(Json::to_string).collect::<Vec<_>>().join(", "))
            });
        }
        if let ([Some([from, to])], Some(number)) = ([self.range], number(value)) {
            expect((from..=to).contains(&number), &|| format!("{from} to {to}"));
        }
        if let (Some([from, to]), Value::Array(items)) = (self.items, value) {
            expect((from..=to).contains(&items.len()), &|| format!("{from} to {to} items"));
        }
        if let (Some(keys), Value::Object(entries)) = (&self.keys, value) {
            expect(entries.keys().all(|key| matches(keys, key)), &|| self.is.clone());
        }
        if let Value::String(text) = value {
            if let Some([from, to]) = self.length {
                expect((from..=to).contains(&text.chars().count()), &|| format!("{from} to {to} characters"));
            }
            if let Some(most) = self.bytes {
                expect(text.len() <= most, &|| format!("at most {most} bytes, not {}", text.len()));
            }
            if let Some(pattern) = &self.pattern {
                expect(matches(pattern, text), &|| self.is.clone());
            }
            if let Some(expected) = &self.arn {
                let expected = ExpectedArn(expected);
                expect(Arn::read(text).is_some_and(|arn| expected.fits(&arn)), &|| expected.to_string());
            }
        }
        if let Some(shape) = &self.shape {
            reasons.extend(of_shape(shape, value));
        }
        reasons
    }

    /// Values that must be refused, for the test of every rule.
    #[cfg(test)]
    pub(crate) fn refused(&self) -> Vec<Value> {
        let text = |text: &str| Value::String(text.to_owned());
        let mut values = Vec::new();
        if self.one_of.is_some() {
            values.extend([text("no such thing"), Value::Number(-77.0)]);
        }
        if let Some([from, to]) = self.range {
            values.extend([Value::Number(from - 1.0), Value::Number(to + 1.0)]);
        }
        if let Some([from, to]) = self.length {
            values.push(text(&"a".repeat(to + 1)));
            values.extend((from > 0).then(|| text("")));
        }
        if let Some([from, to]) = self.items {
            values.push(Value::Array(vec![text("a"); to + 1]));
            values.extend((from > 0).then(|| Value::Array(Vec::new())));
        }
        if let Some(not) = &self.not {
            values.push(if self.keys.is_some() {
                Value::object([(not.as_str(), text("x"))])
            } else {
                text(not)
            });
        }
        if let Some(bytes) = self.bytes {
            values.push(text(&" ".repeat(bytes + 1)));
        }
        values.extend(self.arn.iter().flat_map(|_| [text("no-arn"), text("arn:aws:no-such::")]));
        values.extend(self.shape.iter().map(|_| text("not this shape!")));
        values
    }
}

/// Why a value is refused.
#[derive(Debug, PartialEq)]
pub(super) enum Reason {
    /// What was expected in its place.
    Expected(String),
    /// What is wrong within it.
    Within(String),
}

fn of_shape(shape: &str, value: &Value) -> Vec<Reason> {
    let mut words = shape.split(' ');
    let (kind, rest) = (words.next().unwrap_or_default(), words.collect::<Vec<_>>());
    let expected =
        |holds: bool, text: &str| if holds { Vec::new() } else { vec![Reason::Expected(text.to_owned())] };
    match (kind, value) {
        ("period", Value::Number(seconds)) => {
            let holds =
                [1.0, 5.0, 10.0, 20.0, 30.0].contains(seconds) || *seconds > 0.0 && seconds % 60.0 == 0.0;
            expected(holds, "1, 5, 10, 20, 30 or a multiple of 60 seconds")
        }
        ("cidr", Value::String(text)) => match (Cidr::read(text), rest.as_slice()) {
            (Ok(cidr), [from, to]) => {
                let within = from.parse().is_ok_and(|from| cidr.bits >= from)
                    && to.parse().is_ok_and(|to| cidr.bits <= to);
                expected(within, &format!("a network of /{from} to /{to}"))
            }
            (Err(reason), _) => vec![Reason::Expected(reason)],
            (Ok(_), _) => Vec::new(),
        },
        ("id", Value::String(text)) => {
            let kind = rest.join("-");
            let digits = text.strip_prefix(&kind).and_then(|rest| rest.strip_prefix('-'));
            let holds = digits.is_some_and(|digits| {
                matches!(digits.len(), 8 | 17)
                    && digits.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f'))
            });
            expected(holds, &format!("an identifier {kind}- and 8 or 17 hexadecimal digits"))
        }
        ("json", Value::String(text)) => document::json(text),
        ("dashboard", Value::String(text)) => document::dashboard(text),
        ("schedule", Value::String(text)) => expected(
            document::is_schedule(text),
            "rate(5 minutes), cron(0 3 * * ? *) or at(2030-01-01T00:00:00)",
        ),
        ("trust", Value::String(text)) => policy::problems(text, policy::Kind::Trust),
        ("identity", Value::String(text)) => policy::problems(text, policy::Kind::Identity),
        ("resource", Value::String(text)) => policy::problems(text, policy::Kind::Resource),
        (_, value) => vec![Reason::Expected(format!("a {shape}, not {}", shown(value)))],
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
}

/// Numbers come as numbers or, where the provider's type is a text, in one.
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn same(allowed: &Json, value: &Value) -> bool {
    match value {
        Value::String(text) => allowed.as_str() == Some(text),
        Value::Number(number) => allowed.as_f64() == Some(*number),
        Value::Bool(flag) => allowed.as_bool() == Some(*flag),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts;

    /// Every rule of every type refuses what it says that it refuses, and says where, what and what was expected.
    #[test]
    fn every_rule_refuses_what_it_is_there_to_refuse() {
        let mut tried = 0;
        for (token, facts) in facts::all().unwrap() {
            for (path, rule) in &facts.values {
                let refused = rule.refused();
                assert!(!refused.is_empty(), "{token} {path} has a rule that refuses nothing that is tried");
                for value in &refused {
                    let found = Found { path: path.clone(), value, secret: false };
                    let problems = rule.problems(&found);
                    assert!(!problems.is_empty(), "{token} {path} takes {}", shown(value));
                    for problem in problems {
                        assert_eq!(&problem.path, path);
                        assert!(problem.reason.contains("expected"), "{token} {path}: {}", problem.reason);
                    }
                    tried += 1;
                }
            }
        }
        assert!(tried > 300, "{tried} values were tried");
    }

    #[test]
    fn a_message_shows_the_value_and_what_was_expected_and_no_secret() {
        let rule: Rule = serde_json::from_str(r#"{ "range": [128, 10240] }"#).unwrap();
        let found = |secret| Found { path: "memorySize".to_owned(), value: &Value::Number(64.0), secret };
        let reason = |secret| rule.problems(&found(secret))[0].reason.clone();
        assert_eq!(reason(false), "is 64, expected 128 to 10240");
        assert_eq!(reason(true), "is a secret value, expected 128 to 10240");
    }

    #[test]
    fn what_is_unknown_is_not_judged() {
        let rule: Rule = serde_json::from_str(r#"{ "arn": "iam:role/" }"#).unwrap();
        let found = Found { path: "role".to_owned(), value: &Value::Unknown, secret: false };
        assert!(rule.problems(&found).is_empty());
    }
}
