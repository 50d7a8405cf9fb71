//! A list with nothing in its one place.

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("array", vec![None::<String>]);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
