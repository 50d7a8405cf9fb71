//! An object whose properties may all be left out.
//!
//! ```cargo
//! [dependencies]
//! pulumi-optional-primitive-ref = "40.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_optional_primitive_ref::{DataArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let data = DataArgs::new()
        .boolean(true)
        .float(3.14)
        .integer(42)
        .string("hello")
        .number_array([-1.0, 0.0, 1.0])
        .boolean_map([("t", true), ("f", false)]);
    let args = ResourceArgs::new().data(data).optional_data(DataArgs::new().string("optional parent"));
    let set = Resource::new(&context, "setRes", args);
    let unset = Resource::new(&context, "unsetRes", ResourceArgs::new().data(DataArgs::new()));
    let string = set.optional_data().map(|data| data.and_then(|data| data.string));
    Resource::new(&context, "fromNestedOptional", ResourceArgs::new().data(DataArgs::new().string(string)));

    context.export("setBoolean", set.data().map(|data| data.boolean));
    context.export("setFloat", set.data().map(|data| data.float));
    context.export("setInteger", set.data().map(|data| data.integer));
    context.export("setString", set.data().map(|data| data.string));
    context.export("setNumberArray", set.data().map(|data| data.number_array));
    context.export("setBooleanMap", set.data().map(|data| data.boolean_map));

    context.export("unsetBoolean", unset.data().map(|data| null_or_not(data.boolean)));
    context.export("unsetFloat", unset.data().map(|data| null_or_not(data.float)));
    context.export("unsetInteger", unset.data().map(|data| null_or_not(data.integer)));
    context.export("unsetString", unset.data().map(|data| null_or_not(data.string)));
    context.export("unsetNumberArray", unset.data().map(|data| null_or_not(data.number_array)));
    context.export("unsetBooleanMap", unset.data().map(|data| null_or_not(data.boolean_map)));
    Ok(())
}

fn null_or_not<T>(value: Option<T>) -> String {
    if value.is_none() { "null" } else { "not null" }.to_owned()
}

fn main() -> ExitCode {
    pulumi::run(program)
}
