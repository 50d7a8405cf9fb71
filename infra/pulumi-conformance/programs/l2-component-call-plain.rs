//! Methods of a component that answer at once: a number, and providers for other resources.
//!
//! ```cargo
//! [dependencies]
//! pulumi-configurer = "38.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_configurer::{Configurer, ConfigurerArgs, Custom, CustomArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let configurer =
        Configurer::new(&context, "configurer", ConfigurerArgs::new().provider_config("propagated"));

    let provider = configurer.plain_provider(&context).await?;
    let args = CustomArgs::new().value("from-plain-provider");
    Custom::with_options(
        &context,
        "customFromPlainProvider",
        args,
        ResourceOptions::new().provider(&provider),
    );

    let nested = configurer.nested_plain_provider(&context).await?;
    let args = CustomArgs::new().value("from-nested-plain-provider");
    let options = ResourceOptions::new().provider(&nested.provider);
    Custom::with_options(&context, "customFromNestedPlainProvider", args, options);

    context.export("plainValue", configurer.plain_value(&context).await?);
    context.export("nestedPlainValue", nested.value);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
