//! A package of another publisher, which takes a resource of yet another package.
//!
//! ```cargo
//! [dependencies]
//! a-namespace-namespaced = "16.0.0"
//! pulumi-component = "13.3.7"
//! ```

use std::process::ExitCode;

use a_namespace_namespaced::{Resource, ResourceArgs};
use pulumi::Context;
use pulumi_component::{ComponentCustomRefOutput, ComponentCustomRefOutputArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ComponentCustomRefOutputArgs::new().value("foo-bar-baz");
    let component = ComponentCustomRefOutput::new(&context, "componentRes", args);
    let args = ResourceArgs::new().value(true).resource_ref(component.ref_());
    Resource::new(&context, "res", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
