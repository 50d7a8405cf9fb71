//! Starts a part in the background and waits until it answers.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use miyabi_local::port;
use miyabi_local::process::ProcessIdentity;

use crate::checkout::Checkout;
use crate::parts::{Part, Record};

/// Marks every process of a local cloud with the checkout that it belongs to.
pub(crate) const OWNER: &str = "MIYABI_LOCAL_STATE";

const POLL: Duration = Duration::from_millis(50);
const LINES_IN_ERRORS: usize = 25;
/// Older output is set aside when a log has grown to this.
const LOG_LIMIT: u64 = 20_000_000;

/// How a part is started.
#[derive(Debug)]
pub(crate) struct Launch {
    pub(crate) part: Part,
    pub(crate) program: PathBuf,
    pub(crate) arguments: Vec<String>,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) hidden: &'static [&'static str],
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    pub(crate) fingerprint: String,
    pub(crate) ready_limit: Duration,
}

impl Launch {
    /// Starts it, records it, and waits until `ready` says so.
    pub(crate) async fn start<F: Future<Output = bool>>(
        &self,
        checkout: &Checkout,
        mut ready: impl FnMut(u32) -> F,
    ) -> anyhow::Result<()> {
        let title = self.part.title();
        if self.port != 0 {
            must_be_free(self.part, self.port)?;
        }
        checkout.folder("log")?;
        let log = checkout.log(self.part.name());
        set_aside(&log);
        let output = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .with_context(|| format!("open {}", log.display()))?;
        let errors = output.try_clone().context("open the log twice")?;
        let mut command = Command::new(&self.program);
        for name in self.hidden {
            command.env_remove(name);
        }
        let mut child = command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env(OWNER, checkout.state())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            // A group of its own: Ctrl-C in the terminal of `up` is not for it.
            .process_group(0)
            .spawn()
            .with_context(|| format!("start {title} ({})", self.program.display()))?;
        let Some(process) = ProcessIdentity::of(child.id()) else {
            bail!("{title} ended at once; its log is {}\n{}", log.display(), last_lines(&log));
        };
        let record = Record { process, port: self.port, fingerprint: self.fingerprint.clone() };
        self.part.record(checkout, &record)?;
        let deadline = Instant::now() + self.ready_limit;
        loop {
            if let Some(status) = child.try_wait().with_context(|| format!("look after {title}"))? {
                self.part.stop(checkout)?;
                bail!(
                    "{title} ended while it was starting ({status}); its log is {}\n{}",
                    log.display(),
                    last_lines(&log)
                );
            }
            if ready(child.id()).await {
                return Ok(());
            }
            if Instant::now() > deadline {
                self.part.stop(checkout)?;
                bail!(
                    "{title} does not answer on port {} after {:?}; its log is {}\n{}",
                    self.port,
                    self.ready_limit,
                    log.display(),
                    last_lines(&log)
                );
            }
            tokio::time::sleep(POLL).await;
        }
    }
}

/// Fails where another process has the port.
pub(crate) fn must_be_free(part: Part, port: u16) -> anyhow::Result<()> {
    if port::is_free(port) { Ok(()) } else { bail!("{}", taken(part, port)) }
}

/// That a port is taken, by whom, and what to do.
fn taken(part: Part, port: u16) -> String {
    let variable = part.port_variable();
    let advice = format!("end it, or choose another port: {variable}={} ./just up", port.saturating_add(1));
    match port::holder(port) {
        None => format!("port {port}, which {} needs, is taken by another process; {advice}", part.title()),
        Some(holder) => match owner(holder.id) {
            Some(state) => format!(
                "port {port}, which {} needs, is taken by the local cloud of {}: run `./just down` there, or choose another port: {variable}={} ./just up",
                part.title(),
                Path::new(&state).parent().unwrap_or(Path::new(&state)).display(),
                port.saturating_add(1),
            ),
            None => format!(
                "port {port}, which {} needs, is taken by process {} ({}); {advice}",
                part.title(),
                holder.id,
                holder.command
            ),
        },
    }
}

/// The local cloud that a process belongs to, if it does.
pub(crate) fn owner(id: u32) -> Option<String> {
    let bytes = std::fs::read(format!("/proc/{id}/environ")).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    text.split('\0').find_map(|pair| pair.strip_prefix(OWNER)?.strip_prefix('=').map(str::to_owned))
}

fn set_aside(log: &Path) {
    if std::fs::metadata(log).is_ok_and(|file| file.len() > LOG_LIMIT) {
        // Losing an old log is no reason not to start.
        drop(std::fs::rename(log, log.with_extension("old.log")));
    }
}

/// The end of a log, for an error.
fn last_lines(log: &Path) -> String {
    let text =
        std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES_IN_ERRORS)..].iter().map(|line| format!("    {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_names_the_process_and_the_way_out() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let text = taken(Part::Edge, listener.local_addr().unwrap().port());
        assert!(text.contains(&format!("process {}", std::process::id())), "{text}");
        assert!(text.contains("MIYABI_EDGE_PORT="), "{text}");
    }
}
