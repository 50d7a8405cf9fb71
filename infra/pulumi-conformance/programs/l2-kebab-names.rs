//! Names with hyphens: of the package and of a module.
//!
//! ```cargo
//! [dependencies]
//! pulumi-kebab-names = "52.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_kebab_names::kebab_module::{
    AnotherResource, AnotherResourceArgs, NestedInputArgs, SomeResource, SomeResourceArgs,
};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = SomeResourceArgs::new().the_input(true).nested(NestedInputArgs::new().nested_value("nested"));
    let first = SomeResource::new(&context, "first", args);
    let args = AnotherResourceArgs::new().the_input(first.the_output().map(|output| output.nested_output));
    AnotherResource::new(&context, "second", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
