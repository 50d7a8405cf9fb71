//! The commands that look: tasks, watch, logs, attach, progress; and flush, doctor and completion; and submit, which has workers run commands.

pub(crate) mod attach;
pub(crate) mod bar;
pub(crate) mod completion;
pub(crate) mod doctor;
pub(crate) mod flush;
pub(crate) mod keys;
pub(crate) mod login;
pub(crate) mod logs;
pub(crate) mod progress;
pub(crate) mod simulate;
pub(crate) mod submit;
pub(crate) mod tasks;
pub(crate) mod watch;

use std::future::Future;
use std::process::ExitCode;

use miyabi_shared::config::Environment;

use crate::configuration::{self, Configuration};
use miyabi_client::Client;

/// The API's client, or what to do to have one.
fn client(api_url: Option<&str>, environment: &dyn Environment) -> anyhow::Result<Client> {
    let configuration = Configuration::find(api_url, environment, &configuration::places(environment));
    let url = configuration.api_url.ok_or_else(|| anyhow::anyhow!(configuration::NOT_CONFIGURED))?;
    Ok(configuration.credentials.api.client(&url)?)
}

/// Runs `work` to its end.
fn block_on(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Whether an error is that nobody reads our output any more: then it is time to end, and nothing is wrong.
fn reader_is_gone(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::BrokenPipe
}
