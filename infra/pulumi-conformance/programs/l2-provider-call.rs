//! A method of a resource.
//!
//! ```cargo
//! [dependencies]
//! pulumi-call = "15.7.9"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_call::{Custom, CustomArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let res = Custom::new(&context, "defaultRes", CustomArgs::new().value("defaultValue"));
    context.export("defaultProviderValue", res.provider_value(&context).map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
