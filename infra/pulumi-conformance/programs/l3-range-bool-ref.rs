//! A resource of another that may not be there.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, interpolate};
use pulumi_nestedobject::{Target, TargetArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let create: bool = config.require("createBool")?;
    let resource =
        create.then(|| Target::new(&context, "boolResource", TargetArgs::new().name("bool-resource")));
    let resource = resource.ok_or("the target takes the name of boolResource, which is not made")?;
    let args = TargetArgs::new().name(interpolate!("{}+", resource.name()));
    Target::new(&context, "boolTarget", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
