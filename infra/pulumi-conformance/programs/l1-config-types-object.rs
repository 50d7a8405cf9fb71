//! Structured configuration: with a type, without one, and left out.
//!
//! Runs: 2

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output, ToInput, Value, json};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_map: BTreeMap<String, i64> = config.require_object("aMap")?;
    context.export("theMap", BTreeMap::from([("a", a_map["a"] + 1), ("b", a_map["b"] + 1)]));

    let an_object: BTreeMap<String, Vec<bool>> = config.require_object("anObject")?;
    context.export("theObject", an_object["prop"][0]);

    let any_object: BTreeMap<String, f64> = config.require_object("anyObject")?;
    context.export("theThing", any_object["a"] + any_object["b"]);

    let untyped: Option<Value> = config.get_object("optionalUntypedObject")?;
    context.export(
        "defaultUntypedObject",
        untyped.unwrap_or_else(|| Value::object([("key", Value::String("value".to_owned()))])),
    );

    let optional_list: Option<Vec<String>> = config.get_object("optionalList")?;
    context.export("optionalList", text(optional_list));
    let optional_map: Option<BTreeMap<String, String>> = config.get_object("optionalMap")?;
    context.export("optionalMap", text(optional_map));
    let optional_object: Option<Value> = config.get_object("optionalObject")?;
    context.export("optionalObject", text(optional_object));
    Ok(())
}

/// The text of JSON, or `null` where there is no value.
fn text(value: Option<impl ToInput>) -> Output<String> {
    value.map_or_else(|| Output::known("null".to_owned()), |value| json!(value).to_text())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
