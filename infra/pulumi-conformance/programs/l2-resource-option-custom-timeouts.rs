//! How long operations may take.
//!
//! Runs: 3
//!
//! ```cargo
//! [dependencies]
//! pulumi-simple = "2.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, CustomTimeouts, ResourceOptions};
use pulumi_simple::{Resource, ResourceArgs};
use std::time::Duration;

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let minutes = |count: u64| Some(Duration::from_secs(60 * count));
    let timeouts = |name: &str, timeouts: CustomTimeouts| {
        let options = ResourceOptions::new().custom_timeouts(timeouts);
        Resource::with_options(&context, name, ResourceArgs::new().value(true), options);
    };
    Resource::new(&context, "noTimeouts", ResourceArgs::new().value(true));

    timeouts("createOnly", CustomTimeouts { create: minutes(5), ..CustomTimeouts::default() });
    timeouts("updateOnly", CustomTimeouts { update: minutes(10), ..CustomTimeouts::default() });
    timeouts("deleteOnly", CustomTimeouts { delete: minutes(3), ..CustomTimeouts::default() });
    timeouts("readOnly", CustomTimeouts { read: minutes(9), ..CustomTimeouts::default() });
    let all = CustomTimeouts { create: minutes(2), update: minutes(4), delete: minutes(1), read: minutes(5) };
    timeouts("allTimeouts", all);
    let create = CustomTimeouts::parse(&config.require::<String>("createTimeout")?)?;
    timeouts("configTimeout", CustomTimeouts { create: Some(create), ..CustomTimeouts::default() });
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
