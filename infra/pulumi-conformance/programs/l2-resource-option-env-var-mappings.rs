//! What a plugin finds in its environment under other names.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_simple::{Provider, ProviderArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let options = ResourceOptions::new()
        .env_var_mapping("MY_VAR", "PROVIDER_VAR")
        .env_var_mapping("OTHER_VAR", "TARGET_VAR");
    Provider::with_options(&context, "prov", ProviderArgs::new(), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
