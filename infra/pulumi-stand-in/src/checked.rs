//! A resource's inputs as the provider takes them: with its defaults, and with a name where none was given.

use pulumi::Value;
use serde_json::Value as Json;

use crate::diff::{DEFAULTS, is_default};
use crate::facts::{Facts, Naming};
use crate::inputs::{Entries, Inputs};
use crate::schema::Problem;

/// How many random letters a name ends with.
const RANDOM: usize = 7;

/// Fills in what was not given, and tells where that cannot be.
pub(crate) fn complete(
    facts: &Facts,
    name: &str,
    olds: &Entries,
    mut news: Entries,
    seed: &[u8],
) -> (Entries, Option<Problem>) {
    let mut filled = Vec::new();
    let mut problem = None;
    if let Some(naming) = &facts.name
        && !Inputs(&news).has(&naming.property)
        && !Inputs(&news).has(&format!("{}Prefix", naming.property))
    {
        match own_name(naming, name, olds, seed) {
            Ok(value) => {
                news.insert(naming.property.clone(), value);
                filled.push(naming.property.clone());
            }
            Err(reason) => problem = Some(Problem { path: naming.property.clone(), reason }),
        }
    }
    for (key, json) in &facts.defaults {
        if !Inputs(&news).has(key) && !conflicts(facts, Inputs(&news), key) {
            news.insert(key.clone(), value(json));
            filled.push(key.clone());
        }
    }
    news.insert(DEFAULTS.to_owned(), Value::Array(filled.into_iter().map(Value::String).collect()));
    (news, problem)
}

/// Whether something that was given excludes a default.
fn conflicts(facts: &Facts, inputs: Inputs<'_>, key: &str) -> bool {
    let among = facts.exactly_one.iter().chain(&facts.at_most_one).map(Vec::as_slice);
    let pairs = facts.conflicts.iter().map(<[String; 2]>::as_slice);
    among
        .chain(pairs)
        .any(|names| names.iter().any(|name| name == key) && names.iter().any(|name| inputs.has(name)))
}

/// The name that the resource has, or a new one.
fn own_name(naming: &Naming, name: &str, olds: &Entries, seed: &[u8]) -> Result<Value, String> {
    if let Some(old) = olds.get(&naming.property).filter(|_| is_default(olds, &naming.property)) {
        return Ok(old.clone());
    }
    let name = if naming.lower { name.to_lowercase() } else { name.to_owned() };
    let random: String =
        seed.iter().map(|byte| format!("{byte:02x}")).collect::<String>().chars().take(RANDOM).collect();
    let whole = format!("{}{name}-{random}", naming.prefix);
    if whole.len() > naming.most {
        return Err(format!(
            "is made of the resource's name, {whole:?}, expected at most {} characters",
            naming.most
        ));
    }
    Ok(Value::String(whole))
}

fn value(json: &Json) -> Value {
    match json {
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::String(text.clone()),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts;

    #[test]
    fn a_name_is_made_once_and_stays() {
        let bucket = facts::of("aws:s3/bucket:Bucket");
        let (first, problem) = complete(bucket, "Page", &Entries::new(), Entries::new(), &[0xab; 8]);
        assert_eq!(problem, None);
        assert_eq!(first["bucket"], Value::String("page-abababa".to_owned()));
        let (second, _) = complete(bucket, "Page", &first, Entries::new(), &[1; 8]);
        assert_eq!(second, first);
        let (_, problem) = complete(bucket, &"x".repeat(60), &Entries::new(), Entries::new(), &[1; 8]);
        assert!(problem.unwrap().reason.contains("expected at most 63 characters"));
    }

    #[test]
    fn defaults_are_filled_in_and_named() {
        let function = facts::of("aws:lambda/function:Function");
        let given = Entries::from([
            ("timeout".to_owned(), Value::Number(10.0)),
            ("name".to_owned(), Value::String("f".to_owned())),
        ]);
        let (inputs, _) = complete(function, "f", &Entries::new(), given, &[]);
        assert_eq!(inputs["timeout"], Value::Number(10.0));
        assert_eq!(inputs["memorySize"], Value::Number(128.0));
        assert!(is_default(&inputs, "memorySize") && !is_default(&inputs, "timeout"));
    }
}
