//! Programs in, templates out: every mapping, as a program would use it.

mod api;
mod data;
mod events;
mod problems;
mod queues;
mod site;

use std::future::Future;
use std::path::Path;

use miyabi_cloudformation::{MINISTACK_LACKS, Settings, Synthesis, SynthesisError, synthesize};
use pulumi::{Context, RunInfo};

/// Runs a program for the emulator; paths are relative to `base`.
async fn run<P, F>(base: &Path, program: P) -> Result<Synthesis, SynthesisError>
where
    P: FnOnce(Context) -> F + Send + 'static,
    F: Future<Output = Result<(), pulumi::Error>> + Send + 'static,
{
    let settings = Settings::new(base).lacking(MINISTACK_LACKS);
    synthesize(settings, RunInfo::new("shop", "local"), program).await
}

/// The template of a program that needs no files.
async fn template<P>(program: P) -> Synthesis
where
    P: FnOnce(&Context) + Send + 'static,
{
    match run(Path::new("."), |context| async move {
        program(&context);
        Ok(())
    })
    .await
    {
        Ok(synthesis) => synthesis,
        Err(error) => panic!("{error}: {:?}", std::error::Error::source(&error).map(ToString::to_string)),
    }
}

/// What stands in the way of a template, as lines.
async fn problems<P>(program: P) -> Vec<String>
where
    P: FnOnce(&Context) + Send + 'static,
{
    match run(Path::new("."), |context| async move {
        program(&context);
        Ok(())
    })
    .await
    {
        Err(SynthesisError::Problems(problems)) => problems.0.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
        Ok(synthesis) => panic!("no problem in {}", pretty(&synthesis)),
    }
}

fn pretty(synthesis: &Synthesis) -> String {
    serde_json::to_string_pretty(&synthesis.template).unwrap()
}
