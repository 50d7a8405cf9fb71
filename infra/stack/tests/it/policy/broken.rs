//! Every rule, tried on small graphs: one that follows it, and changes each of which breaks it. A rule that finds nothing
//! in a broken graph is blind; one that finds something in a good graph cries wolf.

mod api;
mod application;
mod edge;
mod operation;

use std::collections::BTreeSet;

use miyabi_infra::rules::Rule;
use serde_json::Value as Json;

use super::check;
use super::model::{Graph, Resource};

/// A graph that follows a rule, and what breaks it.
struct Case {
    rule: Rule,
    good: Vec<Resource>,
    broken: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    /// An input of a resource is another.
    Set(&'static str, &'static str, Json),
    /// An input of a resource is not given.
    Without(&'static str, &'static str),
    /// A resource is not there.
    Gone(&'static str),
    /// Another resource is there.
    Added(Resource),
}

fn resource(kind: &str, name: &str, inputs: Json) -> Resource {
    Resource { kind: kind.to_owned(), name: name.to_owned(), inputs }
}

fn case(
    rule: Rule,
    good: impl IntoIterator<Item = Resource>,
    broken: impl IntoIterator<Item = Change>,
) -> Case {
    Case { rule, good: good.into_iter().collect(), broken: broken.into_iter().collect() }
}

fn set(name: &'static str, path: &'static str, value: impl Into<Json>) -> Change {
    Change::Set(name, path, value.into())
}

fn without(name: &'static str, path: &'static str) -> Change {
    Change::Without(name, path)
}

fn gone(name: &'static str) -> Change {
    Change::Gone(name)
}

fn added(kind: &str, name: &str, inputs: Json) -> Change {
    Change::Added(resource(kind, name, inputs))
}

fn changed(good: &[Resource], change: &Change) -> Graph {
    let mut resources = good.to_vec();
    let mut inputs = |name: &str, path: &str, value: Option<Json>| {
        let resource = resources.iter_mut().find(|resource| resource.name == name).unwrap();
        let (parent, key) = path.rsplit_once('/').unwrap();
        let parent = resource.inputs.pointer_mut(parent).unwrap_or_else(|| panic!("{name} has no {path}"));
        match (parent, value) {
            (Json::Object(members), Some(value)) => drop(members.insert(key.to_owned(), value)),
            (Json::Object(members), None) => drop(members.remove(key).unwrap()),
            (Json::Array(items), Some(value)) => items[key.parse::<usize>().unwrap()] = value,
            (Json::Array(items), None) => drop(items.remove(key.parse().unwrap())),
            (other, _) => panic!("{path} is within {other}"),
        }
    };
    match change.clone() {
        Change::Set(name, path, value) => inputs(name, path, Some(value)),
        Change::Without(name, path) => inputs(name, path, None),
        Change::Gone(name) => {
            let before = resources.len();
            resources.retain(|resource| resource.name != name);
            assert!(resources.len() < before, "there is no {name}");
        }
        Change::Added(resource) => resources.push(resource),
    }
    Graph { resources }
}

fn cases() -> Vec<Case> {
    [application::cases(), api::cases(), edge::cases(), operation::cases()].into_iter().flatten().collect()
}

#[test]
fn every_rule_sees_what_breaks_it_and_leaves_alone_what_does_not() {
    let mut wrong = Vec::new();
    for case in cases() {
        let found = check(case.rule, &Graph { resources: case.good.clone() });
        if !found.0.is_empty() {
            wrong.push(format!("{} finds {:?} in a graph that follows it", case.rule, found.0));
        }
        for change in &case.broken {
            if check(case.rule, &changed(&case.good, change)).0.is_empty() {
                wrong.push(format!("{} is blind to {change:?}", case.rule));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_rule_is_untried() {
    let tried: BTreeSet<Rule> = cases()
        .iter()
        .filter(|case| !case.broken.is_empty() && !case.good.is_empty())
        .map(|case| case.rule)
        .collect();
    let untried: Vec<_> = Rule::ALL.iter().filter(|rule| !tried.contains(rule)).collect();
    assert!(untried.is_empty(), "{untried:?}");
    let numbers: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.number()).collect();
    assert_eq!(numbers.len(), Rule::ALL.len());
    for number in 1..=50 {
        let known =
            numbers.iter().any(|known| known.trim_end_matches(char::is_alphabetic) == number.to_string());
        assert!(known, "there is no rule {number}");
    }
}
