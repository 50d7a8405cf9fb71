//! A resource for each item of a list, and for each entry of a map, that resources give.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_nestedobject::{Container, ContainerArgs, MapContainer, MapContainerArgs, Target, TargetArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let container = Container::new(&context, "container", ContainerArgs::new().inputs(["alpha", "bravo"]));
    let tags = [("k1", "charlie"), ("k2", "delta")];
    let map_container = MapContainer::new(&context, "mapContainer", MapContainerArgs::new().tags(tags));

    let inside = context.clone();
    let listed = container.details().map(move |details| {
        for (index, detail) in details.iter().enumerate() {
            Target::new(&inside, format!("listOutput-{index}"), TargetArgs::new().name(&detail.value));
        }
    });
    let inside = context.clone();
    let mapped = map_container.tags().map(move |tags| {
        for (key, value) in &tags {
            let args = TargetArgs::new().name(format!("{key}=>{value}"));
            Target::new(&inside, format!("mapOutput-{key}"), args);
        }
    });
    drop((listed, mapped));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
