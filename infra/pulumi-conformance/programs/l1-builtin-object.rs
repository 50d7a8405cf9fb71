//! The entries of a map, and one of them by its key or something in its place.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Value, json};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_map: BTreeMap<String, String> = config.require_object("aMap")?;
    let entries: Vec<_> = a_map.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    context.export("entriesOutput", entries);

    let lookup = |key: &str| a_map.get(key).cloned().unwrap_or_else(|| "default".to_owned());
    context.export("lookupOutput", lookup("keyPresent"));
    context.export("lookupOutputDefault", lookup("keyMissing"));

    let alternative_names: BTreeMap<String, Value> =
        config.get_object("alternativeNames")?.unwrap_or_default();
    context.export("names", alternative_names.into_values().collect::<Vec<_>>());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
