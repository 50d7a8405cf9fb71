//! The folder of Pulumi.yaml, which is not the one that the program runs in.

use std::error::Error;
use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let root = context.root_directory().ok_or("the engine did not say where the project is")?;
    context.export("rootDirectoryOutput", root.display().to_string());
    context.export("workingDirectoryOutput", std::env::current_dir()?.display().to_string());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
