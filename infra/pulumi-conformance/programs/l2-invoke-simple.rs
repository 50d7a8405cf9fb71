//! Two invocations of a function.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple-invoke = "10.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_simple_invoke::{MyInvokeArgs, my_invoke};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let hello = my_invoke(&context, MyInvokeArgs::new().value("hello"));
    context.export("hello", hello.map(|answer| answer.result));
    let goodbye = my_invoke(&context, MyInvokeArgs::new().value("goodbye"));
    context.export("goodbye", goodbye.map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
