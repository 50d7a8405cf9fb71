//! Properties that may be left out, from resource to resource.
//!
//! ```cargo
//! [dependencies]
//! pulumi-optionalprimitive = "34.0.0"
//! pulumi-primitive = "7.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_optionalprimitive::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let unset_a = Resource::new(&context, "unsetA", ResourceArgs::new());
    let args = ResourceArgs::new()
        .boolean(unset_a.boolean())
        .float(unset_a.float())
        .integer(unset_a.integer())
        .string(unset_a.string())
        .number_array(unset_a.number_array())
        .boolean_map(unset_a.boolean_map());
    let unset_b = Resource::new(&context, "unsetB", args);
    context.export("unsetBoolean", unset_b.boolean().map(null_or_not));
    context.export("unsetFloat", unset_b.float().map(null_or_not));
    context.export("unsetInteger", unset_b.integer().map(null_or_not));
    context.export("unsetString", unset_b.string().map(null_or_not));
    context.export("unsetNumberArray", unset_b.number_array().map(null_or_not));
    context.export("unsetBooleanMap", unset_b.boolean_map().map(null_or_not));

    let args = ResourceArgs::new()
        .boolean(true)
        .float(3.14)
        .integer(42)
        .string("hello")
        .number_array([-1.0, 0.0, 1.0])
        .boolean_map([("t", true), ("f", false)]);
    let set_a = Resource::new(&context, "setA", args);
    let args = ResourceArgs::new()
        .boolean(set_a.boolean())
        .float(set_a.float())
        .integer(set_a.integer())
        .string(set_a.string())
        .number_array(set_a.number_array())
        .boolean_map(set_a.boolean_map());
    let set_b = Resource::new(&context, "setB", args);

    let args = pulumi_primitive::ResourceArgs::new()
        .boolean(true)
        .float(3.14)
        .integer(42)
        .string("hello")
        .number_array([-1.0, 0.0, 1.0])
        .boolean_map([("t", true), ("f", false)]);
    let primitive = pulumi_primitive::Resource::new(&context, "sourcePrimitive", args);
    let args = ResourceArgs::new()
        .boolean(primitive.boolean())
        .float(primitive.float())
        .integer(primitive.integer())
        .string(primitive.string())
        .number_array(primitive.number_array())
        .boolean_map(primitive.boolean_map());
    Resource::new(&context, "fromPrimitive", args);

    context.export("setBoolean", set_b.boolean());
    context.export("setFloat", set_b.float());
    context.export("setInteger", set_b.integer());
    context.export("setString", set_b.string());
    context.export("setNumberArray", set_b.number_array());
    context.export("setBooleanMap", set_b.boolean_map());
    Ok(())
}

fn null_or_not<T>(value: Option<T>) -> String {
    if value.is_none() { "null" } else { "not null" }.to_owned()
}

fn main() -> ExitCode {
    pulumi::run(program)
}
