//! Secrets in arguments and answers of a function.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! pulumi-simple-invoke = "10.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Output};
use pulumi_simple::{Resource, ResourceArgs};
use pulumi_simple_invoke::{SecretInvokeArgs, secret_invoke};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let res = Resource::new(&context, "res", ResourceArgs::new().value(true));
    let args = SecretInvokeArgs::new().value("hello").secret_response(false);
    context.export("nonSecret", secret_invoke(&context, args).map(|answer| answer.response));
    let args = SecretInvokeArgs::new().value("hello").secret_response(res.value());
    context.export("firstSecret", secret_invoke(&context, args).map(|answer| answer.response));
    let args = SecretInvokeArgs::new().value(Output::secret("goodbye".to_owned())).secret_response(false);
    context.export("secondSecret", secret_invoke(&context, args).map(|answer| answer.response));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
