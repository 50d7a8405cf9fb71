//! The program as the Pulumi engine runs it: the stack's name is the stage, the rest is configuration.

use std::fmt;
use std::path::Path;

use miyabi_shared::Stage;
use miyabi_shared::config::CacheEndpoint;
use pulumi::{Config, Context};

use crate::stack::{PROJECT, StackArgs, deploy};
use crate::synth::missing_functions;

/// Where functions are, seen from the folder of `Pulumi.yaml`, if the configuration does not say it.
const FUNCTIONS: &str = "../../target/functions";

/// Everything that is wrong with what the program was told.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused(pub Vec<String>);

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "nothing was registered, because\n  {}", self.0.join("\n  "))
    }
}

impl std::error::Error for Refused {}

/// Declares the stage that the stack is named after.
///
/// # Errors
/// Before the first resource, everything that is wrong with the stack's name, configuration or functions.
pub async fn program(context: Context) -> Result<(), Refused> {
    let args = arguments(&context)?;
    deploy(&context, &args);
    Ok(())
}

/// What the stack's name and configuration say.
///
/// # Errors
/// Everything that is wrong with them, together.
pub fn arguments(context: &Context) -> Result<StackArgs, Refused> {
    let config = Config::new(context, PROJECT);
    let mut problems = Vec::new();
    let stage = context.stack().parse::<Stage>();
    if stage.is_err() {
        let stages: Vec<_> = Stage::ALL.into_iter().map(Stage::name).collect();
        problems.push(format!(
            "the stack is called {:?}: expected a stage, one of {}",
            context.stack(),
            stages.join(", ")
        ));
    }
    let cache = match config.get::<String>("redisUrl") {
        Ok(None) => Some(CacheEndpoint::None),
        Ok(Some(text)) => {
            let cache = CacheEndpoint::parse(&text);
            if cache.is_none() {
                // The address may hold a password.
                problems.push(format!(
                    "{PROJECT}:redisUrl: expected redis://HOST:PORT, rediss://HOST:PORT or none"
                ));
            }
            cache
        }
        Err(error) => {
            problems.push(error.to_string());
            None
        }
    };
    let functions = match config.get::<String>("functions") {
        Ok(folder) => folder.unwrap_or_else(|| FUNCTIONS.to_owned()),
        Err(error) => {
            problems.push(error.to_string());
            FUNCTIONS.to_owned()
        }
    };
    problems.extend(missing_functions(Path::new(&functions)));
    match (stage, cache) {
        (Ok(stage), Some(cache)) if problems.is_empty() => Ok(StackArgs { stage, functions, cache }),
        _ => Err(Refused(problems)),
    }
}
