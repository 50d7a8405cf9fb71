//! Names in snake case: of the package, of modules, of types and properties.
//!
//! ```cargo
//! [dependencies]
//! pulumi-snake-names = "33.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_snake_names::cool_module::*;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = SomeResourceArgs::new().the_input(true).nested(NestedInputArgs::new().nested_value("nested"));
    let first = SomeResource::new(&context, "first", args);
    let args = SomeDataArgs::new()
        .the_input(first.the_output().map(|output| output["someKey"][0].nested_output.clone()))
        .nested([EntryArgs::new().value("fuzz")]);
    let data = some_data(&context, args);
    let args =
        AnotherResourceArgs::new().the_input(data.map(|data| data.nested_output[0]["key"].value.clone()));
    AnotherResource::new(&context, "third", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
