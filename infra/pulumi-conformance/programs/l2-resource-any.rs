//! A property that takes any value.
//!
//! ```cargo
//! [dependencies]
//! pulumi-any-handled = "42.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Asset, Context, Input, Value, json};
use pulumi_any_handled::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let any =
        |name: &str, value: Input<Value>| Resource::new(&context, name, ResourceArgs::new().value(value));
    any("aString", Value::String("a string".to_owned()).into());
    any("aBoolean", Value::Bool(true).into());
    any("aNumber", Value::Number(42.0).into());
    any("aList", json!([1, true, "three"]).into());
    any("anObject", json!({ "key": "value", "nested": { "count": 1 } }).into());
    any("anAsset", Value::Asset(Asset::text("the asset contents")).into());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
