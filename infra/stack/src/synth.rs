//! The program as a CloudFormation template, in a folder with what it deploys.

use std::path::Path;

use anyhow::{Context as _, Result};
use miyabi_cloudformation::{MINISTACK_LACKS, Report, synthesize};
use miyabi_shared::Stage;
use pulumi::RunInfo;

use crate::program::missing_builds;
use crate::settings::{Problems, Settings};
use crate::stack::{PROJECT, deploy};

/// Writes `template.json`, `assets.json` and `assets/` into `folder`, and returns what the template leaves out.
///
/// # Errors
/// When a function was not built, something has no place in a template, or a file cannot be written.
pub async fn synth(settings: &Settings, folder: &Path) -> Result<Report> {
    let mut problems = Problems::default();
    missing_builds(settings, &mut problems);
    problems.finish(())?;
    let base = std::env::current_dir().context("finding the current folder")?;
    let target = miyabi_cloudformation::Settings::new(base);
    let target = match settings.stage {
        Stage::Local => target.lacking(MINISTACK_LACKS),
        Stage::Dev | Stage::Stg | Stage::Prod => target,
    };
    let info = RunInfo::new(PROJECT, settings.stage.name());
    let settings = settings.clone();
    let synthesis = synthesize(target, info, |context| async move {
        deploy(&context, &settings);
        Ok::<_, pulumi::Error>(())
    })
    .await
    .context("writing the template")?;
    synthesis.write(folder).with_context(|| format!("writing into {}", folder.display()))?;
    Ok(synthesis.report)
}
