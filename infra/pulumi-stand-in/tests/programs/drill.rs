//! A program that ends in the way that `drill:how` in its configuration says; the tests look at what the engine makes
//! of it.
#![expect(clippy::panic, reason = "that is a way to end")]

use std::process::ExitCode;

use pulumi::{
    Config, Context, CustomResource, HookOptions, HookPoint, Inputs, ResourceHook, ResourceOptions,
    ResourceType, Stash, Value,
};

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
    if how == "called back" {
        context.register_transform(|resource| {
            if resource.custom && resource.token.starts_with("aws:") {
                resource.set("tags", pulumi::json!({ "by": "transform" }));
            }
            Ok(())
        });
    }
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
        "called back" => called_back(&context)?,
        "called back later" => drop(hooks(&context)?),
        "refused by a hook" => {
            let hook = context.resource_hook("guard", HookOptions::default(), |call| async move {
                Err(format!("no {} today", call.name).into())
            });
            let options = ResourceOptions::new().hook(HookPoint::BeforeCreate, &hook);
            context.custom_resource(&TOPIC, "guarded", Inputs::new().with("name", "guarded"), options);
        }
        "waits for itself" => {
            let part = context.component("drill:index:Part", "part", ResourceOptions::new());
            let options = ResourceOptions::new().depends_on(&part);
            let second =
                context.custom_resource(&TOPIC, "second", Inputs::new().with("name", "second"), options);
            drop(second.id().value().await?);
        }
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

/// A transform of a component, hooks of a resource that comes, and a value that the engine keeps.
fn called_back(context: &Context) -> Ended {
    let hooks = hooks(context)?;
    let options = ResourceOptions::new().transform(|resource| {
        if resource.custom {
            resource.inputs.insert("displayName".to_owned(), Value::String(resource.name.clone()));
        }
        Ok(())
    });
    let part = context.component("drill:index:Part", "part", options);
    let options = ResourceOptions::new()
        .hook(HookPoint::BeforeCreate, &hooks)
        .hook(HookPoint::AfterCreate, &hooks)
        .hook(HookPoint::AfterDelete, &hooks);
    let inputs = Inputs::new().with("name", "hooked");
    let topic = part.context().custom_resource(&TOPIC, "hooked", inputs, options);
    let stash = Stash::new(context, "kept", topic.id().to_secret(), ResourceOptions::new());
    context.export("kept", stash.output::<String>());
    Ok(())
}

/// A hook that writes down what it is told.
fn hooks(context: &Context) -> Result<ResourceHook, Box<dyn std::error::Error + Send + Sync>> {
    let file = context.root_directory().ok_or("the host says where Pulumi.yaml is")?.join("hooks");
    Ok(context.resource_hook("notes", HookOptions::default(), move |call| {
        let file = file.clone();
        async move {
            let made = if call.new_outputs.is_some() { "made" } else { "not made" };
            let line = format!("{} {made} {}\n", call.name, if call.id.is_empty() { "new" } else { "known" });
            let before = std::fs::read_to_string(&file).unwrap_or_default();
            Ok(std::fs::write(&file, before + &line)?)
        }
    }))
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
