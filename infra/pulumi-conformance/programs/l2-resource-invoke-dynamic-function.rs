//! A function that takes and gives any values.
//!
//! ```cargo
//! [dependencies]
//! pulumi-any-type-function = "15.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Value};
use pulumi_any_type_function::{DynListToDynArgs, dyn_list_to_dyn};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let local = Value::String("hello".to_owned());
    let inputs = [Value::String("hello".to_owned()), local, Value::object::<String>([])];
    let answer = dyn_list_to_dyn(&context, DynListToDynArgs::new().inputs(inputs));
    context.export("dynamic", answer.map(|answer| answer.result));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
