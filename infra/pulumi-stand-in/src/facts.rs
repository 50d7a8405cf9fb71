//! What AWS and its provider are known to do with each type of resource, beyond the schema: what they refuse, how they
//! name and identify it, what replaces it, and what must not be deleted before it. The facts are data, in `facts/`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::rules::Rule;

/// One file for each area.
const FILES: [&str; 5] = [
    include_str!("../facts/compute.json"),
    include_str!("../facts/data.json"),
    include_str!("../facts/network.json"),
    include_str!("../facts/surface.json"),
    include_str!("../facts/watch.json"),
];

/// What is known of one type of resource. Paths are written as `code`, `vpcConfig.subnetIds[]`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Facts {
    /// The property that the provider names a resource by, where a program does not.
    pub(crate) name: Option<Naming>,
    /// The identifier, as a template.
    pub(crate) id: String,
    /// What AWS tells of a resource that it has made, as templates.
    pub(crate) outputs: BTreeMap<String, String>,
    /// What an input is where it is not given.
    pub(crate) defaults: BTreeMap<String, Json>,
    /// The inputs whose change replaces the resource.
    pub(crate) replaces: Vec<String>,
    /// The inputs that no two resources of an account and region may have in common, taken together.
    pub(crate) unique: Vec<String>,
    /// The inputs that name another resource, `Type` or `Type.output`, which must be there.
    pub(crate) needs: BTreeMap<String, String>,
    /// The same, and the other resource cannot be deleted before this one.
    pub(crate) holds: BTreeMap<String, String>,
    /// Inputs of which exactly one must be given.
    pub(crate) exactly_one: Vec<Vec<String>>,
    /// Inputs of which at most one may be given.
    pub(crate) at_most_one: Vec<Vec<String>>,
    /// Inputs of which at least one must be given.
    pub(crate) at_least_one: Vec<Vec<String>>,
    /// Inputs that are given together or not at all.
    pub(crate) together: Vec<Vec<String>>,
    /// Pairs of inputs that must not be given together.
    pub(crate) conflicts: Vec<[String; 2]>,
    /// The inputs that keep AWS from deleting the resource.
    pub(crate) protected_by: BTreeMap<String, Json>,
    /// The outputs that are secret.
    pub(crate) secrets: Vec<String>,
    /// What values are refused.
    pub(crate) values: BTreeMap<String, Rule>,
}

/// How the provider makes a name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Naming {
    /// The property.
    pub(crate) property: String,
    /// The longest name.
    pub(crate) most: usize,
    /// Whether it has no capital letters.
    #[serde(default)]
    pub(crate) lower: bool,
    /// What it begins with.
    #[serde(default)]
    pub(crate) prefix: String,
}

static ALL: LazyLock<Result<BTreeMap<String, Facts>, serde_json::Error>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    for file in FILES {
        all.extend(serde_json::from_str::<BTreeMap<String, Facts>>(file)?);
    }
    Ok(all)
});

/// What is known of every type.
///
/// # Errors
/// When a file of facts is wrong, which a test would have told.
pub(crate) fn all() -> Result<&'static BTreeMap<String, Facts>, &'static serde_json::Error> {
    ALL.as_ref()
}

/// What is known of one type: nothing, where there is no file about it.
pub(crate) fn of(token: &str) -> &'static Facts {
    static NOTHING: LazyLock<Facts> = LazyLock::new(Facts::default);
    all().ok().and_then(|all| all.get(token)).unwrap_or(&NOTHING)
}

/// What `needs` and `holds` name: the type, and the output that is compared, which is `id` if none is named.
pub(crate) fn target(text: &str) -> (&str, &str) {
    let resource = text.rfind(':').map_or(0, |colon| colon + 1);
    match text[resource..].find('.') {
        Some(dot) => (&text[..resource + dot], &text[resource + dot + 1..]),
        None => (text, "id"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn every_fact_is_about_a_property_of_the_schema() {
        let schema = Schema::read().unwrap();
        let mut wrong = Vec::new();
        for (token, facts) in all().unwrap() {
            let inputs: Vec<&String> = (facts.defaults.keys())
                .chain(&facts.replaces)
                .chain(&facts.unique)
                .chain(facts.needs.keys())
                .chain(facts.holds.keys())
                .chain(facts.exactly_one.iter().flatten())
                .chain(facts.at_most_one.iter().flatten())
                .chain(facts.at_least_one.iter().flatten())
                .chain(facts.together.iter().flatten())
                .chain(facts.conflicts.iter().flatten())
                .chain(facts.protected_by.keys())
                .chain(facts.values.keys())
                .chain(facts.name.iter().map(|name| &name.property))
                .collect();
            wrong.extend(
                inputs
                    .into_iter()
                    .filter(|path| !schema.has_input(token, path))
                    .map(|path| format!("{token} {path}")),
            );
            let outputs = facts.outputs.keys().chain(&facts.secrets);
            wrong.extend(
                outputs
                    .filter(|name| !schema.has_output(token, name))
                    .map(|name| format!("{token} -> {name}")),
            );
            for text in facts.needs.values().chain(facts.holds.values()) {
                let (target, output) = target(text);
                if output != "id" && !schema.has_output(target, output)
                    || !all().unwrap().contains_key(target)
                {
                    wrong.push(format!("{token} needs {text}"));
                }
            }
            if facts.id.is_empty() {
                wrong.push(format!("{token} has no id"));
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}
