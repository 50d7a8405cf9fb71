//! An output of 100 MB.
//!
//! ```cargo
//! [dependencies]
//! pulumi-large = "4.3.2"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_large::{StringResource, StringResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let res = StringResource::new(&context, "res", StringResourceArgs::new().value("hello world"));
    context.export("output", res.value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
