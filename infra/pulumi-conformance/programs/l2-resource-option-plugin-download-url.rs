//! Where plugins come from.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "27.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Resource::new(&context, "withDefaultURL", ResourceArgs::new().value(true));
    let options = ResourceOptions::new()
        .plugin_download_url("https://github.com/pulumi/pulumi-simple/releases/v${VERSION}");
    Resource::with_options(&context, "withExplicitDefaultURL", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().plugin_download_url("https://custom.pulumi.test/provider1");
    Resource::with_options(&context, "withCustomURL1", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().plugin_download_url("https://custom.pulumi.test/provider2");
    Resource::with_options(&context, "withCustomURL2", ResourceArgs::new().value(false), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
