//! An object in an object.
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

    let data = DataArgs::new()
        .boolean(true)
        .float(4.5)
        .integer(1024)
        .string("Hello")
        .bool_array(Vec::<bool>::new())
        .string_map([("x", "100"), ("y", "200")])
        .inner_data(inner);
    Resource::new(&context, "res", ResourceArgs::new().data(data));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
