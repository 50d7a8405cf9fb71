//! How each type is written in CloudFormation: one table, and a function for each type's properties.

mod apigateway;
mod apigatewayv2;
mod appautoscaling;
mod backup;
mod budgets;
mod cloudfront;
mod cloudwatch;
mod cognito;
mod dynamodb;
mod ec2;
mod elasticache;
mod events;
mod iam;
mod kms;
mod lambda;
mod s3;
mod sns;
mod sqs;
mod wafv2;
mod xray;

use std::collections::BTreeMap;

use pulumi::Value;

use crate::fields::Fields;
use crate::token;

/// How a type is written.
#[derive(Debug)]
pub(crate) struct TypeMapping {
    /// Pulumi's type.
    pub(crate) token: &'static str,
    /// CloudFormation's type; of a part, the one that it becomes a part of.
    pub(crate) cloudformation: &'static str,
    /// Maps the properties.
    pub(crate) map: fn(&mut Fields),
    /// The outputs that the program gets, as templates: `<Ref>` is the reference to the resource, `<.Arn>` an
    /// attribute of it, `<+Version.Version>` an attribute of a companion, `<AWS::Region>` a pseudo parameter, `<name>` one
    /// of its inputs. Its identifier is always the reference.
    pub(crate) outputs: &'static [(&'static str, &'static str)],
    /// What the resource becomes a part of, where CloudFormation has no type for it.
    pub(crate) part_of: Option<PartOf>,
}

/// How a part finds what it is a part of.
#[derive(Debug)]
pub(crate) struct PartOf {
    /// Pulumi's type of the whole.
    pub(crate) token: &'static str,
    /// Inputs of the part, each with the input of the whole that has the same value; a reference to the whole itself
    /// counts as the same.
    pub(crate) by: &'static [(&'static str, &'static str)],
}

impl TypeMapping {
    /// A type that has its counterpart, known by its reference alone.
    const fn new(token: &'static str, cloudformation: &'static str, map: fn(&mut Fields)) -> Self {
        Self { token, cloudformation, map, outputs: &[], part_of: None }
    }

    const fn outputs(mut self, outputs: &'static [(&'static str, &'static str)]) -> Self {
        self.outputs = outputs;
        self
    }

    const fn part_of(mut self, token: &'static str, by: &'static [(&'static str, &'static str)]) -> Self {
        self.part_of = Some(PartOf { token, by });
        self
    }
}

/// The mapping of a type.
pub(crate) fn of(token: &str) -> Option<&'static TypeMapping> {
    tables().find(|mapping| mapping.token == token)
}

fn tables() -> impl Iterator<Item = &'static TypeMapping> {
    [
        apigateway::TYPES,
        backup::TYPES,
        budgets::TYPES,
        cloudfront::TYPES,
        apigatewayv2::TYPES,
        appautoscaling::TYPES,
        cloudwatch::TYPES,
        cognito::TYPES,
        dynamodb::TYPES,
        ec2::TYPES,
        elasticache::TYPES,
        events::TYPES,
        iam::TYPES,
        kms::TYPES,
        lambda::TYPES,
        s3::TYPES,
        sns::TYPES,
        sqs::TYPES,
        wafv2::TYPES,
        xray::TYPES,
    ]
    .into_iter()
    .flatten()
}

/// Fills in a template of an output; `None` if it names an input that is not given as text.
pub(crate) fn fill(template: &str, key: &str, inputs: &BTreeMap<String, Value>) -> Option<String> {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let (name, tail) = after.split_once('>')?;
        if name == "Ref" {
            text.push_str(&token::reference(key));
        } else if let Some(attribute) = name.strip_prefix('.') {
            text.push_str(&token::attribute(key, attribute));
        } else if let Some((companion, attribute)) =
            name.strip_prefix('+').and_then(|name| name.split_once('.'))
        {
            text.push_str(&token::attribute(&token::companion(key, companion), attribute));
        } else if name.starts_with("AWS::") {
            text.push_str(&token::reference(name));
        } else {
            match inputs.get(name)? {
                Value::String(input) => text.push_str(input),
                _ => return None,
            }
        }
        rest = tail;
    }
    text.push_str(rest);
    Some(text)
}

/// The answer of a function of the provider, whose every value is known only to the deployment.
pub(crate) fn invoke(function: &str) -> Option<BTreeMap<String, Value>> {
    let outputs: &[(&str, &str)] = match function {
        "aws:index/getCallerIdentity:getCallerIdentity" => &[
            ("accountId", "<AWS::AccountId>"),
            ("arn", "arn:<AWS::Partition>:iam::<AWS::AccountId>:root"),
            ("id", "<AWS::AccountId>"),
            ("userId", "<AWS::AccountId>"),
        ],
        "aws:index/getRegion:getRegion" => &[
            ("description", "<AWS::Region>"),
            ("endpoint", "ec2.<AWS::Region>.<AWS::URLSuffix>"),
            ("id", "<AWS::Region>"),
            ("name", "<AWS::Region>"),
            ("region", "<AWS::Region>"),
        ],
        "aws:index/getPartition:getPartition" => &[
            ("dnsSuffix", "<AWS::URLSuffix>"),
            ("id", "<AWS::Partition>"),
            ("partition", "<AWS::Partition>"),
            ("reverseDnsPrefix", "com.amazonaws"),
        ],
        "aws:index/getAvailabilityZones:getAvailabilityZones" => return Some(zones()),
        _ => return None,
    };
    let none = BTreeMap::new();
    let filled = outputs.iter().filter_map(|(name, template)| {
        fill(template, "", &none).map(|text| ((*name).to_owned(), Value::String(text)))
    });
    Some(filled.collect())
}

/// CloudFormation gives zones by number. No region has more than this many.
fn zones() -> BTreeMap<String, Value> {
    let zone = |number: usize| Value::String(token::attribute(token::ZONES, &number.to_string()));
    let list = |items: Vec<Value>| Value::Array(items);
    BTreeMap::from([
        ("groupNames".to_owned(), list(Vec::new())),
        ("id".to_owned(), Value::String(token::reference("AWS::Region"))),
        ("names".to_owned(), list((0..8).map(zone).collect())),
        ("region".to_owned(), Value::String(token::reference("AWS::Region"))),
        ("zoneIds".to_owned(), list(Vec::new())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_mapped_once() {
        let mut known: Vec<&str> = tables().map(|mapping| mapping.token).collect();
        known.sort_unstable();
        let mut once = known.clone();
        once.dedup();
        assert_eq!(known, once);
    }

    #[test]
    fn templates_are_filled_from_the_resource_the_deployment_and_the_inputs() {
        let inputs = BTreeMap::from([("stageName".to_owned(), Value::String("v1".to_owned()))]);
        assert_eq!(
            fill("https://<Ref>.<AWS::Region>/<stageName>/<.Arn>", "Api~1", &inputs).unwrap(),
            "https://${Token[Api~1]}.${Token[AWS::Region]}/v1/${Token[Api~1.Arn]}"
        );
        assert_eq!(fill("<missing>", "Api~1", &inputs), None);
    }
}
