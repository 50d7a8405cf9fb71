//! A run of a program: from its first registration to the end, with nothing lost on the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;

use futures::FutureExt as _;

use crate::context::Context;
use crate::error::{Error, Failure, panic_message};
use crate::input::Property;
use crate::monitor::Monitor;
use crate::program::panic_elsewhere;
use crate::tracker::{Tracker, scope};
use crate::wire;

/// What a program is told about its run.
#[derive(Clone)]
pub struct RunInfo {
    /// The project's name.
    pub project: String,
    /// The stack's name.
    pub stack: String,
    /// The organization's name.
    pub organization: String,
    /// Whether this is a preview.
    pub dry_run: bool,
    /// Configuration by `namespace:key`.
    pub config: BTreeMap<String, String>,
    /// Which keys of the configuration hold secrets.
    pub config_secret_keys: BTreeSet<String>,
    /// The folder that the compiler's file names are relative to; without it no source positions are sent.
    pub source_root: Option<PathBuf>,
    /// The folder of `Pulumi.yaml`, where there is one.
    pub root_directory: Option<PathBuf>,
}

impl RunInfo {
    /// A run that is no preview, without configuration.
    pub fn new(project: impl Into<String>, stack: impl Into<String>) -> Self {
        Self {
            project: project.into(),
            stack: stack.into(),
            organization: "organization".to_owned(),
            dry_run: false,
            config: BTreeMap::new(),
            config_secret_keys: BTreeSet::new(),
            source_root: None,
            root_directory: None,
        }
    }

    /// The same run as a preview.
    #[must_use]
    pub fn preview(mut self) -> Self {
        self.dry_run = true;
        self
    }
}

impl fmt::Debug for RunInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The configuration holds secrets in the clear.
        formatter
            .debug_struct("RunInfo")
            .field("project", &self.project)
            .field("stack", &self.stack)
            .field("organization", &self.organization)
            .field("dry_run", &self.dry_run)
            .field("config", &self.config.keys())
            .finish_non_exhaustive()
    }
}

/// Why a program is not complete.
#[derive(Debug)]
pub enum RunError {
    /// These failed. The monitor has been told.
    Failed(Vec<Error>),
    /// The monitor has gone, and has said why itself.
    EngineGone,
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EngineGone => formatter.write_str("the engine has gone"),
            Self::Failed(errors) => {
                for (index, error) in errors.iter().enumerate() {
                    if index > 0 {
                        formatter.write_str("\n")?;
                    }
                    formatter.write_str(&error.chain())?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for RunError {}

/// Runs a program against a monitor, and returns when everything that the program began has ended.
///
/// `Ok` means that the program is complete: it returned `Ok`, every registration was answered, every output has a
/// value or is unknown, and the monitor has the stack's outputs. Whatever else happens is an error, because whoever
/// takes an incomplete program for a complete one deletes what is missing from it. The runtime must have its timers
/// enabled: they tell resources that wait for each other from those that are merely slow.
///
/// # Errors
/// Everything that failed, each cause once; a panic in the program or in a callback is a failure like any other.
pub async fn run_with<P, F, E>(monitor: Arc<dyn Monitor>, info: RunInfo, program: P) -> Result<(), RunError>
where
    P: FnOnce(Context) -> F + Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let tracker = Tracker::new();
    let context = Context::root(Arc::clone(&monitor), info, tracker.clone());
    let own = context.clone();
    let body = scope(
        tracker.clone(),
        AssertUnwindSafe(async move {
            // The stack comes before everything else, and nothing else comes without it.
            own.root_handle().registered().await?;
            let result = AssertUnwindSafe(async { program(own).await }).catch_unwind().await;
            match result {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => {
                    Err(Error::from(Failure::Program { what: "the program", source: error.into() }))
                }
                Err(payload) => {
                    let message = panic_message(payload.as_ref());
                    Err(Failure::Panic { what: "the program", message }.into())
                }
            }
        }),
    );
    if let Err(error) = tracker.run_program(body).await {
        tracker.fail(error);
    }
    finish(&context, &tracker, monitor.as_ref()).await
}

/// Waits for what is left, sends the stack's outputs and tells the monitor how it went.
async fn finish(context: &Context, tracker: &Tracker, monitor: &dyn Monitor) -> Result<(), RunError> {
    context.complete_components();
    let drained = tracker.drained().await;
    let all_there = drained.is_ok();
    if let Err(error) = drained {
        tracker.fail(error);
    }
    let outputs = scope(tracker.clone(), resolve_exports(context, tracker, all_there)).await;
    if !tracker.engine_gone()
        && let Err(error) = context.send_outputs(context.root_handle(), Property::Object(outputs)).await
    {
        tracker.fail(error);
    }
    if tracker.engine_gone() {
        return Err(RunError::EngineGone);
    }
    if tracker.failures().is_empty()
        && let Some(message) = panic_elsewhere()
    {
        tracker.fail(Failure::Panic { what: "a thread or task of the program", message }.into());
    }
    if tracker.failures().is_empty() {
        match monitor.signal_and_wait_for_shutdown().await {
            Ok(()) => return Ok(()),
            // An older engine does not know the call; one that has done its work may be gone already.
            Err(status) if matches!(status.code(), tonic::Code::Unimplemented | tonic::Code::Unavailable) => {
                return Ok(());
            }
            Err(status) => tracker.fail(status.into()),
        }
        if tracker.engine_gone() {
            return Err(RunError::EngineGone);
        }
    }
    let failures = tracker.failures();
    for error in &failures {
        let request = wire::LogRequest {
            severity: wire::LogSeverity::Error.into(),
            message: error.chain(),
            ..wire::LogRequest::default()
        };
        // The error is returned as well, so that a log that cannot be written hides nothing.
        let _ = monitor.log(request).await;
    }
    Err(RunError::Failed(failures))
}

/// The stack's outputs that have a value; those that failed fail the run. Where not everything is there, because
/// resources wait for each other, an output may never come, and is left out.
async fn resolve_exports(
    context: &Context,
    tracker: &Tracker,
    all_there: bool,
) -> BTreeMap<String, Property> {
    let mut outputs = BTreeMap::new();
    for (key, property) in context.take_exports() {
        let resolved = if all_there {
            property.resolve().await
        } else {
            match property.resolve().now_or_never() {
                Some(resolved) => resolved,
                None => continue,
            }
        };
        match resolved {
            Ok(resolved) => {
                let value = resolved.value.unwrap_or(crate::Value::Null);
                outputs.insert(key, Property::Value(value));
            }
            Err(source) => tracker.fail(Failure::StackOutput { key, source }.into()),
        }
    }
    outputs
}
