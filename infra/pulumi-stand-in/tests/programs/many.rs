//! As many topics as `many:count` says. `../../peer/index.js` is the same program on Pulumi's SDK for Node.

use std::process::ExitCode;

use pulumi::{Config, Context, CustomResource, Inputs, Output, ResourceOptions, ResourceType, json};

const TOPIC: ResourceType = ResourceType::new("aws:sns/topic:Topic", "7.51.1");

async fn program(context: Context) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let count: usize = Config::new(&context, "many").require("count")?;
    let mut topics: Vec<CustomResource> = Vec::with_capacity(count);
    for number in 0..count {
        let name = format!("topic-{number}");
        // Every tenth one waits for the one before it.
        let tags = match topics.last() {
            Some(before) if number % 10 == 9 => json!({ "before": before.output::<String>("arn") }),
            _ => json!({ "before": "none" }),
        };
        let inputs = Inputs::new().with("name", name.as_str()).with("tags", tags);
        topics.push(context.custom_resource(&TOPIC, &name, inputs, ResourceOptions::new()));
    }
    let arns: Vec<Output<String>> = topics.iter().map(|topic| topic.output("arn")).collect();
    context.export("arns", arns);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
