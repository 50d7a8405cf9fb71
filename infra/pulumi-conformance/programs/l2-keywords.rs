//! Names that are keywords somewhere: of properties, of modules, of a resource.
//!
//! ```cargo
//! [dependencies]
//! pulumi-keywords = "20.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_keywords::module::{Lambda, LambdaArgs};
use pulumi_keywords::{SomeResource, SomeResourceArgs, lambda};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = SomeResourceArgs::new().builtins("builtins").lambda("lambda").property("property");
    let first = SomeResource::new(&context, "firstResource", args);
    let args =
        SomeResourceArgs::new().builtins(first.builtins()).lambda(first.lambda()).property(first.property());
    SomeResource::new(&context, "secondResource", args);
    let args = lambda::SomeResourceArgs::new().builtins("builtins").lambda("lambda").property("property");
    lambda::SomeResource::new(&context, "lambdaModuleResource", args);
    let args = LambdaArgs::new().builtins("builtins").lambda("lambda").property("property");
    Lambda::new(&context, "lambdaResource", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
