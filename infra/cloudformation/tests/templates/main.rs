//! Programs in, templates out: every mapping, as a program would use it.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by a panic")]

mod api;
mod data;
mod events;
mod lint;
mod problems;
mod queues;
mod site;

use std::future::Future;

use miyabi_cloudformation::{MINISTACK_LACKS, Settings, Synthesis, SynthesisError, synthesize};
use pulumi::{Context, RunInfo};

/// Runs a program; paths are relative to `base`.
async fn run<P, F>(settings: Settings, program: P) -> Result<Synthesis, SynthesisError>
where
    P: FnOnce(Context) -> F + Send + 'static,
    F: Future<Output = Result<(), pulumi::Error>> + Send + 'static,
{
    synthesize(settings, RunInfo::new("shop", "local"), program).await
}

/// The template of a program that needs no files.
async fn template<P>(program: P) -> Synthesis
where
    P: FnOnce(&Context) + Send + 'static,
{
    template_for(Settings::new("."), program).await
}

async fn template_for<P>(settings: Settings, program: P) -> Synthesis
where
    P: FnOnce(&Context) + Send + 'static,
{
    match run(settings, |context| async move {
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
    match run(Settings::new(".").lacking(MINISTACK_LACKS), |context| async move {
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
