//! Lists and maps made of others.

use std::process::ExitCode;

use pulumi::Context;
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let names = ["alpha", "beta", "gamma"];
    let tags = BTreeMap::from([("Environment", "production"), ("Team", "infra")]);

    let prefixed: Vec<_> = names.iter().map(|name| format!("prefix-{name}")).collect();
    context.export("prefixed", prefixed);
    let filtered: Vec<_> = names.into_iter().filter(|name| *name != "beta").collect();
    context.export("filtered", filtered);
    let indexed: Vec<_> = names.iter().enumerate().map(|(index, name)| format!("{index}:{name}")).collect();
    context.export("indexed", indexed);
    let tag_list: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    context.export("tagList", tag_list);
    let prefixed_map: BTreeMap<_, _> =
        names.into_iter().map(|name| (name, format!("prefix-{name}"))).collect();
    context.export("prefixedMap", prefixed_map);
    let filtered_tags: BTreeMap<_, _> = tags.into_iter().filter(|(key, _)| *key != "Team").collect();
    context.export("filteredTags", filtered_tags);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
