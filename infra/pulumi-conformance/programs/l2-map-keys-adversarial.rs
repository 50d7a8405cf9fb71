//! Keys of maps that mean something in other languages.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_primitive::{InvokeArgs, Resource, ResourceArgs, invoke};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = ResourceArgs::new().boolean(false).float(2.17).integer(-12).string("adversarial");
    let res = Resource::new(&context, "res", args.number_array([0.0, 1.0]).boolean_map(KEYS));
    let args = InvokeArgs::new().boolean(false).float(2.17).integer(-12).string("adversarial");
    let answer = invoke(&context, args.number_array([0.0, 1.0]).boolean_map(KEYS));
    context.export("resourceBooleanMap", res.boolean_map());
    context.export("invokeBooleanMap", answer.map(|answer| answer.boolean_map));
    Ok(())
}

/// Keys that mean something in other languages.
const KEYS: [(&str, bool); 7] = [
    ("__type", true),
    ("__internal", false),
    ("__provider", true),
    ("__version", false),
    ("", true),
    (
        "Some ${common} \"characters\" 'that' need escaping: \\ (backslash), \t (tab), \u{001b} (escape), \u{0007} (bell), \u{0000} (null), \u{e0021} (tag space)",
        false,
    ),
    (
        "Format and glob specifiers: %percent ...ellipsis {open }close *asterisk ?question ,comma &&and ||or !not =>arrow ==equal :colon /slash",
        true,
    ),
];

fn main() -> ExitCode {
    pulumi::run(program)
}
