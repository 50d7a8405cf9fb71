//! Lists and texts: one item, joined, counted, split; at most one item.
//!
//! Runs: 3

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_list: Vec<String> = config.require_object("aList")?;
    let single_or_none: Vec<String> = config.require_object("singleOrNoneList")?;
    let a_string: String = config.require("aString")?;

    context.export("elementOutput1", &a_list[1]);
    context.export("elementOutput2", &a_list[2]);
    context.export("joinOutput", a_list.join("|"));
    context.export("lengthOutput", a_list.len() as i64);
    context.export("splitOutput", a_string.split('-').map(str::to_owned).collect::<Vec<_>>());

    let single = match single_or_none.as_slice() {
        [] => None,
        [single] => Some(single),
        several => return Err(format!("expected at most one item, found {}", several.len()).into()),
    };
    context.export("singleOrNoneOutput", vec![single]);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
