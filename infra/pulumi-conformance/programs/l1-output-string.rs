//! Stack outputs that are texts.

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("empty", "");
    context.export("small", "Hello world!");
    context.export("emoji", "👋 \"Hello \u{1019b}!\" 😊");
    context.export("escape", "Some ${common} \"characters\" 'that' need escaping: \\ (backslash), \t (tab), \u{001b} (escape), \u{0007} (bell), \u{0000} (null), \u{e0021} (tag space)");
    context.export("escapeNewline", "Some ${common} \"characters\" 'that' need escaping: \\ (backslash), \n (newline), \t (tab), \u{001b} (escape), \u{0007} (bell), \u{0000} (null), \u{e0021} (tag space)");
    context.export("large", format!("{LOREM}\n").repeat(COUNT));
    Ok(())
}

const LOREM: &str = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.";
const COUNT: usize = 150;

fn main() -> ExitCode {
    pulumi::run(program)
}
