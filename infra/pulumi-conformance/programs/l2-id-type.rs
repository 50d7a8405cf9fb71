//! Identifiers as texts, as numbers and as booleans.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, functions, json};
use pulumi_primitive::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ResourceArgs::new().boolean(false).float(1).integer(2).string("1234").number_array([3.0]);
    let source1 = Resource::new(&context, "source1", args.boolean_map([("source", false)]));
    let args = ResourceArgs::new().boolean(false).float(1).integer(2).string("true").number_array([3.0]);
    let source2 = Resource::new(&context, "source2", args.boolean_map([("source", false)]));

    let number = source1.id().try_map(|id| id.parse::<f64>());
    let args = ResourceArgs::new()
        .boolean(false)
        .float(&number)
        .integer(source1.id().try_map(|id| id.parse::<i64>()))
        .string(source1.id())
        .number_array([number])
        .boolean_map([("sink", false)]);
    Resource::new(&context, "sink1", args);

    let boolean = source2.id().try_map(|id| id.parse::<bool>());
    let args = ResourceArgs::new().boolean(&boolean).float(1).integer(2).string("abc").number_array([3.0]);
    let sink2 = Resource::new(&context, "sink2", args.boolean_map([("sink", boolean)]));

    context.export("ids", json!({ "source1Token": source1.id(), "source2Token": source2.id() }));
    context.export("base64", sink2.id().map(functions::to_base64));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
