//! What a change of inputs means: nothing, an update, or another resource in place of the first.

use std::collections::BTreeSet;

use pulumi::Value;

use crate::facts::Facts;
use crate::inputs::Entries;

/// The name of the list of inputs that the provider has filled in.
pub(crate) const DEFAULTS: &str = "__defaults";

/// What has changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// The inputs that differ.
    pub(crate) changed: Vec<String>,
    /// Those among them that replace the resource.
    pub(crate) replacing: Vec<String>,
    /// Whether the first must go before the second can come, since both would have the same name.
    pub(crate) delete_first: bool,
}

/// Compares a resource's inputs.
pub(crate) fn changes(facts: &Facts, olds: &Entries, news: &Entries, ignored: &[String]) -> Changes {
    let keys: BTreeSet<&String> = olds.keys().chain(news.keys()).collect();
    let differs = |key: &&String| {
        let given =
            |entries: &Entries| entries.get(*key).map(comparable).filter(|value| *value != Value::Null);
        !key.starts_with("__") && !ignored.contains(*key) && given(olds) != given(news)
    };
    let changed: Vec<String> = keys.into_iter().filter(differs).cloned().collect();
    let replacing: Vec<String> =
        changed.iter().filter(|key| facts.replaces.contains(*key)).cloned().collect();
    let same_name = facts.name.as_ref().is_some_and(|naming| {
        let own = !is_default(news, &naming.property);
        own && news.contains_key(&naming.property) && !changed.contains(&naming.property)
    });
    let delete_first = !replacing.is_empty() && same_name;
    Changes { changed, replacing, delete_first }
}

/// Whether the provider has filled in an input.
pub(crate) fn is_default(inputs: &Entries, name: &str) -> bool {
    let Some(Value::Array(names)) = inputs.get(DEFAULTS) else { return false };
    names.iter().any(|other| *other == Value::String(name.to_owned()))
}

/// What two inputs are compared by: files by their content, whatever they are called.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Secret(inner) => comparable(inner),
        Value::Output(output) => output.value.as_ref().map_or(Value::Unknown, comparable),
        Value::Array(items) => Value::Array(items.iter().map(comparable).collect()),
        Value::Object(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.clone(), comparable(value))).collect())
        }
        Value::Asset(asset) => Value::String(asset.hash.clone().unwrap_or_default()),
        Value::Archive(archive) => Value::String(archive.hash.clone().unwrap_or_default()),
        value => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts;

    fn entries(pairs: &[(&str, &str)]) -> Entries {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), Value::String((*text).to_owned()))).collect()
    }

    #[test]
    fn a_change_updates_or_replaces() {
        let role = facts::of("aws:iam/role:Role");
        let old = entries(&[("name", "a"), ("path", "/"), ("description", "x")]);
        let update =
            changes(role, &old, &entries(&[("name", "a"), ("path", "/"), ("description", "y")]), &[]);
        assert_eq!(update, Changes { changed: vec!["description".to_owned()], ..Changes::default() });
        let new = entries(&[("name", "a"), ("path", "/b/"), ("description", "x")]);
        let replace = changes(role, &old, &new, &[]);
        assert_eq!(replace.replacing, ["path"]);
        assert!(replace.delete_first, "two roles cannot have one name");
        assert_eq!(changes(role, &old, &new, &["path".to_owned()]), Changes::default());
    }

    #[test]
    fn a_name_that_the_provider_made_is_no_reason_to_delete_first() {
        let role = facts::of("aws:iam/role:Role");
        let mut old = entries(&[("name", "a-1"), ("path", "/")]);
        old.insert(DEFAULTS.to_owned(), Value::Array(vec![Value::String("name".to_owned())]));
        let mut new = old.clone();
        new.insert("path".to_owned(), Value::String("/b/".to_owned()));
        assert!(!changes(role, &old, &new, &[]).delete_first);
    }

    #[test]
    fn files_are_compared_by_content_and_secrets_by_what_they_hold() {
        let function = facts::of("aws:lambda/function:Function");
        let with = |code: &str, hash: &str| {
            let mut archive = pulumi::Archive::file(code);
            archive.hash = Some(hash.to_owned());
            Entries::from([
                ("code".to_owned(), Value::Archive(archive)),
                ("description".to_owned(), Value::String("d".to_owned()).into_secret()),
            ])
        };
        assert_eq!(changes(function, &with("a.zip", "1"), &with("b.zip", "1"), &[]), Changes::default());
        assert_eq!(changes(function, &with("a.zip", "1"), &with("a.zip", "2"), &[]).changed, ["code"]);
    }
}
