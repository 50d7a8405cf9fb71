//! Inputs that take values and no outputs: objects, lists and maps.
//!
//! ```cargo
//! [dependencies]
//! pulumi-plain = "13.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_plain::{DataArgs, InnerDataArgs, Resource, ResourceArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let inner = InnerDataArgs::new()
        .boolean(false)
        .float(2.17)
        .integer(-12)
        .string("Goodbye")
        .bool_array([false, true])
        .string_map([("two", "turtle doves"), ("three", "french hens")]);
    let data = DataArgs::new()
        .boolean(true)
        .float(4.5)
        .integer(1024)
        .string("Hello")
        .bool_array([true, false])
        .string_map([("x", "100"), ("y", "200")])
        .inner_data(inner);
    let item = InnerDataArgs::new()
        .boolean(true)
        .float(3.14)
        .integer(42)
        .string("Plain")
        .bool_array([true])
        .string_map([("one", "partridge")]);
    Resource::new(&context, "res", ResourceArgs::new().data(data).data_list([item]));

    let inner = InnerDataArgs::new()
        .boolean(false)
        .float(0)
        .integer(0)
        .string("")
        .bool_array(Vec::<bool>::new())
        .string_map(BTreeMap::<String, String>::new());
    let data = DataArgs::new()
        .boolean(false)
        .float(0)
        .integer(0)
        .string("")
        .bool_array(Vec::<bool>::new())
        .string_map(BTreeMap::<String, String>::new())
        .inner_data(inner);
    let args = ResourceArgs::new().data(data).data_list(Vec::<InnerDataArgs>::new());
    Resource::new(&context, "emptyListRes", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
