//! A function that answers a boolean.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple-invoke-with-scalar-return = "17.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_simple_invoke_with_scalar_return::{MyInvokeScalarArgs, my_invoke_scalar};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("scalar", my_invoke_scalar(&context, MyInvokeScalarArgs::new().value("goodbye")));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
