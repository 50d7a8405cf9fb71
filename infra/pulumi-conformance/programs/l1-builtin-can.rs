//! Whether a value can be had: of a map, of a secret map, and of a value without a type.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output, Value};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_map: BTreeMap<String, String> = config.require_object("aMap")?;
    context.export("plainTrySuccess", a_map.contains_key("a"));
    context.export("plainTryFailure", a_map.contains_key("b"));

    let a_secret_map = Output::secret(a_map);
    context.export("outputTrySuccess", a_secret_map.map(|map| map.contains_key("a")));
    context.export("outputTryFailure", a_secret_map.map(|map| map.contains_key("b")));

    let an_object: BTreeMap<String, Value> = config.require_object("anObject")?;
    context.export("dynamicTrySuccess", an_object.contains_key("a"));
    context.export("dynamicTryFailure", an_object.contains_key("b"));

    let a_secret_object = Output::secret(an_object.clone());
    context.export("outputDynamicTrySuccess", a_secret_object.map(|object| object.contains_key("a")));
    context.export("outputDynamicTryFailure", a_secret_object.map(|object| object.contains_key("b")));

    context.export("plainTryNull", an_object.contains_key("opt"));
    context.export("outputTryNull", a_secret_object.map(|object| object.contains_key("opt")));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
