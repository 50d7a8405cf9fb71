//! Settings and modules whose names differ in little.
//!
//! ```cargo
//! [dependencies]
//! pulumi-module-format = "29.0.0"
//! pulumi-names = "6.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};
use pulumi_module_format::mod_::{Resource, ResourceArgs};
use pulumi_names::mod_::{Res, ResArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let names: bool = config.get("names")?.unwrap_or(true);
    let other_names: bool = config.get("Names")?.unwrap_or(true);
    let module: String = config.get("mod")?.unwrap_or_else(|| "module".to_owned());
    let other_module: String = config.get("Mod")?.unwrap_or_else(|| "format".to_owned());

    let names_resource = Res::new(&context, "namesResource", ResArgs::new().value(names));
    let args = ResourceArgs::new().text(format!("{module}-{other_module}"));
    let mod_resource = Resource::new(&context, "modResource", args);

    context.export("namesResourceVal", names_resource.value());
    context.export("modResourceText", mod_resource.text());
    context.export("nameVariables", names && other_names);
    context.export("modVariables", format!("{module}-{other_module}"));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
