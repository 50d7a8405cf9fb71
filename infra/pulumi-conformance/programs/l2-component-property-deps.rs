//! Resources as inputs of a component, and of one of its methods.
//!
//! ```cargo
//! [dependencies]
//! pulumi-component-property-deps = "1.33.7"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_component_property_deps::{Component, ComponentArgs, ComponentRefsArgs, Custom, CustomArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let custom1 = Custom::new(&context, "custom1", CustomArgs::new().value("hello"));
    let custom2 = Custom::new(&context, "custom2", CustomArgs::new().value("world"));

    let args = ComponentArgs::new()
        .resource(&custom1)
        .resource_list([&custom1, &custom2])
        .resource_map([("one", &custom1), ("two", &custom2)]);
    let component = Component::new(&context, "component1", args);

    let args = ComponentRefsArgs::new()
        .resource(&custom1)
        .resource_list([&custom1, &custom2])
        .resource_map([("one", &custom1), ("two", &custom2)]);
    context.export("propertyDepsFromCall", component.refs(&context, args).map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
