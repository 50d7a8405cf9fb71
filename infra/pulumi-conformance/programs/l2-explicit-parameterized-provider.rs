//! An instance of a provider that parameters make.
//!
//! ```cargo
//! [dependencies]
//! pulumi-goodbye = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_goodbye::{Goodbye, GoodbyeArgs, Provider, ProviderArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let provider = Provider::new(&context, "prov", ProviderArgs::new().text("World"));
    let options = ResourceOptions::new().provider(&provider);
    let res = Goodbye::with_options(&context, "res", GoodbyeArgs::new(), options);
    context.export("parameterValue", res.parameter_value());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
