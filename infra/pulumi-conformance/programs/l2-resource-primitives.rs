//! A property of every primitive type, a list and a map.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_primitive::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ResourceArgs::new()
        .boolean(true)
        .float(3.14)
        .integer(42)
        .string("hello")
        .number_array([-1.0, 0.0, 1.0])
        .boolean_map([("t", true), ("f", false)]);
    Resource::new(&context, "res", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
