//! Resources that all take one setting.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};
use pulumi_nestedobject::{Target, TargetArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let prefix: String = config.require("prefix")?;
    for index in 0..2 {
        let args = TargetArgs::new().name(format!("{prefix}-{index}"));
        Target::new(&context, format!("item-{index}"), args);
    }
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
