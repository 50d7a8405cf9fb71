//! Resources whose names are keywords somewhere, as stack outputs.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let class = Resource::new(&context, "class", ResourceArgs::new().value(true));
    context.export("class", &class);
    let export = Resource::new(&context, "export", ResourceArgs::new().value(true));
    context.export("export", &export);
    let r#mod = Resource::new(&context, "mod", ResourceArgs::new().value(true));
    context.export("mod", &r#mod);
    Resource::new(&context, "import", ResourceArgs::new().value(true));
    let object = Resource::new(&context, "object", ResourceArgs::new().value(true));
    context.export("object", &object);
    let self_ = Resource::new(&context, "self", ResourceArgs::new().value(true));
    context.export("self", &self_);
    let this = Resource::new(&context, "this", ResourceArgs::new().value(true));
    context.export("this", &this);
    let r#if = Resource::new(&context, "if", ResourceArgs::new().value(true));
    context.export("if", &r#if);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
