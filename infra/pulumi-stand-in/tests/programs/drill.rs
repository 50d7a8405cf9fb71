//! A program that ends in the way that `drill:how` in its configuration says; the tests look at what the engine makes
//! of it.
#![expect(clippy::panic, reason = "that is a way to end")]

use std::process::ExitCode;

use pulumi::{Config, Context, CustomResource, Inputs, ResourceOptions, ResourceType, Value};

const VERSION: &str = "7.51.1";
const TOPIC: ResourceType = ResourceType::new("aws:sns/topic:Topic", VERSION);
const SECRET: ResourceType = ResourceType::new("aws:secretsmanager/secret:Secret", VERSION);
const SECRET_VERSION: ResourceType =
    ResourceType::new("aws:secretsmanager/secretVersion:SecretVersion", VERSION);
const API_KEY: ResourceType = ResourceType::new("aws:apigateway/apiKey:ApiKey", VERSION);
const LOG_GROUP: ResourceType = ResourceType::new("aws:cloudwatch/logGroup:LogGroup", VERSION);
const ALARM: ResourceType = ResourceType::new("aws:cloudwatch/metricAlarm:MetricAlarm", VERSION);
const ROLE: ResourceType = ResourceType::new("aws:iam/role:Role", VERSION);

type Ended = Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn program(context: Context) -> Ended {
    let config = Config::new(&context, "drill");
    let how: String = config.require("how")?;
    let first = topic(&context, "first");
    match how.as_str() {
        "panic" => {
            // Half way: one is registered, and its registration is over.
            drop(first.id().map(|_| -> String { panic!("the program has stumbled") }));
            return Ok(());
        }
        "error" => return Err("the program gives up".into()),
        "log" | "alarm" | "role" => mistakes(&context, &how),
        "secrets" => secrets(&context, &config)?,
        _ => {
            topic(&context, "second");
            let after = ResourceOptions::new().depends_on(&first);
            context.custom_resource(&TOPIC, "third", Inputs::new().with("name", "third"), after);
        }
    }
    Ok(())
}

fn topic(context: &Context, name: &'static str) -> CustomResource {
    context.custom_resource(&TOPIC, name, Inputs::new().with("name", name), ResourceOptions::new())
}

/// Values that the schema allows and AWS does not.
fn mistakes(context: &Context, of: &str) {
    let (token, inputs) = match of {
        "log" => (&LOG_GROUP, Inputs::new().with("retentionInDays", 42)),
        "alarm" => {
            let queries = Vec::<Value>::new();
            (&ALARM, Inputs::new().with("metricName", "Errors").with("metricQueries", queries))
        }
        _ => {
            let policy = r#"{ "Version": "2012-10-17", "Statement": [{ "Effect": "allow" }] }"#;
            (&ROLE, Inputs::new().with("assumeRolePolicy", policy))
        }
    };
    context.custom_resource(token, "mistaken", inputs, ResourceOptions::new());
}

/// A secret of the configuration, one in an input, one that the provider makes, and two that are given out.
fn secrets(context: &Context, config: &Config) -> Ended {
    let none = ResourceOptions::new;
    let password = config.require_secret::<String>("password")?;
    let secret = context.custom_resource(&SECRET, "secret", Inputs::new(), none());
    let inputs = Inputs::new().with("secretId", secret.id()).with("secretString", &password);
    context.custom_resource(&SECRET_VERSION, "password", inputs, none());
    let key = context.custom_resource(&API_KEY, "key", Inputs::new(), none());
    context.export("key", key.output::<String>("value"));
    context.export("greeting", password.map(|password| format!("hello {password}")));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
