//! A union of ten members, and an output of a union of three of them.
//!
//! ```cargo
//! [dependencies]
//! pulumi-discriminated-union-many = "49.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Input, ToInput};
use pulumi_discriminated_union_many::*;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = Variant1Args::new().payload("p1").extra("e1");
    Example::new(&context, "example1", ExampleArgs::new().union_of(args));
    let args = Variant2Args::new().payload("p2").extra("e2");
    Example::new(&context, "example2", ExampleArgs::new().union_of(args));
    let args = Variant3Args::new().payload("p3").count(3);
    Example::new(&context, "example3", ExampleArgs::new().union_of(args));
    let args = Variant4Args::new().payload("p4").enabled(true);
    Example::new(&context, "example4", ExampleArgs::new().union_of(args));
    let args = Variant5Args::new().payload("p5").label("l5");
    Example::new(&context, "example5", ExampleArgs::new().union_of(args));
    let args = Variant6Args::new().payload("p6").code(6);
    Example::new(&context, "example6", ExampleArgs::new().union_of(args));
    let args = Variant7Args::new().payload("p7").message("m7");
    Example::new(&context, "example7", ExampleArgs::new().union_of(args));
    let args = Variant8Args::new().payload("p8").size(8);
    Example::new(&context, "example8", ExampleArgs::new().union_of(args));
    let args = Variant9Args::new().payload("p9").flag(false);
    Example::new(&context, "example9", ExampleArgs::new().union_of(args));
    let args = Variant10Args::new().payload("p10").note("n10");
    Example::new(&context, "example10", ExampleArgs::new().union_of(args));

    let args = Variant3Args::new().payload("sp").count(33);
    let subset = SubsetExample::new(&context, "subset1", SubsetExampleArgs::new().union_of(args));
    // Every member of the small union is one of the large one.
    let union_of = Input::from_property(subset.union_of().to_input());
    Example::new(&context, "example11", ExampleArgs::new().union_of(union_of));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
