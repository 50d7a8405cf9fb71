//! The entry of a program that the engine starts: from the environment to the exit code.

mod environment;
mod panics;

use std::error::Error as StdError;
use std::future::Future;
use std::process::ExitCode;
use std::sync::Arc;

use crate::context::Context;
use crate::engine::{Engine, EngineError};
use crate::error::chain_of;
use crate::run::{RunError, run_with};

pub use environment::StartError;
pub(crate) use panics::{caught as catching_panics, message as panic_elsewhere};

/// The exit code of a program that has failed and whose engine knows why.
const REPORTED: u8 = 32;

/// Runs a program that `pulumi up` or `pulumi preview` has started, and says how its process should end.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// fn main() -> ExitCode {
///     pulumi::run(|context| async move {
///         context.export("greeting", "hello");
///         Ok::<_, pulumi::Error>(())
///     })
/// }
/// ```
///
/// The exit code is 0 for a complete program and for nothing else, because the engine deletes whatever a complete
/// program did not register: a panic on any thread, a lost task, an error and a registration that failed are all
/// reported to the engine and end in 32; a program that could not begin, or whose failure could not be reported, ends
/// in 1. When the engine itself ends the run, it has said why, and the program ends in silence with 32. A program must
/// not call `std::process::exit`: that is the one end that nobody can tell from completion.
pub fn run<P, F, E>(program: P) -> ExitCode
where
    P: FnOnce(Context) -> F + Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    panics::watch();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return unreported(&StartError::Runtime(error)),
    };
    let code = runtime.block_on(start(program));
    // Everything that the run waits for has ended; what else the program left running must not keep it here.
    runtime.shutdown_background();
    code
}

async fn start<P, F, E>(program: P) -> ExitCode
where
    P: FnOnce(Context) -> F + Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    let start = match environment::read(&environment::process) {
        Ok(start) => start,
        Err(error) => return unreported(&error),
    };
    let (engine, info) = match Engine::connect(&start.monitor, &start.engine, start.info).await {
        Ok(connected) => connected,
        // It went before the program began, and has said why.
        Err(EngineError::Deployment(status)) if is_gone(&status) => return ExitCode::from(REPORTED),
        Err(error) => return unreported(&error),
    };
    let engine = Arc::new(engine);
    match run_with(Arc::clone(&engine) as Arc<_>, info, program).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(RunError::EngineGone) => ExitCode::from(REPORTED),
        Err(RunError::Failed(_)) if engine.has_reported() => ExitCode::from(REPORTED),
        Err(error @ RunError::Failed(_)) => unreported(&error),
    }
}

fn is_gone(status: &tonic::Status) -> bool {
    matches!(status.code(), tonic::Code::Unavailable | tonic::Code::Cancelled)
}

/// What the engine cannot show goes to the error output, which the language host passes on.
fn unreported(error: &(dyn StdError + 'static)) -> ExitCode {
    eprintln!("error: {}", chain_of(error));
    ExitCode::FAILURE
}
