//! The program as a CloudFormation template, in a folder with what it deploys.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use miyabi_cloudformation::{MINISTACK_LACKS, Report, Settings, synthesize};
use miyabi_shared::{Function, Stage};
use pulumi::RunInfo;

use crate::stack::{PROJECT, StackArgs, deploy};

/// Writes `template.json`, `assets.json` and `assets/` into `folder`, and returns what the template leaves out.
///
/// # Errors
/// When a function was not built, something has no place in a template, or a file cannot be written.
pub async fn synth(args: &StackArgs, folder: &Path) -> Result<Report> {
    let missing = missing_functions(Path::new(&args.functions));
    if !missing.is_empty() {
        bail!("{}", missing.join("\n"));
    }
    let base = std::env::current_dir().context("finding the current folder")?;
    let settings = match args.stage {
        Stage::Local => Settings::new(base).lacking(MINISTACK_LACKS),
        Stage::Dev | Stage::Stg | Stage::Prod => Settings::new(base),
    };
    let info = RunInfo::new(PROJECT, args.stage.name());
    let args = args.clone();
    let synthesis = synthesize(settings, info, |context| async move {
        deploy(&context, &args);
        Ok::<_, pulumi::Error>(())
    })
    .await
    .context("writing the template")?;
    synthesis.write(folder).with_context(|| format!("writing into {}", folder.display()))?;
    Ok(synthesis.report)
}

/// What is wrong with a folder of built functions, before anything is declared with it.
pub(crate) fn missing_functions(folder: &Path) -> Vec<String> {
    Function::ALL
        .into_iter()
        .map(|function| folder.join(function.bootstrap_path()))
        .filter(|bootstrap| !bootstrap.is_file())
        .map(|bootstrap| format!("a function was not built: expected a file at {}", bootstrap.display()))
        .collect()
}
