//! Resources before they are renamed and moved.
//!
//! ```cargo
//! [dependencies]
//! pulumi-component = "13.3.7"
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_component::{Custom, CustomArgs};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Resource::new(&context, "parent", ResourceArgs::new().value(true));
    let alias_urn = Resource::new(&context, "aliasURN", ResourceArgs::new().value(true));
    Resource::new(&context, "aliasName", ResourceArgs::new().value(true));
    Resource::new(&context, "aliasNoParent", ResourceArgs::new().value(true));
    let options = ResourceOptions::new().parent(&alias_urn);
    Resource::with_options(&context, "aliasParent", ResourceArgs::new().value(true), options);

    Custom::new(&context, "aliasType", CustomArgs::new().value("true"));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
