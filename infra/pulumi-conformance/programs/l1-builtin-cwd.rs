//! The folder that the program runs in.

use std::error::Error;
use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let folder = std::env::current_dir()?;
    context.export("cwdOutput", folder.display().to_string());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
