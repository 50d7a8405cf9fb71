//! A resource, its property and the property of that with one name.
//!
//! ```cargo
//! [dependencies]
//! pulumi-reservednames = "51.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_reservednames::{ElementType, ElementTypeArgs, ElementTypeTypeArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ElementTypeArgs::new().element_type(ElementTypeTypeArgs::new().element_type("nested"));
    let elem = ElementType::new(&context, "elem", args);
    context.export("elementType", elem.element_type().map(|nested| nested.element_type));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
