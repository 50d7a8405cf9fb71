//! Stack outputs that are lists.

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    context.export("empty", Vec::<String>::new());
    context.export("small", vec!["Hello", "World"]);
    context.export("numbers", vec![0, 1, 2, 3, 4, 5]);
    context.export("nested", vec![vec![1, 2, 3], vec![4, 5, 6], vec![7, 8, 9]]);
    context.export("large", vec![LOREM; COUNT]);
    Ok(())
}

const LOREM: &str = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco laboris nisi ut aliquip ex ea commodo consequat. Duis aute irure dolor in reprehenderit in voluptate velit esse cillum dolore eu fugiat nulla pariatur. Excepteur sint occaecat cupidatat non proident, sunt in culpa qui officia deserunt mollit anim id est laborum.";
const COUNT: usize = 150;

fn main() -> ExitCode {
    pulumi::run(program)
}
