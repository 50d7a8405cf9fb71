//! Stack outputs that are numbers, to the ends of their range.

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("zero", 0);
    context.export("one", 1);
    context.export("e", 2.718);
    context.export("minInt32", i32::MIN);
    context.export("max", f64::MAX);
    context.export("min", f64::from_bits(1));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
