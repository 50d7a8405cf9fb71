//! Resources of which others take one by its place.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Input, interpolate};
use pulumi_nestedobject::{Target, TargetArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let target =
        |name: &str, value: Input<String>| Target::new(&context, name, TargetArgs::new().name(value));
    let count: i64 = config.require("numItems")?;
    let items: Vec<String> = config.require_object("itemList")?;

    let numbers: Vec<Target> = (0..count)
        .map(|index| target(&format!("numResource-{index}"), format!("num-{index}").into()))
        .collect();
    target("numTarget", interpolate!("{}+", numbers[0].name()).into());

    let listed = items.iter().enumerate();
    let listed: Vec<Target> = listed
        .map(|(index, item)| target(&format!("listResource-{index}"), format!("{index}:{item}").into()))
        .collect();
    target("listTarget", interpolate!("{}+", listed[1].name()).into());

    for (index, resource) in listed.iter().enumerate() {
        target(&format!("listDynTarget-{index}"), interpolate!("{}!", resource.name()).into());
    }
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
