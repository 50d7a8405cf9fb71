//! Stack outputs that are booleans.

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("output_true", true);
    context.export("output_false", false);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
