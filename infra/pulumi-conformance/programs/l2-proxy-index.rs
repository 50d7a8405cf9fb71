//! Parts of an object that a resource gives.
//!
//! ```cargo
//! [dependencies]
//! pulumi-ref-ref = "12.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_ref_ref::{DataArgs, InnerDataArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let inner = InnerDataArgs::new()
        .boolean(false)
        .float(2.17)
        .integer(-12)
        .string("Goodbye")
        .bool_array([false, true])
        .string_map([("two", "turtle doves"), ("three", "french hens")]);

    let item = InnerDataArgs::new()
        .boolean(false)
        .float(3.14)
        .integer(42)
        .string("Partridge")
        .bool_array([true])
        .string_map([("one", "in a pear tree")]);
    let data = DataArgs::new()
        .boolean(true)
        .float(4.5)
        .integer(1024)
        .string("Hello")
        .bool_array([true])
        .string_map([("x", "100"), ("y", "200")])
        .inner_data(inner)
        .inner_data_list([item]);
    let res = Resource::new(&context, "res", ResourceArgs::new().data(data));

    context.export("bool", res.data().map(|data| data.boolean));
    context.export("array", res.data().map(|data| data.bool_array[0]));
    context.export("map", res.data().map(|data| data.string_map["x"].clone()));
    context.export("nested", res.data().map(|data| data.inner_data.string_map["three"].clone()));
    let list = res.data().map(|data| data.inner_data_list.unwrap_or_default());
    context.export("listIndex", list.map(|list| list[0].string.clone()));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
