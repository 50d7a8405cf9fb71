//! Parts of secrets.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output, Value};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let l = Output::secret(vec![1_i64]);
    let m = Output::secret(BTreeMap::from([("key".to_owned(), true)]));
    let c: Output<BTreeMap<String, String>> = config.require_object("anObject").map(Output::secret)?;
    let o = Output::secret(BTreeMap::from([("property".to_owned(), "value".to_owned())]));
    let a: Output<BTreeMap<String, Value>> = config.require_object("anyObject").map(Output::secret)?;
    context.export("l", l.map(|list| list[0]));
    context.export("m", m.field::<bool>("key"));
    context.export("c", c.field::<String>("property"));
    context.export("o", o.field::<String>("property"));
    context.export("a", a.field::<Value>("property"));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
