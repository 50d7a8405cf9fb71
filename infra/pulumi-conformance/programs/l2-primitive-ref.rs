//! An object of every primitive type.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive-ref = "11.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_primitive_ref::{DataArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let data = DataArgs::new()
        .boolean(false)
        .float(2.17)
        .integer(-12)
        .string("Goodbye")
        .bool_array([false, true])
        .string_map([("two", "turtle doves"), ("three", "french hens")]);
    Resource::new(&context, "res", ResourceArgs::new().data(data));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
