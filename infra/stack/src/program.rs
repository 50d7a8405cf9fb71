//! The program as the Pulumi engine runs it: the stack's name is the stage, the rest is configuration.

use std::path::Path;

use miyabi_shared::Stage;
use pulumi::{Config, Context};

use crate::edge::missing_page;
use crate::settings::{Configuration, Problems, Refused, Settings, is_region};
use crate::stack::{PROJECT, deploy};

/// Where functions are, seen from the folder of `Pulumi.yaml`, if the configuration does not say it.
const FUNCTIONS: &str = "../../target/functions";
/// Where the built page is, seen from there.
const PAGE: &str = "../../app/dashboard/dist";

/// Declares the stage that the stack is named after.
///
/// # Errors
/// Before the first resource, everything that is wrong with the stack's name, configuration or functions.
pub async fn program(context: Context) -> Result<(), Refused> {
    let settings = settings(&context)?;
    deploy(&context, &settings);
    Ok(())
}

/// What the stack's name and configuration say.
///
/// # Errors
/// Everything that is wrong with them, together.
pub fn settings(context: &Context) -> Result<Settings, Refused> {
    let mut problems = Problems::default();
    let stage = context.stack().parse::<Stage>();
    if stage.is_err() {
        let stages: Vec<_> = Stage::ALL.into_iter().map(Stage::name).collect();
        problems.add(format!(
            "the stack is called {:?}: expected a stage, one of {}",
            context.stack(),
            stages.join(", ")
        ));
    }
    let mut configuration = Configuration::of(&Config::new(context, PROJECT));
    configuration.set_default("functions", FUNCTIONS);
    configuration.set_default("page", PAGE);
    // Of a stage that does not exist, what is wrong with its configuration is still worth knowing.
    let settings = Settings::read_into(stage.unwrap_or(Stage::Dev), configuration, &mut problems);
    check_region(&Config::new(context, "aws"), &settings, &mut problems);
    missing_builds(&settings, &mut problems);
    problems.finish(settings)
}

/// A stage is in one region. Which, no profile of whoever deploys it should decide.
fn check_region(config: &Config, settings: &Settings, problems: &mut Problems) {
    match config.get::<String>("region") {
        Ok(None) if settings.stage == Stage::Local => {}
        Ok(None) => problems.add(
            "aws:region is not set: expected the region that the stage is in, by \
             `pulumi config set aws:region eu-west-1`",
        ),
        Ok(Some(region)) if is_region(&region) => {
            let network = settings.network.as_ref();
            for zone in network.map(|network| network.zones.names()).unwrap_or_default() {
                if !zone.starts_with(&region) {
                    problems.add(format!(
                        "miyabi:network.zones names {zone:?}: expected zones of {region}, where the stage is"
                    ));
                }
            }
        }
        Ok(Some(region)) => {
            problems.add(format!("aws:region is {region:?}: expected a region such as eu-west-1"));
        }
        Err(error) => problems.add(error.to_string()),
    }
}

/// Notes every function that was not built, and the page, where it is deployed with the rest.
pub(crate) fn missing_builds(settings: &Settings, problems: &mut Problems) {
    for function in settings.functions() {
        let bootstrap = Path::new(&settings.functions).join(function.bootstrap_path());
        if !bootstrap.is_file() {
            problems.add(format!("a function was not built: expected a file at {}", bootstrap.display()));
        }
    }
    if settings.edge.delivery
        && let Some(problem) = missing_page(Path::new(&settings.page))
    {
        problems.add(problem);
    }
}
