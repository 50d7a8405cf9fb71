//! Values as the text of JSON.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Output, json};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let a_string: String = config.require("aString")?;
    let a_number: f64 = config.require("aNumber")?;
    let a_list: Vec<String> = config.require_object("aList")?;
    let a_secret: Output<String> = config.require_secret("aSecret")?;
    context.export("stringOutput", json!(a_string).to_text());
    context.export("numberOutput", json!(a_number).to_text());
    context.export("boolOutput", json!(true).to_text());
    context.export("arrayOutput", json!(["x", "y", "z"]).to_text());
    context.export("objectOutput", json!({ "key": "value", "count": 1 }).to_text());

    let nested = json!({ "anObject": { "name": a_string, "items": a_list }, "a_secret": a_secret });
    context.export("nestedOutput", nested.to_text());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
