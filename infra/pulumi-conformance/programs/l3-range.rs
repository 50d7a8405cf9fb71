//! As many resources as a number says, as a list and a map have, and if at all.
//!
//! Runs: 2
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};
use pulumi_nestedobject::{Target, TargetArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    for index in 0..config.require::<i64>("numItems")? {
        let args = TargetArgs::new().name(format!("num-{index}"));
        Target::new(&context, format!("numResource-{index}"), args);
    }
    let items: Vec<String> = config.require_object("itemList")?;
    for (index, item) in items.iter().enumerate() {
        let args = TargetArgs::new().name(format!("{index}:{item}"));
        Target::new(&context, format!("listResource-{index}"), args);
    }
    let items: BTreeMap<String, String> = config.require_object("itemMap")?;
    for (key, item) in &items {
        Target::new(&context, format!("mapResource-{key}"), TargetArgs::new().name(format!("{key}={item}")));
    }
    if config.require::<bool>("createBool")? {
        Target::new(&context, "boolResource", TargetArgs::new().name("bool-resource"));
    }
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
