//! Changes that are ignored: of a property in a list, and of keys in a map.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_nestedobject::{
    DetailArgs, MapContainer, MapContainerArgs, Receiver, ReceiverArgs, Target, TargetArgs,
};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ReceiverArgs::new().details([DetailArgs::new().key("a").value("b")]);
    let options = ResourceOptions::new().ignore_changes(["details[0].key"]);
    Receiver::with_options(&context, "receiverIgnore", args, options);

    let args = MapContainerArgs::new().tags([("env", "prod")]);
    let paths = [r#"tags["env"]"#, r#"tags["with.dot"]"#, r#"tags["with escaped \""]"#];
    MapContainer::with_options(&context, "mapIgnore", args, ResourceOptions::new().ignore_changes(paths));

    Target::new(&context, "noIgnore", TargetArgs::new().name("nothing"));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
