//! A stack with nothing in it.

use std::process::ExitCode;

use pulumi::Context;

async fn program(_context: Context) -> Result<(), pulumi::Error> {
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
