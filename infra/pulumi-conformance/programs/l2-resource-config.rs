//! Settings of a provider that have the names of options.
//!
//! ```cargo
//! [dependencies]
//! pulumi-config = "9.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_config::{Provider, ProviderArgs, Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ProviderArgs::new().name("my config");
    let args = args.plugin_download_url("not the same as the pulumi resource option");
    let provider = Provider::new(&context, "prov", args);
    Resource::new(&context, "res", ResourceArgs::new().text(provider.version()));
    context.export("pluginDownloadURL", provider.plugin_download_url());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
