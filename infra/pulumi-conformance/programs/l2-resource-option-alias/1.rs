//! The same resources under other names, parents and types.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Alias, Context, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let parent = Resource::new(&context, "parent", ResourceArgs::new().value(true));

    let urn = "urn:pulumi:test::l2-resource-option-alias::simple:index:Resource::aliasURN";
    let options = ResourceOptions::new().parent(&parent).alias(Alias::Urn(urn.to_owned()));
    let alias_urn = Resource::with_options(&context, "aliasURN", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().alias(Alias::name("aliasName"));
    Resource::with_options(&context, "aliasNewName", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().parent(&parent).alias(Alias::no_parent());
    Resource::with_options(&context, "aliasNoParent", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().parent(&parent).alias(Alias::parent(&alias_urn));
    Resource::with_options(&context, "aliasParent", ResourceArgs::new().value(true), options);
    let options = ResourceOptions::new().alias(Alias::token("component:index:Custom"));
    Resource::with_options(&context, "aliasType", ResourceArgs::new().value(true), options);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
