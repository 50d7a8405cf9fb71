//! A function with an argument that may be left out.
//!
//! ```cargo
//! [dependencies]
//! pulumi-multi-argument-invoke = "44.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_multi_argument_invoke::{MultiArgumentInvokeArgs, multi_argument_invoke};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = MultiArgumentInvokeArgs::new().first("hello").second("world");
    context.export("both", multi_argument_invoke(&context, args).map(|answer| answer.result));
    let args = MultiArgumentInvokeArgs::new().first("hello");
    context.export("onlyRequired", multi_argument_invoke(&context, args).map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
