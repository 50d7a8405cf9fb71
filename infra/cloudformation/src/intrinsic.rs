//! Tokens become CloudFormation's own functions: `Ref`, `Fn::GetAtt`, `Fn::Sub`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::token::{self, Piece, Token};

/// What a key stands for in the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// The resource of this name.
    Resource(String),
    /// Nothing: the resource was left out.
    LeftOut(String),
}

/// Replaces tokens.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    pub(crate) places: &'a BTreeMap<String, Place>,
    /// The resources that were referred to.
    pub(crate) used: BTreeSet<String>,
    /// What could not be replaced, each with its property.
    pub(crate) problems: Vec<(String, String)>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(places: &'a BTreeMap<String, Place>) -> Self {
        Self { places, used: BTreeSet::new(), problems: Vec::new() }
    }

    pub(crate) fn object(&mut self, object: Map<String, Json>, path: &str) -> Map<String, Json> {
        let mut resolved = Map::new();
        for (key, value) in object {
            let place = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            if token::is_in(&key) {
                self.problems.push((
                    place.clone(),
                    "a key cannot hold a value that only the deployment knows".to_owned(),
                ));
            }
            let value = self.value(value, &place);
            resolved.insert(key, value);
        }
        resolved
    }

    pub(crate) fn value(&mut self, value: Json, path: &str) -> Json {
        match value {
            Json::String(text) => self.text(text, path),
            Json::Array(items) => {
                let items = items.into_iter().enumerate();
                Json::Array(
                    items.map(|(index, item)| self.value(item, &format!("{path}[{index}]"))).collect(),
                )
            }
            Json::Object(object) => Json::Object(self.object(object, path)),
            other => other,
        }
    }

    fn text(&mut self, text: String, path: &str) -> Json {
        if !token::is_in(&text) {
            return Json::String(text);
        }
        if let Some(token) = token::single(&text) {
            if let (token::ZONES, Some(number)) = (token.key, token.attribute) {
                return json!({ "Fn::Select": [number, { "Fn::GetAZs": "" }] });
            }
            return match (self.name(&token, path), token.attribute) {
                (None, _) => Json::Null,
                (Some(name), None) => json!({ "Ref": name }),
                (Some(name), Some(attribute)) => json!({ "Fn::GetAtt": [name, attribute] }),
            };
        }
        let mut pattern = String::new();
        for piece in token::pieces(&text) {
            match piece {
                // What is no token of ours must not be taken for one of CloudFormation's.
                Piece::Text(text) => pattern.push_str(&text.replace("${", "${!")),
                Piece::Token(token) => {
                    let Some(name) = self.name(&token, path) else { continue };
                    pattern.push_str("${");
                    pattern.push_str(&name);
                    if let Some(attribute) = token.attribute {
                        pattern.push('.');
                        pattern.push_str(attribute);
                    }
                    pattern.push('}');
                }
            }
        }
        json!({ "Fn::Sub": pattern })
    }

    fn name(&mut self, token: &Token<'_>, path: &str) -> Option<String> {
        if token.key == token::ZONES {
            let message = "the name of a zone cannot be a part of a text".to_owned();
            self.problems.push((path.to_owned(), message));
            return None;
        }
        if token.key.starts_with("AWS::") {
            return Some(token.key.to_owned());
        }
        let message = match self.places.get(token.key) {
            Some(Place::Resource(name)) => {
                self.used.insert(name.clone());
                return Some(name.clone());
            }
            Some(Place::LeftOut(resource)) => format!("refers to {resource}, which was left out"),
            None => format!("refers to {}, which is not in this template", token.key),
        };
        self.problems.push((path.to_owned(), message));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{attribute, reference};

    #[test]
    fn tokens_become_intrinsic_functions() {
        let places = BTreeMap::from([
            ("Table~1".to_owned(), Place::Resource("TasksTable".to_owned())),
            ("Gate~2".to_owned(), Place::LeftOut("gate".to_owned())),
        ]);
        let mut resolver = Resolver::new(&places);
        let value = json!({
            "name": reference("Table~1"),
            "arn": attribute("Table~1", "Arn"),
            "index": format!("{}/index/*", attribute("Table~1", "Arn")),
            "uri": format!("arn:{}:${{stageVariables.x}}", reference("AWS::Region")),
            "plain": "${stageVariables.x}",
            "list": [1, true, null, reference("AWS::AccountId")],
        });
        let Json::Object(object) = value else { unreachable!() };
        assert_eq!(
            Json::Object(resolver.object(object, "")),
            json!({
                "name": { "Ref": "TasksTable" },
                "arn": { "Fn::GetAtt": ["TasksTable", "Arn"] },
                "index": { "Fn::Sub": "${TasksTable.Arn}/index/*" },
                "uri": { "Fn::Sub": "arn:${AWS::Region}:${!stageVariables.x}" },
                "plain": "${stageVariables.x}",
                "list": [1, true, null, { "Ref": "AWS::AccountId" }],
            })
        );
        assert_eq!(resolver.used, BTreeSet::from(["TasksTable".to_owned()]));
        assert!(resolver.problems.is_empty());
    }

    #[test]
    fn what_cannot_be_replaced_is_told() {
        let places = BTreeMap::from([("Gate~2".to_owned(), Place::LeftOut("gate".to_owned()))]);
        let mut resolver = Resolver::new(&places);
        resolver.value(json!([reference("Gate~2"), format!("x{}", reference("Other~3"))]), "Subnets");
        resolver.value(json!({ reference("Gate~2"): 1 }), "Map");
        assert_eq!(
            resolver.problems,
            [
                ("Subnets[0]".to_owned(), "refers to gate, which was left out".to_owned()),
                ("Subnets[1]".to_owned(), "refers to Other~3, which is not in this template".to_owned()),
                (
                    "Map.${Token[Gate~2]}".to_owned(),
                    "a key cannot hold a value that only the deployment knows".to_owned()
                ),
            ]
        );
    }
}
