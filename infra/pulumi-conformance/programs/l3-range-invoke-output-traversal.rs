//! A resource for each item of what a function answers.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedobject = "1.42.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_nestedobject::{Container, ContainerArgs, GetValuesArgs, Target, TargetArgs, get_values};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let source =
        Container::new(&context, "source", ContainerArgs::new().inputs(["alpha", "bravo", "charlie"]));
    let values = get_values(&context, GetValuesArgs::new().names(source.inputs()));
    let inside = context.clone();
    let routes = values.map(move |values| {
        for (index, value) in values.results.iter().enumerate() {
            Target::new(&inside, format!("routes-{index}"), TargetArgs::new().name(value));
        }
    });
    drop(routes);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
