//! Names in camel case: of the package, of a module, of properties.
//!
//! ```cargo
//! [dependencies]
//! pulumi-camel-names = "19.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_camel_names::cool_module::{SomeResource, SomeResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let first = SomeResource::new(&context, "firstResource", SomeResourceArgs::new().the_input(true));
    SomeResource::new(&context, "secondResource", SomeResourceArgs::new().the_input(first.the_output()));
    SomeResource::new(
        &context,
        "thirdResource",
        SomeResourceArgs::new().the_input(true).resource_name("my-cluster"),
    );
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
