//! Two resources.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let options = ResourceOptions::new().replace_on_changes(["value"]).delete_before_replace(true);
    Resource::with_options(&context, "withOption", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().replace_on_changes(["value"]);
    Resource::with_options(&context, "withoutOption", ResourceArgs::new().value(true), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
