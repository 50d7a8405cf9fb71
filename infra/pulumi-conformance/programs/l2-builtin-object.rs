//! The entries of a map and of an object that a resource gives, and parts of them.
//!
//! ```cargo
//! [dependencies]
//! pulumi-output = "23.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_output::{ComplexResource, ComplexResourceArgs};
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let res = ComplexResource::new(&context, "res", ComplexResourceArgs::new().value(1));
    context.export("entriesOutput", res.output_map().map(entries));
    context.export("lookupOutput", res.output_map().map(|map| lookup(&map, "x")));
    context.export("lookupOutputDefault", res.output_map().map(|map| lookup(&map, "y")));

    let object = res.output_object().map(|object| BTreeMap::from([("output".to_owned(), object.output)]));
    context.export("entriesObjectOutput", object.map(entries));
    context.export("lookupObjectOutput", object.map(|map| lookup(&map, "output")));
    context.export("lookupObjectOutputDefault", object.map(|map| lookup(&map, "missing")));
    Ok(())
}

fn entries(map: BTreeMap<String, String>) -> Vec<BTreeMap<String, String>> {
    let entry = |(key, value)| BTreeMap::from([("key".to_owned(), key), ("value".to_owned(), value)]);
    map.into_iter().map(entry).collect()
}

fn lookup(map: &BTreeMap<String, String>, key: &str) -> String {
    map.get(key).cloned().unwrap_or_else(|| "default".to_owned())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
