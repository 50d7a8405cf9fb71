//! Lists and maps made of those of the configuration.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let names: Vec<String> = config.require_object("names")?;
    let tags: BTreeMap<String, String> = config.require_object("tags")?;

    let greetings: Vec<_> = names.iter().map(|name| format!("Hello, {name}!")).collect();
    context.export("greetings", greetings);
    let numbered: Vec<_> = names.iter().enumerate().map(|(index, name)| format!("{index}-{name}")).collect();
    context.export("numbered", numbered);
    let tag_list: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    context.export("tagList", tag_list);
    let greet = |name: &String| (name.clone(), format!("Hello, {name}!"));
    context.export("greetingMap", names.iter().map(greet).collect::<BTreeMap<_, _>>());
    let not_b = || names.iter().filter(|name| *name != "b");
    context.export("filteredList", not_b().collect::<Vec<_>>());
    context.export("filteredMap", not_b().map(greet).collect::<BTreeMap<_, _>>());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
