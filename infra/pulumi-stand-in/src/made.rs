//! What AWS tells of a resource that it has made: its identifier, its ARN, its addresses.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use pulumi::Value;

use crate::facts::Facts;
use crate::inputs::{Entries, Inputs};

/// The one account.
pub(crate) const ACCOUNT: &str = "123456789012";

/// Fills the templates of the facts.
#[derive(Debug)]
pub(crate) struct Template<'a> {
    facts: &'a Facts,
    state: &'a Entries,
    region: &'a str,
    seed: u64,
}

impl<'a> Template<'a> {
    /// For a resource with this name, made as this number of its account: both make its identifier its own.
    pub(crate) fn new(facts: &'a Facts, state: &'a Entries, region: &'a str, urn: &str, number: u64) -> Self {
        let mut hasher = DefaultHasher::new();
        (urn, number).hash(&mut hasher);
        Self { facts, state, region, seed: hasher.finish() }
    }

    pub(crate) fn id(&self) -> String {
        self.filled(&self.facts.id)
    }

    /// What is told, by the names of the outputs; secrets are secret.
    pub(crate) fn outputs(&self) -> Entries {
        let output = |(name, template): (&String, &String)| {
            let value = Value::String(self.filled(template));
            let value = if self.facts.secrets.contains(name) { value.into_secret() } else { value };
            (name.clone(), value)
        };
        // What the program has given stays.
        self.facts.outputs.iter().filter(|(name, _)| !self.state.contains_key(*name)).map(output).collect()
    }

    fn filled(&self, template: &str) -> String {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            text.push_str(&self.value(name));
            rest = after;
        }
        text + rest
    }

    fn value(&self, name: &str) -> String {
        let digits = format!("{:016x}0", self.seed);
        match name {
            "region" => self.region.to_owned(),
            "account" => ACCOUNT.to_owned(),
            "id" => self.id(),
            "hex17" => digits,
            "hex10" => digits[..10].to_owned(),
            "hex6" => digits[..6].to_owned(),
            "HEX" => digits[..13].to_uppercase(),
            "uuid" => format!(
                "{}-{}-4{}-8{}-{}",
                &digits[..8],
                &digits[8..12],
                &digits[..3],
                &digits[3..6],
                &digits[..12]
            ),
            // The wall's own word for where it is.
            "scope" => match Inputs(self.state).text("scope") {
                Some("CLOUDFRONT") => "global".to_owned(),
                _ => "regional".to_owned(),
            },
            name => match name.strip_prefix("outputs.") {
                Some(output) => {
                    self.facts.outputs.get(output).map(|template| self.filled(template)).unwrap_or_default()
                }
                None => Inputs(self.state).text(name).unwrap_or_default().to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts;

    fn state(pairs: &[(&str, &str)]) -> Entries {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), Value::String((*text).to_owned()))).collect()
    }

    #[test]
    fn identifiers_and_arns_are_those_of_aws() {
        let role = state(&[("name", "api"), ("path", "/")]);
        let template = Template::new(facts::of("aws:iam/role:Role"), &role, "eu-west-1", "urn", 1);
        assert_eq!(template.id(), "api");
        assert_eq!(template.outputs()["arn"], Value::String("arn:aws:iam::123456789012:role/api".to_owned()));
        let topic = state(&[("name", "alarms")]);
        let template = Template::new(facts::of("aws:sns/topic:Topic"), &topic, "eu-west-1", "urn", 1);
        assert_eq!(template.id(), "arn:aws:sns:eu-west-1:123456789012:alarms");
        let vpc = Entries::new();
        let id = |number| Template::new(facts::of("aws:ec2/vpc:Vpc"), &vpc, "eu-west-1", "urn", number).id();
        assert!(id(1).starts_with("vpc-") && id(1).len() == 21 && id(1) != id(2));
    }

    #[test]
    fn keys_are_secret() {
        let key = Entries::new();
        let template = Template::new(facts::of("aws:apigateway/apiKey:ApiKey"), &key, "eu-west-1", "urn", 1);
        assert!(matches!(template.outputs()["value"], Value::Secret(_)));
    }
}
