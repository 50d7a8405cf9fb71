//! Members of a union that a property tells apart.
//!
//! ```cargo
//! [dependencies]
//! pulumi-discriminated-union = "31.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_discriminated_union::{
    Example, ExampleArgs, VariantOneArgs, VariantOneOrVariantTwoArgs, VariantTwoArgs,
};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ExampleArgs::new().union_of(VariantOneArgs::new().field1("v1 union")).array_of_union_of([
        VariantOneOrVariantTwoArgs::from(VariantOneArgs::new().field1("v1 array(union)")),
    ]);
    Example::new(&context, "example1", args);

    let args = ExampleArgs::new().union_of(VariantTwoArgs::new().field2("v2 union")).array_of_union_of([
        VariantOneOrVariantTwoArgs::from(VariantTwoArgs::new().field2("v2 array(union)")),
        VariantOneArgs::new().field1("v1 array(union)").into(),
    ]);
    Example::new(&context, "example2", args);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
