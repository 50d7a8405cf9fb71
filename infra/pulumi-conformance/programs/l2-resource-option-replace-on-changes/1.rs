//! Changes that replace, by the schema or by an option, and changes that do not.
//!
//! ```cargo
//! [dependencies]
//! pulumi-replaceonchanges = "25.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, ResourceOptions};
use pulumi_replaceonchanges::{ResourceA, ResourceAArgs, ResourceB, ResourceBArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ResourceAArgs::new().value(true).replace_prop(false);
    ResourceA::new(&context, "schemaReplace", args);
    let args = ResourceBArgs::new().value(false);
    ResourceB::with_options(
        &context,
        "optionReplace",
        args,
        ResourceOptions::new().replace_on_changes(["value"]),
    );
    let args = ResourceAArgs::new().value(false).replace_prop(true);
    ResourceA::with_options(
        &context,
        "bothReplaceValue",
        args,
        ResourceOptions::new().replace_on_changes(["value"]),
    );
    let args = ResourceAArgs::new().value(true).replace_prop(false);
    ResourceA::with_options(
        &context,
        "bothReplaceProp",
        args,
        ResourceOptions::new().replace_on_changes(["value"]),
    );
    let args = ResourceBArgs::new().value(false);
    ResourceB::new(&context, "regularUpdate", args);
    let args = ResourceBArgs::new().value(true);
    ResourceB::with_options(&context, "noChange", args, ResourceOptions::new().replace_on_changes(["value"]));
    let args = ResourceAArgs::new().value(true).replace_prop(false);
    ResourceA::with_options(
        &context,
        "wrongPropChange",
        args,
        ResourceOptions::new().replace_on_changes(["value"]),
    );
    let args = ResourceAArgs::new().value(false).replace_prop(true);
    ResourceA::with_options(
        &context,
        "multiplePropReplace",
        args,
        ResourceOptions::new().replace_on_changes(["value", "replaceProp"]),
    );
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
