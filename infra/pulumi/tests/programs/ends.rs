//! A program that ends in the way that `ends:how` in its configuration says; the tests look at its exit code.
#![expect(clippy::panic, clippy::unwrap_used, reason = "these are ways to end")]

use std::process::ExitCode;

use pulumi::{Config, Context, HookOptions, Inputs, ResourceOptions, ResourceType, Value};

const THING: ResourceType = ResourceType::new("test:index:Thing", "1.2.3");

async fn program(context: Context) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let config = Config::new(&context, "ends");
    let how: String = config.require("how")?;
    if how == "callbacks" {
        context.register_transform(|resource| {
            let name = Value::String(resource.name.clone());
            resource.inputs.insert("by the stack".to_owned(), name);
            Ok(())
        });
    }
    let thing = context.custom_resource(&THING, "thing", Inputs::new(), ResourceOptions::new());
    context.export("id", thing.id());
    match how.as_str() {
        "panic" => panic!("boom in the program"),
        "panic in a map" => drop(thing.id().map(|_| -> String { panic!("boom in a map") })),
        "panic in a lost task" => {
            let lost = tokio::spawn(async { panic!("boom in a lost task") });
            while !lost.is_finished() {
                tokio::task::yield_now().await;
            }
        }
        "panic on a thread" => drop(std::thread::spawn(|| panic!("boom on a thread")).join()),
        "error" => return Err("nothing is as it should be".into()),
        "count" => drop(config.require::<u32>("count")?),
        "secret count" => drop(config.require_secret::<u32>("secret")?),
        "waiting for itself" => {
            let part = context.component("test:index:Part", "part", ResourceOptions::new());
            let options = ResourceOptions::new().depends_on(&part);
            let outside = context.custom_resource(&THING, "outside", Inputs::new(), options);
            drop(outside.id().value().await?);
        }
        "callbacks" => {
            let options = ResourceOptions::new().transform(|resource| {
                resource.inputs.insert("by itself".to_owned(), Value::Bool(true));
                Ok(())
            });
            context.custom_resource(&THING, "transformed", Inputs::new(), options);
            let goodbye =
                |call: pulumi::HookCall| async move { Err(format!("goodbye, {}", call.name).into()) };
            context.resource_hook("goodbye", HookOptions::default(), goodbye);
            let boom = |_| async { panic!("boom in a hook") };
            context.resource_hook("boom", HookOptions::default(), boom);
        }
        // A runtime of its own that ends before its registrations do takes them along.
        "early drop" => std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let late = context.custom_resource(&THING, "late", Inputs::new(), ResourceOptions::new());
                context.export("late", late.id());
            });
        })
        .join()
        .unwrap(),
        _ => {}
    }
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
