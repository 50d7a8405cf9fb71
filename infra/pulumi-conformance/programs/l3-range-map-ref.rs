//! Resources of which another takes one by its key.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, interpolate};
use pulumi_nestedobject::{Target, TargetArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let items: BTreeMap<String, String> = config.require_object("itemMap")?;
    let mapped: BTreeMap<&String, Target> = items
        .iter()
        .map(|(key, item)| {
            let args = TargetArgs::new().name(format!("{key}={item}"));
            (key, Target::new(&context, format!("mapResource-{key}"), args))
        })
        .collect();
    let args = TargetArgs::new().name(interpolate!("{}+", mapped[&"k1".to_owned()].name()));
    Target::new(&context, "mapTarget", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
