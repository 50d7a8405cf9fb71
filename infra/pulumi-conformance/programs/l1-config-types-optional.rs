//! A list in the configuration whose items may be left out.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let names: Option<Vec<Option<String>>> = config.get_object("names")?;
    let names = names.unwrap_or_else(|| vec![None, Some("hello".to_owned()), None]);
    context.export("namesLength", names.len() as i64);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
