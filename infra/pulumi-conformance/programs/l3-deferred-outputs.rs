//! Components that each take what the other gives.
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Output, ResourceOptions, ToInput, all};
use pulumi_simple::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let (second_untainted, resolver) = Output::deferred();
    let first = Pair::new(&context, "First", "first", second_untainted);
    let second = Pair::new(&context, "Second", "second", first.untainted);
    resolver.resolve(second.untainted);

    let (many_untainted, resolver) = Output::deferred();
    let is_xyz = many_untainted.map(|many: Vec<bool>| {
        many.into_iter().map(|untainted| if untainted { "a" } else { "b" }).collect::<String>() == "xyz"
    });
    let another = Pair::new(&context, "First", "another", is_xyz);
    let many = (0..2).map(|index| {
        Pair::new(&context, "Second", &format!("many-{index}"), another.untainted.clone()).untainted
    });
    resolver.resolve(all(many.collect::<Vec<_>>()));
    Ok(())
}

/// A component with a resource that takes the input, and one that does not.
struct Pair {
    untainted: Output<bool>,
}

impl Pair {
    fn new(context: &Context, kind: &str, name: &str, input: Output<bool>) -> Self {
        let token = format!("components:index:{kind}");
        let component = context.component(&token, name, ResourceOptions::new());
        let child = |suffix: &str, args| {
            let name = format!("{name}-{}-{suffix}", kind.to_lowercase());
            Resource::new(component.context(), name, args)
        };
        let untainted = child("untainted", ResourceArgs::new().value(true)).value();
        let tainted = child("tainted", ResourceArgs::new().value(input.map(|input| !input))).value();
        component.register_outputs([("untainted", untainted.to_input()), ("tainted", tainted.to_input())]);
        Self { untainted }
    }
}

fn main() -> ExitCode {
    pulumi::run(program)
}
