//! A program that is not beside Pulumi.yaml.

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("output_true", true);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
