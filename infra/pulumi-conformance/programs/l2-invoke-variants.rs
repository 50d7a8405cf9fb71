//! A function of an output, and one without arguments.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple-invoke = "10.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_simple_invoke::{MyInvokeArgs, StringResource, StringResourceArgs, my_invoke, unit};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let res = StringResource::new(&context, "res", StringResourceArgs::new().text("hello"));
    let answer = my_invoke(&context, MyInvokeArgs::new().value(res.text()));
    context.export("outputInput", answer.map(|answer| answer.result));
    context.export("unit", unit(&context).map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
