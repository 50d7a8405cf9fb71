//! A resource and a function of the root module.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! pulumi-simple-invoke = "10.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_simple::{Resource, ResourceArgs};
use pulumi_simple_invoke::{MyInvokeArgs, my_invoke};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Resource::new(&context, "res", ResourceArgs::new().value(true));
    let answer = my_invoke(&context, MyInvokeArgs::new().value("test"));
    context.export("inv", answer.map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
