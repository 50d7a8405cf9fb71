//! Functions that answer a secret number, a list and a map.
//!
//! ```cargo
//! [dependencies]
//! pulumi-scalar-returns = "21.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_scalar_returns::{
    InvokeArrayArgs, InvokeMapArgs, InvokeSecretArgs, invoke_array, invoke_map, invoke_secret,
};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("secret", invoke_secret(&context, InvokeSecretArgs::new().value("goodbye")));
    context.export("array", invoke_array(&context, InvokeArrayArgs::new().value("the word")));
    context.export("map", invoke_map(&context, InvokeMapArgs::new().value("hello")));
    context.export("secretMap", invoke_map(&context, InvokeMapArgs::new().value("secret")));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
