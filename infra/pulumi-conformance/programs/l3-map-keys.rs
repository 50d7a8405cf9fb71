//! Keys of a map that means something in other languages, through a component.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Inputs, ResourceOptions, ToInput};
use pulumi_primitive::{Resource, ResourceArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let inputs = Inputs::new().with("booleanMap", BTreeMap::from(KEYS));
    let token = "components:index:MyComponent";
    let component = context.component_with_inputs(token, "cmp", inputs, ResourceOptions::new());
    let args = ResourceArgs::new().boolean(false).float(2.17).integer(-12).string("adversarial");
    let args = args.number_array([0.0, 1.0]).boolean_map(KEYS);
    let res = Resource::new(component.context(), "cmp-res", args);
    component.register_outputs([("booleanMap", res.boolean_map().to_input())]);
    context.export("resourceBooleanMap", res.boolean_map());
    Ok(())
}

/// Keys that mean something in other languages.
const KEYS: [(&str, bool); 13] = [
    ("my key", false),
    ("my.key", true),
    ("my-key", false),
    ("my_key", true),
    ("MY_KEY", false),
    ("myKey", true),
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
