//! A component with inputs, and nothing in it.

use std::process::ExitCode;

use pulumi::{Context, Inputs, ResourceOptions, json};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let inputs = Inputs::new()
        .with("aNumber", 42)
        .with("aString", "hello")
        .with("aJson", json!({ "key": "value" }).to_text());
    context.component_with_inputs("my:custom:Component", "myComponent", inputs, ResourceOptions::new());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
