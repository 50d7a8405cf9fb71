//! Stack outputs that are maps, also with keys that mean something elsewhere.

use std::process::ExitCode;

use pulumi::{Context, json};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("empty", json!({}));
    context.export("strings", json!({ "greeting": "Hello, world!", "farewell": "Goodbye, world!" }));
    context.export("adversarialStrings", BTreeMap::from([
("__type", "dunder type"),
("__internal", "dunder internal"),
("__provider", "dunder provider"),
("__version", "dunder version"),
("", "empty key"),
("empty value", ""),
("dunder value", "__dunder"),
("Some ${common} \"characters\" 'that' need escaping: \\ (backslash), \t (tab), \u{001b} (escape), \u{0007} (bell), \u{0000} (null), \u{e0021} (tag space)", "Some ${common} \"characters\" 'that' need escaping: \\ (backslash), \t (tab), \u{001b} (escape), \u{0007} (bell), \u{0000} (null), \u{e0021} (tag space)"),
]));
    context.export("numbers", json!({ "1": 1, "2": 2 }));
    context.export(
        "keys",
        json!({ "my.key": 1, "my-key": 2, "my_key": 3, "MY_KEY": 4, "mykey": 5, "MYKEY": 6 }),
    );
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
