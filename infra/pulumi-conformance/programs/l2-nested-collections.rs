//! Lists of lists of lists, and maps of maps of maps.
//!
//! ```cargo
//! [dependencies]
//! pulumi-nestedcollections = "50.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_nestedcollections::{Foo, FooArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let foo = Foo::new(&context, "foo", FooArgs::new());
    context.export("secondProp", foo.condition_sets().map(|sets| sets[0][0][1].prop.clone()));
    context.export("leaf", foo.private_endpoint().map(|endpoint| endpoint["outer"]["inner"]["leaf"].clone()));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
